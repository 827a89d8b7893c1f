"""The helper through the API: agreeing, trying it, and what one may still ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.paid_days import PaidDays
from starbid.domain.people import SUBSCRIPTION
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import Death, FakeApp
from tests.support.schemas import assert_fits
from tests.support.web import Answer, Client, program
from tests.support.worker import HELPER, agree, answer, give, offering, refused
from web.api.components import components

KEY = {"idempotency-key": "k1"}
NOTHING = {"trial": None, "quota": None, "credits": 0}


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
    assert started.json == {"trial": {"left": 10, "until": "2026-05-08T12:00:00.000Z"}, "quota": None, "credits": 0}
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
    assert told.json["quota"] == {"left": 200, "until": "2026-05-31T12:00:00.000Z"}, "then the first hundred lapse"
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
