"""The lot that shows a visitor what Starbid is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from web.shared.cards import LotCard

_NEVER = datetime.max.replace(tzinfo=UTC)


def soonest(cards: Iterable[LotCard]) -> LotCard | None:
    """Of the lots that a page has read anyway, the one that ends next and has a picture; None where there is none.
    A lot that has not begun, or stands still, shows no price in motion.
    """
    fit = (card for card in cards if card.picture and card.ends_at and not card.starts_at and card.left is None)
    return min(fit, key=lambda card: card.ends_at or _NEVER, default=None)
