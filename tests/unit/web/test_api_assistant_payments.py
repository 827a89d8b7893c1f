"""Packs through the API: their invoices, and orders that operators have granted."""

from __future__ import annotations

import pytest

from starbid.domain import limits
from starbid.domain.limits import Deed, Limit
from starbid.domain.money import XTR
from starbid.domain.roles import Role
from starbid.services.ports import TryLater
from tests.support.desk import OWNER
from tests.support.factories import ANNA, join, pay
from tests.support.fakes import Death, FakeApp
from tests.support.schemas import assert_fits
from tests.support.web import Answer, Client, program
from tests.support.worker import HELPER, give, offering, refused
from web.api.components import components

KEY = {"idempotency-key": "k1"}
FINANCE = 53


@pytest.fixture
def app() -> FakeApp:
    app = offering()
    join(app, ANNA)
    join(app, OWNER)
    join(app, FINANCE, role=Role.FINANCE)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return program(app, ANNA)


@pytest.fixture
def finance(app: FakeApp) -> Client:
    return program(app, FINANCE)


def order(client: Client, pack: object = 50, **headers: str) -> Answer:
    return client.post(f"{HELPER}/create_payment", {"pack": pack}, headers=headers)


def complete(client: Client, order_id: object, headers: dict[str, str] | None = None) -> Answer:
    return client.post(f"{HELPER}/complete_payment", {"order_id": order_id}, headers=headers)


def payload_of(app: FakeApp, order_id: str) -> str:
    kept = app.store.order(order_id)
    assert kept
    return kept.payload(app.settings.secret_key)


def paid(app: FakeApp, order_id: str, charge_id: str) -> None:
    """As Telegram reports it, for the pack of 50."""
    app.paying.credit(ANNA, charge_id, payload_of(app, order_id), 80, XTR, app.now())


def credits_of(app: FakeApp) -> int:
    return app.questions.account(ANNA).credits


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
    assert int(told.headers["retry-after"]) == 1800
    app.clock.forward(seconds=1800)
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


def test_of_two_with_one_key_and_different_packs_at_once_one_is_told_an_invoice(app: FakeApp, anna: Client) -> None:
    others: list[Answer] = []
    app.store.meanwhile(lambda: others.append(order(anna, 10, **KEY)))
    refused(order(anna, 50, **KEY), 422, "idempotency_key_reused")
    assert others[0].status == 201


def test_telegram_in_trouble_is_told_and_the_repeat_tries_again(app: FakeApp, anna: Client) -> None:
    app.stars.fail_next(TryLater(5))
    told = order(anna, **KEY)
    refused(told, 503, "unavailable")
    assert told.headers["retry-after"]
    assert order(anna, **KEY).status == 201


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
    owner, others = program(app, OWNER), []
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
