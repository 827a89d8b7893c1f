"""Changing a lot that nobody has bid on (spec, section 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.alt_texts import alts_of
from starbid.domain.auction import Auction
from starbid.domain.errors import Invalid, InvalidFields
from starbid.domain.kinds import kind_of
from starbid.domain.lots import Draft, Lot, on_card


def require_kept_terms(auction: Auction, draft: Draft) -> None:
    """Raises InvalidFields where a draft would change what is fixed with the publishing."""
    if draft.terms.kind != auction.terms.kind:
        raise InvalidFields((Invalid("type", "fixed"),))
    if draft.terms.currency != auction.currency:
        raise InvalidFields((Invalid("currency", "fixed"),))


def edit(lot: Lot, draft: Draft, pictures: tuple[str, ...], now: datetime) -> Lot:
    """The lot as the draft says; the very same where nothing changes, so that open pages of it stay good.

    One that has begun goes on where the draft has its duration and no start; else it begins again.
    Raises InvalidFields.
    """
    auction, card = lot.auction, lot.card
    require_kept_terms(auction, draft)
    if not _goes_on(auction, draft, now):
        starts_at = draft.starts_at or now
        end = starts_at + draft.duration
        auction = replace(auction, starts_at=starts_at, ends_at=end, scheduled_end=end, stood_still=timedelta(0))
    auction = replace(auction, terms=draft.terms, price=draft.terms.start_price)
    card = replace(
        card,
        title=draft.title,
        description=draft.description,
        category=draft.category,
        goods=draft.goods,
        pictures=pictures,
        alts=alts_of(draft.alts, pictures),
    )
    if (auction, card) == (lot.auction, lot.card):
        return lot
    card = replace(card, version=card.version + 1)
    return Lot(on_card(replace(auction, version=auction.version + 1), card), card)


def is_longer(before: Lot, after: Lot) -> bool:
    """Whether an edit puts a lot up for longer than it was, at either end: that takes the right to sell, as putting it
    up did.
    """
    return after.auction.starts_at < before.auction.starts_at or after.auction.ends_at > before.auction.ends_at


def _goes_on(auction: Auction, draft: Draft, now: datetime) -> bool:
    """Whether a lot that has begun keeps its times: nothing of them was changed, nor how its price falls by them. Forms
    know whole seconds; a lot with a named end has begun and lasts in milliseconds.
    """
    shown = timedelta(seconds=int(auction.duration.total_seconds()))
    is_same = draft.starts_at is None and draft.duration == shown
    return is_same and auction.starts_at <= now and (draft.terms == auction.terms or not kind_of(auction).falls)
