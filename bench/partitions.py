"""Writes by partition and second on a simulated day of a million bids, from the keys that Starbid's items really have.

Interest is unequal (the n-th of ten thousand lots draws 1/n of the first's bids) and late: a third of a lot's bids fall
into its last ten minutes, and half of the lots end within the same four hours of the evening.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import accumulate

from starbid.storage.rows import shelf

BIDS, LOTS, PEOPLE, DAY = 1_000_000, 10_000, 100_000, 86_400
LIMIT = 1_000
"""Write units a second that one partition takes."""
UNITS = 2
"""A write of up to 1 KB within a transaction."""


def simulate(seed: int = 1) -> dict[str, float]:
    """The most write units in any second of any partition, by table or index."""
    dice = random.Random(seed)
    ends = [dice.randint(64_800, 79_200) if dice.random() < 0.5 else dice.randint(3_600, DAY) for _ in range(LOTS)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(LOTS)))
    shelves = [shelf("live", f"lot{number}") for number in range(LOTS)]
    lots, wallets, changed = Counter[int](), Counter[int](), set[tuple[int, int]]()
    leaders: dict[int, int] = {}
    for lot in dice.choices(range(LOTS), cum_weights=weights, k=BIDS):
        end = ends[lot]
        second = end - dice.randint(1, 600) if dice.random() < 1 / 3 else dice.randint(0, end - 1)
        bidder = dice.randrange(PEOPLE)
        lots[lot * DAY + second] += UNITS
        wallets[bidder * DAY + second] += UNITS
        if lot in leaders:
            wallets[leaders[lot] * DAY + second] += UNITS
        leaders[lot] = bidder
        changed.add((lot, second))
    # The projector writes a lot at most once a second: an index whose sort key moved takes a delete and an insert.
    lists = Counter((shelves[lot], second) for lot, second in changed)
    return {
        "auctions, a lot's state": max(lots.values()),
        "bids, a lot's": max(lots.values()),
        "wallets, a person's": max(wallets.values()),
        "listings by price, a shelf": 2 * max(lists.values()),
        "listings by bids, a shelf": 2 * max(lists.values()),
    }
