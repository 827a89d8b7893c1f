"""The clerk tells an outside help desk of a ticket: what fails for good comes again, what cannot be read does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from clerk.app import lambda_handler
from starbid.services.desk.help_desk import JOB, PAUSES, NotTaken
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 100_000)


class Line:
    """Takes nothing where it is told to refuse."""

    def __init__(self) -> None:
        self.taken, self.refuses = list[bytes](), False

    def post(self, body: bytes, _signature: str) -> None:
        if self.refuses:
            raise NotTaken("HTTP 503")
        self.taken.append(body)


def message(**changes: Any) -> dict[str, Any]:
    facts = {"id": "e", "type": "ticket.opened", "ticket_id": "", "number": 1, "at": "", "tries": 0}
    return {"Records": [{"messageId": "m1", "body": json.dumps({"job": JOB} | facts | changes)}]}


def failed(answer: Any) -> bool:
    return bool(answer["batchItemFailures"])


def app_with(put_in_place: Callable[[FakeApp], FakeApp], line: Line, **environment: str) -> tuple[FakeApp, str]:
    app = put_in_place(make_app({"SUPPORT_WEBHOOK_URL": "https://desk.example/"} | environment, help_desk_line=line))
    join(app, ANNA)
    return app, app.tickets.write(ANNA, "Hello", (), "k", app.now()).ticket.id


def test_it_is_told_and_tried_again_by_another_message(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    line = Line()
    app, ticket = app_with(put_in_place, line)
    assert not failed(lambda_handler(message(ticket_id=ticket), CONTEXT))
    assert len(line.taken) == 1
    line.refuses = True
    assert not failed(lambda_handler(message(ticket_id=ticket), CONTEXT))
    ((job, facts, seconds),) = app.desk_work.asked
    assert (job, facts["tries"], seconds) == (JOB, 1, PAUSES[0])


def test_after_the_last_try_the_queue_brings_it_again(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    line = Line()
    line.refuses = True
    app, ticket = app_with(put_in_place, line)
    assert failed(lambda_handler(message(ticket_id=ticket, tries=len(PAUSES)), CONTEXT))
    assert app.desk_work.asked == []


def test_what_cannot_be_read_and_a_ticket_that_is_not_there_are_forgotten(
    put_in_place: Callable[[FakeApp], FakeApp],
) -> None:
    line = Line()
    app_with(put_in_place, line)
    assert not failed(lambda_handler(message(ticket_id="nothing"), CONTEXT))
    assert not failed(lambda_handler(message(tries="x"), CONTEXT))
    assert not failed(lambda_handler(message(number=None), CONTEXT))
    assert line.taken == []


def test_without_an_address_any_more_it_is_dropped(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    line = Line()
    _, ticket = app_with(put_in_place, line, SUPPORT_WEBHOOK_URL="")
    assert not failed(lambda_handler(message(ticket_id=ticket), CONTEXT))
    assert line.taken == []
