"""The words of the product: for each thing one in each language, and what is not said in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLANK = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Term:
    """`english` and `russian`: what it is called; `not_…`: patterns of what it is not called, whole words in English,
    beginnings of words in Russian.
    """

    english: str
    russian: str
    not_english: tuple[str, ...] = ()
    not_russian: tuple[str, ...] = ()


TERMS = (
    Term("frozen", "заморожено", ("held", "set aside"), ("удерж", "придерж", "зарезервир")),
    Term("auction", "аукцион", ("english auction", "dutch"), ("английский аукцион", "голландск")),
    Term("price drops", "цена падает", ("falling price auction",), ("аукцион на понижение",)),
    Term("favourites", "избранное", ("watchlist", "watched lots"), ("отслежива",)),
    Term("activity", "операции", ("movements?",), ("движени",)),
    Term("relist", "выставить повторно", ("put it up", "put up", "sell it after all", "after all")),
    Term("photos", "фотографии", ("pictures?",), ("картинк",)),
    Term("extension", "продление", ("window", "soft close"), ("окно",)),
    Term("your action needed", "нужно ваше действие", ("your turn",), ("ваш ход", "ваша очередь")),
    Term(
        "verify this auction", "проверить торги", ("log code", "bid log", "log is sound"), ("журнал цел", "код журнала")
    ),
    Term("bidder", "участник", ("runner-up",), ("второму участнику", "биддер")),
    Term("send to the buyer", "отправить покупателю", ("hand it over",), ("передайте", "передано", "передать покуп")),
    Term("withdraw", "снять с торгов", ("take .* down",)),
    Term("telegram id", "id в telegram", ("telegram number",), ("ваш номер в telegram", "номер telegram")),
    Term("automatically", "автоматически", ("by itself",), ("сами собой", "само собой", "сама собой")),
    Term("stars", "звёзды", ("star coins?",), ("старс", "звезды telegram")),
)

PHRASES = Term(
    "", "",
    (
        "go on", "really there", "please", "present question", "as low as it gets", "between two falls",
        "could not make sense", "not yet:", "bid is binding",
    ),
    (
        "обязывает", "обязательств", "взгляните", "пожалуйста", "наименьш", "снова свобод", "сделке о лоте",
        "ниже не будет", "назвать свой", "назовите свой", "каждый называет", "насколько вынуждают", "выйти из вопроса",
        "одной ссылки для входа", "сколько бы ставок", "в поиске не учтена", "к покупке цена",
        "ничего не происходит само", "пока нет:", "купить ⭐", "пока торги не отменят",
    ),
)  # fmt: skip
"""What was said too literally, whatever it was about."""

ALLOWED = {"Not sure yet? Add a lot to favourites, and I will write 15 minutes before it ends: /watchlist"}
"""The command keeps its name."""


def faults(text: str, language: str) -> list[str]:
    """The patterns that a text of the interface fits though it should not. Names of blanks say nothing."""
    if text in ALLOWED:
        return []
    said = _BLANK.sub("", text)
    return [pattern for pattern in _patterns(language) if _compiled(pattern, language).search(said)]


def _patterns(language: str) -> list[str]:
    terms = (*TERMS, PHRASES)
    return [each for term in terms for each in (term.not_english if language == "en" else term.not_russian)]


def _compiled(pattern: str, language: str) -> re.Pattern[str]:
    """`re` keeps those that it has compiled."""
    end = r"\b" if language == "en" and pattern[-1].isalpha() else ""
    return re.compile(rf"\b{pattern}{end}", re.IGNORECASE)
