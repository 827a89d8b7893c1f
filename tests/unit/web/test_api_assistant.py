"""The helper through the API: agreeing, trying it, and what one may still ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.paid_days import PaidDays
from starbid.domain.people import SUBSCRIPTION
from starbid.domain.restrictions import FOREVER, Limit, Restrictions
from starbid.services.ports import Contended
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.helped import HELPER, agree, answer, give, offering, refused
from tests.support.schemas import assert_fits
from tests.support.web import Answer, Client, program
from web.api.components import components

KEY = {"idempotency-key": "k1"}
NOTHING = {"trial": None, "quota": None, "credits": 0}
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


def fits(answer: Answer, schema: str, status: int = 200) -> None:
    assert answer.status == status, answer.text
    assert_fits(answer.json, components()[schema], schema)


def restrict(app: FakeApp, user_id: int) -> None:
    people = app.store.tables.people
    people[user_id] = replace(people[user_id], restrictions=Restrictions((Limit.ASSISTANT,), FOREVER))


# --- register -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [None, {}, {"consent": None}, {"language": "en"}])
def test_registering_alone_agrees_to_nothing(app: FakeApp, anna: Client, body: object) -> None:
    for _ in range(2):
        answer = anna.post(f"{HELPER}/register", body)
        fits(answer, "Registered")
        assert answer.json == {"registered": True}
    assert not app.store.tables.accounts


def test_consent_is_kept_with_its_first_moment_and_can_be_taken_back(app: FakeApp, anna: Client) -> None:
    first = app.now()
    for _ in range(2):
        assert anna.post(f"{HELPER}/register", {"consent": True}).json == {"registered": True}
        app.clock.forward(seconds=5)
    assert app.questions.account(ANNA).consent_at == first
    for _ in range(2):
        assert anna.post(f"{HELPER}/register", {"consent": False}).json == {"registered": True}
    assert app.questions.account(ANNA).consent_at is None
    assert app.questions.account(BORIS).consent_at is None


@pytest.mark.parametrize("consent", [1, 0, "true", "yes", [], {}, 1.0])
def test_a_consent_that_is_neither_true_nor_false_is_none(app: FakeApp, anna: Client, consent: object) -> None:
    details = refused(anna.post(f"{HELPER}/register", {"consent": consent}), 422, "invalid", "register")
    assert details["field"] == "consent"
    assert not app.store.tables.accounts


def test_a_repeated_consent_does_not_undo_that_it_was_taken_back(app: FakeApp, anna: Client) -> None:
    anna.post(f"{HELPER}/register", {"consent": True}, headers=KEY)
    anna.post(f"{HELPER}/register", {"consent": False})
    again = anna.post(f"{HELPER}/register", {"consent": True}, headers=KEY)
    assert (again.status, again.json) == (200, {"registered": True})
    assert app.questions.account(ANNA).consent_at is None


def test_nor_does_one_whose_answer_was_lost(app: FakeApp, anna: Client) -> None:
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.post(f"{HELPER}/register", {"consent": True}, headers=KEY)
    anna.post(f"{HELPER}/register", {"consent": False})
    assert anna.post(f"{HELPER}/register", {"consent": True}, headers=KEY).status == 200
    assert app.questions.account(ANNA).consent_at is None


def test_of_two_consents_with_one_key_at_once_one_is_written(app: FakeApp, anna: Client) -> None:
    others: list[Answer] = []
    app.store.meanwhile(lambda: others.append(anna.post(f"{HELPER}/register", {"consent": True}, headers=KEY)))
    mine = anna.post(f"{HELPER}/register", {"consent": True}, headers=KEY)
    assert (mine.status, others[0].status) == (200, 200)
    assert app.questions.account(ANNA).version == 1


@pytest.mark.parametrize("first", [{}, {"consent": True}])
def test_the_same_key_with_another_body_is_refused(app: FakeApp, anna: Client, first: object) -> None:
    assert anna.post(f"{HELPER}/register", first, headers=KEY).status == 200
    refused(anna.post(f"{HELPER}/register", {"consent": False}, headers=KEY), 422, "idempotency_key_reused")
    assert bool(app.questions.account(ANNA).consent_at) == bool(first)


# --- the trial ------------------------------------------------------------------------------------------------------


def test_a_trial_is_started_once_and_answers_what_get_credits_does(app: FakeApp, anna: Client) -> None:
    started = anna.post(f"{HELPER}/start_trial")
    fits(started, "Credits")
    assert started.json == {"trial": {"left": 10, "until": "2026-05-08T00:00:00.000Z"}, "quota": None, "credits": 0}
    assert anna.get(f"{HELPER}/get_credits").json == started.json
    refused(anna.post(f"{HELPER}/start_trial", {}), 409, "trial_used", "start_trial")
    app.clock.forward(days=100)
    refused(anna.post(f"{HELPER}/start_trial"), 409, "trial_used")
    assert anna.get(f"{HELPER}/get_credits").json == NOTHING
    assert program(app, BORIS).get(f"{HELPER}/get_credits").json == NOTHING


@pytest.mark.parametrize("after", [False, True])
def test_a_trial_whose_request_died_is_started_by_its_repeat(app: FakeApp, anna: Client, after: bool) -> None:
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        anna.post(f"{HELPER}/start_trial", headers=KEY)
    answers = [anna.post(f"{HELPER}/start_trial", headers=KEY) for _ in range(2)]
    assert [(each.status, each.json["trial"]["left"]) for each in answers] == [(200, 10)] * 2


def test_of_two_that_start_a_trial_at_once_one_has_started_it(app: FakeApp, anna: Client) -> None:
    others: list[Answer] = []
    app.store.meanwhile(lambda: others.append(anna.post(f"{HELPER}/start_trial")))
    refused(anna.post(f"{HELPER}/start_trial"), 409, "trial_used")
    assert others[0].status == 200


def test_the_trial_ends_at_a_midnight_where_the_person_is(app: FakeApp) -> None:
    join(app, 55, zone="Asia/Kolkata")
    answer = program(app, 55).post(f"{HELPER}/start_trial").json
    assert answer["trial"]["until"] == "2026-05-07T18:30:00.000Z"


# --- what is left ---------------------------------------------------------------------------------------------------


def test_what_is_left_is_told_by_where_it_comes_from(app: FakeApp, anna: Client) -> None:
    now = app.now()
    people = app.store.tables.people
    days = (PaidDays("s1", now, now + SUBSCRIPTION), PaidDays("s2", now + SUBSCRIPTION, now + 2 * SUBSCRIPTION))
    people[ANNA] = replace(people[ANNA], subscribed_until=days[1].ends, paid_days=days)
    agree(app, ANNA)
    give(app, ANNA, 20)
    anna.post(f"{HELPER}/start_trial")
    told = anna.get(f"{HELPER}/get_credits")
    fits(told, "Credits")
    assert told.json["quota"] == {"left": 200, "until": "2026-06-30T12:00:00.000Z"}
    assert told.json["credits"] == 20
    anna.post(f"{HELPER}/process_message", {"text": "Why?"})
    assert anna.get(f"{HELPER}/get_credits").json["trial"]["left"] == 9, "it is reserved"
    answer(app, "Because.")
    assert anna.get(f"{HELPER}/get_credits").json["trial"]["left"] == 9, "it is used"
    app.clock.now = days[0].ends
    assert anna.get(f"{HELPER}/get_credits").json == {
        "trial": None,
        "quota": {"left": 100, "until": "2026-06-30T12:00:00.000Z"},
        "credits": 20,
    }


def test_the_profile_is_what_me_says_and_what_the_helper_knows(app: FakeApp, anna: Client) -> None:
    stranger = anna.get(f"{HELPER}/user_profile")
    fits(stranger, "Profile")
    assert stranger.json == {**anna.get("/api/v1/me").json, "consent": False, "consent_at": None, "credits": NOTHING}
    anna.post(f"{HELPER}/register", {"consent": True})
    anna.post(f"{HELPER}/start_trial")
    known = anna.get(f"{HELPER}/user_profile")
    fits(known, "Profile")
    assert (known.json["id"], known.json["consent_at"]) == (ANNA, "2026-05-01T12:00:00.000Z")
    assert known.json["credits"] == anna.get(f"{HELPER}/get_credits").json


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
