"""Notices of what the two sides of a deal write to each other. The words are in none: they are read when they are told
(services.talks.telling).
"""

from __future__ import annotations

from starbid.domain.events import TalkMessaged
from starbid.domain.lots import Lot
from starbid.services.notices.registry import News, kind, tells
from starbid.services.ports import Notice


def _is_theirs(notice: Notice, lot: Lot) -> bool:
    """Whether the deal is still with the same buyer."""
    return lot.deal is not None and lot.deal.buyer_id == notice.facts["buyer_id"]


WROTE = kind("talk_wrote", holds=_is_theirs)
UNDELIVERED = kind("talk_undelivered")
"""To who wrote: the other side has stopped the bot."""
BARRED = kind("talk_barred")
"""To who wrote: the other side has been blocked since."""


@tells(TalkMessaged)
def talk_messaged(event: TalkMessaged) -> News:
    to = event.seller_id if event.by_buyer else event.buyer_id
    return News((WROTE.of(event, to, buyer_id=event.buyer_id, number=event.number, away=event.away),))
