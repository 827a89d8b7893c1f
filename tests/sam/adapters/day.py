"""The product as its functions put it together, people with Stars, and a clock that starts now."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.session import Session

from starbid import bootstrap
from starbid.domain.lots import Lot
from starbid.domain.payments import Charge
from tests.support import factories
from tests.support.factories import ANNA, BORIS, CLARA, SELLER
from tests.support.fake_clock import FakeClock

ADMIN = 900
STARS = 5_000


class Day:
    """`aws` are clients with the runtime's own models, for Lambda's and people's acts, and for the test's checks."""

    def __init__(self) -> None:
        self.clock = FakeClock(bootstrap.utc_now())
        bootstrap.use_clock(self.clock)
        self.app: Any = bootstrap.app()
        self.aws: Callable[[str], Any] = cache(Session().create_client)
        self._requests = 0
        for person in (SELLER, ANNA, BORIS, CLARA):
            self.app.people.greet(person, f"Person {person}", None, "en", self.clock.now)
            self.pay(person, STARS)
        self.app.people.subscribe(SELLER, "day", self.clock.now)

    def pay(self, person: int, stars: int) -> Charge:
        self._requests += 1
        return factories.pay(self.app, person, stars, f"charge-{person}-{self._requests}")

    def put_up(self, *, pictures: tuple[str, ...] = (), **changes: object) -> Lot:
        self._requests += 1
        draft = factories.draft(self.clock.now, **changes)
        lot: Lot = self.app.publishing.publish(SELLER, draft, pictures, f"r{self._requests}", self.clock.now)
        return lot

    def bid(self, lot: str, *placed: tuple[int, int]) -> None:
        for person, amount in placed:
            self.app.bidding.bid(lot, person, amount, self.clock.now, confirmed=True)

    def sold(self) -> str:
        """A lot that BORIS has bid on, and ANNA has won."""
        lot = self.put_up(duration_seconds=60, extend_seconds=0).auction.id
        self.bid(lot, (BORIS, 300), (ANNA, 500))
        self.clock.forward(seconds=62)
        assert self.app.closing.sweep(self.clock.now) >= 1
        return lot

    def received(self, url: str) -> list[dict[str, Any]]:
        """Messages of a queue as Lambda gets them, with their bodies as JSON."""
        found: list[dict[str, Any]] = []
        while messages := self.aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [message | {"said": json.loads(message["Body"])} for message in messages]
        return found
