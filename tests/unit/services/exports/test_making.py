import itertools
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.exports import LEASE, MOST_SHEET_ROWS, State
from starbid.services.exports import making, sources
from starbid.services.exports.making import ExportMaking
from starbid.services.exports.records import row_of
from starbid.services.ports import Unavailable
from tests.support import factories, fake_exports
from tests.support.dynamo import join
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.mortal import Fate, Mortal
from tests.unit.services.exports.exporting import OWNER, ask, content, decision, make, record, sheet, table

PEOPLE = 20


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for number in range(PEOPLE):
        join(app, 100 + number)
        app.clock.forward(seconds=1)
    return app


@pytest.fixture
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four people a part."""
    monkeypatch.setattr(making, "PART", 300)
    monkeypatch.setattr(making, "TELLS_EVERY", 1)
    monkeypatch.setattr(sources, "PAGE", 2)
    monkeypatch.setattr(fake_exports, "LEAST_PART", 300)


def people(app: FakeApp, export_id: str) -> list[int]:
    head, *rows = table(app, export_id)
    assert head[0] == "user_id"
    return [int(row[0]) for row in rows]


EVERYBODY = list(range(100 + PEOPLE - 1, 99, -1))
"""The newest first."""


def test_a_small_one_is_written_at_once(app: FakeApp) -> None:
    export_id = ask(app, "users")
    done = make(app, export_id)
    assert people(app, export_id) == EVERYBODY
    assert (done.state, done.lines, done.things, done.size) == (
        State.DONE,
        PEOPLE,
        PEOPLE,
        len(content(app, export_id)),
    )
    assert done.share == 1


def test_one_without_rows_has_the_names_of_its_columns(app: FakeApp) -> None:
    assert table(app, _made(app, "payments")) == [list(sources.PAYMENTS)]
    assert len(sheet(app, _made(app, "payments", key="k2", format="xlsx"))) == 1


def _made(app: FakeApp, what: str, key: str = "k1", **fields: Any) -> str:
    export_id = ask(app, what, key=key, **fields)
    assert make(app, export_id).state is State.DONE
    return export_id


def test_a_large_one_is_handed_in_by_parts(app: FakeApp, in_small_parts: None) -> None:
    export_id = _made(app, "users")
    assert len(record(app, export_id).written.parts) > 3
    assert people(app, export_id) == EVERYBODY
    assert app.export_files.uploads == {}


def test_with_little_time_left_another_message_goes_on(app: FakeApp, in_small_parts: None) -> None:
    export_id = ask(app, "users")
    app.desk_work.asked.clear()
    app.export_making.make(export_id, lambda: False)
    assert app.desk_work.asked == [("export", {"id": export_id}, 0)]
    begun = record(app, export_id)
    assert (begun.state, begun.held_until, len(begun.written.parts)) == (State.RUNNING, None, 1)
    assert 0 < (begun.share or 0) < 1
    make(app, export_id, has_time=lambda: False)
    assert people(app, export_id) == EVERYBODY


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_killed_between_any_two_calls_it_goes_on_and_nobody_is_in_it_twice(
    app: FakeApp, in_small_parts: None, file_format: str
) -> None:
    for moment in itertools.count():
        export_id, fate = ask(app, "users", key=f"k{moment}", format=file_format), Fate(moment)
        with suppress(Death):
            _mortal(app, fate).make(export_id, lambda: False)
            make(app, export_id)
        app.clock.forward(seconds=int(LEASE.total_seconds()))
        make(app, export_id)
        rows = table(app, export_id) if file_format == "csv" else sheet(app, export_id)
        assert [int(str(row[0])) for row in rows[1:]] == EVERYBODY, fate.last
        app.export_files.files.clear()
        if not fate.was_met:
            break
    assert moment > 10


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_killed_at_its_end_it_is_ended_once(app: FakeApp, in_small_parts: None, file_format: str) -> None:
    """The last step alone: the last part, putting them together, the workbook, the record."""
    for moment in itertools.count():
        export_id, fate = ask(app, "users", key=f"k{moment}", format=file_format), Fate(moment)
        while record(app, export_id).things < PEOPLE - 8:
            app.export_making.make(export_id, lambda: False)
        with suppress(Death):
            _mortal(app, fate).make(export_id, lambda: True)
        app.clock.forward(seconds=int(LEASE.total_seconds()))
        make(app, export_id)
        rows = table(app, export_id) if file_format == "csv" else sheet(app, export_id)
        assert [int(str(row[0])) for row in rows[1:]] == EVERYBODY, fate.last
        assert record(app, export_id).lines == PEOPLE
        app.export_files.files.clear()
        if not fate.was_met:
            break
    assert moment > 10


def _mortal(app: FakeApp, fate: Fate) -> ExportMaking:
    rows = sources.Sources(app.store, app.audit_trail, app.event_log, app.operators)
    desk, files, work = (Mortal(port, fate) for port in (app.desk, app.export_files, app.desk_work))
    return ExportMaking(desk, files, rows.of, work, app.now)


def test_who_was_there_the_whole_time_is_in_it_once_while_rows_change(app: FakeApp, in_small_parts: None) -> None:
    export_id = ask(app, "users")
    ids = itertools.count(1000)
    original = app.store.people_by_joining

    def changing(*args: object, **more: object) -> object:
        page = original(*args, **more)  # type: ignore[arg-type]
        join(app, next(ids))
        unit = app.store.unit()
        person = app.store.tables.people[110]
        unit.save_person(
            person, replace(person, name=f"{person.name}!", blocked=not person.blocked, version=person.version + 1)
        )
        unit.commit()
        return page

    app.store.people_by_joining = changing  # type: ignore[method-assign, assignment]
    make(app, export_id)
    assert people(app, export_id) == EVERYBODY


def test_two_workers_at_once_make_it_once(app: FakeApp, in_small_parts: None) -> None:
    export_id = ask(app, "users")
    app.export_files.meanwhile(lambda: app.export_making.make(export_id, lambda: True))
    make(app, export_id)
    assert people(app, export_id) == EVERYBODY
    assert len(app.export_files.uploads) == 0


def test_a_worker_that_lost_its_lease_spoils_nothing(app: FakeApp, in_small_parts: None) -> None:
    """It was away for minutes in the middle of a part, and another one has made the whole file meanwhile."""
    export_id = ask(app, "users")

    def successor() -> None:
        app.clock.forward(seconds=int(LEASE.total_seconds()))
        app.export_making.make(export_id, lambda: True)

    calls = iter((lambda: None, lambda: None, successor))
    for act in calls:
        app.export_files.meanwhile(act)
    make(app, export_id)
    assert people(app, export_id) == EVERYBODY
    assert record(app, export_id).state is State.DONE


def test_who_works_at_what_is_cancelled_stops(app: FakeApp, in_small_parts: None) -> None:
    export_id = ask(app, "users")
    app.export_files.meanwhile(lambda: app.exports.cancel(decision(app, "c1", OWNER), export_id))
    assert make(app, export_id).state is State.CANCELLED
    assert app.export_files.files == {}


def test_a_failure_is_on_record_and_the_next_try_goes_on_from_there(app: FakeApp, in_small_parts: None) -> None:
    export_id = ask(app, "users")
    app.export_making.make(export_id, lambda: False)
    app.export_files.fail_next(Unavailable("s3"))
    with pytest.raises(Unavailable):
        app.export_making.make(export_id, lambda: True)
    failed = record(app, export_id)
    assert (failed.state, len(failed.written.parts)) == (State.FAILED, 1)
    assert failed.is_stuck(app.now())
    assert make(app, export_id).state is State.DONE
    assert people(app, export_id) == EVERYBODY


def test_parts_that_the_store_gave_up_are_written_again(app: FakeApp, in_small_parts: None) -> None:
    export_id = ask(app, "users")
    app.export_making.make(export_id, lambda: False)
    app.export_files.uploads.clear()
    app.export_making.make(export_id, lambda: True)
    assert record(app, export_id).lines == 0
    assert make(app, export_id).state is State.DONE
    assert people(app, export_id) == EVERYBODY


def test_a_write_whose_answer_was_lost_and_that_was_repeated_below_counts(app: FakeApp) -> None:
    export_id = ask(app, "users")
    save = app.desk.save
    app.desk.save = lambda row: save(row) and False  # type: ignore[method-assign]
    app.export_making.make(export_id, lambda: True)
    assert record(app, export_id).state is State.DONE


def test_an_export_that_nobody_asked_for_is_nothing(app: FakeApp) -> None:
    app.export_making.make("unknown", lambda: True)
    assert app.export_files.files == {}


def test_a_mark_of_utf_8_comes_first_where_it_is_asked_for(app: FakeApp) -> None:
    plain, marked = _made(app, "users"), _made(app, "users", key="k2", bom="1")
    assert app.export_files.files[f"files/{plain}.csv"].startswith(b"user_id,")
    assert app.export_files.files[f"files/{marked}.csv"].startswith(b"\xef\xbb\xbfuser_id,")


def test_a_workbook_has_texts_as_texts_and_numbers_as_numbers(app: FakeApp) -> None:
    names = ('=HYPERLINK("https://x.example")', "+1", "@x", "-5", "a\nb", "https://x.example", "{=1}", "Анна 🦊", "7")
    for number, name in enumerate(names):
        app.store.add_person(factories.person(500 + number, name=name, joined_at=app.now()))
        app.clock.forward(seconds=1)
    export_id = _made(app, "users", format="xlsx")
    rows = sheet(app, export_id)
    assert rows[0][:3] == ["user_id", "username", "name"]
    found = {row[0]: row[2] for row in rows[1:]}
    told = [found[500 + number] for number in range(len(names))]
    assert told == ["'" + name if name[0] in "=+@-" else name for name in names]
    assert rows[1][8] == 0


def test_what_is_expired_of_its_lease_is_taken_over_at_that_moment(app: FakeApp) -> None:
    export_id = ask(app, "users")
    held = replace(record(app, export_id), state=State.RUNNING, held_until=app.now() + timedelta(seconds=5), version=2)
    assert app.desk.save(row_of(held))
    app.export_making.make(export_id, lambda: True)
    assert record(app, export_id).state is State.RUNNING
    app.clock.forward(seconds=5)
    app.export_making.make(export_id, lambda: True)
    assert record(app, export_id).state is State.DONE


def test_the_limit_of_a_workbook_is_the_specs() -> None:
    assert MOST_SHEET_ROWS == 100_000
