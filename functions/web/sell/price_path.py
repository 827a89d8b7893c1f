"""Where a falling price would go, told to the seller while they fill in the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from markupsafe import escape

from starbid.domain.kinds.descent import Descent
from starbid.domain.money import DEFAULT_CURRENCY, Money
from starbid.domain.typed_numbers import typed_whole
from starbid.i18n import Language
from web.kernel.http import Request, Response, html
from web.kernel.routing import Router
from web.shared import amounts
from web.shared.context import page_words

router = Router()
NEEDED = ("start_price", "floor_price", "drop_amount")


@router.get("/new_auction/price_path", page="/new_auction")
def path_of_price(request: Request) -> Response:
    """The line below the fields of a falling price, as they are typed."""
    typed = {name: request.query.get(name, "")[:40] for name in request.query}
    return html(str(escape(price_path(typed, page_words(request)))))


def price_path(typed: Mapping[str, str], words: Language) -> str:
    """Such as "From 1 000 down to 200 in 40 minutes: 8 steps."; empty where that cannot be told. Amounts as typed."""
    currency = typed.get("currency") or DEFAULT_CURRENCY
    start, floor, drop = (amounts.read(typed.get(name, ""), currency) for name in NEEDED)
    every = typed_whole(typed.get("drop_seconds", ""))
    if not start or not floor or not drop or not every or floor > start:
        return ""
    falls = Descent(Money(start, currency), Money(floor, currency), Money(drop, currency), timedelta(seconds=every))
    told = words._(
        "From {start} down to {floor} in {time}: {steps}.",
        start=words.money(falls.start), floor=words.money(falls.floor),
        time=words.span(falls.lasts), steps=words.ngettext("{n} step", "{n} steps", falls.steps),
    )  # fmt: skip
    duration = typed_whole(typed.get("duration_seconds", ""))
    late = words._("That is longer than the lot lasts.") if duration and not falls.reaches_floor_in(duration) else ""
    return f"{told} {late}".strip()
