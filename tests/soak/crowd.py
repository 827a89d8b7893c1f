"""Many at once, on an emulator with isolated transactions, while a third of the writes conflicts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from time import monotonic
from typing import Any

from local.emulator import Emulator
from starbid.domain.auction import Bid, Ending
from starbid.domain.errors import BidTooLow, InsufficientFunds, StarbidError
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import Accepted, latest_by_bidder
from starbid.domain.money import CURRENCIES, XTR, Money
from starbid.services.auctions import waiting
from tests.support.aws_faults import AwsFaults, busy, conflict, sometimes
from tests.support.dynamo import DynamoApp, check, dynamo_app, hammer, join, put_up
from tests.support.factories import SELLER
from tests.support.fiat import RUB, top_up
from tests.support.holds import holds_on
from tests.support.memory_tables import Tables

CONFLICTS, SINGLE_CONFLICTS = 0.3, 0.1
WRITE, SINGLE_WRITES = "TransactWriteItems", ("PutItem", "UpdateItem", "DeleteItem")
STARS = 5_000
PATIENCE_SECONDS = 90.0


@dataclass(frozen=True)
class Outcome:
    """The result of many bids at once. `struck` counts the injected conflicts, `refused` the refusals by name."""

    name: str
    bids: int
    accepted: int
    refused: Counter[str]
    struck: int
    seconds: float


@contextmanager
def storm_of_conflicts(app: DynamoApp, seed: int = 1) -> Iterator[AwsFaults]:
    """A third of the transactions conflicts with another one, and a tenth of the single writes with a transaction."""
    faults = AwsFaults(app.store.client)
    plans = [sometimes(CONFLICTS, conflict, WRITE, seed)]
    plans += [sometimes(SINGLE_CONFLICTS, busy, operation, seed) for operation in SINGLE_WRITES]
    faults.plan = lambda *call: next((fault for plan in plans if (fault := plan(*call))), None)
    try:
        yield faults
    finally:
        faults.heal()


@contextmanager
def patience() -> Iterator[None]:
    """Nobody is told `conflict` only because this machine is slow."""
    saved, waiting.LONGEST_SECONDS = waiting.LONGEST_SECONDS, PATIENCE_SECONDS
    try:
        yield
    finally:
        waiting.LONGEST_SECONDS = saved


def crowd(
    app: DynamoApp,
    kind: str,
    lots: int,
    bidders: int,
    bids: int,
    threads: int = 32,
    seed: int = 1,
    currencies: Sequence[str] = (XTR,),
) -> Outcome:
    """`bidders` people bid at once, each `bids` times over `lots` lots; then all lots close, with many closers each.
    The lots are in `currencies` by turns, of each of which everybody has as much.

    Raises AssertionError if an invariant is broken, a hold is lost, or somebody was told something false.
    """
    began, dice, people = monotonic(), random.Random(seed), range(1, bidders + 1)
    join(app, SELLER, seller=True)
    for who in people:
        join(app, who, stars=STARS)
        for currency in set(currencies) - {XTR}:
            top_up(app, who, Money(STARS, currency))
    ids = [_put_up(app, kind, currencies[number % len(currencies)]) for number in range(lots)]
    wanted = [(dice.choice(ids), who, dice.randrange(100, STARS // 2)) for _ in range(bids) for who in people]
    with storm_of_conflicts(app, seed) as faults, patience():
        answers = hammer([partial(app.bidding.bid, *each, app.now(), confirmed=True) for each in wanted], threads)
        struck = faults.struck
    accepted = true_answers(check(app.store), wanted, answers)
    close_all(app, ids)
    refused = Counter(type(answer).__name__ for answer in answers if isinstance(answer, BaseException))
    name = f"{kind}, {bidders} people, {lots} lot{'s' * (lots > 1)}"
    return Outcome(name, len(wanted), accepted, refused, struck, monotonic() - began)


def _put_up(app: DynamoApp, kind: str, currency: str) -> str:
    fields: dict[str, Any] = {"goods": CURRENCIES[currency].goods, "currency": currency}
    return put_up(app, type=kind, duration_seconds=60, **fields).auction.id


def true_answers(tables: Tables, wanted: list[tuple[str, int, int]], answers: list[Any]) -> int:
    """Everybody whose bid was accepted has a row, nobody else has one, and the rows match what is held.

    Nobody is told `conflict`: who meets others too often waits with them, and is decided with them.
    """
    rows = set()
    for (lot, who, amount), answer in zip(wanted, answers, strict=True):
        if isinstance(answer, Accepted):
            row = tables.bids[lot, answer.bid.number]
            assert (row.bidder_id, row.maximum.amount) == (who, amount)
            rows.add((lot, row.number))
        else:
            assert isinstance(answer, BidTooLow | InsufficientFunds), answer
            _is_true(tables, lot, who, amount, answer)
    assert rows == set(tables.bids)
    people, currencies = {who for _, who, _ in wanted}, {lot.currency for lot in tables.auctions.values()}
    for who, currency in product(people, currencies):
        on_lots = [
            holds_on(lot, [row for key, row in tables.bids.items() if key[0] == lot.id])
            for lot in tables.auctions.values()
            if lot.currency == currency
        ]
        held = sum(holds.get(who, 0) for holds in on_lots)
        wallet = tables.wallets[who, currency]
        assert (wallet.held.amount, wallet.available.amount) == (held, STARS - held), who
    return len(rows)


def _is_true(tables: Tables, lot: str, who: int, amount: int, refusal: StarbidError) -> None:
    """Prices only rise: a bid that was too low then is too low at the end."""
    if not isinstance(refusal, BidTooLow):
        return
    assert amount < refusal.next_min.amount
    auction = tables.auctions[lot]
    if kind_of(auction).is_sealed:
        assert latest_by_bidder(_rows(tables, lot))[who].maximum.amount >= amount
    else:
        assert auction.leader_maximum is not None
        assert amount < (auction.price + auction.terms.step(auction.price)).amount or auction.leader_id == who


def _rows(tables: Tables, lot: str) -> list[Bid]:
    return sorted((row for row in tables.bids.values() if row.auction_id == lot), key=lambda row: row.number)


def close_all(app: DynamoApp, ids: list[str]) -> None:
    """Several closers for each lot at the same moment, in the same weather; the sweep finishes what they left."""
    app.clock.forward(hours=3)
    with storm_of_conflicts(app):
        hammer([partial(app.closing.wake, lot, app.now()) for lot in ids for _ in range(4)])
    app.closing.sweep(app.now())
    tables = check(app.store)
    assert all(lot.is_final for lot in tables.auctions.values())
    assert not any(wallet.held for wallet in tables.wallets.values())
    sold = [lot for lot in tables.auctions.values() if lot.ending is Ending.SOLD]
    assert len(sold) == len({deal.auction_id for deal in tables.deals.values()})


def run(seed: int) -> list[Outcome]:
    """64 people on one lot, 16 x 16, half of the lots for Stars and half for roubles; English and sealed."""
    emulator = Emulator(None)
    found = []
    scenes: list[Callable[[DynamoApp], Outcome]] = [
        partial(crowd, kind=kind, lots=lots, bidders=bidders, bids=bids, threads=64, seed=seed, currencies=(RUB, XTR))
        for lots, bidders, bids in ((1, 64, 3), (16, 16, 16))
        for kind in ("english", "sealed", "vickrey")
    ]
    try:
        for scene in scenes:
            with dynamo_app(emulator.endpoint) as app:
                found.append(scene(app))
    finally:
        emulator.stop()
    return found


def print_report(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        refused = ", ".join(f"{name} {count}" for name, count in outcome.refused.most_common())
        print(
            f"at once             {outcome.name}: {outcome.bids} bids, {outcome.accepted} accepted, refused {refused}; "
            f"{outcome.struck} conflicts injected; {outcome.seconds:.0f} s"
        )
