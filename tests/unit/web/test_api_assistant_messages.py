"""Questions to the helper through the API: listed, read, stopped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp
from tests.support.schemas import assert_fits
from tests.support.web import Answer, Client, program
from tests.support.worker import agree, answer, give, offering
from web.api.components import components

MESSAGES = "/api/v1/assistant/messages"
ASK = "/api/v1/assistant/process_message"
STOP = "/api/v1/assistant/stop"
CREDITS = "/api/v1/assistant/get_credits"
KEY = {"idempotency-key": "k1"}


@pytest.fixture
def app() -> FakeApp:
    """ANNA has two credits, BORIS many."""
    app = offering()
    for user_id, number in ((ANNA, 2), (BORIS, 100)):
        join(app, user_id)
        agree(app, user_id)
        give(app, user_id, number)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return program(app, ANNA)


@pytest.fixture
def boris(app: FakeApp) -> Client:
    return program(app, BORIS)


def ask(client: Client, text: object = "Why?", **headers: str) -> Answer:
    return client.post(ASK, {"text": text}, headers={name.replace("_", "-"): value for name, value in headers.items()})


def read(client: Client, asked: Answer) -> dict[str, Any]:
    told = client.get(f"{MESSAGES}/{asked.json['id']}")
    assert told.status == 200, told.text
    assert_fits(told.json, components()["Message"], "Message")
    message: dict[str, Any] = told.json
    return message


def credits_of(client: Client) -> int:
    return int(client.get(CREDITS).json["credits"])


# --- reading --------------------------------------------------------------------------------------------------------


def test_the_list_is_newest_first_and_read_in_pages(app: FakeApp, boris: Client) -> None:
    ids = []
    for number in range(3):
        ids.append(ask(boris, f"{number}?").json["id"])
        answer(app, f"{number}.")
        app.clock.forward(seconds=20)
    ids.append(ask(boris, "3?").json["id"])
    first = boris.get(MESSAGES, limit=3)
    assert_fits(first.json, components()["Messages"], "Messages")
    assert [each["id"] for each in first.json["items"]] == [ids[3], ids[2], ids[1]]
    assert [each["status"] for each in first.json["items"]] == ["queued", "done", "done"]
    rest = boris.get(MESSAGES, limit=3, cursor=first.json["cursor"]).json
    assert ([each["id"] for each in rest["items"]], rest["cursor"]) == ([ids[0]], None)
    assert rest["items"][0]["answer"] == "0."
    answering: list[str] = []
    answer(app, "3.", lambda: answering.append(boris.get(MESSAGES).json["items"][0]["status"]))
    assert answering == ["answering"]


@pytest.mark.parametrize(
    "query", [{"cursor": "nonsense"}, {"limit": 0}, {"limit": 51}, {"limit": "many"}, {"limit": -1}]
)
def test_a_query_that_cannot_be_is_refused(anna: Client, query: dict[str, object]) -> None:
    told = anna.get(MESSAGES, **query)
    assert (told.status, told.code) == (422, "invalid")


def test_nobody_reads_the_questions_of_another(app: FakeApp, anna: Client, boris: Client) -> None:
    asked = ask(boris)
    answer(app, "Because.")
    boris.post(ASK, {"text": "And?"})
    theirs = boris.get(MESSAGES, limit=1).json["cursor"]
    told = anna.get(f"{MESSAGES}/{asked.json['id']}")
    assert (told.status, told.code) == (404, "not_found")
    assert anna.get(MESSAGES).json == {"items": [], "cursor": None}
    assert anna.get(MESSAGES, cursor=theirs).json.get("items", []) == []


@pytest.mark.parametrize("asked_id", ["0" * 17, "z" * 17, "0" * 16, "0" * 18, "A" * 17, "%00", "..%2f", "account"])
def test_what_was_never_asked_is_not_there(anna: Client, asked_id: str) -> None:
    told = anna.get(f"{MESSAGES}/{asked_id}")
    assert (told.status, told.code) == (404, "not_found")


def test_what_was_cleared_is_gone_at_once(app: FakeApp, anna: Client) -> None:
    asked = ask(anna)
    answer(app, "Because.")
    app.clock.forward(seconds=1)
    app.asking.clear(ANNA, app.now())
    assert anna.get(MESSAGES).json["items"] == []
    assert anna.get(f"{MESSAGES}/{asked.json['id']}").status == 404


# --- stopping -------------------------------------------------------------------------------------------------------


def test_a_stopped_answer_keeps_what_was_shown_and_is_paid_for(app: FakeApp, anna: Client) -> None:
    asked, said = ask(anna), list[Answer]()

    def stop() -> None:
        said.extend(anna.post(STOP, {"id": asked.json["id"]}) for _ in range(2))
        app.pace.sleep(1)

    answer(app, "Beca", stop, "use of", " that.")
    assert [(each.status, each.json) for each in said] == [(200, {"stopped": True}), (200, {"stopped": False})]
    assert_fits(said[0].json, components()["Stopped"], "Stopped")
    told = read(anna, asked)
    assert told["status"] == "stopped"
    assert told["answer"].startswith("Beca")
    assert credits_of(anna) == 1
    assert anna.post(STOP, {"id": asked.json["id"]}).json == {"stopped": False}


def test_one_that_is_stopped_before_anything_was_shown_costs_nothing(app: FakeApp, anna: Client) -> None:
    asked = ask(anna)
    assert anna.post(STOP, {"id": asked.json["id"]}).json == {"stopped": True}
    answer(app, "Because.")
    told = read(anna, asked)
    assert (told["status"], told["answer"], credits_of(anna)) == ("stopped", None, 2)


def test_only_the_own_question_of_that_id_is_stopped(app: FakeApp, anna: Client, boris: Client) -> None:
    asked = ask(boris)
    for client, asked_id in ((anna, asked.json["id"]), (boris, "0" * 17), (boris, "x"), (boris, "x" * 5000)):
        assert client.post(STOP, {"id": asked_id}).json == {"stopped": False}
    open_ = app.questions.account(BORIS).open
    assert open_
    assert not open_.stop


@pytest.mark.parametrize("asked_id", ["", None, 5, True, ["a"]])
def test_a_stop_says_which_question(app: FakeApp, anna: Client, asked_id: object) -> None:
    ask(anna)
    told = anna.post(STOP, {"id": asked_id})
    assert (told.status, told.code, told.json["error"]["details"]["field"]) == (422, "invalid", "id")
    open_ = app.questions.account(ANNA).open
    assert open_
    assert not open_.stop


def test_a_repeated_stop_is_told_what_the_first_one_was(app: FakeApp, anna: Client) -> None:
    asked = ask(anna)
    answers = [anna.post(STOP, {"id": asked.json["id"]}, headers=KEY) for _ in range(2)]
    assert [each.json for each in answers] == [{"stopped": True}] * 2
    other = anna.post(STOP, {"id": "0" * 17}, headers=KEY)
    assert (other.status, other.code) == (422, "idempotency_key_reused")
