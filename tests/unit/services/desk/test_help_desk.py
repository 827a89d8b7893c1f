"""The outside help desk: what it is told, the signature as docs/operations.md has it, and what becomes of a failure."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from starbid import help_desk_line
from starbid.domain.auction import Bid
from starbid.domain.audit_trail import Operator, decided
from starbid.domain.roles import Role
from starbid.help_desk_line import HttpHelpDesk
from starbid.services.desk.help_desk import JOB, PAUSES, NotTaken, signature, webhook_key
from tests.support.factories import ANNA, join
from tests.support.fakes import ENVIRONMENT, FakeApp, make_app

URL = "https://desk.example/hook"


class Line:
    """Records what is posted; refuses as often as it is told to."""

    def __init__(self) -> None:
        self.posted: list[tuple[dict[str, Any], bytes, str]] = []
        self.refusals = 0

    def post(self, body: bytes, signature: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise NotTaken("HTTP 500")
        self.posted.append((json.loads(body), body, signature))


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def app(line: Line) -> FakeApp:
    app = make_app({"SUPPORT_WEBHOOK_URL": URL}, help_desk_line=line)
    join(app, ANNA, name="Anna")
    return app


def hand_on(app: FakeApp) -> None:
    for event in app.store.take_stream():
        assert not isinstance(event, Bid)
        app.fan_out.event(event)


def work(app: FakeApp) -> None:
    """The notifier, and then the clerk until nothing is asked for any more."""
    hand_on(app)
    while app.desk_work.asked:
        job, facts, _ = app.desk_work.asked.pop(0)
        assert job == JOB
        app.help_desk.tell(facts, app.now())


def write(app: FakeApp, text: str = "My lot is gone") -> str:
    key = f"k{len(app.store.tables.desk)}"
    return app.tickets.write(ANNA, text, (), key, app.now(), category="lot").ticket.id


def test_each_event_is_told_with_no_more_of_the_person_than_is_needed(app: FakeApp, line: Line) -> None:
    ticket_id = write(app)
    decision = decided(Operator(900, Role.OWNER), "", "d", app.now(), needs_reason=False)
    app.ticket_desk.answer(decision, ticket_id, "Look at /my")
    app.tickets.close(ANNA, ticket_id, app.now())
    work(app)
    told = [body for body, _, _ in line.posted]
    assert [body["type"] for body in told] == ["ticket.opened", "ticket.message", "ticket.closed"]
    assert told[0]["ticket"] == {"id": ticket_id, "state": "closed", "category": "lot"}
    assert told[0]["person"] == {"id": ANNA, "name": "Anna", "language": "en"}
    said = [body["message"] and (body["message"]["by"], body["message"]["text"]) for body in told]
    assert said == [("person", "My lot is gone"), ("operator", "Look at /my"), None]
    assert len({body["id"] for body in told}) == 3


def test_on_the_queue_there_is_nothing_of_what_was_written(app: FakeApp) -> None:
    write(app, "my secret")
    hand_on(app)
    assert len(app.desk_work.asked) == 1
    assert "secret" not in repr(app.desk_work.asked) + repr(app.outgoing.notices)


def test_the_signature_is_verified_as_the_document_says(app: FakeApp, line: Line) -> None:
    """An independent reading of docs/operations.md, with nothing of the product's own."""
    write(app, "Привет <b>&amp;")
    work(app)
    (_, body, header) = line.posted[0]
    key = hmac.new(ENVIRONMENT["SECRET_KEY"].encode(), b"starbid support webhook", "sha256").hexdigest()
    parts = dict(part.split("=", 1) for part in header.split(","))
    expected = hmac.new(key.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(expected, parts["v1"])
    assert int(parts["t"]) == int(app.now().timestamp())
    assert signature(webhook_key("another key"), body, app.now()) != header


def test_one_that_is_down_is_tried_again_later_and_later_and_then_left_to_the_queue(app: FakeApp, line: Line) -> None:
    write(app)
    hand_on(app)
    line.refusals = 100
    pauses = []
    for _ in PAUSES:
        _, facts, _ = app.desk_work.asked.pop()
        app.help_desk.tell(facts, app.now())
        pauses.append(app.desk_work.asked[-1][2])
    assert tuple(pauses) == PAUSES
    assert max(PAUSES) <= 900, "the longest delay of a message"
    _, facts, _ = app.desk_work.asked.pop()
    with pytest.raises(NotTaken):
        app.help_desk.tell(facts, app.now())
    line.refusals = 0
    app.help_desk.tell(facts, app.now())
    assert len(line.posted) == 1


def test_without_an_address_nothing_is_asked_for() -> None:
    app = make_app()
    join(app, ANNA)
    write(app)
    app.run_streams()
    assert app.desk_work.asked == []


class _Desk(BaseHTTPRequestHandler):
    """`status`, and how it answers, are attributes of the server."""

    def do_POST(self) -> None:
        server: Any = self.server
        server.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.status)
        if server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        self.wfile.write(server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def desk(socket_enabled: None) -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Desk)
    server.got, server.status, server.body = [], 200, b'{"ok": false, "x": "</script>"}'
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def reach(desk: Any) -> HttpHelpDesk:
    return HttpHelpDesk(f"http://127.0.0.1:{desk.server_port}/hook")


def test_what_is_posted_arrives_as_it_was_signed(desk: Any) -> None:
    reach(desk).post(b'{"a":1}', "t=1,v1=ab")
    ((headers, body),) = desk.got
    assert body == b'{"a":1}'
    assert (headers["X-Starbid-Signature"], headers["Content-Type"]) == ("t=1,v1=ab", "application/json")


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_all_but_success_is_not_taken_and_no_redirect_is_followed(desk: Any, status: int) -> None:
    desk.status = status
    with pytest.raises(NotTaken) as refused:
        reach(desk).post(b"{}", "t=1,v1=ab")
    assert str(refused.value) == f"HTTP {status}", "nothing of the answer is repeated"
    assert len(desk.got) == 1


def test_one_that_is_not_there_or_says_nothing_is_given_up(
    socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_desk_line, "READ_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        with pytest.raises(NotTaken):
            HttpHelpDesk(f"http://127.0.0.1:{port}/").post(b"{}", "t=1,v1=ab")
        silent.listen()
        with pytest.raises(NotTaken):
            HttpHelpDesk(f"http://127.0.0.1:{port}/").post(b"{}", "t=1,v1=ab")
