"""Which words find which lots: forms as a Russian or an English grammar has them, and words that only look alike."""

import unicodedata
from itertools import islice
from typing import Literal, get_args

import pytest

from starbid.storage.catalogue.terms import MOST_BYTES, index_terms, query_terms

FORMS = """
сумка сумок, подарок подарки, замок замки, деньги денег, ребёнок дети, ребёнок детей, человек люди, люди человеком,
чайник чайников, кошка кошек, окно окон, кресло кресел, стул стулья, друг друзья, брат братьев, перо перья, лист листья,
дерево деревья, котёл котлы, щенок щенки, цветок цветы, ухо уши, палец пальцы, день дни, рынок рынки, кусок куски,
платок платки, носок носки, ложка ложек, вилка вилок, чашка чашек, кружка кружек, тарелка тарелок, игрушка игрушек,
куртка курток, рубашка рубашек, футболка футболок, перчатка перчаток, шапка шапок, ботинок ботинки, кроссовки кроссовок,
чехол чехлы, телефон телефоны, наушники наушников, часы часов, книга книг, копьё копий, ружьё ружья, письмо писем,
яйцо яиц, кольцо колец, серьга серёг, год лет, имя имена, время времени, знамя знамён, мать матери, дочь дочери,
красивый красивая, новый новые, синий синяя, продаю продавать, продам продать, мультиварка мультиварок, айфон айфонов,
джинсы джинсов, очки очков, ножницы ножниц, монета монет, марка марок, открытка открыток, камень камни, лев львы,
пёс псы, орёл орлы, ковёр ковры, костёр костры, самолёт самолеты, шёлк шелка, слива слив, корова коров, стол столов,
музей музеев, Петров Петрова, красив красивые, голова голов, сапог сапоги, стекло стёкол,
running run, phones phone, knives knife, women woman, watches watch, boxes box, batteries battery, children child
"""
PAIRS = [pair.split() for pair in FORMS.replace("\n", " ").split(",")]
STRANGERS = """
замок замша, замок замочить, кот котёл, кот котлета, котёл котелок, стол столица, стол сталь, лампа лак, дом дым,
рука руда, мышь мыло, книга кнут, час чай, часы чашка, чай чайник, сумка сумма, подарок пода, деньги день, человек чело,
ребёнок ребро, лист лиса, нож ножницы, соль солнце, рог рогатка, марка март, стул ступа, люди людоед, phone phony,
run ruin, c c++, c++ c#, 3d 3, год годный, красивый краса, корова кора, сова со, коров кора, їжа іжа
"""
STRANGE_PAIRS = [pair.split() for pair in STRANGERS.replace("\n", " ").split(",")]


def finds(query: str, title: str, description: str = "") -> bool:
    terms = query_terms(query)
    return bool(terms) and set(terms) <= index_terms(title, description)


def test_there_are_pairs_enough() -> None:
    assert len(PAIRS) > 80
    assert len(STRANGE_PAIRS) > 30


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_any_form_of_a_word_finds_any_other(one: str, other: str) -> None:
    assert finds(one, other)
    assert finds(other, one)


@pytest.mark.parametrize(("one", "other"), STRANGE_PAIRS)
def test_words_that_only_look_alike_do_not_find_each_other(one: str, other: str) -> None:
    assert not finds(one, other)
    assert not finds(other, one)


Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


@pytest.mark.parametrize("form", get_args(Form))
@pytest.mark.parametrize("word", ["Чайник", "ёлка", "Её", "їжак", "Ўзбек", "Café", "naïve", "ガンダム", "한글"])
def test_it_does_not_matter_how_letters_are_composed(word: str, form: Form) -> None:
    assert finds(unicodedata.normalize(form, word), word)
    assert finds(word, unicodedata.normalize(form, word))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("чайник", "ЧАЙНИК"),
        ("елка", "Ёлка"),
        ("замок", "за́мок"),
        ("замо́к", "замок"),
        ("чайник", "чай\u00adник"),
        ("чай\u200bник", "чайник"),
        ("чайник", "\ufeffчай\u2060ник\u200d"),
        ("cafe", "Café"),
        ("café", "CAFE"),
        ("strasse", "Straße"),
        ("istanbul", "İstanbul"),
        ("ipad", "ｉＰａｄ"),
        ("12", "１２"),
        ("12", "١٢"),
        ("apple", "Apple™"),
        ("5", "№5"),
        ("women", "Women's shoes"),
        ("об'єкт", "об’єкт"),
        ("dont", "don’t"),
    ],
)
def test_spelling_is_no_obstacle(query: str, title: str) -> None:
    assert finds(query, title)


def test_a_letter_with_a_mark_of_its_own_is_not_the_letter_without() -> None:
    assert not finds("лаика", unicodedata.normalize("NFD", "лайка"))
    assert not finds("カンダム", "ガンダム")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("C++", "Книга о C++"),
        ("c++", "Modern C++17"),
        ("c#", "C# и .NET"),
        ("net", "C# и .NET"),
        ("S23", "Samsung S23+"),
        ("18+", "Комикс (18+)"),
        ("5g", "Роутер 5G"),
        ("3D", "3d-принтер"),
        ("x", "Xbox Series X"),
        ("手机", "新款手机壳"),
        ("机", "手机"),
        ("手机 iphone", "iPhone手机壳"),
        ("东京", "東京 / 东京"),
        ("カメラ", "デジタルカメラ"),
        ("휴대폰", "휴대폰을 팝니다"),
        ("กล้อง", "ขายกล้องเก่า"),
        ("किताब", "पुरानी किताब"),
        ("كتاب", "كِتَاب قديم"),
        ("ספר", "סֵפֶר"),
        ("βιβλιο", "Βιβλίο"),
        ("❤", "Открытка ❤️"),
        ("👍", "👍🏽 отлично"),
        ("💡 лампы", "Лампа💡"),
        ("🇷🇺", "Флаг 🇷🇺"),
    ],
)
def test_short_words_signs_and_other_scripts_are_found(query: str, title: str) -> None:
    assert finds(query, title)


@pytest.mark.parametrize(
    ("query", "title"),
    [("机手", "手机"), ("手表", "手机"), ("5g", "5 кг"), ("❤", "💡"), ("c", "C++"), ("с++", "C++")],
)
def test_what_is_something_else_is_not_found(query: str, title: str) -> None:
    assert not finds(query, title)


def test_every_word_of_a_query_must_be_there() -> None:
    assert finds("красные сумки кожа", "Сумка красная", "Натуральная кожа")
    assert not finds("красные сумки замша", "Сумка красная", "Натуральная кожа")


def test_little_words_are_asked_for_only_where_there_is_nothing_else() -> None:
    assert finds("чехол для телефона", "Чехол телефона")
    assert finds("the lamp", "Lamp")
    assert finds("the", "The Wall")
    assert not finds("для", "Лампа", "Хороша для дома")


@pytest.mark.parametrize("nothing", ["", "   ", "!!!", "—", "_", "\u200b", "++", "#", "\u3164"])
def test_what_has_no_word_has_nothing_to_look_for(nothing: str) -> None:
    assert query_terms(nothing) == ()


def test_a_lot_has_a_bounded_number_of_terms_and_its_title_comes_first() -> None:
    description = " ".join(f"слово{number}" for number in range(700))
    found = index_terms("Последний из могикан", description)
    assert sum(len(term.encode()) for term in found) <= MOST_BYTES
    assert set(query_terms("последние могикане")) <= found
    assert len(query_terms(description)) == 12
    chinese = "".join(map(chr, islice(range(0x4E00, 0x9FFF), 4000)))
    assert sum(len(term.encode()) for term in index_terms("手机", chinese)) <= MOST_BYTES


def test_a_very_long_word_counts_by_its_beginning() -> None:
    assert finds("я" * 5000, "я" * 60)
