"""Writes by partition and second on a simulated day of a million bids, made by Starbid's own code.

Every bid is decided by the rule of its lot, written by the unit of writing, projected to the lists and turned into
notices. A recorder replaces DynamoDB and counts by the keys of template.yaml. Interest is unequal (the n-th of ten
thousand lots gets 1/n of the first's bids) and late: a third of a lot's bids come in its last ten minutes, and half of
the lots end within the same four hours of the evening.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import accumulate
from typing import Any
from unittest.mock import patch

from bench.market import SECRETS, SELLER, START, TITLE, Market, template_of_the_bench
from bench.writes import Recorder, Writes
from local.cloudformation import read_yaml
from local.template import TEMPLATE
from starbid.domain.auction import Auction, Bid
from starbid.domain.errors import NotFound
from starbid.domain.intents import Memory
from starbid.domain.kinds.base import Accepted
from starbid.domain.lots import Draft, Lot, read_draft
from starbid.domain.money import DEFAULT_CURRENCY, MAX_AMOUNT, Money
from starbid.domain.pause import Pauses
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.services.auctions.browsing import listing_of
from starbid.services.auctions.new_lots import lot_id
from starbid.services.idempotency import MakeRecord
from starbid.services.ports import Found, Notice
from starbid.services.retrying import ATTEMPTS
from starbid.storage.catalogue.listings import DynamoCatalogue
from starbid.storage.catalogue.terms import MOST_BYTES
from starbid.storage.deal_files import DynamoDealFiles
from starbid.storage.desk import DynamoDesk
from starbid.storage.intents import DynamoIntents
from starbid.storage.rows import shard
from starbid.storage.scratch import DynamoScratch
from starbid.storage.searches import DynamoSearches
from starbid.storage.talks import DynamoTalks
from starbid.storage.unit import DynamoUnit
from starbid.storage.watches import DynamoWatches

BIDS, LOTS, PEOPLE, DAY = 1_000_000, 10_000, 100_000, 86_400
LIMIT = 1_000
"""Write units a second that one partition takes."""
TOLD_ONE_IN = 100
"""Each notice and stored answer has its own partition: a sample of the lots is enough to see that."""
DESCRIPTION = " ".join(f"слово{number:03}" for number in range(MOST_BYTES // 13))
"""Words of 13 bytes, as many as are stored of a lot: a listing is as large as possible."""
_SHOWN = 40
"""Points of a curve that are stored and shown in a chart."""


@dataclass(frozen=True)
class Day:
    """Its lots' ends in seconds, and every lot's bids in order. `alone`: the most bids on one shard in a second."""

    ends: list[int]
    bids: list[list[Planned]]
    alone: int


@dataclass(frozen=True, slots=True)
class Planned:
    """When, and by whom. `shown` is the second in which the projector writes the lot; None: only after a later bid."""

    moment: float
    bidder: int
    shown: int | None


def simulate(bids: int = BIDS) -> dict[str, Any]:
    """Units in the worst second of every partition by table and index, hottest first, and what was assumed."""
    day = the_day(bids)  # before the processes are forked, so they find it ready
    workers = min(os.cpu_count() or 1, 8)
    groups: dict[str, Writes] = {}
    with ProcessPoolExecutor(workers) as pool:
        for found in pool.map(partial(_bid, bids, workers), range(workers)):
            for name, writes in found.items():
                groups.setdefault(name, Writes()).merge(writes)
    worst = {name: writes.worst_seconds() for name, writes in sorted(groups.items())}
    window, batch = window_and_batch()
    return {
        "bids": bids,
        "limit": LIMIT,
        "window_seconds": window,
        "batch": batch,
        "listings_written": sum(bid.shown is not None for mine in day.bids for bid in mine),
        "most_bids_of_a_shard": day.alone,
        "attempts": ATTEMPTS,
        "groups": {
            name: {
                "worst": found[0],
                "median": found[len(found) // 2],
                "partitions": len(found),
                "curve": _curve(found),
            }
            for name, found in worst.items()
        },
    }


def too_hot(results: dict[str, Any]) -> list[str]:
    """The tables and indexes with a partition over the limit, as sentences."""
    return [
        f"{name}: {group['worst']} write units in one second of a partition, {LIMIT} are allowed"
        for name, group in results["groups"].items()
        if group["worst"] > LIMIT
    ]


@cache
def window_and_batch() -> tuple[int, int]:
    """Seconds in which the projector's stream collects changes, and the number at which it stops; from the template."""
    source = read_yaml(TEMPLATE)["Resources"]["ProjectorFunction"]["Properties"]["Events"]["Auctions"]["Properties"]
    return source.get("MaximumBatchingWindowInSeconds", 0), source["BatchSize"]


@cache
def the_day(bids: int) -> Day:
    """The same in every run."""
    dice = random.Random(1)
    ends = [dice.randint(64_800, 79_200) if dice.random() < 0.5 else dice.randint(3_600, DAY - 1) for _ in range(LOTS)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(LOTS)))
    drawn = []
    for lot in dice.choices(range(LOTS), cum_weights=weights, k=bids):
        begin = ends[lot] - 600 if dice.random() < 1 / 3 else 0
        drawn.append((dice.uniform(begin, ends[lot] - 0.001), lot, dice.randrange(PEOPLE)))
    drawn.sort()
    planned: list[list[Planned]] = [[] for _ in range(LOTS)]
    for batch in _batches(drawn):
        last = {lot: moment for moment, lot, _ in batch}
        for moment, lot, bidder in batch:
            planned[lot].append(Planned(moment, bidder, int(batch[-1][0]) if last[lot] == moment else None))
    shards = [shard("live", lot_id(str(SELLER), _request(number))) for number in range(LOTS)]
    return Day(ends, planned, max(Counter((shards[lot], int(moment)) for moment, lot, _ in drawn).values()))


def _batches(drawn: list[tuple[float, int, int]]) -> Iterator[list[tuple[float, int, int]]]:
    """What the projector gets at a time, and writes once a lot.

    A batch ends with the window or when it is full. Assumes a stream of one shard, where batches fill soonest.
    """
    window, most = window_and_batch()
    batch: list[tuple[float, int, int]] = []
    for change in drawn:
        if batch and (len(batch) == most or change[0] >= batch[0][0] + window):
            yield batch
            batch = []
        batch.append(change)
    if batch:
        yield batch


def _request(number: int) -> str:
    return f"bench-{number}"


class Desk:
    """A store in which everybody has money and the right to sell. Writes go to the recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder: Any = recorder
        self.tables = {name: name for name in _tables()}
        self.on_sale: Lot | None = None
        """The lot that is bid on."""

    def batch(self) -> DeskBatch:
        return DeskBatch(self)

    def pauses(self, **_: object) -> Pauses:
        return Pauses()

    def wallet(self, user_id: int, currency: str, **_: object) -> Wallet:
        return replace(Wallet.empty(user_id, currency), available=Money(MAX_AMOUNT, currency))

    def wallets(self, user_id: int, **_: object) -> list[Wallet]:
        return [self.wallet(user_id, DEFAULT_CURRENCY)]

    def person(self, user_id: int, **_: object) -> Person | None:
        """A seller in good standing; notices reach nobody."""
        until, public_id = START + timedelta(days=365), str(SELLER)
        seller = Person(SELLER, "Борис", None, "ru", START, until, unreachable=True, public_id=public_id)
        return seller if user_id == SELLER else None

    def lot(self, auction_id: str, **_: object) -> Lot:
        """A lot about to be put up does not exist yet."""
        if self.on_sale is None or self.on_sale.auction.id != auction_id:
            raise NotFound
        return self.on_sale

    def unit(self) -> DynamoUnit:
        return DynamoUnit(self.recorder, self.tables)


class DeskBatch:
    """What a bid reads of the desk, which is known at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def auction(self, *_: object, **__: object) -> Found[Auction | None]:
        return _found(self._desk.on_sale and self._desk.on_sale.auction)

    def wallet(self, user_id: int, currency: str, **_: object) -> Found[Wallet | None]:
        return _found(self._desk.wallet(user_id, currency))

    def line(self, _: str) -> Found[None]:
        """Nobody waits."""
        return _found(None)

    def fetch(self) -> None: ...


class Notices(list[Notice]):
    """The notice queue, which is not in DynamoDB."""

    def send(self, notices: Iterable[Notice]) -> None:
        self.extend(notices)


def _found(value: Any) -> Found[Any]:
    found: Found[Any] = Found()
    found.fill(value)
    return found


@cache
def _tables() -> dict[str, Any]:
    """The template's tables by the names that the code has for them."""
    return {table.id.removesuffix("Table").lower(): table for table in template_of_the_bench().tables.values()}


_SMALL: dict[str, Callable[[Mapping[str, str]], object]] = {
    "scratch": DynamoScratch, "watches": DynamoWatches, "searches": DynamoSearches, "intents": DynamoIntents,
    "desk": DynamoDesk, "talks": DynamoTalks, "deal_files": DynamoDealFiles, "catalogue.listings": DynamoCatalogue,
}  # fmt: skip
"""Parts of a market beside its store, by the modules of their adapters."""


def _market(desk: Desk) -> Market:
    """The use cases over the desk."""
    market = Market({**template_of_the_bench().environment, **SECRETS})
    with ExitStack() as patches:
        for module in _SMALL:
            patches.enter_context(patch(f"starbid.storage.{module}.client", return_value=desk.recorder))
        small = {module.partition(".")[0]: make(desk.tables) for module, make in _SMALL.items()}
    market.__dict__ |= {"store": desk, "outgoing": Notices(), **small}
    return market


def _bid(bids: int, workers: int, worker: int) -> dict[str, Writes]:
    """The writes of all bids on every n-th lot."""
    day, desk = the_day(bids), Desk(Recorder(_tables()))
    market = _market(desk)
    for number in range(worker, LOTS, workers):
        desk.recorder.second = None  # rows that exist since midnight do not count
        draft = replace(_draft(), duration=timedelta(seconds=day.ends[number]))
        lot = market.publishing.publish(SELLER, draft, ("0" * 32,), _request(number), START)
        _bid_on(lot, number, day.bids[number], market, desk)
    return dict(desk.recorder.found)


@cache
def _draft() -> Draft:
    words = {"title": TITLE, "description": DESCRIPTION, "duration_seconds": DAY}
    return read_draft(words | {"start_price": 1000, "bid_step": 1}, START, min_seconds=60)


def _bid_on(lot: Lot, number: int, planned: list[Planned], market: Market, desk: Desk) -> None:
    """One lot's bids, one after the other: placed, turned into notices and shown in the lists."""
    dice, catalogue = random.Random(number), DynamoCatalogue(desk.tables, desk.recorder)
    catalogue.put(listing_of(lot, START), DESCRIPTION)
    is_told = number % TOLD_ONE_IN == TOLD_ONE_IN - 1
    for bid in planned:
        auction, now = lot.auction, START + timedelta(seconds=bid.moment)
        desk.on_sale, desk.recorder.second = lot, int(bid.moment)
        least = auction.leader_maximum if auction.leader_id == bid.bidder else auction.price
        assert least
        amount = least.amount + dice.randint(1, 20)
        make_record = _make_record(bid) if is_told else None
        accepted = market.bidding.bid(auction.id, bid.bidder, amount, now, make_record, confirmed=True)
        if is_told:
            _tell(accepted.bid, market, now)
        lot = replace(lot, auction=accepted.auction)
        if bid.shown is not None:
            desk.recorder.second = bid.shown
            catalogue.put(listing_of(lot, now), DESCRIPTION)


def _make_record(bid: Planned) -> MakeRecord[Accepted]:
    """The record of an API bid with its own key."""
    memory = Memory(f"{bid.bidder}:{bid.moment}", "fingerprint")
    return MakeRecord(memory, lambda accepted: {"amount": accepted.needed.amount})


def _tell(bid: Bid, market: Market, now: datetime) -> None:
    market.fan_out.bids([bid])
    waiting = market.__dict__["outgoing"]
    while waiting:
        market.sending.send(waiting.pop(), now)


def _curve(worst: list[int]) -> dict[str, int]:
    """Units by rank, fewer and fewer points the further down."""
    ranks = sorted({int(len(worst) ** (point / _SHOWN)) for point in range(_SHOWN + 1)} | {len(worst)})
    return {str(rank): worst[rank - 1] for rank in ranks}
