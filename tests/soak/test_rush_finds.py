"""Rushes that find nothing only prove something if they find bugs planted on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.errors import Conflict
from starbid.domain.intents import Intent
from starbid.domain.wallet import Stake
from starbid.services.auctions import waiting
from starbid.services.auctions.closing import Closing
from starbid.services.auctions.combining import Combining
from starbid.services.ports import Standing
from tests.support import memory_unit
from tests.support.memory_tables import Waiting

from . import rush, rush_store, rushes
from .rush_functions import Weather

Break = Callable[[pytest.MonkeyPatch], None]
RUSHES, SEEDS = 26, (6, 2, 18, 93, *range(30, 70))


def decided_twice(broken: pytest.MonkeyPatch) -> None:
    """Nobody looks whether an intent has been decided."""

    def decide_intent(self: Any, intent: Any, outcome: Any) -> None:
        self._touched.add(("intent", intent.id))
        self.writes.append(lambda tables: tables.intents.__setitem__(intent.id, Waiting(intent, outcome)))

    broken.setattr(memory_unit.MemoryUnit, "decide_intent", decide_intent)


def a_closer_that_looks_at_nobody(broken: pytest.MonkeyPatch) -> None:
    """A lot is settled while bids in time wait."""
    real = Closing._look
    broken.setattr(Closing, "_look", lambda self, lot: (real(self, lot)[0], None))


def told_conflict_and_left_in_line(broken: pytest.MonkeyPatch) -> None:
    """Who does not want to wait any longer does not take the bid back."""

    def withdraw(*_: Any) -> None:
        raise Conflict

    broken.setattr(waiting.Waiting, "_withdraw", withdraw)


def told_conflict_and_an_earlier_try_left_in_line(broken: pytest.MonkeyPatch) -> None:
    """Only the last try of a request is taken back; the first one counts later."""

    def withdraw_others(*_: Any) -> None:
        raise Conflict

    broken.setattr(waiting.Waiting, "_withdraw_others_of", withdraw_others)


def first_come_by_chance(broken: pytest.MonkeyPatch) -> None:
    """Those who wait are decided in the order of their ids."""
    broken.setattr(Intent, "order", property(lambda intent: (intent.id, intent.arrived_at)))


def nobody_looks_after_the_dead(broken: pytest.MonkeyPatch) -> None:
    """The message to the closer is never sent."""
    broken.setattr(rush_store.Delays, "drain_in", lambda *_: None)


def a_lease_that_does_not_run_out(broken: pytest.MonkeyPatch) -> None:
    """Who dies while they decide for all is waited for by all."""
    real = rush_store.RushIntents.take_lease

    def take_lease(self: Any, auction_id: str, holder: str, *times: Any) -> bool:
        lease = self._store.tables.leases.get(auction_id)
        free = lease is None or lease.holder in (holder, "")
        return free and real(self, auction_id, holder, *times)

    def give_back(self: Any, auction_id: str, holder: str, now: Any) -> None:
        lease = self._store.tables.leases.get(auction_id)
        if lease and lease.holder == holder:
            self._store.tables.leases[auction_id] = replace(lease, holder="", until=now)

    broken.setattr(rush_store.RushIntents, "take_lease", take_lease)
    broken.setattr(rush_store.RushIntents, "give_back_lease", give_back)


def a_lease_that_is_kept(broken: pytest.MonkeyPatch) -> None:
    """Who decides for all lets the others wait until the lease runs out."""
    broken.setattr(Combining, "_give_back", lambda *_: None)


def a_stake_that_nobody_compares(broken: pytest.MonkeyPatch) -> None:
    """A wallet read before the lot is written as if nothing had happened in between."""
    real = memory_unit.MemoryUnit.change_wallet

    def change_wallet(
        self: Any, change: Any, standing: Standing = Standing.ANY, needed: Any = None, **more: Any
    ) -> None:
        if change.stake:
            wallet = self._store.tables.wallets.get((change.user_id, change.available.currency))
            there = wallet.stakes.get(change.stake.auction_id) if wallet else None
            change = replace(change, stake=Stake(change.stake.auction_id, there, change.stake.after))
        real(self, change, standing, needed, **more)

    broken.setattr(memory_unit.MemoryUnit, "change_wallet", change_wallet)


def keys_that_nobody_compares(broken: pytest.MonkeyPatch) -> None:
    """A request that is repeated while its first try waits counts twice."""
    real = Combining._decide

    def decide(self: Any, lot: str, intents: list[Intent]) -> Any:
        batch = real(self, lot, intents)
        forgotten = tuple((replace(intent, memory=None), outcome) for intent, outcome in batch.outcomes)
        return replace(batch, outcomes=forgotten)

    broken.setattr(Combining, "_decide", decide)


BREAKS: tuple[Break, ...] = (
    decided_twice,
    a_closer_that_looks_at_nobody,
    told_conflict_and_left_in_line,
    told_conflict_and_an_earlier_try_left_in_line,
    first_come_by_chance,
    nobody_looks_after_the_dead,
    a_lease_that_does_not_run_out,
    a_lease_that_is_kept,
    a_stake_that_nobody_compares,
    keys_that_nobody_compares,
)


def _run_all(weathers: Sequence[Weather]) -> None:
    """The next seed, if one did not hit the bug."""
    for seed in SEEDS:
        rushes.run(RUSHES, seed, weathers)


_IMPATIENT = [weather for weather in rush.WEATHERS if weather.name == "impatience"]
WEATHERS: dict[Break, Sequence[Weather]] = {
    told_conflict_and_left_in_line: _IMPATIENT,
    told_conflict_and_an_earlier_try_left_in_line: _IMPATIENT,
    nobody_looks_after_the_dead: [Weather("every second one dies", deaths=0.5, skewed=True)],
}


@pytest.mark.parametrize("broken", BREAKS, ids=lambda each: each.__name__)
def test_a_rush_finds(broken: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError) as found:
        _run_all(WEATHERS.get(broken, rush.WEATHERS))
    assert any(note.startswith("rush ") for note in found.value.__notes__)
