"""One crowd from its first arrival to its last answer, and what is told of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import accumulate

from bench.crowd.crowds import Crowd, Wish
from bench.crowd.judging import Answer, is_rightly_refused
from bench.crowd.market import CrowdMarket
from bench.crowd.store import DEFAULT, Hardship
from bench.crowd.ways import Way, drawn_ids, virtual_pauses
from starbid.domain.auction import BidKind
from starbid.domain.errors import Conflict, StarbidError
from starbid.services.ports import Contended, Unavailable

REQUEST_CPU = 0.000_6
"""Seconds of a function for a request, besides its calls of the store."""


@dataclass(frozen=True, slots=True)
class Found:
    """Of the bids `offered`. `lost` were in time, and are neither in the log nor rightly refused; those told
    `conflict` are among them. Waits are in seconds from arrival to answer, `waiting` are functions at the same time.
    Units and transactions include failed tries; those of tables are of their worst seconds.
    """

    offered: int
    accepted: int
    refused: int
    conflict: int
    lost: int
    accepted_a_second: float
    waits: tuple[float, float, float]
    write_units: float
    read_units: float
    transactions: int
    conflicts: int
    throttled: int
    throttled_reads: int
    most_waiting: int
    mean_waiting: float
    hottest: str
    hottest_units: float
    table_writes: dict[str, float]
    table_reads: dict[str, float]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def run(crowd: Crowd, way: Way, seed: int = 1, hardship: Hardship = DEFAULT) -> Found:
    """The same for the same crowd, seed and code."""
    random.seed(seed)
    wishes = crowd.wishes(seed)
    market = CrowdMarket(crowd.kind, len(wishes), crowd.left, seed, hardship, keyed=crowd.keyed)
    answers: list[Answer] = []
    for person, wish in zip(market.bidders, wishes, strict=True):
        market.time.at(wish.second, partial(_come, market, way, person, wish, answers))
    market.alarms.close_in(market.lot.id, int(crowd.left))
    with virtual_pauses(market.time), drawn_ids(seed):
        market.time.run(until=lambda: len(answers) == len(wishes))
    return _found(market, answers)


def percentile(ordered: Sequence[float], share: int) -> float:
    """Of ordered values: the least that so many in a hundred do not exceed."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _come(market: CrowdMarket, way: Way, person: int, wish: Wish, answers: list[Answer]) -> None:
    arrived, now = market.time.elapsed(), market.now()
    number, error = None, None
    market.time.sleep(REQUEST_CPU)
    try:
        number = way(market, person, wish.amount, now)
    except (StarbidError, Contended, Unavailable) as refusal:
        error = refusal
    answers.append(Answer(person, wish.amount, arrived, market.time.elapsed(), now, number, error))


def _found(market: CrowdMarket, answers: Sequence[Answer]) -> Found:
    store = market.hard
    history, tables = store.history[market.lot.id], store.tables
    accepted = [(answer, answer.number) for answer in answers if answer.number is not None]
    refused = [answer for answer in answers if answer.number is None]
    for answer, number in accepted:
        row = tables.bids[market.lot.id, number]
        assert row.bidder_id == answer.person, f"{answer} is not {row}"
        assert row.maximum.amount == answer.amount or row.kind is BidKind.BUY, f"{answer} is not {row}"
    conflict = [answer for answer in refused if isinstance(answer.error, Conflict)]
    lost = [answer for answer in refused if not is_rightly_refused(answer, history)]
    span = max(answer.answered for answer in answers) - min(answer.arrived for answer in answers)
    waits = sorted(answer.waited for answer in answers)
    steps = sorted([(answer.arrived, 1) for answer in answers] + [(answer.answered, -1) for answer in answers])
    hottest, units = store.writes.hottest
    return Found(
        len(answers),
        len(accepted),
        len(refused) - len(lost),
        len(conflict),
        len(lost),
        len(accepted) / span,
        (percentile(waits, 50), percentile(waits, 95), percentile(waits, 99)),
        store.writes.total,
        store.reads.total,
        store.transactions,
        store.conflicts,
        store.writes.refused,
        store.reads.refused,
        max(accumulate(step for _, step in steps)),
        sum(waits) / span,
        hottest,
        units,
        store.writes.tables,
        store.reads.tables,
    )
