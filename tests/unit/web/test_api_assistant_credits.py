"""Credits through the API: which operators change them, and how."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.roles import Role
from tests.support.blocking import block
from tests.support.desk import OWNER
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import Death, FakeApp
from tests.support.schemas import assert_fits
from tests.support.web import Answer, Client, program
from tests.support.worker import HELPER, agree, answer, offering, refused
from web.api.components import components

KEY = {"idempotency-key": "k1"}
PEOPLE = {"person": 50, "viewer": 51, "support": 52, "finance": 53, "owner": 54}


@pytest.fixture
def app() -> FakeApp:
    app = offering()
    join(app, ANNA)
    join(app, BORIS)
    join(app, OWNER)
    for name, user_id in PEOPLE.items():
        person = join(app, user_id)
        app.store.tables.people[user_id] = replace(person, role=Role(name) if name in {*Role} else None)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return program(app, ANNA)


@pytest.fixture
def finance(app: FakeApp) -> Client:
    return program(app, PEOPLE["finance"])


def change(client: Client, number: object, *, headers: dict[str, str] | None = None, **fields: object) -> Answer:
    body = {"user_id": ANNA, "change": number, "reason": "as agreed"} | fields
    return client.post(f"{HELPER}/update_credits", body, headers=headers)


def credits_of(app: FakeApp, user_id: int = ANNA) -> int:
    return app.questions.account(user_id).credits


# --- operators: who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("by_token", [True, False])
@pytest.mark.parametrize("route", ["update_credits", "complete_payment"])
def test_it_takes_the_role_of_finance(app: FakeApp, route: str, who: str, by_token: bool) -> None:
    client = program(app, PEOPLE[who]) if by_token else Client(app).log_in(PEOPLE[who])
    before = app.store.tables.snapshot()
    bodies: list[object] = [{}, {"user_id": ANNA, "change": 5, "reason": "as agreed", "order_id": "a"}]
    for body in bodies:
        told = client.post(f"{HELPER}/{route}", body)
        if who in ("finance", "owner"):
            assert told.status in (200, 404, 422), told.text
        elif who == "person":
            refused(told, 403, "forbidden", route)
        else:
            assert refused(told, 403, "not_allowed", route) == {"needed": "finance"}
    if who not in ("finance", "owner"):
        assert app.store.tables == before


def test_the_owners_of_the_settings_may_always_and_a_blocked_operator_is_none(app: FakeApp, finance: Client) -> None:
    assert change(program(app, OWNER), 5).status == 200
    block(app, PEOPLE["finance"])
    refused(change(finance, 5), 403, "forbidden")
    assert credits_of(app) == 5


def test_nobody_gives_themselves_credits_by_asking_for_them(app: FakeApp, anna: Client) -> None:
    refused(change(anna, 5), 403, "forbidden")
    order_id = anna.post(f"{HELPER}/create_payment", {"pack": 50}).json["order_id"]
    refused(anna.post(f"{HELPER}/complete_payment", {"order_id": order_id}), 403, "forbidden")
    assert credits_of(app) == 0


def test_a_role_that_is_taken_away_is_gone_for_a_repeat_too(app: FakeApp, finance: Client) -> None:
    assert change(finance, 5, headers=KEY).status == 200
    people, user_id = app.store.tables.people, PEOPLE["finance"]
    people[user_id] = replace(people[user_id], role=None)
    refused(change(finance, 5, headers=KEY), 403, "forbidden")


# --- operators: update_credits --------------------------------------------------------------------------------------


def test_credits_are_given_and_taken_and_it_stands_in_the_audit_trail(app: FakeApp, finance: Client) -> None:
    given = change(finance, 20, reason=" a gift ")
    assert given.status == 200
    assert_fits(given.json, components()["Credits"], "Credits")
    assert given.json == {"trial": None, "quota": None, "credits": 20}
    assert change(finance, -5).json["credits"] == 15
    entries = list(app.store.tables.audit.values())
    facts = [(each.admin_id, each.action, each.user_id, each.before, each.after, each.reason) for each in entries]
    assert facts == [
        (53, "change-credits", ANNA, "0", "20", "a gift"),
        (53, "change-credits", ANNA, "20", "15", "as agreed"),
    ]
    assert {each.address for each in entries} == {"127.0.0.1"}
    assert credits_of(app, BORIS) == 0


def test_the_answer_is_the_state_of_the_person_whom_it_touches(app: FakeApp, finance: Client) -> None:
    app.asking.start_trial(app.store.tables.people[ANNA], app.now())
    assert change(finance, 3).json == program(app, ANNA).get(f"{HELPER}/get_credits").json


def test_there_is_never_less_than_nothing(app: FakeApp, finance: Client) -> None:
    change(finance, 3)
    assert refused(change(finance, -4), 409, "too_few_credits", "update_credits") == {"left": 3}
    assert change(finance, -3).json["credits"] == 0
    refused(change(finance, -1), 409, "too_few_credits")


def test_the_credit_of_an_open_question_is_not_taken(app: FakeApp, anna: Client, finance: Client) -> None:
    agree(app, ANNA)
    change(finance, 2)
    anna.post(f"{HELPER}/process_message", {"text": "Why?"})
    assert refused(change(finance, -2), 409, "too_few_credits") == {"left": 1}
    assert change(finance, -1).json["credits"] == 0
    answer(app, "Because.")
    account = app.questions.account(ANNA)
    assert (account.granted, account.spent, account.packs) == (2, 2, ())


@pytest.mark.parametrize("number", [0, 100_001, -100_001, 10**39, -(10**39), 1.5, 2.0, "5", True, None, [5]])
def test_a_change_is_a_whole_number_that_is_not_zero(app: FakeApp, finance: Client, number: object) -> None:
    assert refused(change(finance, number), 422, "invalid", "update_credits")["field"] == "change"
    assert not app.store.tables.accounts


@pytest.mark.parametrize("digits", ["9" * 41, "-" + "9" * 5000])
def test_an_enormous_change_is_refused_like_a_large_one(app: FakeApp, finance: Client, digits: str) -> None:
    body = f'{{"user_id": {ANNA}, "change": {digits}, "reason": "x"}}'.encode()
    assert refused(finance.post(f"{HELPER}/update_credits", body), 422, "invalid")["field"] == "change"


@pytest.mark.parametrize("reason", ["", " ", "\u200b", None, 5, True, ["x"], "x" * 501, "a\x00b"])
def test_a_change_needs_a_reason(app: FakeApp, finance: Client, reason: object) -> None:
    assert refused(change(finance, 5, reason=reason), 422, "invalid")["field"] == "reason"
    assert not app.store.tables.accounts


@pytest.mark.parametrize("user_id", [77, 0, -1, 10**16, 10**39])
def test_a_stranger_is_not_found(app: FakeApp, finance: Client, user_id: int) -> None:
    refused(change(finance, 5, user_id=user_id), 404, "not_found", "update_credits")
    assert not app.store.tables.accounts


@pytest.mark.parametrize("user_id", ["1", 1.0, None, True, [1]])
def test_a_person_is_named_by_a_whole_number(app: FakeApp, finance: Client, user_id: object) -> None:
    assert refused(change(finance, 5, user_id=user_id), 422, "invalid")["field"] == "user_id"


def test_without_a_key_each_call_counts_and_with_one_it_counts_once(app: FakeApp, finance: Client) -> None:
    assert [change(finance, 5).json["credits"] for _ in range(2)] == [5, 10]
    first = change(finance, 5, headers=KEY)
    change(finance, 100)
    again = change(finance, 5, headers=KEY)
    assert (again.status, again.json, credits_of(app)) == (200, first.json, 115)
    refused(change(finance, 6, headers=KEY), 422, "idempotency_key_reused")


def test_keys_of_two_operators_have_nothing_to_do_with_each_other(app: FakeApp, finance: Client) -> None:
    change(finance, 5, headers=KEY)
    assert change(program(app, PEOPLE["owner"]), 5, headers=KEY).json["credits"] == 10


@pytest.mark.parametrize("after", [False, True])
def test_a_change_whose_request_died_counts_once(app: FakeApp, finance: Client, after: bool) -> None:
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        change(finance, 5, headers=KEY)
    assert change(finance, 5, headers=KEY).json["credits"] == 5
    assert credits_of(app) == 5
    assert len(app.store.tables.audit) == 1


def test_of_two_with_one_key_at_once_one_counts(app: FakeApp, finance: Client) -> None:
    others: list[Answer] = []
    app.store.meanwhile(lambda: others.append(change(finance, 5, headers=KEY)))
    assert change(finance, 5, headers=KEY).json == others[0].json
    assert credits_of(app) == 5


def test_a_change_and_a_question_at_once_lose_nothing(app: FakeApp, anna: Client, finance: Client) -> None:
    agree(app, ANNA)
    change(finance, 1)
    app.store.meanwhile(lambda: anna.post(f"{HELPER}/process_message", {"text": "Why?"}))
    refused(change(finance, -1), 409, "too_few_credits")
    answer(app, "Because.")
    account = app.questions.account(ANNA)
    assert (account.granted, account.spent, account.packs) == (1, 1, ())
