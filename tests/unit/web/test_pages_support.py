"""Support on the web: visitors are led on, people write, read what was answered, and see only what is theirs."""

from __future__ import annotations

import pytest

from starbid.domain.audit_trail import Operator, decided
from starbid.domain.roles import Role
from starbid.domain.tickets import REOPENING, TEXT_LENGTH, TicketState
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client, png, text

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} https://example.org/?a=1&b=2 \u202e=cmd()"


@pytest.fixture
def anna(app: FakeApp) -> Client:
    join(app, ANNA, name="Anna")
    return Client(app).log_in(ANNA)


def opened(client: Client, words: str = "My lot is gone") -> str:
    answer = client.post_form("/support", text=words)
    assert answer.status == 303, text(answer)
    return answer.headers["location"]


def answered(app: FakeApp, path: str, words: str = "Look at /my") -> None:
    decision = decided(Operator(900, Role.OWNER), "", f"d{len(app.store.tables.audit)}", app.now(), needs_reason=False)
    app.ticket_desk.answer(decision, path.rpartition("/")[2], words)


def test_a_visitor_is_led_to_the_chat_and_to_a_login(app: FakeApp) -> None:
    answer = Client(app).get("/support")
    assert answer.status == 200
    assert "?start=support" in answer.text
    assert 'href="/login?next=/support"' in answer.text
    assert 'action="/support"' not in answer.text
    assert Client(app).post_form("/support", csrf=False, text="x").status in (401, 403)


def test_a_message_opens_a_ticket_and_the_next_goes_into_it(app: FakeApp, anna: Client) -> None:
    path = opened(anna)
    assert "My lot is gone" in text(anna.get(path))
    assert path in anna.get("/support").text
    assert opened(anna, "Still gone") == path
    shown = text(anna.get(path))
    assert shown.index("My lot is gone") < shown.index("Still gone")


def test_a_form_that_is_sent_twice_is_one_message(app: FakeApp, anna: Client) -> None:
    for _ in range(2):
        answer = anna.post_form("/support", text="once", request_id="r1")
    ticket_id = answer.headers["location"].rpartition("/")[2]
    assert app.tickets.ticket(ticket_id, app.now()).messages == 1


def test_what_was_answered_is_read_and_the_ticket_closed_and_opened_again(app: FakeApp, anna: Client) -> None:
    path = opened(anna)
    answered(app, path)
    assert "Look at /my" in text(anna.get(path))
    assert anna.post_form(f"{path}/solved").headers["location"] == path
    assert "closed" in text(anna.get(path))
    again = anna.post_form("/support", text="It came back", ticket=path.rpartition("/")[2])
    assert again.headers["location"] == path
    anna.post_form(f"{path}/solved")
    app.clock.forward(seconds=REOPENING.total_seconds())
    anna.log_in(ANNA)
    assert "It is not solved?" not in text(anna.get(path))
    assert anna.post_form("/support", text="late", ticket=path.rpartition("/")[2]).headers["location"] != path


@pytest.mark.parametrize(("words", "status"), [(" ", 422), ("x" * (TEXT_LENGTH + 1), 422), ("a\x00b", 422)])
def test_what_is_no_message_is_shown_again_with_the_fault(anna: Client, words: str, status: int) -> None:
    answer = anna.post_form("/support", text=words)
    assert answer.status == status
    assert 'role="alert"' in answer.text


def test_a_file_that_is_no_photo_is_refused_and_the_text_kept(anna: Client) -> None:
    answer = anna.post_files("/support", [("a.png", b"GIF89a nothing")], "pictures", text="see the photo")
    assert answer.status == 422
    assert "see the photo" in answer.text
    assert "Choose them again" in answer.text


def test_photos_are_their_persons_and_operators_alone(app: FakeApp, anna: Client) -> None:
    path = anna.post_files("/support", [("a.png", png())], "pictures", text="look").headers["location"]
    photo = anna.get(path).text.split('<img src="/support/')[1].split('"')[0].partition("?")[0]
    shown = anna.get(f"/support/{photo}", size="small")
    assert (shown.status, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "private, no-store"
    assert anna.get(f"/support/{photo}", size="huge").status == 404
    join(app, BORIS)
    assert Client(app).log_in(BORIS).get(f"/support/{photo}").status == 404
    assert Client(app).get(f"/support/{photo}").status in (303, 401)
    join(app, 900)
    assert Client(app).log_in(900).get(f"/admin/tickets/{photo}").status == 200


def test_anothers_ticket_is_not_there(app: FakeApp, anna: Client) -> None:
    path = opened(anna)
    join(app, BORIS)
    boris = Client(app).log_in(BORIS)
    assert boris.get(path).status == 404
    assert boris.post_form(f"{path}/solved").status == 404
    assert boris.post_form("/support", text="x", ticket=path.rpartition("/")[2]).status == 404
    assert app.tickets.ticket(path.rpartition("/")[2], app.now()).state is TicketState.OPEN


def test_hostile_words_are_words(anna: Client) -> None:
    page = anna.get(opened(anna, HOSTILE)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_a_blocked_person_writes_here_too(app: FakeApp, anna: Client) -> None:
    block(app, ANNA)
    assert opened(anna.log_in(ANNA))


def test_old_messages_are_one_page_back(app: FakeApp, anna: Client) -> None:
    path = opened(anna, "message 1")
    for number in range(2, 62):
        opened(anna, f"message {number}")
    newest = anna.get(path)
    assert "message 61" in text(newest)
    assert "message 11" not in text(newest)
    older = _link(newest, "Older messages")
    assert "message 11" in text(anna.send("GET", *older))


def _link(answer: Answer, words: str) -> tuple[str, str]:
    href = answer.text.split(f">{words}<")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    path, _, query = href.partition("?")
    return path, query
