"""The ways of a bid that are compared: in a line with the others, and alone as before there were lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from bench.crowd.market import CrowdMarket
from bench.crowd.virtual import VirtualTime
from starbid.domain.intents import Memory
from starbid.domain.kinds import kind_of
from starbid.services.auctions import asked
from starbid.services.auctions.bidding import Bidding
from starbid.services.auctions.looking import Admit, Seen
from starbid.services.idempotency import Answer, MakeRecord
from starbid.services.ports import ConditionFailed
from starbid.services.retrying import Stale, with_retries

FINGERPRINT = "0" * 64
Way = Callable[[CrowdMarket, int, int, datetime], int]
"""Bids, or buys, for a person at an amount; answers the number in the log."""


def in_line(market: CrowdMarket, person: int, amount: int, arrived_at: datetime) -> int:
    """As it is."""
    return _placed(market.bidding, market, person, amount, arrived_at)


def alone(market: CrowdMarket, person: int, amount: int, arrived_at: datetime) -> int:
    """As it was: four tries, with growing pauses, then Conflict."""
    parts = market.store, market.closing, market.waiting, market.scheduler, market.settings.business
    return _placed(_Alone(*parts), market, person, amount, arrived_at)


WAYS: Mapping[str, Way] = {"alone": alone, "in line": in_line}


@contextmanager
def virtual_pauses(time: VirtualTime) -> Iterator[None]:
    """Within the block those who try again pause in virtual time."""
    with patch.object(with_retries, "__defaults__", (time.sleep,)):
        yield


@contextmanager
def drawn_ids(seed: int) -> Iterator[None]:
    """Within the block the ids of bids that wait, by which they are spread over places, are the same in each run."""
    dice = random.Random(seed)
    with patch.object(asked, "uuid4", lambda: UUID(int=dice.getrandbits(128))):
        yield


class _Alone(Bidding):
    """As bids were placed before there were lines."""

    def _run(self, request: Any, admit: Admit | None) -> Any:
        newest: list[Seen] = []
        last: Seen | None = None

        def attempt(_: int) -> Any:
            nonlocal last
            seen = newest.pop() if newest else self._look(request, last, admit=admit)
            outcome, seen = self._decide(seen, request)
            last = seen
            try:
                self._write(request, seen.auction, outcome)
            except ConditionFailed as refused:
                found = self._after_refusal(refused, seen, request.person_id, request.cost(outcome))
                newest[:] = [found] if found else []
                raise Stale from refused
            return outcome

        return with_retries(attempt)


def _placed(way: Bidding, market: CrowdMarket, person: int, amount: int, arrived_at: datetime) -> int:
    lot_id, memory = market.lot.id, MakeRecord[Any](Memory(f"crowd-{person}", FINGERPRINT), _answer)
    key = memory if market.keyed else None
    if kind_of(market.lot).falls:
        closed = way.buy(lot_id, person, amount, arrived_at, key)
        assert closed.bid is not None
        return closed.bid.number
    return way.bid(lot_id, person, amount, arrived_at, key, confirmed=True).bid.number


def _answer(_: object) -> Answer:
    """About as long as the API's."""
    return {"status": 201, "body": "-" * 300}
