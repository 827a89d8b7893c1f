"""What operators did: the same for every store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from starbid.domain.audit_trail import AuditEntry, Operator, decided
from starbid.domain.errors import Invalid
from starbid.domain.roles import Role
from tests.support.dynamo import DynamoApp, hammer, join
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, StagedApp
from tests.support.fiat import rub

NOW = START + timedelta(minutes=1)
ADMIN, OTHER = 900, 901


def entry(number: int, at: datetime = START, **facts: Any) -> AuditEntry:
    action, by = facts.pop("action", "block"), facts.pop("by", ADMIN)
    operator = Operator(by, Role.OWNER, "127.0.0.1")
    return decided(operator, "spam", f"k{number:03}", at).entry(action, **({"user_id": ANNA} | facts))


def keep(app: StagedApp, entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """The newest first."""
    kept = list(entries)
    for each in kept:
        unit = app.store.unit()
        unit.audit(each)
        unit.commit()
    return sorted(kept, key=lambda each: (each.at, each.id), reverse=True)


def everything(app: StagedApp, limit: int = 50, **asked: Any) -> list[AuditEntry]:
    found, cursor = list[AuditEntry](), None
    for _ in range(100):
        page = app.audit_trail.entries(limit=limit, cursor=cursor, **({"until": NOW} | asked))
        found, cursor = [*found, *page.items], page.cursor
        if cursor is None:
            return found
    raise AssertionError("a list without an end")


def test_an_entry_is_found_as_it_was_written(any_app: StagedApp) -> None:
    full = entry(1, subject="lot/1", before="x", after="y")
    bare = entry(2, at=START - timedelta(seconds=1), user_id=None)
    assert everything(any_app) == [] == everything(any_app, user_id=ANNA)
    keep(any_app, [full, bare])
    assert everything(any_app) == [full, bare]


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_pages_go_on_where_the_last_one_ended(any_app: StagedApp, limit: int) -> None:
    moments = [START - timedelta(days=11 * number) for number in range(7)] + [START] * 3
    kept = keep(any_app, [entry(number, at) for number, at in enumerate(moments)])
    for asked in ({}, {"user_id": ANNA}, {"admin_id": ADMIN}, {"action": "block"}):
        assert everything(any_app, limit, **asked) == kept, asked


def test_a_list_is_of_a_person_of_an_admin_and_of_an_action(any_app: StagedApp) -> None:
    who, by, what = (ANNA, BORIS, None), (ADMIN, OTHER), ("block", "refund")
    cases = [(person, admin, action) for person in who for admin in by for action in what]
    kept = keep(
        any_app,
        [
            entry(number, START - timedelta(seconds=number), user_id=person, by=admin, action=action)
            for number, (person, admin, action) in enumerate(cases)
        ],
    )
    for person, admin, action in (*cases, (None, None, "refund"), (None, OTHER, None), (7, None, None)):
        asked = {"user_id": person, "admin_id": admin, "action": action}
        expected = [
            each
            for each in kept
            if person in (None, each.user_id) and admin in (None, each.admin_id) and action in (None, each.action)
        ]
        assert everything(any_app, 2, **asked) == expected, asked


def test_a_period_has_its_beginning_in_it_and_not_its_end(any_app: StagedApp) -> None:
    kept = keep(any_app, [entry(number, START - timedelta(days=number)) for number in range(8)])
    for asked in ({}, {"user_id": ANNA}):
        assert everything(any_app, since=kept[5].at, until=kept[2].at, **asked) == kept[3:6]
        assert everything(any_app, since=kept[2].at, until=kept[5].at, **asked) == []


def test_a_list_goes_on_over_years_in_which_nobody_did_anything(any_app: StagedApp) -> None:
    kept = keep(any_app, [entry(1, datetime(2026, 1, 1, tzinfo=UTC)), entry(2)])
    assert everything(any_app, until=datetime(2029, 5, 5, tzinfo=UTC)) == kept


def test_a_list_of_all_needs_an_end(any_app: StagedApp) -> None:
    with pytest.raises(ValueError, match="needs an end"):
        any_app.audit_trail.entries()
    kept = keep(any_app, [entry(1)])
    assert list(any_app.audit_trail.entries(user_id=ANNA).items) == kept


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "W10", "eyJvcmRlciI6eyJOIjoiMSJ9fQ"])
@pytest.mark.parametrize("asked", [{}, {"user_id": ANNA}])
def test_a_cursor_that_is_none_is_refused(any_app: StagedApp, cursor: str, asked: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        any_app.audit_trail.entries(until=NOW, cursor=cursor, **asked)


def test_corrections_at_the_same_moment_tell_one_story(emulated: DynamoApp) -> None:
    """What one of them found is what another has left, also where the wallet was not there."""
    join(emulated, ANNA)
    finance = Operator(ADMIN, Role.FINANCE, "127.0.0.1")

    def credit(number: int) -> None:
        emulated.balances.adjust(ANNA, rub(7), decided(finance, "a gift", f"k{number:03}", emulated.now()))

    done = [result for result in hammer([partial(credit, number) for number in range(6)]) if result is None]
    told = {(entry.before, entry.after) for entry in everything(emulated, until=emulated.now() + timedelta(seconds=1))}
    assert done
    assert told == {(f"0.{7 * n:02} RUB", f"0.{7 * n + 7:02} RUB") for n in range(len(done))}
