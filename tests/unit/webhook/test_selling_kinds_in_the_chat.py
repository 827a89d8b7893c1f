"""The kind of auction on the way from /sell to the preview: asked before the prices, and not where it is known."""

from __future__ import annotations

import pytest

from starbid.domain.kinds import KINDS
from tests.support.fakes import FakeApp
from tests.support.web import Client

from .chatting import Chat
from .selling_chat import chat_data, draft, lots, to_preview

KIND_WORDS = {
    "en": (
        "Which kind of auction?\n"
        "<b>Auction</b> — the price rises, the highest bid wins.\n"
        "<b>Price drops</b> — it goes down automatically; the first to buy gets it.\n"
        "<b>Sealed bids</b> — bids are hidden until the end; the highest wins and pays its own amount.\n"
        "<b>Second price</b> — bids are hidden until the end; the highest wins and pays the second-highest amount."
    ),
    "ru": (
        "Какой вид торгов?\n"
        "<b>Аукцион</b> — цена растёт, выигрывает самая высокая ставка.\n"
        "<b>Цена падает</b> — снижается автоматически, лот получает первый покупатель.\n"
        "<b>Закрытые ставки</b> — ставки скрыты до конца; выигрывает самая высокая, победитель платит свою сумму.\n"
        "<b>Вторая цена</b> — ставки скрыты до конца; выигрывает самая высокая, а платят вторую по величине."
    ),
}


@pytest.fixture
def ann(anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


def to_goods(chat: Chat) -> None:
    """From /sell to the question about the goods."""
    chat.say("/sell")
    chat.press(chat_data(chat, "sl:k:"))
    chat.say("A lamp")
    chat.say("It shines.")
    chat.press(chat_data(chat, ":ca:home"))


def to_kinds(chat: Chat) -> None:
    to_goods(chat)
    chat.press(chat_data(chat, ":go:digital"))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_kind_is_asked_before_the_prices_with_a_sentence_on_each(
    app: FakeApp, ann: Chat, boris: Chat, language: str
) -> None:
    seller = {"en": ann, "ru": boris.join(seller=True)}[language]
    to_kinds(seller)
    assert seller.words == KIND_WORDS[language]
    place = draft(app, seller).id
    assert list(seller.buttons().values())[: len(KINDS)] == [f"sl:s:{place}:ki:{kind}" for kind in KINDS]
    assert next(iter(KINDS)) == "english", "the ordinary auction is the first"


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("Auction", ["⭐\u202f100"]),
        ("Price drops", ["⭐\u202f100", "⭐\u202f10", "⭐\u202f9"]),
        ("Sealed bids", ["⭐\u202f100"]),
        ("Second price", ["⭐\u202f100"]),
    ],
)
def test_each_kind_is_sold_with_its_own_prices(app: FakeApp, ann: Chat, kind: str, answers: list[str]) -> None:
    to_kinds(ann)
    ann.press(kind)
    for answer in answers:
        ann.press(answer)
    ann.press("1 day")
    ann.press("Publish")
    (lot,) = lots(app)
    names = {"Auction": "english", "Price drops": "dutch", "Sealed bids": "sealed", "Second price": "vickrey"}
    assert lot.auction.terms.kind == names[kind]


def test_a_kind_that_is_written_counts_as_one_that_is_pressed(app: FakeApp, ann: Chat) -> None:
    to_kinds(ann)
    ann.say("a lottery")
    assert "type" not in draft(app, ann).fields
    ann.say("price  DROPS")
    assert draft(app, ann).fields["type"] == "dutch"
    assert "the price drops from here" in ann.words


def test_back_goes_through_the_kind_and_marks_what_was_chosen(app: FakeApp, ann: Chat) -> None:
    to_kinds(ann)
    assert not [label for label in ann.buttons() if "✓" in label], "nothing was chosen yet"
    ann.press("Sealed bids")
    ann.press("Back")
    assert [label for label in ann.buttons() if "✓" in label] == ["✓ Sealed bids"]
    ann.press("Back")
    assert "Something digital" in str(ann.buttons())
    ann.press(chat_data(ann, ":go:digital"))
    assert "Start price" in ann.words, "what is known is not asked again"
    assert draft(app, ann).fields["type"] == "sealed"


def test_a_draft_that_was_left_at_the_kind_goes_on_there(app: FakeApp, ann: Chat) -> None:
    to_kinds(ann)
    ann.press("Later")
    app.clock.forward(days=5)
    ann.say("/sell")
    ann.press("Continue “A lamp”")
    assert ann.words == KIND_WORDS["en"]


def test_one_kind_is_still_changed_from_the_preview(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    ann.press("More options")
    ann.press("Type")
    ann.press("Second price")
    ann.press("Publish")
    assert lots(app)[0].auction.terms.kind == "vickrey"


def test_a_draft_of_the_site_brings_its_kind(app: FakeApp, ann: Chat) -> None:
    typed = {"title": "A lamp", "description": "It shines.", "category": "home", "goods": "digital", "currency": "XTR"}
    site = Client(app).log_in(ann.id)
    site.post_form("/new_auction/draft", quiet="1", request_id="r1", type="sealed", duration_seconds="86400", **typed)
    ann.press_data("sl:o:r1", None)
    assert "Start price" in ann.words
    assert draft(app, ann).fields["type"] == "sealed"


def test_another_one_like_a_lot_is_of_its_kind_and_is_not_asked(app: FakeApp, ann: Chat) -> None:
    to_kinds(ann)
    ann.press("Sealed bids")
    ann.press("⭐\u202f100")
    ann.press("1 day")
    ann.press("Publish")
    ann.press("Sell another like this")
    assert ann.words.startswith("<b>A lamp</b>")
    ann.press("Publish")
    assert [lot.auction.terms.kind for lot in lots(app)] == ["sealed", "sealed"]
