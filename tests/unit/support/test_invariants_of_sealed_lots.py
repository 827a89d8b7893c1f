"""The check of the invariants finds what can go wrong with sealed bids, with logs and with the end of a lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.auction import Ending
from starbid.services.auctions import closing
from tests.support.factories import ANNA, BORIS, CLARA, market, xtr
from tests.support.fakes import START, Death, FakeApp
from tests.support.invariants import dump_of, violations
from tests.support.memory_tables import Tables


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> tuple[FakeApp, str]:
    """A sealed lot that is decided for CLARA, whose closer died after the first of its releases, BORIS's."""
    monkeypatch.setattr(closing, "CHUNK", 1)
    app, lot = market(type="sealed")
    for who, amount in ((ANNA, 100), (BORIS, 200), (CLARA, 300)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    assert violations(dump_of(app.store)) == []
    app.clock.forward(hours=1, seconds=2)
    die_after(app, 3, lot.auction.id)
    assert violations(dump_of(app.store)) == []
    assert app.store.tables.auctions[lot.auction.id].released_from == 2
    return app, lot.auction.id


def die_after(app: FakeApp, commits: int, lot: str) -> None:
    """The closer decides, releases bid after bid, and dies once so many transactions are written."""
    for _ in range(commits - 1):
        app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: app.store.fail_next(Death(), after=True))
    with pytest.raises(Death):
        app.closing.wake(lot, app.now())
    app.store.heal()


def wallet(who: int, **changes: object) -> Callable[[Tables, str], None]:
    def tamper(tables: Tables, lot: str) -> None:
        tables.wallets[who, "XTR"] = replace(tables.wallets[who, "XTR"], **changes)  # type: ignore[arg-type]

    return tamper


def auction(**changes: object) -> Callable[[Tables, str], None]:
    def tamper(tables: Tables, lot: str) -> None:
        tables.auctions[lot] = replace(tables.auctions[lot], **changes)  # type: ignore[arg-type]

    return tamper


def row(number: int, **changes: object) -> Callable[[Tables, str], None]:
    def tamper(tables: Tables, lot: str) -> None:
        tables.bids[lot, number] = replace(tables.bids[lot, number], **changes)  # type: ignore[arg-type]

    return tamper


def told_too_early(tables: Tables, lot: str) -> None:
    tables.events[f"sold:{lot}"] = next(iter(tables.events.values()))
    tables.events[f"sold:{lot}"] = replace(tables.events[f"sold:{lot}"], id=f"sold:{lot}")


TAMPERINGS: dict[str, tuple[Callable[[Tables, str], object], str]] = {
    "a release that took no money": (wallet(BORIS, available=xtr(9_800), held=xtr(200)), "3"),
    "a release of one whose turn has not come": (wallet(ANNA, available=xtr(10_000), held=xtr(0), stakes={}), "3"),
    "a stake without a name": (wallet(ANNA, stakes={}), "3"),
    "a release that went too far": (auction(released_from=1), "3"),
    "a release that was forgotten": (auction(released_from=4), "3"),
    "a best bid that is not": (auction(leader_maximum=xtr(299)), "4"),
    "a second best that is not": (auction(runner_up_id=ANNA), "4"),
    "a lost row": (lambda tables, lot: tables.bids.pop((lot, 2)), "4"),
    "a row that tells of what is sealed": (row(2, price=xtr(200)), "4"),
    "a price above the bid": (auction(price=xtr(301)), "6"),
    "a row of another amount": (row(1, maximum=xtr(101)), "11"),
    "a row of another time": (row(1, placed_at=START - timedelta(hours=1)), "11"),
    "another head": (auction(head="0" * 64), "11"),
    "an end that is told before it is there": (told_too_early, "9"),
    "a lot that is over and told nobody": (auction(ending=Ending.SOLD, outcome=None, released_from=None), "9"),
    "a closing lot that does not know its end": (auction(outcome=None), "9"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_check_finds(name: str, busy: tuple[FakeApp, str]) -> None:
    app, lot = busy
    tamper, number = TAMPERINGS[name]
    tamper(app.store.tables, lot)
    assert number in {violation.partition(":")[0] for violation in violations(dump_of(app.store))}
