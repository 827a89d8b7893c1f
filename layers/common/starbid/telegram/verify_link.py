"""The quiet link in the words about a sale with which its bids can be checked."""

from __future__ import annotations

from starbid.config import Settings
from starbid.domain.auction import Auction
from starbid.domain.audit import verify_path
from starbid.i18n import Language


def verify_link(auction: Auction, words: Language, settings: Settings) -> str:
    """It carries the head of the log as it is now: the person's own copy of it."""
    return f'<a href="{settings.base_url}{verify_path(auction)}">{words._("Verify this auction")}</a>'
