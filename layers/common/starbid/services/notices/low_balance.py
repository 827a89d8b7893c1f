"""The notice that a wallet has run low: services.low_balance makes it."""

from __future__ import annotations

from starbid.domain.lots import Lot
from starbid.services.notices.registry import always, kind
from starbid.services.ports import Notice


def _is_still_wanted(notice: Notice, lot: Lot) -> bool:
    """Not once the lot is over, or theirs again."""
    return not lot.auction.is_final and lot.auction.leader_id != notice.user_id


LOW_BALANCE = kind("low_balance", mutes=always, holds=_is_still_wanted)
