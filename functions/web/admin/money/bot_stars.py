"""The bot's own Stars, as Telegram tells them now."""

from __future__ import annotations

from starbid.domain.money import Money, stars
from starbid.services.ports import Rejected, TryLater
from web.kernel.http import Request


def bot_stars(request: Request) -> Money | None:
    """None where Telegram gives no answer: the page is shown all the same."""
    try:
        return stars(request.app.stars.balance())
    except (TryLater, Rejected):
        return None
