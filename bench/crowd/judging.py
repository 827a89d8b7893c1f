"""What became of a bid, and whether that is right."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.auction import Auction, Ending
from starbid.domain.errors import AuctionClosed, StarbidError
from starbid.domain.kinds import kind_of
from starbid.domain.money import Money

History = list[tuple[float, Auction]]


@dataclass(frozen=True, slots=True)
class Answer:
    """`arrived` and `answered` in seconds. `number` is that of an accepted bid, `error` what was told otherwise."""

    person: int
    amount: int
    arrived: float
    answered: float
    now: datetime
    number: int | None
    error: Exception | None

    @property
    def waited(self) -> float:
        return self.answered - self.arrived


def is_rightly_refused(answer: Answer, history: History) -> bool:
    """Whether one of the lot's states between arrival and answer is a reason for the refusal, by the pure rule.

    That the lot was closed meanwhile is none, unless somebody bought it: who came in time is decided before the end.
    """
    if isinstance(answer.error, AuctionClosed):
        last = history[-1][1]
        return kind_of(last).falls and last.ending is Ending.SOLD
    first = bisect_right(history, answer.arrived, key=lambda state: state[0]) - 1
    states = (lot for since, lot in history[max(first, 0) :] if since <= answer.answered)
    return any(_refuses(lot, answer) for lot in states)


def _refuses(lot: Auction, answer: Answer) -> bool:
    rule, amount = kind_of(lot), Money(answer.amount, lot.currency)
    try:
        if rule.falls:
            rule.buy(lot, answer.person, amount, answer.now)
        else:
            rule.bid(lot, answer.person, amount, answer.now, None)
    except StarbidError as refusal:
        return type(refusal) is type(answer.error)
    return False
