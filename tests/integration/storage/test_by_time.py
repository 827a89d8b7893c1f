"""Everything of a kind by time: the same for every store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.people import Person
from starbid.services.ports import Chronicle, Page
from tests.support import factories
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, StagedApp

NOW = START + timedelta(minutes=1)
Listing = Callable[..., Page[Any]]


def everything(list_them: Listing, since: datetime | None = None, until: datetime = NOW, limit: int = 50) -> list[Any]:
    found, cursor = list[Any](), None
    for _ in range(100):
        page = list_them(since, until, limit=limit, cursor=cursor)
        found, cursor = [*found, *page.items], page.cursor
        if cursor is None:
            return found
    raise AssertionError("a list without an end")


def people(app: StagedApp, moments: list[datetime]) -> list[Person]:
    """The newest first."""
    known = [factories.person(100 + number, joined_at=moment) for number, moment in enumerate(moments)]
    for person in known:
        app.store.add_person(person)
    return sorted(known, key=lambda person: (person.joined_at, str(person.id)), reverse=True)


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_pages_go_on_where_the_last_one_ended(any_app: StagedApp, limit: int) -> None:
    moments = [START - timedelta(hours=9 * number) for number in range(9)] + [START] * 4
    known = people(any_app, moments)
    assert everything(any_app.store.people_by_joining, limit=limit) == known


def test_a_period_has_its_beginning_in_it_and_not_its_end(any_app: StagedApp) -> None:
    known = people(any_app, [START - timedelta(days=number) for number in range(8)])
    first, last = known[5].joined_at, known[2].joined_at
    assert everything(any_app.store.people_by_joining, first, last) == known[3:6]
    assert any_app.store.count_by_time(Chronicle.PEOPLE, first, last, 100) == 3
    assert everything(any_app.store.people_by_joining, last, first) == []
    assert any_app.store.count_by_time(Chronicle.PEOPLE, last, first, 100) == 0


def test_a_list_goes_on_over_years_without_anybody(any_app: StagedApp) -> None:
    edges = [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 2, 28, 23, 59, 59, 999_000, tzinfo=UTC)]
    known = people(any_app, [START, datetime(2026, 1, 1, tzinfo=UTC), *edges])
    later = datetime(2029, 5, 5, tzinfo=UTC)
    assert everything(any_app.store.people_by_joining, until=later, limit=2) == known
    assert any_app.store.count_by_time(Chronicle.PEOPLE, None, later, 100) == 4


def test_counting_stops_where_it_is_enough(any_app: StagedApp) -> None:
    people(any_app, [START - timedelta(days=10 * number) for number in range(9)])
    assert any_app.store.count_by_time(Chronicle.PEOPLE, None, NOW, 9) == 9
    assert any_app.store.count_by_time(Chronicle.PEOPLE, None, NOW, 8) == 9
    assert any_app.store.count_by_time(Chronicle.PEOPLE, None, NOW, 3) == 4


def test_who_joins_while_pages_are_read_moves_nobody(any_app: StagedApp) -> None:
    known = people(any_app, [START - timedelta(hours=number) for number in range(6)])
    first = any_app.store.people_by_joining(None, NOW, limit=3)
    any_app.store.add_person(factories.person(7, joined_at=START))
    unit = any_app.store.unit()
    unit.save_person(known[0], replace(known[0], name="Renamed", version=2))
    unit.commit()
    second = any_app.store.people_by_joining(None, NOW, limit=10, cursor=first.cursor)
    assert [*first.items, *second.items] == known


def test_lots_transfers_and_payments_are_found_as_they_are(any_app: StagedApp) -> None:
    app = any_app
    join(app, factories.SELLER, seller=True)
    for person_id, amount in ((ANNA, 300), (BORIS, 500)):
        join(app, person_id, stars=amount)
    lots = [put_up(app) for _ in range(3)]
    assert {lot.auction.id for lot in everything(app.store.lots_by_creation, limit=2)} == {
        lot.auction.id for lot in lots
    }
    assert {charge.user_id for charge in everything(app.store.payments_by_time)} == {ANNA, BORIS}
    transfers = everything(app.store.transfers_by_time)
    assert {transfer.user_id for transfer in transfers} == {ANNA, BORIS}
    assert app.store.count_by_time(Chronicle.TRANSFERS, None, NOW, 10) == len(transfers) == 2
    assert app.store.count_by_time(Chronicle.LOTS, None, NOW, 10) == 3
    assert app.store.count_by_time(Chronicle.PAYMENTS, None, NOW, 10) == 2


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "W10", "eyJvcmRlciI6eyJOIjoiMSJ9fQ"])
def test_a_cursor_that_is_none_is_refused(any_app: StagedApp, cursor: str) -> None:
    with pytest.raises(Invalid):
        any_app.store.people_by_joining(None, NOW, cursor=cursor)
