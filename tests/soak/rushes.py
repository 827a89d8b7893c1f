"""Many rushes, and their results."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from time import monotonic

from starbid.services import retrying
from starbid.services.auctions import bidding, closing, combining, waiting
from tests.support.chance import chance_of

from .rush import WEATHERS, Rush
from .rush_checks import check
from .rush_functions import Weather


@dataclass
class Tally:
    """What rushes came to."""

    rushes: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    lots: Counter[str] = field(default_factory=Counter)
    intents: int = 0
    withdrawn: int = 0
    batches: int = 0
    conflicts: int = 0
    slowest: float = 0
    longest_wait: float = 0
    seconds: float = 0

    def count(self, rush: Rush) -> None:
        self.rushes += 1
        for answer in rush.answers:
            known = "died" if answer.died else answer.code or ("unknown" if answer.number is None else "accepted")
            self.answers[known] += 1
            self.slowest = max(self.slowest, answer.ended - answer.began - answer.stalled)
        self.met += rush.met
        self.lots.update(f"{lot.terms.kind} {lot.ending}" for lot in rush.store.tables.auctions.values())
        stories = rush.store.stories.values()
        self.intents += len(stories)
        self.withdrawn += sum(story.is_withdrawn for story in stories)
        self.longest_wait = max([self.longest_wait, *(story.waited for story in stories if story.ends)])
        self.batches += rush.store.batches
        self.conflicts += rush.store.conflicts


def run(rushes: int, seed: int, weathers: Sequence[Weather] = WEATHERS) -> Tally:
    """Raises AssertionError, with what makes it happen again, where something does not hold."""
    tally, began = Tally(), monotonic()
    for number in range(rushes):
        weather = weathers[number % len(weathers)]
        try:
            run_one(f"{seed} {number}", weather, tally)
        except Exception as failure:
            failure.add_note(f"rush {number} of seed {seed}: {weather.name}")
            raise
    tally.seconds = monotonic() - began
    return tally


def run_one(name: str, weather: Weather, tally: Tally) -> None:
    with chance_of(name), _small_and_quiet():
        rush = Rush(Random(name), weather)
        waiting.LONGEST_SECONDS = weather.patience
        combining.MOST_INTENTS, combining.MOST_ITEMS = rush.most_intents, rush.most_items
        if rush.nobody_is_alone:
            bidding.__dict__["is_crowded"] = lambda *_: True
        rush.run()
        found = check(rush)
    assert not found, "\n".join(found)
    tally.count(rush)


@contextmanager
def _small_and_quiet() -> Iterator[None]:
    """Small chunks and batches, no logs of intended failures. Restored afterwards."""
    saved = retrying._BASE_SECONDS, closing.CHUNK, waiting.LONGEST_SECONDS
    is_crowded, most = bidding.__dict__["is_crowded"], (combining.MOST_INTENTS, combining.MOST_ITEMS)
    retrying._BASE_SECONDS, closing.CHUNK = 0, 3
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        retrying._BASE_SECONDS, closing.CHUNK, waiting.LONGEST_SECONDS = saved
        bidding.__dict__["is_crowded"], (combining.MOST_INTENTS, combining.MOST_ITEMS) = is_crowded, most


def print_report(tally: Tally) -> None:
    print(f"rushes              {tally.rushes} ends of lots with many at once, {tally.seconds:.0f} s")
    print(f"answers             {_counts(tally.answers)}; the slowest after {tally.slowest:.1f} s")
    print(f"met                 {_counts(tally.met)}")
    print(f"waited in line      {tally.intents} bids, each decided once or withdrawn ({tally.withdrawn})")
    print(f"decided together    in {tally.batches} transactions, the last after {tally.longest_wait:.0f} s")
    print(f"transactions        {tally.conflicts} writes met another one")
    print(f"lots                {_counts(tally.lots)}")


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())
