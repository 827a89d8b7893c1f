"""What of the bot's notices a person can switch off (spec, section 4, "Notifications")."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Switch(StrEnum):
    """Notices that one switches off together, in the order in which they are shown. Values are kept and stand on
    buttons: none is ever given a new meaning.
    """

    OUTBID = "outbid"
    EXTENDED = "extended"
    WON = "won"
    LOST = "lost"
    """Somebody else has it, or nobody, or its seller withdrew it."""
    FAVOURITES = "favourites"
    SECOND_CHANCE = "second_chance"
    NEW_BIDS = "new_bids"
    SOLD = "sold"
    UNSOLD = "unsold"
    DELIVERY = "delivery"
    """To either side: the address is there, the lot was sent."""
    RELEASED = "released"
    """To either side: where the price went."""
    MESSAGES = "messages"
    DISPUTES = "disputes"
    RATINGS = "ratings"
    PAYMENTS = "payments"
    LOW_BALANCE = "low_balance"
    """A lot that they still bid for is out of reach."""
    PAYOUTS = "payouts"
    SUBSCRIPTION = "subscription"
    SEARCH = "search"
    ACHIEVEMENTS = "achievements"
    NEWS = "news"
    """Broadcasts."""


def known_switches(values: Iterable[str]) -> frozenset[Switch]:
    """Those of `values` that this version knows."""
    names = frozenset(values)
    return frozenset(switch for switch in Switch if switch.value in names)
