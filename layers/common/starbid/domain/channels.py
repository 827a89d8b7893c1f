"""How a person is told things: in the chat with the bot, and by further channels that they set up (spec, section 4,
"Notifications").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from starbid.domain.switches import Switch, known_switches


class Channel(StrEnum):
    """Values are kept: none is ever given a new meaning."""

    CHAT = "chat"
    EMAIL = "email"
    PUSH = "push"


FURTHER = (Channel.EMAIL, Channel.PUSH)
"""Those that a person sets up; the chat is always there."""
SILENT, LOUD = (Channel.EMAIL,), (Channel.PUSH,)
"""Of the further ones, those that disturb nobody, and those that do."""
Wanted = Mapping[Channel, frozenset[Switch]]
"""Of each further channel that a person has set up, what they want to hear there."""

_MONEY_AND_DEALS = frozenset(
    {
        *(Switch.WON, Switch.SOLD, Switch.SECOND_CHANCE, Switch.DELIVERY, Switch.RELEASED, Switch.DISPUTES),
        *(Switch.MESSAGES, Switch.PAYMENTS, Switch.PAYOUTS, Switch.SUBSCRIPTION),
    }
)
WANTED_AT_FIRST: Wanted = {
    Channel.EMAIL: _MONEY_AND_DEALS,
    Channel.PUSH: _MONEY_AND_DEALS | {Switch.OUTBID, Switch.FAVOURITES},
}
"""A mail is read later: how the bidding goes is no use there unless somebody asks for it."""


def known_wanted(values: Mapping[str, Iterable[str]]) -> Wanted:
    """What this version knows of `values`, by name."""
    return {channel: known_switches(values[channel]) for channel in FURTHER if channel in values}
