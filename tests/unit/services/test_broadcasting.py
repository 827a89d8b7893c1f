"""Broadcasts: written, counted, sent once to each, stopped; whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.broadcasts import TEXT_LENGTH, Broadcast, BroadcastState, WrongBroadcastState
from starbid.domain.errors import Invalid
from starbid.domain.people import Person
from starbid.domain.quiet import DAY_MINUTES, QuietHours
from starbid.domain.roles import NotAllowed, Role
from starbid.domain.switches import Switch
from starbid.services.desk.broadcasting import JOB, Broadcasting, Outside
from starbid.services.ports import Notice, Page, Spot, TryLater, Unreachable
from tests.support.factories import join
from tests.support.fakes import Death, FakeApp, make_app

OWNER = Operator(900, Role.OWNER)
PEOPLE = tuple(range(1, 61))


@pytest.fixture
def app() -> FakeApp:
    return with_readers(make_app())


def with_readers(app: FakeApp) -> FakeApp:
    """Sixty people, and an owner."""
    for person in (*PEOPLE, 900):
        join(app, person)
    everybody = sorted(app.store.tables.people)

    def some(limit: int, place: str | None) -> Page[Person]:
        left = [person for person in everybody if person > int(place or 0)]
        found = tuple(app.store.tables.people[person] for person in left[:limit])
        return Page(found, str(found[-1].id) if len(left) > limit else None)

    outside = Outside(app.scratch, app.messenger, app.desk_work, app.pace, app.now)
    app.__dict__["broadcasting"] = Broadcasting(app.store, app.broadcasts, app.people, some, lambda _: None, outside)
    return app


def by(app: FakeApp, key: str = "k1", operator: Operator = OWNER) -> Decision:
    return decided(operator, "spring", key, app.now())


def work(app: FakeApp, times: int = 100) -> None:
    """The clerk does what it is asked for, until nothing is left."""
    for _ in range(times):
        if not app.desk_work.asked:
            return
        job, facts, _seconds = app.desk_work.asked.pop(0)
        assert job == JOB
        app.broadcasting.work(facts["broadcast"], lambda: True)
    raise AssertionError("it never ends")


def draft(app: FakeApp, text: str = "Hello", segment: str = "all", language: str = "") -> Broadcast:
    return app.broadcasting.write(by(app), text, segment, language)


def stands(app: FakeApp, broadcast: Broadcast) -> Broadcast:
    return app.broadcasting.one(broadcast.id, app.now())


def told(app: FakeApp) -> list[int]:
    return [person.id for person, _, _ in app.messenger.told]


def test_it_comes_without_a_sound_in_quiet_hours(app: FakeApp) -> None:
    minute = app.now().hour * 60 + app.now().minute
    app.quiet.choose(1, QuietHours(minute, (minute + 60) % DAY_MINUTES), app.now())
    app.quiet.choose(2, QuietHours((minute + 60) % DAY_MINUTES, (minute + 120) % DAY_MINUTES), app.now())
    broadcast = draft(app)
    work(app)
    app.broadcasting.start(by(app, "go"), broadcast.id)
    work(app)
    silent = dict(zip(told(app), (spot.silent for spot in app.messenger.spots), strict=True))
    assert silent == {person: person == 1 for person in (*PEOPLE, 900)}


def test_a_draft_counts_its_readers_and_sends_nothing(app: FakeApp) -> None:
    app.people.switch(1, {Switch.NEWS: False})
    app.store.block(2)
    app.people.mark_unreachable(3)
    written = draft(app)
    work(app)
    found = stands(app, written)
    assert (found.counted, found.is_counting, found.state) == (58, False, BroadcastState.DRAFT)
    assert not app.messenger.told


def test_each_reader_gets_it_once(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    work(app)
    assert sorted(told(app)) == [*PEOPLE, 900]
    found = stands(app, written)
    assert (found.state, found.sent, found.missed) == (BroadcastState.DONE, 61, 0)


def test_one_that_is_stopped_reaches_nobody_else(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    app.desk_work.asked.clear()
    app.broadcasting.work(written.id, iter([True, False]).__next__)
    before = told(app)
    app.broadcasting.stop(by(app, "k3"), written.id)
    work(app)
    assert told(app) == before
    assert (stands(app, written).state, stands(app, written).sent) == (BroadcastState.STOPPED, len(before))


def test_it_is_stopped_while_a_part_of_it_is_sent(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    tell = app.messenger.tell

    def stopping(person: Person, notice: Notice, lot: None, spot: Spot) -> int | None:
        if len(app.messenger.told) == 5:
            app.broadcasting.stop(by(app, "k3"), written.id)
        return tell(person, notice, lot, spot)

    app.messenger.tell = stopping  # type: ignore[method-assign, assignment]
    work(app)
    found = stands(app, written)
    assert found.state is BroadcastState.STOPPED
    assert found.sent == len(told(app)) < 61


def test_a_clerk_that_dies_anywhere_sends_nothing_twice(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    tell, deaths = app.messenger.tell, {7, 30, 55}

    def dying(person: Person, notice: Notice, lot: None, spot: Spot) -> int | None:
        if len(app.messenger.told) in deaths:
            deaths.discard(len(app.messenger.told))
            raise Death
        return tell(person, notice, lot, spot)

    app.messenger.tell = dying  # type: ignore[method-assign, assignment]
    for _ in range(10):
        try:
            app.broadcasting.work(written.id, lambda: True)
        except Death:
            app.clock.forward(minutes=2)
    assert sorted(told(app)) == [*PEOPLE, 900]
    assert stands(app, written).state is BroadcastState.DONE


def test_when_telegram_says_wait_the_clerk_waits_and_goes_on(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    app.desk_work.asked.clear()
    app.messenger.fail_next(TryLater(17))
    app.broadcasting.work(written.id, lambda: True)
    assert app.desk_work.asked == [(JOB, {"broadcast": written.id}, 17)]
    work(app)
    assert sorted(told(app)) == [*PEOPLE, 900]


def test_who_has_blocked_the_bot_is_counted_and_marked(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    app.messenger.fail_next(Unreachable())
    work(app)
    assert (stands(app, written).sent, stands(app, written).missed) == (60, 1)
    assert sum(person.unreachable for person in app.store.tables.people.values()) == 1


@pytest.mark.parametrize(("segment", "readers"), [("sellers", [5]), ("bidders", []), ("inactive", [])])
def test_a_segment_is_for_those_in_it(app: FakeApp, segment: str, readers: list[int]) -> None:
    people = app.store.tables.people
    people[5] = replace(people[5], subscribed_until=app.now() + timedelta(days=1))
    written = draft(app, segment=segment)
    app.broadcasting.start(by(app, "k2"), written.id)
    work(app)
    assert told(app) == readers


def test_a_language_narrows_it(app: FakeApp) -> None:
    app.people.set_language(7, "ru")
    written = draft(app, language="ru")
    app.broadcasting.start(by(app, "k2"), written.id)
    work(app)
    assert told(app) == [7]


def test_pressed_twice_it_is_written_and_started_once(app: FakeApp) -> None:
    assert draft(app).id == draft(app).id
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    with pytest.raises(WrongBroadcastState):
        app.broadcasting.start(by(app, "k2"), written.id)
    with pytest.raises(WrongBroadcastState):
        app.broadcasting.start(by(app, "k4"), written.id)
    work(app)
    with pytest.raises(WrongBroadcastState):
        app.broadcasting.stop(by(app, "k5"), written.id)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPPORT, Role.FINANCE])
def test_only_owners_send(app: FakeApp, role: Role) -> None:
    with pytest.raises(NotAllowed):
        app.broadcasting.write(by(app, operator=Operator(5, role)), "Hello", "all", "")
    written = draft(app)
    for act in (app.broadcasting.start, app.broadcasting.stop, app.broadcasting.preview):
        with pytest.raises(NotAllowed):
            act(by(app, operator=Operator(5, role)), written.id)


@pytest.mark.parametrize(
    ("text", "segment", "language", "field"),
    [(" \n ", "all", "", "text"), ("x" * (TEXT_LENGTH + 1), "all", "", "text"), ("x", "vip", "", "segment"),
     ("x", "all", "de", "language")],
)  # fmt: skip
def test_what_cannot_be_sent_is_said(app: FakeApp, text: str, segment: str, language: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        app.broadcasting.write(by(app), text, segment, language)
    assert refused.value.field == field
    assert not app.desk_work.asked


def test_a_preview_goes_to_its_owner_alone_and_as_often_as_they_wish(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.preview(by(app, "k2"), written.id)
    app.broadcasting.preview(by(app, "k2"), written.id)
    assert told(app) == [900, 900]


def test_every_step_stands_in_the_audit_log(app: FakeApp) -> None:
    written = draft(app)
    app.broadcasting.start(by(app, "k2"), written.id)
    app.broadcasting.stop(by(app, "k3"), written.id)
    trail = [(entry.action, entry.before, entry.after, entry.reason) for entry in app.store.tables.audit.values()]
    assert trail == [
        ("write-broadcast", "", "draft", "spring"),
        ("start-broadcast", "draft", "running", "spring"),
        ("stop-broadcast", "running", "stopped", "spring"),
    ]
