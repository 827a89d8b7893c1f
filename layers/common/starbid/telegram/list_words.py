"""Lots in lists of results: a line each, the same in the chat and in notices."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.auction import Status
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram.card_words import price_meaning, quoted, time_left


def result_line(view: LotView, words: Language, now: datetime) -> str:
    """Title, price, what it means, and how long there is time; for one that is over, how it ended."""
    auction = view.lot.auction
    head = f"{quoted(view.lot.card.title, words)} · {words.money(view.price)}"
    match view.status:
        case Status.SCHEDULED:
            begins = words._("starts in {time}", time=words.time_left(auction.starts_at - now))
            return f"🕒 {head} ({price_meaning(view, words, now)}) · {begins}"
        case Status.LIVE:
            lead = f"{words._('you lead')} · " if view.you_lead else ""
            mark = "🟢 " if lead else ""
            return f"{mark}{head} ({price_meaning(view, words, now)}) · {lead}{time_left(view, words)}"
        case Status.CLOSING:
            return f"⚪ {head} · {words._('time is up')}"
        case _:
            return f"⚪ {head} · {price_meaning(view, words, now)}"
