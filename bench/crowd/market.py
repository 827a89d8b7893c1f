"""A lot that a crowd wants: prepared in an ordinary in-memory store, then handed over to the hard one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.crowd.lines import HardLines
from bench.crowd.store import DEFAULT, Hardship, HardStore
from bench.crowd.virtual import VirtualTime
from starbid.bootstrap import App
from starbid.config import read_settings
from starbid.domain.auction import Auction
from starbid.domain.errors import Conflict
from starbid.domain.money import XTR, Money
from starbid.domain.wallet import Wallet
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import SELLER, draft, join
from tests.support.fakes import ENVIRONMENT, FakeApp

FIRST_PERSON = 5_000_000_000
MONEY = 10_000_000
"""What everybody has available."""
KINDS: dict[str, dict[str, Any]] = {
    "english": {"type": "english", "bid_step": 1, "extend_seconds": 30},
    "sealed": {"type": "sealed"},
    "vickrey": {"type": "vickrey"},
    "dutch": {"type": "dutch", "floor_price": 100, "drop_amount": 100, "drop_seconds": 3600},
}
LASTS_SECONDS = 86_400
VISIBLE_AGAIN_SECONDS = 180
"""After a failure of the closer: its queue's visibility time-out."""


class Alarms:
    """Implements `ports.Scheduler` for the end of lots, in virtual time. Delayed messages are on time."""

    def __init__(self, market: CrowdMarket) -> None:
        self._market = market

    def close_in(self, auction_id: str, seconds: int) -> None:
        self._wake(seconds, lambda: self._market.closing.wake(auction_id, self._market.now()))

    def drain_in(self, auction_id: str, seconds: int) -> None:
        self._wake(seconds, lambda: self._market.closing.drain(auction_id, self._market.now()))

    def advance_deal_at(self, auction_id: str, at: datetime) -> None:
        """Nothing of a deal is measured."""

    def _wake(self, seconds: float, work: Callable[[], object]) -> None:
        time = self._market.time

        def run() -> None:
            try:
                work()
            except (Conflict, Contended, Unavailable):  # the queue brings the message again
                self._wake(VISIBLE_AGAIN_SECONDS, work)

        time.at(time.elapsed() + seconds, run)


class CrowdMarket(App):
    """The real use cases over the hard store. `lot` ends `left` seconds after the beginning of its time."""

    def __init__(
        self, kind: str, people: int, left: float, seed: int, hardship: Hardship = DEFAULT, *, keyed: bool = False
    ) -> None:
        super().__init__(read_settings(ENVIRONMENT))
        self.keyed = keyed
        calm = FakeApp()
        join(calm, SELLER, seller=True)
        terms = draft(calm.now(), start_price=1_000, duration_seconds=LASTS_SECONDS, **KINDS[kind])
        self.lot: Auction = calm.publishing.publish(SELLER, terms, (), f"crowd-{seed}", calm.now()).auction
        self.bidders = range(FIRST_PERSON, FIRST_PERSON + people)
        wallets = calm.store.tables.wallets
        for person in self.bidders:
            wallets[person, XTR] = Wallet(person, Money(MONEY, XTR), *(Money(0, XTR),) * 3)
        self.time = VirtualTime(self.lot.ends_at - timedelta(seconds=left))
        self.hard = HardStore(calm.store.tables, self.time, seed, hardship)
        self.hard.history[self.lot.id] = [(0.0, self.lot)]
        self.alarms = Alarms(self)
        self.__dict__ |= {
            "store": self.hard,
            "intents": HardLines(self.hard),
            "scheduler": self.alarms,
            "pace": self.time,
        }

    def now(self) -> datetime:
        return self.time.now()
