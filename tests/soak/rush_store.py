"""The store of a rush: transactions keep their items for their time, reads may be late, and all is written down."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bench.crowd.virtual import VirtualTime
from starbid.domain.auction import Auction, Bid, Ending
from starbid.domain.intents import Intent, Outcome
from starbid.domain.wallet import Wallet
from starbid.services.ports import ConditionFailed, Contended, Refusal
from tests.support.fake_intents import FakeIntents
from tests.support.fakes import FakeStore
from tests.support.memory_batch import MemoryBatch
from tests.support.memory_tables import Tables
from tests.support.memory_unit import MemoryUnit

from .rush_functions import Weather, present_life

KEPT_SECONDS, KEPT_BY_ITEM = (0.01, 0.01, 0.1), 0.000_3
LATE_SECONDS = 0.3
"""How old the state may be that an inconsistent read sees."""
WITHDRAWN = "withdrawn"


@dataclass
class Story:
    """What became of an intent. `stored` and the first of `ends` are seconds, `counted` when the store counted it."""

    intent: Intent
    stored: float
    counted: int
    ends: list[tuple[float, Outcome | str]] = field(default_factory=list)

    @property
    def is_withdrawn(self) -> bool:
        return any(end == WITHDRAWN for _, end in self.ends)

    @property
    def waited(self) -> float:
        """Seconds until its first end."""
        return self.ends[0][0] - self.stored


class RushStore(FakeStore):
    """`states` and `purses` have every state with the second from which on it held, `faults` what must never be."""

    def __init__(self, dice: Random, weather: Weather) -> None:
        super().__init__()
        self._dice, self.weather = dice, weather
        self.time: VirtualTime | None = None
        self.kept: set[tuple[object, ...]] = set()
        self.ticks = 0
        self.stories: dict[str, Story] = {}
        self.states: dict[str, list[tuple[float, Auction]]] = defaultdict(list)
        self.purses: dict[tuple[int, str], list[tuple[float, Wallet]]] = defaultdict(list)
        self.ended: dict[str, float] = {}
        self.looked_last: dict[str, int] = {}
        """Until when bids counted, by lot, as this store counts: when the closer read them, or it was ended else."""
        self.leases: set[tuple[str, str]] = set()
        """Taken and not given back: lot and holder."""
        self.faults: list[str] = []
        self.batches = 0
        self.conflicts = 0
        self._older: deque[tuple[float, Tables]] = deque(maxlen=8)

    @property
    def second(self) -> float:
        return self.time.elapsed() if self.time else 0.0

    def tick(self) -> int:
        self.ticks += 1
        return self.ticks

    # --- reads --------------------------------------------------------------------------------------------------------

    def fetch(self, batch: MemoryBatch) -> None:
        """Item by item, in any order: others write in between."""
        for want in self._dice.sample(batch.wants, len(batch.wants)):
            if self.time and self._dice.random() < 0.2:
                self.time.sleep(0.002)
            want.found.fill(want.read(self._read(want.verb, want.table in batch.consistent)))
            life = present_life()
            if want.verb == "line" and life:
                for _, auction_id, *_ in (key for key in batch._items if key[0] == "intents"):
                    life.looks(str(auction_id), self.tick())

    def _read(self, name: str, consistent: bool = True) -> Tables:
        tables = super()._read(name, consistent)
        recent = [older for second, older in self._older if self.second - second < LATE_SECONDS]
        if consistent or not recent or self._dice.random() >= self.weather.stale:
            return tables
        return self._dice.choice(recent)

    # --- writes -------------------------------------------------------------------------------------------------------

    def transact(self, unit: MemoryUnit) -> None:
        """Raises Contended where another transaction keeps an item, ConditionFailed."""
        assert self.time
        self._prepare(unit)
        self.kept |= unit._touched
        try:
            self.time.sleep(self._dice.choice(KEPT_SECONDS) + KEPT_BY_ITEM * len(unit._touched))
        finally:
            self.kept -= unit._touched
        unit.commit()

    def _prepare(self, unit: MemoryUnit) -> None:
        busy = self.kept & unit._touched
        if busy:
            self.conflicts += 1
            raise Contended(refusals=tuple(Refusal(str(what), str(key[0])) for what, *key in sorted(busy, key=str)))
        refusals = tuple(refusal for check in unit.checks if (refusal := check(self.tables)))
        if refusals:
            raise ConditionFailed(refusals)

    def commit(self, unit: MemoryUnit) -> None:
        before = self.tables.snapshot()
        super().commit(unit)
        self.tick()
        self._older.append((self.second, before))
        for what, *key in unit._touched:
            if what == "intent":
                self._note_outcome(str(key[0]))
            elif what == "auction":
                self._note_lot(str(key[0]), before)
            elif what == "wallet":
                self._note_wallet(*key)
        self._in_order(unit)

    def _note_wallet(self, user_id: object, currency: object) -> None:
        wallet = self.tables.wallets.get((int(str(user_id)), str(currency)))
        if wallet:
            self.purses[wallet.user_id, wallet.currency].append((self.second, wallet))

    def _note_outcome(self, intent_id: str) -> None:
        outcome = self.tables.intents[intent_id].outcome
        assert outcome is not None
        self.stories[intent_id].ends.append((self.second, outcome))

    def _note_lot(self, auction_id: str, before: Tables) -> None:
        auction, old = self.tables.auctions[auction_id], before.auctions.get(auction_id)
        self.states[auction_id].append((self.second, auction))
        if old and old.ending is Ending.OPEN and auction.ending is not Ending.OPEN:
            self.ended[auction_id], self.looked_last[auction_id] = self.second, self.ticks
            bought = auction.bids_count > old.bids_count
            if not bought and Ending.CANCELLED not in (auction.ending, auction.outcome):
                self._note_settling(old)

    def _note_settling(self, old: Auction) -> None:
        """Bids that were in time, and stored before the closer read who waits, are decided before it settles."""
        life = present_life()
        looked = self.looked_last[old.id] = life.looked.get(old.id, self.ticks) if life else self.ticks
        for story in self.waiting_stories(old.id):
            if story.counted < looked and story.intent.arrived_at < old.ends_at:
                self.faults.append(f"{old.id} was settled at {self.second:.3f} while a bid in time waited: {story}")

    def waiting_stories(self, auction_id: str) -> list[Story]:
        found = (self.stories[name] for name, each in self.tables.intents.items() if each.is_undecided)
        return [story for story in found if story.intent.auction_id == auction_id]

    def _in_order(self, unit: MemoryUnit) -> None:
        """Among those that wait together the order of arrival is kept, but for those whose wallet was in the way."""
        arrivals = [row.placed_at for row in unit.stream if isinstance(row, Bid)]
        if arrivals != sorted(arrivals):
            self.faults.append(f"decided out of order: {arrivals}")
        decided = [self.stories[str(key[0])] for what, *key in unit._touched if what == "intent"]
        life = present_life()
        if not decided or life is None:
            return
        self.batches += 1
        last, auction_id = max(story.intent.arrived_at for story in decided), decided[0].intent.auction_id
        looked = life.looked.get(auction_id, 0)
        for story in self.waiting_stories(auction_id):
            if story.counted < looked and story.intent.arrived_at < last and not life.may_pass_over:
                self.faults.append(f"{story} was passed over at {self.second:.3f}")


class RushIntents(FakeIntents):
    """Single writes meet transactions as well."""

    _store: RushStore

    def __init__(self, store: RushStore) -> None:
        super().__init__(store)

    def take_lease(self, auction_id: str, holder: str, until: datetime, now: datetime) -> bool:
        store = self._store
        if store._dice.random() < store.weather.thefts and auction_id in store.tables.leases:
            now = max(now, store.tables.leases[auction_id].until)
        taken = super().take_lease(auction_id, holder, until, now)
        store.leases |= {(auction_id, holder)} if taken else set()
        return taken

    def give_back_lease(self, auction_id: str, holder: str, now: datetime) -> None:
        super().give_back_lease(auction_id, holder, now)
        self._store.leases.discard((auction_id, holder))

    def add(self, intent: Intent) -> None:
        super().add(intent)
        assert intent.auction_id in self._store.tables.leases, "a bid waits in a line that nobody has marked"
        self._store.stories.setdefault(intent.id, Story(intent, self._store.second, self._store.tick()))

    def waiting(self, auction_id: str, most: int) -> list[Intent]:
        life = present_life()
        if life:
            life.looks(auction_id, self._store.tick())
        return super().waiting(auction_id, most)

    def ask_waiting(self, auction_id: str, most: int) -> Callable[[], list[Intent]]:
        """Read at once, and looked at later."""
        life, tick, found = present_life(), self._store.tick(), super().waiting(auction_id, most)

        def wait() -> list[Intent]:
            if life:
                life.looks(auction_id, tick)
            return found

        return wait

    def withdraw(self, intent: Intent) -> Outcome | None:
        self._free(intent)
        waited = intent.id in self._store.tables.intents and self._store.tables.intents[intent.id].is_undecided
        outcome = super().withdraw(intent)
        if waited:
            self._store.stories[intent.id].ends.append((self._store.second, WITHDRAWN))
        return outcome

    def drop(self, intent: Intent) -> None:
        there = self._store.tables.intents.get(intent.id)
        if ("intent", intent.id) in self._store.kept:
            return
        if there and there.is_undecided:
            self._store.faults.append(f"{intent} was dropped, and is not decided")
        super().drop(intent)

    def _free(self, intent: Intent) -> None:
        if ("intent", intent.id) in self._store.kept:
            self._store.conflicts += 1
            raise Contended


class Delays:
    """Implements `ports.Scheduler` for lots that end: messages come a little late, sometimes twice."""

    def __init__(self, dice: Random, deliver: Callable[[str, str, float], object]) -> None:
        self._dice, self._deliver = dice, deliver

    def close_in(self, auction_id: str, seconds: int) -> None:
        self._send("close", auction_id, seconds)

    def drain_in(self, auction_id: str, seconds: int) -> None:
        self._send("drain", auction_id, seconds)

    def advance_deal_at(self, auction_id: str, at: datetime) -> None:
        """Deals are not followed."""

    def _send(self, what: str, auction_id: str, seconds: int) -> None:
        for _ in range(2 if self._dice.random() < 0.05 else 1):
            self._deliver(what, auction_id, seconds + self._dice.choice((0.01, 0.2, 1)))
