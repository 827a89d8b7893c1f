"""What a sale would bring and when the lot would end, told to the seller while they fill in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from starbid.domain.auction import MAX_DURATION
from starbid.domain.lot_form import named_end
from starbid.domain.money import DEFAULT_CURRENCY, Money
from starbid.domain.typed_numbers import typed_whole
from starbid.i18n import Language
from starbid.zones import zone_called
from web.kernel.http import Request, Response, html
from web.kernel.routing import Router
from web.shared import amounts
from web.shared.context import page_words
from web.shared.rendering import render

router = Router()


@dataclass(frozen=True)
class Outlook:
    """`gets` is empty while there is no price, `ends_at` None while the end cannot be told."""

    gets: str
    fee: str
    ends_at: datetime | None


@router.get("/new_auction/outlook", page="/new_auction")
def told(request: Request) -> Response:
    """The lines below the price, as the fields around them are typed."""
    typed = {name: request.query.get(name, "")[:40] for name in request.query}
    words = page_words(request)
    seen = outlook(typed, request.app.settings.business.fee_percent, words, request.now)
    return html(render("sell/outlook_lines.html", words, outlook=seen))


def outlook(typed: Mapping[str, str], fee_percent: int, words: Language, now: datetime) -> Outlook:
    """Of a lot that is published at `now`; amounts as typed, the start in the zone that the form names."""
    currency = typed.get("currency") or DEFAULT_CURRENCY
    price = amounts.read(typed.get("start_price", ""), currency)
    gets = ""
    if price:
        sum_ = Money(price, currency)
        left = sum_ - sum_.percent(fee_percent)
        gets = words._("Sold for {price}, you get {gets}.", price=words.money(sum_), gets=words.money(left))
    fee = (
        words._("The fee is {percent} %, taken only when the lot is sold.", percent=fee_percent) if fee_percent else ""
    )
    return Outlook(gets, fee, _ends_at(typed, words.zone, now))


def _ends_at(typed: Mapping[str, str], zone: tzinfo, now: datetime) -> datetime | None:
    seconds = typed_whole(typed.get("duration_seconds", ""))
    if end := named_end(typed):
        return end
    if not seconds or seconds > MAX_DURATION.total_seconds():
        return None
    start = now
    if begun := typed.get("starts_at", ""):
        try:
            moment = datetime.fromisoformat(begun)
            start = moment.replace(tzinfo=moment.tzinfo or zone_called(typed.get("starts_zone")) or zone)
        except ValueError:
            return None
    if not -1 < (start - now).days <= MAX_DURATION.days:
        return None
    return start + timedelta(seconds=seconds)
