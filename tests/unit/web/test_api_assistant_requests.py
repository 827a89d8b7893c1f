"""What every request to the helper through the API has to be, and who may send it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.restrictions import FOREVER, Limit, Restrictions
from starbid.services.ports import Contended
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, program
from tests.support.worker import HELPER, agree, answer, give, offering, refused

KEY = {"idempotency-key": "k1"}
ROUTES = {
    "register": None,
    "start_trial": None,
    "process_message": {"text": "Why?"},
    "stop": {"id": "0" * 17},
    "create_payment": {"pack": 50},
    "update_credits": {"user_id": ANNA, "change": 1, "reason": "a gift"},
    "complete_payment": {"order_id": "a"},
}
READS = ("messages", f"messages/{'0' * 17}", "get_credits", "user_profile")


@pytest.fixture
def app() -> FakeApp:
    app = offering()
    join(app, ANNA)
    join(app, BORIS)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return program(app, ANNA)


def restrict(app: FakeApp, user_id: int) -> None:
    people = app.store.tables.people
    people[user_id] = replace(people[user_id], restrictions=Restrictions((Limit.ASSISTANT,), FOREVER))


# --- who, and where it is not offered -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*ROUTES, *READS])
def test_nobody_is_told_to_log_in(app: FakeApp, path: str) -> None:
    guest = Client(app)
    body = ROUTES.get(path)
    refused(
        guest.post(f"{HELPER}/{path}", body) if path in ROUTES else guest.get(f"{HELPER}/{path}"),
        401,
        "unauthenticated",
    )


@pytest.mark.parametrize("path", ROUTES)
def test_a_session_needs_its_token_in_the_header(app: FakeApp, path: str) -> None:
    anna, before = Client(app).log_in(ANNA), app.store.tables.snapshot()
    headers = {"content-type": "application/json", "x-csrf-token": "0" * 64}
    refused(anna.send("POST", f"{HELPER}/{path}", "", headers, b"{}"), 403, "csrf")
    assert app.store.tables == before


def test_a_session_may_do_what_a_token_may(app: FakeApp) -> None:
    anna = Client(app).log_in(ANNA)
    assert anna.post(f"{HELPER}/register", {"consent": True}).status == 200
    assert anna.post(f"{HELPER}/start_trial").status == 200
    assert anna.post(f"{HELPER}/process_message", {"text": "Why?"}).status == 202


@pytest.mark.parametrize("path", ["start_trial", "process_message", "create_payment"])
def test_the_blocked_get_the_same_refusal_as_elsewhere_and_can_read(app: FakeApp, anna: Client, path: str) -> None:
    agree(app, ANNA)
    give(app, ANNA, 1)
    block(app, ANNA)
    refused(anna.post(f"{HELPER}/{path}", ROUTES[path]), 403, "blocked", path)
    assert anna.get(f"{HELPER}/get_credits").json["credits"] == 1


@pytest.mark.parametrize("path", ["start_trial", "process_message"])
def test_who_is_barred_from_the_helper_is_told_so(app: FakeApp, anna: Client, path: str) -> None:
    agree(app, ANNA)
    restrict(app, ANNA)
    details = refused(anna.post(f"{HELPER}/{path}", ROUTES[path]), 403, "restricted", path)
    assert details == {"what": "assistant", "until": None}


@pytest.mark.parametrize("path", ["register", "start_trial", "process_message", "create_payment"])
def test_where_there_is_no_helper_it_is_off(path: str) -> None:
    app = make_app()
    join(app, ANNA)
    body = {"consent": True} if path == "register" else ROUTES[path]
    refused(program(app, ANNA).post(f"{HELPER}/{path}", body), 503, "assistant_off", path)
    refused(program(app, ANNA).post(f"{HELPER}/register"), 503, "assistant_off", path)


def test_what_was_there_before_it_went_off_can_be_read_and_taken_back() -> None:
    app = make_app()
    join(app, ANNA)
    agree(app, ANNA)
    give(app, ANNA, 3)
    anna = program(app, ANNA)
    assert anna.get(f"{HELPER}/get_credits").json["credits"] == 3
    assert anna.get(f"{HELPER}/messages").json == {"items": [], "cursor": None}
    assert anna.post(f"{HELPER}/register", {"consent": False}).status == 200
    assert anna.get(f"{HELPER}/user_profile").json["consent"] is False


# --- bodies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed"),
        (b"[]", "application/json", 400, "malformed"),
        (b"null", "application/json", 400, "malformed"),
        (b'"text"', "application/json", 400, "malformed"),
        (b'{"text": NaN}', "application/json", 400, "malformed"),
        (b'{"text": "\\ud800"}', "application/json", 400, "malformed"),
        (b"\xff", "application/json", 400, "malformed"),
        (b'{"text": "x"}', "text/plain", 415, "unsupported_media_type"),
        (b'{"text": "' + b"x" * 70_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
def test_what_is_no_json_object_is_refused_as_elsewhere(
    app: FakeApp, path: str, body: bytes, kind: str, status: int, code: str
) -> None:
    owner = program(app, join(app, 900).id)
    before = app.store.tables.snapshot()
    refused(owner.post(f"{HELPER}/{path}", body, headers={"content-type": kind}), status, code)
    assert app.store.tables == before


@pytest.mark.parametrize("path", ["process_message", "stop", "create_payment", "update_credits", "complete_payment"])
def test_what_needs_a_body_says_so(app: FakeApp, path: str) -> None:
    owner = program(app, join(app, 900).id)
    refused(owner.post(f"{HELPER}/{path}"), 400, "malformed")
    refused(owner.post(f"{HELPER}/{path}", {}), 422, "invalid")


@pytest.mark.parametrize("path", ["start_trial", "register"])
def test_a_store_in_trouble_is_told_and_not_remembered(app: FakeApp, anna: Client, path: str) -> None:
    body = {"consent": True} if path == "register" else None
    app.store.fail_next(Contended(), times=10_000)
    refused(anna.post(f"{HELPER}/{path}", body, headers=KEY), 409, "conflict")
    app.store.heal()
    assert anna.post(f"{HELPER}/{path}", body, headers=KEY).status == 200


def test_the_languages_of_a_refusal(anna: Client) -> None:
    for language, sentence in (("en", "free trial"), ("ru", "пробный период")):
        anna.post(f"{HELPER}/register", {"consent": True})
        answer = anna.post(f"{HELPER}/process_message", {"text": "?"}, headers={"accept-language": language})
        assert sentence in answer.json["error"]["message"]


def test_a_day_of_a_trial_is_over_at_its_last_moment(app: FakeApp, anna: Client) -> None:
    agree(app, ANNA)
    anna.post(f"{HELPER}/start_trial")
    trial = app.questions.account(ANNA).trial
    assert trial
    app.clock.now = trial.until - timedelta(milliseconds=1)
    assert anna.post(f"{HELPER}/process_message", {"text": "Still?"}).status == 202
    answer(app, "Yes.")
    app.clock.now = trial.until
    refused(anna.post(f"{HELPER}/process_message", {"text": "And now?"}), 402, "no_credits", "process_message")
