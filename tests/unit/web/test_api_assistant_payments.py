"""Credits through the API: invoices for packs, and what operators do about credits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from starbid.domain import limits
from starbid.domain.limits import Deed, Limit
from starbid.domain.money import XTR
from starbid.domain.roles import Role
from starbid.services.ports import TryLater
from tests.support.blocking import block
from tests.support.desk import OWNER
from tests.support.factories import ANNA, BORIS, join, pay
from tests.support.fakes import Death, FakeApp
from tests.support.helped import agree, answer, give, offering
from tests.support.schemas import assert_documented, assert_fits
from tests.support.web import Answer, Client, program
from web.api.components import components

HELPER = "/api/v1/assistant"
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


def refused(answer: Answer, status: int, code: str, route: str = "") -> dict[str, Any]:
    assert (answer.status, answer.code) == (status, code), answer.text
    if route:
        assert_documented("post", f"/assistant/{route}", status, code)
    details: dict[str, Any] = answer.json["error"]["details"]
    return details


def order(client: Client, pack: object = 50, **headers: str) -> Answer:
    return client.post(f"{HELPER}/create_payment", {"pack": pack}, headers=headers)


def change(client: Client, number: object, *, headers: dict[str, str] | None = None, **fields: object) -> Answer:
    body = {"user_id": ANNA, "change": number, "reason": "as agreed"} | fields
    return client.post(f"{HELPER}/update_credits", body, headers=headers)


def complete(client: Client, order_id: object, headers: dict[str, str] | None = None) -> Answer:
    return client.post(f"{HELPER}/complete_payment", {"order_id": order_id}, headers=headers)


def payload_of(app: FakeApp, order_id: str) -> str:
    kept = app.store.order(order_id)
    assert kept
    return kept.payload(app.settings.secret_key)


def paid(app: FakeApp, order_id: str, charge_id: str) -> None:
    """As Telegram reports it, for the pack of 50."""
    app.paying.credit(ANNA, charge_id, payload_of(app, order_id), 80, XTR, app.now())


def credits_of(app: FakeApp, user_id: int = ANNA) -> int:
    return app.questions.account(user_id).credits


# --- invoices -------------------------------------------------------------------------------------------------------


def test_a_pack_is_ordered_paid_and_there(app: FakeApp, anna: Client) -> None:
    made = order(anna)
    assert made.status == 201
    assert_fits(made.json, components()["Payment"], "Payment")
    kept = app.store.order(made.json["order_id"])
    assert kept
    assert (kept.user_id, kept.amount.amount, kept.credits) == (ANNA, 80, 50)
    assert app.stars.links == [(kept, payload_of(app, kept.id))]
    assert made.json["link"] == f"https://t.me/$invoice-{kept.id}"
    assert credits_of(app) == 0, "it is not paid"
    paid(app, kept.id, "c1")
    assert anna.get(f"{HELPER}/get_credits").json["credits"] == 50


@pytest.mark.parametrize(
    ("language", "title"), [("en", "50 answers of the AI helper"), ("ru", "50 ответов Помогатора")]
)
def test_the_invoice_speaks_the_language_of_the_caller(
    app: FakeApp, anna: Client, monkeypatch: pytest.MonkeyPatch, language: str, title: str
) -> None:
    said: list[tuple[str, str]] = []

    def link(_: object, heading: str, about: str, payload: str) -> str:
        said.append((heading, about))
        return f"http://pay.test/{payload}"

    monkeypatch.setattr(app.stars, "invoice_link", link)
    assert anna.post(f"{HELPER}/create_payment", {"pack": 50}, headers={"accept-language": language}).status == 201
    assert said[0][0] == title
    assert len(title) <= 32
    assert 0 < len(said[0][1]) <= 255


@pytest.mark.parametrize("pack", [0, 1, -50, 51, 10**12, 10**39])
def test_there_is_no_pack_of_another_size(app: FakeApp, anna: Client, pack: int) -> None:
    assert refused(order(anna, pack), 422, "invalid", "create_payment")["field"] == "pack"
    assert not app.store.tables.orders


@pytest.mark.parametrize("pack", ["50", 50.0, True, None, [50], {"credits": 50}])
def test_a_pack_is_a_whole_number(app: FakeApp, anna: Client, pack: object) -> None:
    assert refused(order(anna, pack), 422, "invalid")["field"] == "pack"
    assert not app.store.tables.orders


def test_the_packs_are_those_of_the_settings() -> None:
    app = offering(ASSISTANT_PACKS="7:3")
    join(app, ANNA)
    assert order(program(app, ANNA), 7).status == 201
    refused(order(program(app, ANNA), 50), 422, "invalid")


def test_invoices_have_the_limit_of_all_invoices(app: FakeApp, anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.INVOICE, Limit(2, 3600))
    assert [order(anna).status for _ in range(2)] == [201, 201]
    told = order(anna, **KEY)
    refused(told, 429, "too_many_requests", "create_payment")
    assert int(told.headers["retry-after"]) == 3600
    app.clock.forward(hours=1)
    assert order(anna, **KEY).status == 201, "it is not remembered"


def test_more_packs_than_one_may_have_are_not_sold(app: FakeApp, anna: Client) -> None:
    for _ in range(50):
        give(app, ANNA, 1)
    assert refused(order(anna), 409, "too_many_packs", "create_payment") == {"most": 50}


def test_a_repeat_is_told_the_same_invoice(app: FakeApp, anna: Client) -> None:
    first = order(anna, **KEY)
    app.clock.forward(minutes=5)
    again = order(anna, **KEY)
    assert (again.status, again.json) == (201, first.json)
    assert order(anna).json["order_id"] != first.json["order_id"]
    refused(order(anna, 10, **KEY), 422, "idempotency_key_reused")


def test_of_two_with_one_key_at_once_both_are_told_one_invoice(app: FakeApp, anna: Client) -> None:
    others: list[Answer] = []
    app.store.meanwhile(lambda: others.append(order(anna, **KEY)))
    assert order(anna, **KEY).json == others[0].json
    assert order(anna, **KEY).json == others[0].json


def test_telegram_in_trouble_is_told_and_the_repeat_tries_again(app: FakeApp, anna: Client) -> None:
    app.stars.fail_next(TryLater(5))
    told = order(anna, **KEY)
    refused(told, 503, "unavailable")
    assert told.headers["retry-after"]
    assert order(anna, **KEY).status == 201


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
    refused(complete(anna, order(anna).json["order_id"]), 403, "forbidden")
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


# --- operators: complete_payment ------------------------------------------------------------------------------------


def ungranted(app: FakeApp, anna: Client) -> str:
    """An order whose payment found no room for its pack: its money is in the wallet."""
    made: str = order(anna).json["order_id"]
    for _ in range(50):
        give(app, ANNA, 1)
    paid(app, made, "c1")
    give(app, ANNA, -50)
    return made


def test_what_is_paid_and_was_not_granted_is_granted_once(app: FakeApp, anna: Client, finance: Client) -> None:
    made = ungranted(app, anna)
    assert (credits_of(app), app.store.wallet(ANNA, XTR).available.amount) == (0, 80)
    told = complete(finance, made)
    assert told.status == 200
    assert_fits(told.json, components()["Credits"], "Credits")
    assert told.json["credits"] == 50
    assert complete(finance, made).json["credits"] == 50
    assert (credits_of(app), app.store.wallet(ANNA, XTR).available.amount) == (50, 0)
    granted = [each for each in app.store.tables.audit.values() if each.action == "grant-credits"]
    assert [(each.admin_id, each.user_id) for each in granted] == [(53, ANNA)]


def test_of_two_operators_at_once_one_grants_it(app: FakeApp, anna: Client, finance: Client) -> None:
    made = ungranted(app, anna)
    owner, others = program(app, PEOPLE["owner"]), []
    app.store.meanwhile(lambda: others.append(complete(owner, made)))
    assert complete(finance, made).json == others[0].json
    assert (credits_of(app), app.store.wallet(ANNA, XTR).available.amount) == (50, 0)


@pytest.mark.parametrize("after", [False, True])
def test_one_that_died_while_granting_grants_once(app: FakeApp, anna: Client, finance: Client, after: bool) -> None:
    made = ungranted(app, anna)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        complete(finance, made, KEY)
    answers = [complete(finance, made, KEY) for _ in range(2)]
    assert [each.json["credits"] for each in answers] == [50, 50]
    assert app.store.wallet(ANNA, XTR).available.amount == 0


def test_what_was_granted_already_is_done_and_costs_nothing(app: FakeApp, anna: Client, finance: Client) -> None:
    made = order(anna).json["order_id"]
    paid(app, made, "c1")
    assert complete(finance, made).json["credits"] == 50
    assert credits_of(app) == 50


def test_nothing_is_granted_without_a_payment(app: FakeApp, anna: Client, finance: Client) -> None:
    made = order(anna).json["order_id"]
    pay(app, ANNA, 500)
    for _ in range(2):
        refused(complete(finance, made), 409, "not_paid", "complete_payment")
    assert (credits_of(app), app.store.wallet(ANNA, XTR).available.amount) == (0, 500)


def test_money_that_was_spent_on_something_else_buys_no_pack(app: FakeApp, anna: Client, finance: Client) -> None:
    made = ungranted(app, anna)
    app.buying.buy(ANNA, 10, "r1", app.now())
    refused(complete(finance, made), 409, "insufficient_funds", "complete_payment")
    assert credits_of(app) == 10


@pytest.mark.parametrize("order_id", ["0" * 16, "f" * 32, "0" * 33, "", "x", "../a", "a" * 5000, "\x00"])
def test_an_order_that_was_never_made_is_not_found(finance: Client, order_id: str) -> None:
    refused(complete(finance, order_id), 404, "not_found", "complete_payment")


def test_nor_is_one_of_something_else(app: FakeApp, finance: Client) -> None:
    pay(app, ANNA, 80)
    (other,) = app.store.tables.orders
    refused(complete(finance, other), 404, "not_found")


@pytest.mark.parametrize("order_id", [None, 5, True, ["a"]])
def test_an_order_is_named_by_a_text(finance: Client, order_id: object) -> None:
    assert refused(complete(finance, order_id), 422, "invalid")["field"] == "order_id"
