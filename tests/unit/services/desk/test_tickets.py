"""Tickets: one that is not closed for each person, every message once, and who may do what with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain import limits
from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.errors import Conflict, Invalid, NotFound, TooOften
from starbid.domain.events import TicketAnswered, TicketClosed, TicketMessaged, TicketOpened
from starbid.domain.limits import Deed, Limit
from starbid.domain.roles import NotAllowed, Role
from starbid.domain.tickets import (
    MAX_PICTURES,
    PICTURES_LIFE,
    REOPENING,
    TEXT_LENGTH,
    AnsweredMeanwhile,
    Side,
    TicketState,
    WrongTicketState,
)
from starbid.services.desk.tickets import Written
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.web import png

ADMIN, SECOND = 900, 901


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for person_id in (ANNA, BORIS):
        join(app, person_id)
    return app


def write(app: FakeApp, text: str = "It is broken", key: str = "", **more: Any) -> Written:
    person_id, files = more.pop("who", ANNA), more.pop("files", ())
    return app.tickets.write(person_id, text, files, key or f"k{len(app.store.tables.desk)}", app.now(), **more)


def by(app: FakeApp, admin: int = ADMIN, key: str = "", role: Role = Role.SUPPORT) -> Decision:
    key = key or f"d{len(app.store.tables.audit)}-{admin}"
    return decided(Operator(admin, role, "127.0.0.1"), "", key, app.now(), needs_reason=False)


def said(app: FakeApp, ticket_id: str) -> list[str]:
    return [message.text for message in app.tickets.messages(ticket_id, app.now(), backward=False).items]


def told(app: FakeApp) -> list[Any]:
    return app.store.take_stream()


def test_a_first_message_opens_a_ticket_that_waits_for_us(app: FakeApp) -> None:
    written = write(app, "  My lot is gone.\nWhere is it?  ")
    ticket = app.tickets.ticket(written.ticket.id, app.now())
    assert written.is_new
    assert (ticket.state, ticket.messages, ticket.subject) == (TicketState.OPEN, 1, "My lot is gone. Where is it?")
    assert said(app, ticket.id) == ["My lot is gone.\nWhere is it?"]
    assert app.ticket_desk.waiting(TicketState.OPEN, app.now()).items == (ticket,)
    assert [type(event) for event in told(app)] == [TicketOpened]


def test_what_a_person_sends_meanwhile_goes_into_their_open_ticket(app: FakeApp) -> None:
    first = write(app)
    app.clock.forward(minutes=5)
    second = write(app, "Still", category="deal")
    assert (second.ticket.id, second.number, second.is_new) == (first.ticket.id, 2, False)
    assert second.ticket.since == first.ticket.since, "who waits for an answer keeps the place in the queue"
    assert write(app, who=BORIS).ticket.id != first.ticket.id


def test_a_message_that_comes_twice_is_one(app: FakeApp) -> None:
    first = write(app, key="u1")
    assert write(app, key="u1") == first
    write(app, "more", key="u2")
    again = write(app, "more", key="u2")
    assert (again.number, said(app, first.ticket.id)) == (2, ["It is broken", "more"])
    assert [type(event) for event in told(app)] == [TicketOpened, TicketMessaged]


def test_a_process_that_died_after_writing_has_written_once(app: FakeApp) -> None:
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        write(app, key="u1")
    written = write(app, key="u1")
    assert (written.number, said(app, written.ticket.id)) == (1, ["It is broken"])


def test_one_that_met_another_writer_tries_again(app: FakeApp) -> None:
    app.store.fail_next(Contended())
    assert write(app).number == 1


def test_an_empty_message_is_none_and_a_photo_alone_is_one(app: FakeApp) -> None:
    for text in ("", "  \n ", "\u200b"):
        with pytest.raises(Invalid):
            write(app, text)
    with pytest.raises(Invalid):
        write(app, "x" * (TEXT_LENGTH + 1))
    with pytest.raises(Invalid):
        write(app, files=[png()] * (MAX_PICTURES + 1))
    assert not app.store.tables.desk
    written = write(app, "", files=[png()])
    message = app.tickets.message(written.ticket.id, 1, app.now())
    assert message is not None
    assert len(message.pictures) == 1


def test_a_photo_that_is_none_is_refused_and_opens_no_ticket(app: FakeApp) -> None:
    with pytest.raises(Invalid):
        write(app, files=[b"%PDF-1.7"])
    assert not app.store.tables.desk
    assert not app.pictures.tickets


def test_photos_are_shown_for_so_long_and_under_their_message_only(app: FakeApp) -> None:
    ticket = write(app, files=[png()]).ticket
    write(app, "no photo")
    first = app.tickets.message(ticket.id, 1, app.now())
    assert first is not None
    (name,) = first.pictures
    assert app.tickets.picture(ticket, 1, name, "small", app.now())
    assert app.tickets.picture(ticket, 2, name, "small", app.now()) is None
    assert app.tickets.picture(ticket, 1, name, "medium", app.now()) is None
    assert app.tickets.pictures(ticket, first, app.now())
    app.clock.forward(seconds=PICTURES_LIFE.total_seconds())
    assert app.tickets.picture(ticket, 1, name, "small", app.now()) is None
    assert app.tickets.pictures(ticket, first, app.now()) == []


def test_nobody_finds_anothers_ticket(app: FakeApp) -> None:
    ticket = write(app).ticket
    with pytest.raises(NotFound):
        app.tickets.own(BORIS, ticket.id, app.now())
    with pytest.raises(NotFound):
        app.tickets.close(BORIS, ticket.id, app.now())
    with pytest.raises(NotFound):
        write(app, who=BORIS, ticket_id=ticket.id)


def test_an_answer_waits_for_the_person_until_they_write_again(app: FakeApp) -> None:
    ticket = write(app).ticket
    answered = app.ticket_desk.answer(by(app), ticket.id, "Look at /my")
    assert (answered.state, answered.answers, answered.assigned_to) == (TicketState.WAITING, 1, ADMIN)
    message = app.tickets.message(ticket.id, 2, app.now())
    assert message is not None
    assert (message.side, message.author_id) == (Side.OPERATOR, ADMIN)
    app.clock.forward(minutes=1)
    again = write(app, "Thanks, and")
    assert (again.ticket.state, again.ticket.since) == (TicketState.OPEN, app.now())
    assert [type(event) for event in told(app)] == [TicketOpened, TicketAnswered, TicketMessaged]


def test_an_answer_that_is_sent_twice_is_one(app: FakeApp) -> None:
    ticket = write(app).ticket
    for _ in range(2):
        app.ticket_desk.answer(by(app, key="form"), ticket.id, "Hello", seen=0)
    assert said(app, ticket.id) == ["It is broken", "Hello"]
    assert len(app.store.tables.audit) == 1


def test_of_two_operators_at_once_the_second_reads_the_first_ones_answer(app: FakeApp) -> None:
    ticket = write(app).ticket
    app.ticket_desk.answer(by(app), ticket.id, "First", seen=0)
    with pytest.raises(AnsweredMeanwhile):
        app.ticket_desk.answer(by(app, SECOND), ticket.id, "Second", seen=0)
    app.ticket_desk.answer(by(app, SECOND), ticket.id, "Second", seen=1)
    assert said(app, ticket.id) == ["It is broken", "First", "Second"]


def test_a_message_of_the_persons_keeps_no_operator_from_answering(app: FakeApp) -> None:
    ticket = write(app).ticket
    write(app, "and another thing")
    assert app.ticket_desk.answer(by(app), ticket.id, "Hello", seen=0).messages == 3


def test_the_audit_trail_says_who_did_what_and_nothing_of_what_was_written(app: FakeApp) -> None:
    ticket = write(app, "my secret").ticket
    app.ticket_desk.answer(by(app), ticket.id, "another secret")
    app.ticket_desk.assign(by(app), ticket.id, taken=True)
    app.ticket_desk.close(by(app), ticket.id)
    app.ticket_desk.reopen(by(app), ticket.id)
    entries = list(app.store.tables.audit.values())
    assert [entry.action for entry in entries] == ["answer-ticket", "take-ticket", "close-ticket", "reopen-ticket"]
    assert {(entry.user_id, entry.subject, entry.admin_id) for entry in entries} == {(ANNA, f"ticket/{ticket.id}", 900)}
    assert "secret" not in repr(entries) + repr(told(app))


def test_a_message_after_the_end_opens_the_ticket_again_for_so_long_and_then_begins_another(app: FakeApp) -> None:
    ticket = write(app).ticket
    app.ticket_desk.close(by(app), ticket.id)
    app.clock.forward(seconds=REOPENING.total_seconds() - 1)
    again = write(app, "It came back", ticket_id=ticket.id)
    assert (again.ticket.id, again.ticket.state, again.is_new) == (ticket.id, TicketState.OPEN, False)
    app.tickets.close(ANNA, ticket.id, app.now())
    app.clock.forward(seconds=REOPENING.total_seconds())
    late = write(app, "Once more", ticket_id=ticket.id)
    assert late.is_new
    assert late.ticket.id != ticket.id
    assert {each.id for each in app.tickets.of(ANNA, app.now()).items} == {ticket.id, late.ticket.id}


def test_a_message_to_an_old_ticket_goes_into_the_open_one(app: FakeApp) -> None:
    old = write(app).ticket
    app.tickets.close(ANNA, old.id, app.now())
    new = write(app, "another").ticket
    assert new.id != old.id
    assert write(app, "to the old one", ticket_id=old.id).ticket.id == new.id
    with pytest.raises(WrongTicketState):
        app.ticket_desk.reopen(by(app), old.id)


def test_closing_counts_once_and_is_told_by_whom(app: FakeApp) -> None:
    ticket = write(app).ticket
    for _ in range(2):
        assert app.tickets.close(ANNA, ticket.id, app.now()).is_closed
    assert app.tickets.open_of(ANNA, app.now()) is None
    with pytest.raises(WrongTicketState):
        app.ticket_desk.close(by(app), ticket.id)
    with pytest.raises(WrongTicketState):
        app.ticket_desk.answer(by(app), ticket.id, "too late")
    closings = [event for event in told(app) if isinstance(event, TicketClosed)]
    assert [event.operator_id for event in closings] == [None]


def test_a_viewer_does_nothing(app: FakeApp) -> None:
    ticket = write(app).ticket
    viewer = by(app, role=Role.VIEWER)
    for act in (
        lambda: app.ticket_desk.answer(viewer, ticket.id, "Hello"),
        lambda: app.ticket_desk.close(viewer, ticket.id),
        lambda: app.ticket_desk.reopen(viewer, ticket.id),
        lambda: app.ticket_desk.assign(viewer, ticket.id, taken=True),
        lambda: app.ticket_desk.keep_canned(viewer, "Title", "Text"),
        lambda: app.ticket_desk.drop_canned(viewer, "x"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not app.store.tables.audit


def test_five_hundred_messages_are_read_page_by_page(app: FakeApp) -> None:
    ticket = write(app, "0").ticket
    for number in range(1, 500):
        write(app, str(number))
    read, cursor = list[str](), None
    while True:
        page = app.tickets.messages(ticket.id, app.now(), limit=100, cursor=cursor)
        read, cursor = [*read, *(message.text for message in page.items)], page.cursor
        if cursor is None:
            break
    assert read == [str(number) for number in reversed(range(500))]
    assert app.tickets.ticket(ticket.id, app.now()).messages == 500


def test_one_who_writes_too_often_is_told_to_wait(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.TICKET, Limit(1, 3600))
    write(app)
    with pytest.raises(TooOften):
        write(app)


def test_canned_answers_are_kept_changed_and_dropped(app: FakeApp) -> None:
    hello = app.ticket_desk.keep_canned(by(app), "Hello", "Hello, {name}. We look at it.")
    assert hello.to("Anna") == "Hello, Anna. We look at it."
    changed = app.ticket_desk.keep_canned(by(app), "Hello", "Hi, {name}", hello.id, hello.version)
    with pytest.raises(Conflict):
        app.ticket_desk.keep_canned(by(app, SECOND), "Hello", "Good day", hello.id, hello.version)
    assert app.ticket_desk.canned(app.now()) == (changed,)
    for _ in range(2):
        app.ticket_desk.drop_canned(by(app), hello.id)
    assert app.ticket_desk.canned(app.now()) == ()
    for title, text in (("", "text"), ("x" * 61, "text"), ("title", " ")):
        with pytest.raises(Invalid):
            app.ticket_desk.keep_canned(by(app), title, text)


def test_the_longest_wait_comes_first_and_the_latest_end(app: FakeApp) -> None:
    first = write(app).ticket
    app.clock.forward(seconds=timedelta(minutes=1).total_seconds())
    second = write(app, who=BORIS).ticket
    ids = [ticket.id for ticket in app.ticket_desk.waiting(TicketState.OPEN, app.now()).items]
    assert ids == [first.id, second.id]
    app.tickets.close(ANNA, first.id, app.now())
    app.clock.forward(seconds=60)
    app.tickets.close(BORIS, second.id, app.now())
    ids = [ticket.id for ticket in app.ticket_desk.waiting(TicketState.CLOSED, app.now()).items]
    assert ids == [second.id, first.id]
