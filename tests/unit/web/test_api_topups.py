"""Top-ups through the API."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.bills import Bill, BillState, ProviderStatus
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.domain.unfinished import BuyAct
from starbid.services.ports import Contended, ProviderTrouble
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, join
from tests.support.fake_bills import OPEN, REFUSED, FakeBills, reported
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.web import Answer, Client, program
from web.api.components import components

TOPUPS = "/api/v1/me/topups"
ASKED = {"amount": 50_000, "currency": "RUB", "provider": "qiwi"}
KEY = {"idempotency-key": "k1"}


@pytest.fixture
def qiwi() -> FakeBills:
    return FakeBills()


@pytest.fixture
def market(qiwi: FakeBills) -> FakeApp:
    app = make_app(
        {"TOPUP_QIWI_SECRET_KEY": "q", "TOPUP_CRYPTOPAY_TOKEN": "c"},
        bill_gateways={Provider.QIWI: qiwi, Provider.CRYPTOPAY: FakeBills()},
    )
    join(app, ANNA)
    join(app, BORIS)
    return app


@pytest.fixture
def anna(market: FakeApp) -> Client:
    return program(market, ANNA)


def assert_refused(answer: Answer, status: int, code: str) -> dict[str, Any]:
    assert (answer.status, answer.code) == (status, code), answer.text
    details: dict[str, Any] = answer.json["error"]["details"]
    return details


def test_a_bill_is_made_paid_and_told(market: FakeApp, anna: Client, qiwi: FakeBills) -> None:
    made = anna.post(TOPUPS, ASKED)
    assert made.status == 201
    bill_id = made.json["id"]
    assert made.json == {
        **ASKED,
        "id": bill_id,
        "status": "waiting",
        "pay_url": f"http://pay.test/{bill_id}",
        "expires_at": "2026-05-01T12:05:00.000Z",
    }
    assert set(made.json) == set(components()["TopUp"]["properties"])
    assert anna.get(f"{TOPUPS}/{bill_id}").json == made.json
    qiwi.say(bill_id, ProviderStatus.PAID)
    market.clock.forward(seconds=5)
    assert anna.get(f"{TOPUPS}/{bill_id}").json == {**made.json, "status": "paid"}
    assert anna.get("/api/v1/me/wallet").json["RUB"] == {"available": 50_000, "held": 0}


def test_the_same_amount_again_is_the_open_bill_and_another_a_conflict_that_names_it(anna: Client) -> None:
    made = anna.post(TOPUPS, ASKED)
    again = anna.post(TOPUPS, ASKED)
    assert (again.status, again.json) == (200, made.json)
    details = assert_refused(anna.post(TOPUPS, {**ASKED, "amount": 60_000}), 409, "bill_open")
    assert details["id"] == made.json["id"]
    assert anna.post(TOPUPS, {**ASKED, "provider": "cryptopay", "amount": 60_000}).status == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": 999}, "amount"),
        ({"amount": 10_000_001}, "amount"),
        ({"amount": 10**39}, "amount"),
        ({"amount": "500"}, "amount"),
        ({"amount": 500.5}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": None}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"currency": "XTR"}, "currency"),
        ({"currency": None}, "currency"),
        ({"currency": ["RUB"]}, "currency"),
        ({"provider": "telegram"}, "provider"),
        ({"provider": "stars"}, "provider"),
        ({"provider": 7}, "provider"),
        ({"provider": None}, "provider"),
    ],
)
def test_what_no_bill_can_be_is_refused_by_its_field(
    anna: Client, qiwi: FakeBills, changes: dict[str, object], field: str
) -> None:
    details = assert_refused(anna.post(TOPUPS, {**ASKED, **changes}), 422, "invalid")
    assert details["field"] == field
    assert not qiwi.calls


def test_the_only_provider_need_not_be_named(qiwi: FakeBills) -> None:
    app = make_app({"TOPUP_QIWI_SECRET_KEY": "q"}, bill_gateways={Provider.QIWI: qiwi})
    join(app, ANNA)
    made = program(app, ANNA).post(TOPUPS, {"amount": 50_000, "currency": "RUB"})
    assert (made.status, made.json["provider"]) == (201, "qiwi")


def test_where_nobody_collects_roubles_there_is_no_provider_to_choose() -> None:
    app = make_app()
    join(app, ANNA)
    assert_refused(program(app, ANNA).post(TOPUPS, ASKED), 422, "invalid")
    assert program(app, ANNA).get(TOPUPS).json == {"items": [], "cursor": None}


@pytest.mark.parametrize("trouble", [OPEN, REFUSED])
@pytest.mark.parametrize("headers", [{}, KEY])
def test_a_provider_that_fails_is_told_with_503(
    anna: Client, qiwi: FakeBills, trouble: ProviderTrouble, headers: dict[str, str]
) -> None:
    qiwi.trouble["create"] = [trouble]
    details = assert_refused(anna.post(TOPUPS, ASKED, headers=headers), 503, "provider_error")
    assert details == {"provider": "qiwi"}
    (bill,) = anna.get(TOPUPS).json["items"]
    assert (bill["status"], bill["pay_url"]) == ("failed", None)
    if headers:
        assert_refused(anna.post(TOPUPS, ASKED, headers=headers), 503, "provider_error")
        assert qiwi.calls.count("create") == 1
    assert anna.post(TOPUPS, ASKED).status == 201


def test_a_bill_is_told_as_last_heard_of_while_its_provider_does_not_answer(anna: Client, qiwi: FakeBills) -> None:
    made = anna.post(TOPUPS, ASKED).json
    qiwi.trouble["find"] = [OPEN]
    answer = anna.get(f"{TOPUPS}/{made['id']}")
    assert (answer.status, answer.json) == (200, made)


def test_a_program_that_hears_of_the_payment_leaves_the_person_the_button_that_goes_on(
    market: FakeApp, anna: Client, qiwi: FakeBills
) -> None:
    lamp = BuyAct("lot1", Money(50_000, "RUB"), 1)
    bill = market.top_ups.open(ANNA, lamp.price, Provider.QIWI, market.now(), lamp).bill
    qiwi.say(bill.id, ProviderStatus.PAID)
    assert anna.get(f"{TOPUPS}/{bill.id}").json["status"] == "paid"
    (told,) = [notice for notice in market.run_streams() if notice.user_id == ANNA]
    assert (told.kind, told.facts["awaits"]) == ("credited", "buy")


def test_nobody_sees_the_bill_of_another(market: FakeApp, anna: Client, qiwi: FakeBills) -> None:
    made = anna.post(TOPUPS, ASKED).json
    boris = program(market, BORIS)
    assert_refused(boris.get(f"{TOPUPS}/{made['id']}"), 404, "not_found")
    assert_refused(anna.get(f"{TOPUPS}/{'0' * 32}"), 404, "not_found")
    assert_refused(anna.get(f"{TOPUPS}/1"), 404, "not_found")
    assert_refused(Client(market).get(f"{TOPUPS}/{made['id']}"), 401, "unauthenticated")
    assert boris.get(TOPUPS).json["items"] == []
    assert "find" not in qiwi.calls


def test_the_list_is_newest_first_and_read_in_pages(market: FakeApp, anna: Client) -> None:
    ids = []
    for amount in (10_000, 20_000, 30_000):
        ids.append(anna.post(TOPUPS, {**ASKED, "amount": amount}).json["id"])
        market.top_ups.cancel(ids[-1], ANNA, market.now())
        market.clock.forward(seconds=1)
    first = anna.get(TOPUPS, limit=2).json
    assert [bill["id"] for bill in first["items"]] == [ids[2], ids[1]]
    rest = anna.get(TOPUPS, limit=2, cursor=first["cursor"]).json
    assert [bill["id"] for bill in rest["items"]] == [ids[0]]
    assert rest["cursor"] is None
    assert {bill["status"] for bill in first["items"]} == {"rejected"}
    assert anna.get(TOPUPS, limit=0).status == 422


def test_a_blocked_person_makes_no_bill(market: FakeApp, anna: Client, qiwi: FakeBills) -> None:
    block(market, ANNA)
    assert_refused(anna.post(TOPUPS, ASKED), 403, "blocked")
    assert not qiwi.calls


# --- the same request twice -----------------------------------------------------------------------------------------


def test_a_repeat_gives_the_same_answer_and_no_second_bill_whatever_has_become_of_it(
    market: FakeApp, anna: Client, qiwi: FakeBills
) -> None:
    first = anna.post(TOPUPS, ASKED, headers=KEY)
    qiwi.say(first.json["id"], ProviderStatus.PAID)
    market.clock.forward(minutes=10)
    anna.get(f"{TOPUPS}/{first.json['id']}")
    again = anna.post(TOPUPS, ASKED, headers=KEY)
    assert (again.status, again.json) == (201, first.json)
    assert qiwi.calls.count("create") == 1
    assert_refused(anna.post(TOPUPS, {**ASKED, "amount": 60_000}, headers=KEY), 422, "idempotency_key_reused")


def test_a_repeat_of_one_that_found_an_open_bill_finds_it_too(market: FakeApp, anna: Client) -> None:
    made = anna.post(TOPUPS, ASKED)
    found = anna.post(TOPUPS, ASKED, headers=KEY)
    market.top_ups.cancel(made.json["id"], ANNA, market.now())
    again = anna.post(TOPUPS, ASKED, headers=KEY)
    assert (found.status, again.status) == (200, 200)
    assert again.json == found.json == made.json


def test_a_repeat_of_one_that_died_before_the_provider_answered_goes_on_with_its_bill(
    market: FakeApp, anna: Client, qiwi: FakeBills
) -> None:
    qiwi.during["create"] = _die
    with pytest.raises(Death):
        anna.post(TOPUPS, ASKED, headers=KEY)
    qiwi.during.clear()
    market.clock.forward(seconds=40)
    again = anna.post(TOPUPS, ASKED, headers=KEY)
    assert (again.status, again.json["status"]) == (201, "waiting")
    assert again.json["pay_url"]
    assert qiwi.calls.count("create") == 1
    assert len(market.store.tables.bills) == 1


def test_a_repeat_of_one_that_died_and_whose_time_is_over_makes_no_other_bill(
    market: FakeApp, anna: Client, qiwi: FakeBills
) -> None:
    qiwi.during["create"] = _die
    with pytest.raises(Death):
        anna.post(TOPUPS, ASKED, headers=KEY)
    qiwi.during.clear()
    market.clock.forward(minutes=6)
    assert_refused(anna.post(TOPUPS, ASKED, headers=KEY), 503, "provider_error")
    (bill,) = market.store.tables.bills.values()
    assert bill.state is BillState.CREATING


def test_what_was_paid_before_the_provider_answered_is_no_failure(
    market: FakeApp, anna: Client, qiwi: FakeBills
) -> None:
    def pay(bill: Bill) -> None:
        market.settling.hear(Provider.QIWI, reported(bill, ProviderStatus.PAID, pay_url=""), market.now())

    qiwi.during["create"] = pay
    answers = [anna.post(TOPUPS, ASKED, headers=KEY) for _ in range(2)]
    assert [(each.status, each.json["status"], each.json["pay_url"]) for each in answers] == [(201, "paid", None)] * 2


def test_a_conflict_is_not_remembered(market: FakeApp, anna: Client) -> None:
    market.store.fail_next(Contended(), times=10_000)
    assert_refused(anna.post(TOPUPS, ASKED, headers=KEY), 409, "conflict")
    market.store.heal()
    assert anna.post(TOPUPS, ASKED, headers=KEY).status == 201


def _die(_: object) -> None:
    raise Death
