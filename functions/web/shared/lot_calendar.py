"""Lots as entries of a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starbid.config import Settings
from starbid.i18n import Language
from starbid.services.views import LotView
from web.shared.icalendar import TYPE, LotEnd, calendar

__all__ = ["TYPE", "end_of", "written"]


def end_of(view: LotView, settings: Settings, words: Language) -> LotEnd:
    """When it ends as it stands: an extension comes with the next time that the calendar is asked for."""
    auction, card = view.lot.auction, view.lot.card
    return LotEnd(
        lot_id=auction.id,
        title=words._("Ends: {title}", title=card.title),
        url=f"{settings.base_url}/auction/{auction.id}",
        ends_at=auction.ended_at or auction.ends_at,
        known_since=card.created_at,
        changes=auction.version + card.version,
    )


def written(name: str, ends: Iterable[LotEnd], settings: Settings) -> bytes:
    return calendar(name, ends, urlsplit(settings.base_url).hostname or "starbid")
