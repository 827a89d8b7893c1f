"""What somebody looks for, in words: of lists and saved searches, for chat and site."""

from __future__ import annotations

from starbid.category_words import category_name
from starbid.domain.criteria import Criteria, Looking
from starbid.domain.graphemes import whole
from starbid.domain.kinds import KINDS
from starbid.domain.money import CURRENCIES, Money
from starbid.i18n import Language, capital

MOST_OF_TEXT = 40
"""Characters of what was typed, in the name of a search."""


def sort_name(sort: str, words: Language) -> str:
    _ = words._
    names = {
        "ending": _("Ending first"),
        "newest": _("Newest first"),
        "price_asc": _("Cheapest first"),
        "price_desc": _("Most expensive first"),
        "bids": _("Most bids first"),
    }
    return names[sort]


def kind_name(kind: str, words: Language) -> str:
    return capital(words.say(KINDS[kind].label))


def currency_name(currency: str, words: Language) -> str:
    _ = words._
    names = {"XTR": _("Stars"), "RUB": _("Roubles, ₽"), "USD": _("Dollars, $"), "EUR": _("Euros, €")}
    return names.get(currency, CURRENCIES[currency].sign)


def within_name(hours: int, words: Language) -> str:
    return words._("Ends within 24 hours") if hours > 1 else words._("Ends within an hour")


def price_name(least: Money | None, most: Money | None, words: Language) -> str:
    """From where to where; empty where there is no bound."""
    if least and most:
        return f"{words.money(least)} – {words.money(most)}"
    if least:
        return words._("from {price}", price=words.money(least))
    return words._("up to {price}", price=words.money(most)) if most else ""


def text_name(criteria: Criteria, words: Language) -> str:
    """What was typed, as it can stand in a button; plain text, empty where nothing was."""
    text = whole(criteria.text, MOST_OF_TEXT)
    dots = "…" if text != criteria.text else ""
    return words._("“{text}”", text=f"{text}{dots}") if text else ""


def filters_of(looking: Looking, words: Language) -> dict[str, str]:
    """Each thing that narrows a list down, by the name of its field."""
    criteria = looking.criteria
    price = price_name(*criteria.prices, words)
    named = {
        "category": category_name(criteria.category, words) if criteria.category else "",
        "kind": kind_name(criteria.kind, words) if criteria.kind else "",
        "currency": currency_name(criteria.currency, words) if criteria.currency and not price else "",
        "price": price,
        "within": within_name(looking.within, words) if looking.within else "",
    }
    return {name: said for name, said in named.items() if said}


def search_name(criteria: Criteria, words: Language) -> str:
    """A search in one line of plain text: `“bike”, Books, up to ⭐ 500`; all lots where nothing is looked for."""
    said = [text_name(criteria, words), *filters_of(Looking(criteria), words).values()]
    return ", ".join(each for each in said if each) or words._("Live lots")
