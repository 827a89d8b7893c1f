"""Tickets in the panel: who may see and do what, two operators at once, answers that are kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.roles import Role
from starbid.domain.tickets import Side
from tests.support.factories import ANNA, BORIS, CLARA, join
from tests.support.fakes import FakeApp
from tests.support.web import Client, png, text

ADMIN = 900


@pytest.fixture
def ticket(app: FakeApp) -> str:
    join(app, ANNA, name="Anna")
    return app.tickets.write(ANNA, "My lot is gone", (), "k1", app.now()).ticket.id


def operator(app: FakeApp, person_id: int = ADMIN, role: Role | None = None) -> Client:
    join(app, person_id, name=f"Operator {person_id}")
    if role:
        known = app.store.tables.people[person_id]
        app.store.tables.people[person_id] = replace(known, role=role)
    return Client(app).log_in(person_id)


def test_to_people_nothing_of_it_is_there(app: FakeApp, ticket: str) -> None:
    join(app, BORIS)
    for client in (Client(app), Client(app).log_in(BORIS), Client(app).log_in(ANNA)):
        for path in ("/admin/tickets", f"/admin/tickets/{ticket}", "/admin/canned"):
            assert client.get(path).status == 404


def test_a_viewer_reads_and_does_nothing(app: FakeApp, ticket: str) -> None:
    viewer = operator(app, CLARA, Role.VIEWER)
    assert "My lot is gone" in text(viewer.get(f"/admin/tickets/{ticket}"))
    for path in ("answer", "close", "reopen", "assign"):
        assert viewer.post_form(f"/admin/tickets/{ticket}/{path}", text="x").status == 403
    assert viewer.get("/admin/canned").status == 403
    assert "<textarea" not in viewer.get(f"/admin/tickets/{ticket}").text


def test_the_list_shows_those_of_a_state(app: FakeApp, ticket: str) -> None:
    admin = operator(app)
    assert f"/admin/tickets/{ticket}" in admin.get("/admin/tickets").text
    assert f"/admin/tickets/{ticket}" not in admin.get("/admin/tickets", state="closed").text
    assert "No tickets here" in text(admin.get("/admin/tickets", state="waiting"))
    assert admin.get("/admin/tickets", state="nonsense").status == 200
    assert admin.get("/admin/tickets", cursor="nonsense").status == 422


def test_a_long_list_goes_on(app: FakeApp) -> None:
    for person_id in range(1000, 1060):
        join(app, person_id)
        app.tickets.write(person_id, f"matter {person_id}", (), "k", app.now())
        app.clock.forward(seconds=1)
    admin = operator(app)
    first = admin.get("/admin/tickets").text
    cursor = first.split("cursor=")[1].split('"')[0]
    second = admin.send("GET", "/admin/tickets", f"state=open&cursor={cursor}").text
    assert "matter 1000" in first
    assert "matter 1059" not in first
    assert "matter 1059" in second


def test_an_answer_with_a_photo_goes_to_the_person(app: FakeApp, ticket: str) -> None:
    admin = operator(app)
    answer = admin.post_files(
        f"/admin/tickets/{ticket}/answer",
        [("a.png", png())],
        "pictures",
        text="Look here",
        reason="why",
        seen=0,
        request_id="r1",
    )
    assert answer.status == 303
    message = app.tickets.message(ticket, 2, app.now())
    assert message is not None
    assert (message.side, message.text, len(message.pictures)) == (Side.OPERATOR, "Look here", 1)


def test_of_two_answers_at_once_the_second_is_kept_beside_the_first(app: FakeApp, ticket: str) -> None:
    first, second = operator(app), operator(app, CLARA, Role.SUPPORT)
    path = f"/admin/tickets/{ticket}/answer"
    assert first.post_form(path, text="From the first", reason="why", seen=0, request_id="a").status == 303
    assert first.post_form(path, text="From the first", reason="why", seen=0, request_id="a").status == 303, (
        "pressed twice"
    )
    refused = second.post_form(path, text="From the second", reason="why", seen=0, request_id="b")
    assert refused.status == 409
    assert "From the first" in text(refused)
    assert "From the second" in refused.text
    assert 'name="seen" value="1"' in refused.text
    assert second.post_form(path, text="From the second", reason="why", seen=1, request_id="c").status == 303
    assert app.tickets.ticket(ticket, app.now()).answers == 2


def test_an_empty_answer_is_shown_again(app: FakeApp, ticket: str) -> None:
    assert operator(app).post_form(f"/admin/tickets/{ticket}/answer", text=" ", reason="why", seen=0).status == 422


def test_a_ticket_is_taken_closed_and_opened_again(app: FakeApp, ticket: str) -> None:
    admin, path = operator(app), f"/admin/tickets/{ticket}"
    assert admin.post_form(f"{path}/assign", reason="why").status == 303
    assert app.tickets.ticket(ticket, app.now()).assigned_to == ADMIN
    assert admin.post_form(f"{path}/assign", reason="why", drop="1").status == 303
    assert app.tickets.ticket(ticket, app.now()).assigned_to is None
    assert admin.post_form(f"{path}/close", reason="why").status == 303
    assert admin.post_form(f"{path}/close", reason="why").status == 409
    assert admin.post_form(f"{path}/answer", text="too late", reason="why", seen=0).status == 409
    assert admin.post_form(f"{path}/reopen", reason="why").status == 303
    assert not app.tickets.ticket(ticket, app.now()).is_closed
    assert len(app.store.tables.audit) == 4


def test_without_the_token_of_the_form_nothing_is_done(app: FakeApp, ticket: str) -> None:
    assert operator(app).post_form(f"/admin/tickets/{ticket}/close", csrf=False).status == 403
    assert not app.tickets.ticket(ticket, app.now()).is_closed


def test_a_ticket_that_is_not_there_is_no_page(app: FakeApp) -> None:
    admin = operator(app)
    assert admin.get("/admin/tickets/nothing").status == 404
    assert admin.post_form("/admin/tickets/nothing/close", reason="why").status == 404


def test_a_kept_answer_comes_into_the_form_with_the_persons_name(app: FakeApp, ticket: str) -> None:
    admin = operator(app)
    assert admin.post_form("/admin/canned", reason="why", title="Hello", text="Hello, {name} <b>").status == 303
    (kept,) = app.ticket_desk.canned(app.now())
    assert "Hello, Anna &lt;b&gt;" in admin.get(f"/admin/tickets/{ticket}", canned=kept.id).text
    changed: dict[str, Any] = {"id": kept.id, "version": kept.version, "title": "Hi", "text": "Hi", "reason": "why"}
    assert admin.post_form("/admin/canned", **changed).status == 303
    stale = admin.post_form("/admin/canned", **changed | {"text": "Good day"})
    assert stale.status == 409
    assert "Good day" in stale.text
    assert admin.post_form("/admin/canned", reason="why", title="", text="x").status == 422
    assert admin.post_form(f"/admin/canned/{kept.id}/drop", reason="why").status == 303
    assert app.ticket_desk.canned(app.now()) == ()


def test_those_of_a_person_are_listed_and_the_first_page_says_how_many_wait(app: FakeApp, ticket: str) -> None:
    admin = operator(app)
    app.tickets.close(ANNA, ticket, app.now())
    second = app.tickets.write(ANNA, "Another matter", (), "k2", app.now()).ticket.id
    shown = admin.get("/admin/tickets", user_id=ANNA).text
    assert ticket in shown
    assert second in shown
    assert "No tickets here" in text(admin.get("/admin/tickets", user_id=BORIS))
    assert 'href="/admin/tickets"' in admin.get("/admin").text


def test_every_act_takes_a_reason_which_the_pages_forms_carry(app: FakeApp, ticket: str) -> None:
    admin, path = operator(app), f"/admin/tickets/{ticket}"
    for act in ("answer", "close", "assign"):
        assert admin.post_form(f"{path}/{act}", text="Hello").status == 422
    assert admin.post_form("/admin/canned", title="Hello", text="Hello").status == 422
    assert app.store.tables.audit == {}
    form = re.search(r'name="reason" value="([^"]+)"', admin.get(path).text)
    assert form
    assert admin.post_form(f"{path}/answer", text="Hello", reason=form[1]).status == 303
    assert [entry.reason for entry in app.store.tables.audit.values()] == [form[1]]


def test_a_program_that_does_not_say_what_it_has_seen_answers_all_the_same(app: FakeApp, ticket: str) -> None:
    admin = operator(app)
    for words in ("One", "Two"):
        assert admin.post_form(f"/admin/tickets/{ticket}/answer", text=words, reason="why").status == 303
    assert app.tickets.ticket(ticket, app.now()).answers == 2
