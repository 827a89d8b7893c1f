from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.exports import KEPT_FOR, LEASE, OFFERED, Export, FileFormat, State, What, Wish, read_wish
from starbid.domain.roles import Right

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
EXPORT = Export("e1", 900, Wish(What.LEDGER, FileFormat.CSV, None, NOW), NOW, total=10)


def wish(zone: tzinfo = UTC, **fields: str) -> Wish:
    return read_wish(
        {"what": "ledger", "format": "csv"} | {name.strip("_"): value for name, value in fields.items()}, zone, NOW
    )


def test_days_are_those_of_the_operator_and_both_are_in_it() -> None:
    april = wish(MOSCOW, from_="2026-04-01", to="2026-04-30")
    assert april.since == datetime(2026, 3, 31, 21, tzinfo=UTC)
    assert april.until == datetime(2026, 4, 30, 21, tzinfo=UTC)
    assert wish(MOSCOW, from_="2026-04-05", to="2026-04-05").until - timedelta(days=1) == datetime(
        2026, 4, 4, 21, tzinfo=UTC
    )


def test_a_day_on_which_clocks_change_has_23_hours() -> None:
    day = wish(ZoneInfo("Europe/Berlin"), from_="2026-03-29", to="2026-03-29")
    assert day.since
    assert day.until - day.since == timedelta(hours=23)


def test_what_is_yet_to_happen_is_never_in_it() -> None:
    assert (wish().since, wish().until) == (None, NOW)
    assert wish(to="2026-05-10").until == NOW
    assert wish(to="2099-01-01").until == NOW


@pytest.mark.parametrize("what", ["", "people", "USERS", "users ", "ledger;", "\u0430udit"])
def test_an_unknown_what_is_refused(what: str) -> None:
    with pytest.raises(Invalid) as refused:
        wish(what=what)
    assert refused.value.field == "what"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        wish(format="pdf")
    assert refused.value.field == "format"


@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize(
    "text",
    ["yesterday", "2026-02-30", "01.05.2026", "20260501", "2026-W18-5", "2026-05-01T25:00", "0001-01-01", "9999-12-31"],
)
def test_a_day_that_is_none_is_refused(field: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        wish(MOSCOW, **{field: text})
    assert refused.value.field == field


def test_a_moment_is_meant_as_it_is() -> None:
    told = wish(MOSCOW, from_="2026-05-01T12:00", to="2026-05-01T12:00:00Z")
    assert told.since == datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert told.until == datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        wish(from_="2026-05-02", to="2026-05-01")
    assert (refused.value.field, refused.value.reason) == ("to", "before_from")


def test_money_is_finances_and_addresses_of_operators_are_for_owners() -> None:
    assert {what: what.right for what in OFFERED} == {
        What.USERS: Right.FINANCE,
        What.LEDGER: Right.FINANCE,
        What.PAYMENTS: Right.FINANCE,
        What.LOTS: Right.SUPPORT,
        What.LOG: Right.SUPPORT,
        What.AUDIT: Right.OWN,
    }


def test_somebody_may_try_again_where_nobody_is_at_it() -> None:
    assert not EXPORT.is_stuck(NOW)
    assert EXPORT.is_stuck(NOW + LEASE), "its message is lost"
    running = replace(EXPORT, state=State.RUNNING, held_until=NOW + LEASE)
    assert not running.is_stuck(NOW + LEASE - timedelta(seconds=1))
    assert running.is_stuck(NOW + LEASE)
    assert replace(running, state=State.FAILED, held_until=None).is_stuck(NOW)
    assert not replace(running, state=State.DONE, held_until=None).is_stuck(NOW + LEASE)


def test_a_file_is_deleted_after_a_day() -> None:
    done = replace(EXPORT, state=State.DONE, ended_at=NOW)
    assert not done.is_deleted(NOW + KEPT_FOR - timedelta(seconds=1))
    assert done.is_deleted(NOW + KEPT_FOR)


def test_its_share_is_known_where_its_things_were_counted() -> None:
    assert replace(EXPORT, things=5).share == 0.5
    assert replace(EXPORT, things=11).share == 1
    assert replace(EXPORT, total=None, things=5).share is None
    assert replace(EXPORT, total=0).share is None
    assert replace(EXPORT, total=None, state=State.DONE).share == 1
