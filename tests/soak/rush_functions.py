"""Functions that run beside each other in virtual time: whenever one calls the store, others go on.

A function has its own clock, may die before or after any call, may stand still in one, and may lose its answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from greenlet import getcurrent

from bench.crowd.virtual import VirtualTime
from starbid.services.auctions.combining import APART_SECONDS
from starbid.services.auctions.waiting import LONGEST_SECONDS
from starbid.services.ports import ConditionFailed, Contended, Refusal, Unavailable
from tests.support.failing import Death

MOST_MOMENTS = (10, 20, 60)
"""A planned death happens within so many moments; a moment is before or after a call."""
SKEW = timedelta(milliseconds=200)
"""How far a function's clock is before or behind the gateway's."""
WRITES = ("commit", "take_lease", "give_back_lease", "add", "withdraw")


@dataclass(frozen=True)
class Weather:
    """Shares: of functions that die; of calls that fail, that stand still, that are answered from an older state; of
    leases taken from somebody who still works. `skewed`: clocks differ. `patience`: seconds until a bid is withdrawn.
    """

    name: str
    deaths: float = 0
    faults: float = 0
    stalls: float = 0
    stale: float = 0
    thefts: float = 0
    skewed: bool = False
    patience: float = LONGEST_SECONDS

    @property
    def is_calm(self) -> bool:
        """Whatever is asked for is done at once, and everybody lives."""
        return not (self.deaths or self.faults or self.stalls)


class Life:
    """One run of a function. Implements `ports.Pace`."""

    def __init__(self, time: VirtualTime, dice: Random, weather: Weather, met: Counter[str]) -> None:
        self._time, self._dice, self._weather, self._met = time, dice, weather, met
        self._skew = dice.choice((-SKEW, timedelta(), SKEW)) if weather.skewed else timedelta()
        self._fuse = dice.randrange(dice.choice(MOST_MOMENTS)) if dice.random() < weather.deaths else None
        self._dead = False
        self.stalled = 0.0
        self.looked: dict[str, int] = {}
        """When it last read who waits, by lot, as the store counts its calls."""
        self.may_pass_over = False
        """Since it looked last others were in its way, or shortly before that: it leaves them out for a while."""
        self._leaves_out_until = 0.0

    def now(self) -> datetime:
        return self._time.now() + self._skew

    def elapsed(self) -> float:
        return self._time.elapsed()

    def looks(self, auction_id: str, tick: int) -> None:
        """Reads who waits on the lot."""
        self.looked[auction_id] = tick
        self.may_pass_over = self.elapsed() < self._leaves_out_until

    def meets_others(self) -> None:
        """One of its writes came to nothing."""
        self.may_pass_over, self._leaves_out_until = True, self.elapsed() + APART_SECONDS

    def sleep(self, seconds: float) -> None:
        if self._dead:
            raise Death
        self._time.sleep(seconds)

    def call(self, name: str, deed: Callable[[], Any]) -> Any:
        """Raises Death, Unavailable, Contended, and what `deed` does."""
        self._moment(name, "before")
        self._pass()
        fault = self._fault(name)
        if fault == "busy":
            self.meets_others()
            raise self._busy(name)
        if fault == "fails":
            raise Unavailable(name)
        getcurrent().life = self
        try:
            answer = deed()
        except (ConditionFailed, Contended):
            self._pass()
            self.meets_others()
            raise
        self._pass()
        self._moment(name, "after")
        if fault == "is lost":
            raise Unavailable(name)
        return answer

    def ask(self, name: str, deed: Callable[[], Callable[[], Any]]) -> Callable[[], Any]:
        """Something that is read while the function goes on."""
        self._moment(name, "before")
        getcurrent().life = self
        answer = deed()

        def wait() -> Any:
            self._moment(name, "after")
            if self._fault(name):
                raise Unavailable(name)
            return answer()

        return wait

    def send(self, name: str, deed: Callable[[], Any]) -> None:
        """As to a queue, whose adapter hides failures."""
        self._moment(name, "before")
        self._pass()
        if self._dice.random() < self._weather.faults:
            self._met["lost messages"] += 1
        else:
            deed()
        self._moment(name, "after")

    def _pass(self) -> None:
        slow = self._dice.random()
        latency = self._dice.uniform(0.001, 0.005) if slow < 0.97 else self._dice.uniform(0.01, 0.15)
        if self._dice.random() < self._weather.stalls:
            stall = self._dice.uniform(0.5, 4)
            self.stalled, latency = self.stalled + stall, latency + stall
            self._met["stalls"] += 1
        self._time.sleep(latency)

    def _fault(self, name: str) -> str | None:
        if self._dice.random() >= self._weather.faults:
            return None
        kinds = ("fails", "is lost", "busy", "busy") if name in WRITES else ("fails",)
        kind = self._dice.choice(kinds)
        self._met[f"{name} {kind}"] += 1
        return kind

    def _busy(self, name: str) -> Contended:
        """Sometimes with somebody to blame."""
        whom = (Refusal("wallet", str(self._dice.randrange(1, 9))),)
        return Contended(name, refusals=whom if name == "commit" and self._dice.random() < 0.5 else ())

    def _moment(self, name: str, when: str) -> None:
        if self._dead:
            raise Death
        if self._fuse is not None:
            self._fuse -= 1
            if self._fuse < 0:
                self._dead = True
                self._met["deaths"] += 1
                self._met[f"died {when} {name}"] += 1
                raise Death


class Called:
    """A port as one function has it. `quiet`: failures of its calls are hidden by its adapter."""

    def __init__(self, port: Any, life: Life, *, quiet: bool = False) -> None:
        self._port, self._life, self._quiet = port, life, quiet

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        if name == "unit":
            return lambda: CalledUnit(self._port, real(), self._life)
        if name == "batch":
            return lambda: CalledBatch(real(), self._life)
        if not callable(real):
            return real
        call = self._life.send if self._quiet or name == "drop" else self._life.call
        call = self._life.ask if name == "ask_waiting" else call
        return lambda *args, **named: call(name, partial(real, *args, **named))


class CalledUnit:
    def __init__(self, store: Any, unit: Any, life: Life) -> None:
        self._store, self._unit, self._life = store, unit, life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def commit(self) -> None:
        self._life.call("commit", partial(self._store.transact, self._unit))


class CalledBatch:
    def __init__(self, batch: Any, life: Life) -> None:
        self._batch, self._life = batch, life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def fetch(self) -> None:
        self._life.call(self._batch.name, self._batch.fetch)


def present_life() -> Life | None:
    """Whose call the store is answering; None outside of functions."""
    return getattr(getcurrent(), "life", None)
