"""Many random steps, world after world, and their results."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from time import monotonic

from starbid import bootstrap
from starbid.domain.errors import StarbidError
from starbid.services import fan_out, retrying
from starbid.services.auctions import closing
from starbid.services.desk import carrying
from tests.support.chance import chance_of

from .acts import ACTS, days_pass, time_passes
from .debt_acts import everybody_settles
from .parts import Tally
from .payout_acts import ask_at_once, everything_leaves
from .world import EXPECTED, Failed, World

STEPS_OF_A_WORLD = 400
STORMS = 0.45
"""The share of steps that happen in a storm."""
INVARIANTS = 15


@dataclass
class Course:
    """A run of the soak; `print_report` reports it."""

    seed: int
    tally: Tally = field(default_factory=Tally)
    calls: int = 0
    interleaved: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0


def run(steps: int, seed: int, first: int = 0) -> Course:
    """From the world of the number `first` on. Raises AssertionError, with seed, world and step, if anything does not
    hold; the same happens there again.
    """
    course, began = Course(seed), monotonic()
    with _quiet():
        while course.tally.steps < steps:
            number = first + course.tally.worlds
            with chance_of(f"{seed} {number}"):
                world = World(Random(f"{seed} {number}"), course.tally)
                world.storm.meanwhile = lambda world=world: _meanwhile(world)  # type: ignore[misc]
                _live(world, min(STEPS_OF_A_WORLD, steps - course.tally.steps), f"seed {seed}, world {number}")
            course.calls += world.storm.calls
            course.injected += world.storm.injected
            course.interleaved += world.storm.interleaved
            course.crashes += world.storm.crashes
    course.seconds = monotonic() - began
    return course


def _live(world: World, steps: int, where: str) -> None:
    acts: list[str] = []
    try:
        for _ in range(steps):
            _step(world, acts)
        acts.append("the end")
        everything_leaves(world)
        everybody_settles(world)
        world.end()
        world.tally.count(world.store.tables)
    except Exception as failure:
        failure.add_note(f"{where}, step {len(acts)}, the last of {acts[-3:]}")
        raise


def _step(world: World, acts: list[str]) -> None:
    """One act, in some weather; afterwards the invariants hold. Now and then all background jobs run."""
    dice, tally = world.dice, world.tally
    (act,) = dice.choices(list(ACTS), list(ACTS.values()))
    tally.steps += 1
    acts.append(act.__name__)
    tally.acts[act.__name__] += 1
    stormy = dice.random() < STORMS
    if stormy:
        world.storm.blow()
    before = sum(world.storm.injected.values())
    try:
        with world.process():
            act(world, dice)
    except Failed as failure:
        if isinstance(failure.__cause__, StarbidError):
            tally.refusals[type(failure.__cause__).__name__] += 1
    world.storm.calm()
    world.check()
    if stormy and sum(world.storm.injected.values()) > before:
        _recover(world)


def _meanwhile(world: World) -> None:
    """Somebody else's act between a read and a write. No time passes, and nothing crashes."""
    acts = {act: often for act, often in ACTS.items() if act not in (days_pass, time_passes, ask_at_once)}
    (act,) = world.dice.choices(list(acts), list(acts.values()))
    with suppress(*EXPECTED, ExceptionGroup):
        act(world, world.dice)


def _recover(world: World) -> None:
    """The functions run again as in AWS; half of the time the next fault hits them."""
    world.tally.recoveries += 1
    if world.dice.random() < 0.5:
        world.storm.blow()
        world.functions()
        world.storm.calm()
        world.check()
    world.functions()
    world.check()


@contextmanager
def _quiet() -> Iterator[None]:
    """No waiting, no logs of intended failures, and small chunks; restored afterwards."""
    saved = retrying._BASE_SECONDS, closing.CHUNK, closing.CHUNKS_AT_ONCE, bootstrap._app
    pages = fan_out.FIRST_BIDS, fan_out.BIDS, fan_out.WATCHERS
    moving = carrying.PAGE, carrying.AT_ONCE
    retrying._BASE_SECONDS, closing.CHUNK, closing.CHUNKS_AT_ONCE = 0, 3, 2
    carrying.PAGE, carrying.AT_ONCE = 3, 2
    fan_out.FIRST_BIDS, fan_out.BIDS, fan_out.WATCHERS = 2, 3, 2
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        retrying._BASE_SECONDS, closing.CHUNK, closing.CHUNKS_AT_ONCE, bootstrap._app = saved
        fan_out.FIRST_BIDS, fan_out.BIDS, fan_out.WATCHERS = pages
        carrying.PAGE, carrying.AT_ONCE = moving


def print_report(course: Course) -> None:
    tally = course.tally
    print(f"seed                {course.seed}")
    print(f"steps               {tally.steps} in {tally.worlds} worlds, {course.seconds:.0f} s")
    print(f"acts                {_counts(tally.acts)}")
    print(f"refused             {_counts(tally.refusals)}")
    print(f"calls               {course.calls}, each a place to fail, to be lost and to die at")
    print(f"faults injected     {sum(course.injected.values())}: {_counts(course.injected)}")
    print(f"interleavings       {course.interleaved} acts of others between a read and its write")
    print(f"deaths              at {len(course.crashes)} different places")
    print(f"recoveries          {tally.recoveries}")
    print(f"invariants checked  {tally.checks} times {INVARIANTS}")
    print(f"sealed holds        {tally.holds}, each ended once, captured + released = held")
    print(f"pauses              {tally.pauses}, which moved lots {tally.moved} times, each once")
    print(f"lots                {_counts(tally.lots)}")
    print(f"by currency         {_counts(tally.currencies)}")
    print(f"deals               {_counts(tally.deals)}")
    print(f"payouts             {_counts(tally.payouts)}")
    print(f"debts               {_counts(tally.debts)}")
    print(f"answers             {_counts(tally.answers)}")
    print(f"bids and events     {_counts(tally.happened)}")
    print(f"told                {tally.told} notices, none lost")
    print(f"told twice          {tally.told_twice}; Telegram's answer or its record was lost {tally.excused} times")


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())
