"""Notes and buttons that more than one feature shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starbid.domain.money import CURRENCIES, Money, TopUp
from starbid.domain.unfinished import Act
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.top_up_words import money_step_label
from web.shared import amounts
from web.shared.acts import fields_of

TOP_UP_PAGES = {TopUp.STARS: "/buy_stars", TopUp.BILL: "/topup"}


@dataclass(frozen=True)
class Note:
    tone: str
    sign: str
    title: str
    text: str = ""


@dataclass(frozen=True)
class Lacking:
    """The money that is missing for `act`, None where nothing follows; `page` asks for it, with `fields` in its form.

    Which sums are offered is decided where the page is drawn (the filter `top_ups`). `folded`: a link to that page in
    the place of the buttons.
    """

    missing: Money
    act: Act | None
    page: str
    fields: Mapping[str, str]
    folded: bool = False


@dataclass(frozen=True)
class Step:
    """A button. With `text` it unfolds into a form that says what it means; without `fields` it is a link. With
    `lacking` it is the money step: buttons that top up by a sum each, and go on with what was to be done.

    `key` names it, so that it stays unfolded when the page replaces it.
    """

    label: str
    url: str
    fields: Mapping[str, str] | None = None
    text: str = ""
    button: str = ""
    style: str = ""
    key: str = ""
    lacking: Lacking | None = None


def top_up(view: LotView, missing: Money, words: Language, act: Act | None = None) -> tuple[Step, ...]:
    """The money step of something on a lot's page."""
    return (money_step(missing, act, f"/auction/{view.lot.auction.id}", words),)


def money_step(missing: Money, act: Act | None, back: str, words: Language) -> Step:
    """Tops up what is missing and goes on with `act`, or to the page `back`. The link leads to the same as a page."""
    page, fields = top_up_page(missing.currency), {**fields_of(act), "next": back}
    query = urlencode({"amount": amounts.typed(missing), **fields})
    return Step(money_step_label(act, words), f"{page}?{query}", lacking=Lacking(missing, act, page, fields))


def folded(step: Step) -> Step:
    """A money step that is not the next thing to do."""
    return replace(step, style="plain", lacking=replace(step.lacking, folded=True) if step.lacking else None)


def top_up_page(currency: str) -> str:
    """Where money of that currency is topped up."""
    return TOP_UP_PAGES[CURRENCIES[currency].top_up]


def owing(owed: Money, text: str, words: Language) -> Note:
    """What one with an unsettled debt is told; `text` is what settling it allows."""
    return Note("bad", "alert", words._("You owe {owed} after a refunded payment", owed=words.money(owed)), text)
