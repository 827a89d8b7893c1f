"""Notes and buttons that more than one feature shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starbid.domain.money import CURRENCIES, Money, TopUp
from starbid.i18n import Language
from starbid.services.views import LotView


@dataclass(frozen=True)
class Note:
    tone: str
    sign: str
    title: str
    text: str = ""


@dataclass(frozen=True)
class Step:
    """A button. With `text` it unfolds into a form that says what it means; without `fields` it is a link.

    `key` names it, so that it stays unfolded when the page replaces it.
    """

    label: str
    url: str
    fields: Mapping[str, str] | None = None
    text: str = ""
    button: str = ""
    style: str = ""
    key: str = ""


def top_up(view: LotView, missing: Money, words: Language, label: str = "") -> tuple[Step, ...]:
    """A button that buys exactly what is missing; only Stars can be bought."""
    if CURRENCIES[missing.currency].top_up is not TopUp.STARS:
        return ()
    return (stars(missing, f"/auction/{view.lot.auction.id}", words, label),)


def stars(missing: Money, back: str, words: Language, label: str = "") -> Step:
    """A button that buys that many Stars and leads to the page `back`."""
    query = urlencode({"amount": missing.amount, "next": back})
    return Step(label or words._("Buy {missing}", missing=words.money(missing)), f"/buy_stars?{query}")


def owing(owed: Money, text: str, words: Language) -> Note:
    """What one with an unsettled debt is told; `text` is what settling it allows."""
    return Note("bad", "alert", words._("You owe {owed} after a refunded payment", owed=words.money(owed)), text)
