"""The ways of a bid that are compared: in a line with the others, and alone as before there were lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast
from unittest.mock import patch

from bench.crowd.market import CrowdMarket
from bench.crowd.virtual import VirtualTime
from starbid.domain.errors import Conflict
from starbid.domain.kinds import kind_of
from starbid.services.auctions import bidding
from starbid.services.auctions.bidding import Bidding
from starbid.services.retrying import ATTEMPTS

Way = Callable[[CrowdMarket, int, int, datetime], int]
"""Bids, or buys, for a person at an amount; answers the number in the log."""


def in_line(market: CrowdMarket, person: int, amount: int, arrived_at: datetime) -> int:
    """As it is."""
    return _placed(market.bidding, market, person, amount, arrived_at)


def alone(market: CrowdMarket, person: int, amount: int, arrived_at: datetime) -> int:
    """As it was: four tries, with growing pauses, then Conflict."""
    nobody, pauses = cast("Any", _NoLine()), cast("Any", _Pauses(market.time))
    business = market.settings.business
    former = Bidding(market.store, market.closing, nobody, market.scheduler, pauses, business)
    with patch.object(bidding, "TRIES_ALONE", ATTEMPTS):
        return _placed(former, market, person, amount, arrived_at)


WAYS: Mapping[str, Way] = {"alone": alone, "in line": in_line}


class _NoLine:
    """In the place of the line: there is none."""

    def outcome_of(self, *_: object) -> None:
        raise Conflict


class _Pauses:
    """One bid's pauses between its tries."""

    def __init__(self, time: VirtualTime) -> None:
        self._time, self._tries = time, 0

    def sleep(self, _: float) -> None:
        self._tries += 1
        self._time.sleep(random.uniform(0, 0.02 * 2**self._tries))


def _placed(way: Bidding, market: CrowdMarket, person: int, amount: int, arrived_at: datetime) -> int:
    if kind_of(market.lot).falls:
        closed = way.buy(market.lot.id, person, amount, arrived_at)
        assert closed.bid is not None
        return closed.bid.number
    return way.bid(market.lot.id, person, amount, arrived_at, confirmed=True).bid.number
