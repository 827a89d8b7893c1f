"""Payments in the panel: found, looked into, refunded, and bills decided about; once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from starbid.domain.bills import BillState, ProviderStatus, Reported
from starbid.domain.payments import ChargeState
from starbid.domain.roles import Role
from starbid.services.ports import Contended, OutOfOrder, StarTransaction
from tests.support.billed import make_shop, open_bill, roubles
from tests.support.factories import ANNA, BORIS, join, market, pay
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.web import Answer, Client, text

ADMIN, FINANCE, SUPPORT, VIEWER = 900, 801, 802, 803


@pytest.fixture
def app() -> FakeApp:
    app, _ = make_shop()
    for user_id, role in ((ADMIN, None), (FINANCE, Role.FINANCE), (SUPPORT, Role.SUPPORT), (VIEWER, Role.VIEWER)):
        join(app, user_id, role=role)
    return app


def desk(app: FakeApp, user_id: int = FINANCE) -> Client:
    return Client(app).log_in(user_id)


def refund(client: Client, charge_id: str, **fields: Any) -> Answer:
    given: dict[str, Any] = {"reason": "they asked for it", "request_id": "r1"} | fields
    return client.post_form(f"/admin/payments/{quote(charge_id, safe='')}/refund", **given)


def differing(app: FakeApp) -> str:
    bill = open_bill(app)
    paid = Reported(bill.id, ProviderStatus.PAID, Decimal("499.00"), "RUB")
    app.settling.settle(bill.id, paid, app.now())
    return bill.id


def paid_bill(app: FakeApp) -> str:
    bill = open_bill(app)
    app.settling.settle(bill.id, Reported(bill.id, ProviderStatus.PAID, Decimal(500), "RUB"), app.now())
    return bill.id


def test_the_last_payment_of_a_person_is_refunded_in_three_clicks_from_their_page(app: FakeApp) -> None:
    pay(app, ANNA, 50, "older")
    app.clock.forward(minutes=1)
    pay(app, ANNA, 250, "newest")
    client = desk(app)
    page = client.get("/admin/payments", user_id=ANNA)
    first = page.text.split("<tr data-row>")[1]
    assert 'href="/admin/payments/newest"' in first  # the first click
    assert "Refund ⭐ 250" in text(client.get("/admin/payments/newest"))  # the second unfolds it, the third does it
    assert refund(client, "newest").status == 303
    assert "The payment is refunded." in text(client.get("/admin/payments/newest"))
    assert app.stars.refunded == ["newest"]
    assert app.store.wallet(ANNA, "XTR").available.amount == 50
    assert_invariants(dump_of(app.store))


def test_who_refunded_what_and_why_is_on_record(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    refund(desk(app), "c1")
    (entry,) = app.store.tables.audit.values()
    assert (entry.admin_id, entry.action, entry.user_id, entry.subject) == (FINANCE, "refund-charge", ANNA, "charge/c1")
    assert (entry.before, entry.after, entry.reason) == ("credited, 250 XTR", "refunded", "they asked for it")
    assert entry.address == "127.0.0.1"


def test_a_form_that_is_posted_twice_refunds_once(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    client = desk(app)
    assert [refund(client, "c1").status for _ in range(3)] == [303] * 3
    assert app.stars.refunded == ["c1"]
    assert len(app.store.tables.audit) == 1


def test_two_operators_refund_once_and_the_second_sees_it(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    refund(desk(app), "c1")
    second = desk(app, ADMIN)
    assert refund(second, "c1", request_id="r2").status == 303
    assert "refunded" in text(second.get("/admin/payments/c1"))
    assert app.stars.refunded == ["c1"]
    assert [entry.admin_id for entry in app.store.tables.audit.values()] == [FINANCE]


def test_what_is_spent_is_not_refunded_and_the_page_says_why() -> None:
    app, lot = market(buy_now_price=9_000, start_price=100)
    join(app, ADMIN)
    (charge,) = app.store.charges_of(ANNA)
    app.bidding.buy(lot.auction.id, ANNA, 9_000, app.now())
    client = desk(app, ADMIN)
    page = text(client.get(f"/admin/payments/{charge.id}"))
    assert "The wallet has ⭐ 1 000 available: ⭐ 9 000 is missing, spent or frozen in bids." in page
    assert "Refund ⭐" not in page
    answer = refund(client, charge.id, reason="all the same")
    assert answer.status == 409
    assert text(answer).count("⭐ 9 000 is missing, spent or frozen in bids.") == 2
    assert app.store.tables.charges[charge.id].state is ChargeState.CREDITED
    assert not app.store.tables.audit


@pytest.mark.parametrize(("who", "status"), [(VIEWER, 403), (SUPPORT, 403), (ANNA, 404), (BORIS, 404)])
def test_nobody_below_finance_refunds(app: FakeApp, who: int, status: int) -> None:
    pay(app, ANNA, 250, "c1")
    client = desk(app, who)
    assert refund(client, "c1").status == status
    assert app.store.tables.charges["c1"].state is ChargeState.CREDITED
    assert client.get("/admin/payments/c1").status == (200 if status == 403 else 404)


def test_without_the_token_of_the_form_nothing_is_refunded(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    assert refund(desk(app), "c1", csrf_token="another").status == 403
    assert app.stars.refunded == []


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_reason_nothing_is_refunded_and_what_was_typed_stays(app: FakeApp, reason: str) -> None:
    pay(app, ANNA, 250, "c1")
    answer = refund(desk(app), "c1", reason=reason)
    assert answer.status == 422
    assert "<details" in answer.text
    assert " open" in answer.text
    assert reason.strip() in answer.text
    assert app.stars.refunded == []


@pytest.mark.parametrize("after", [False, True])
def test_telegram_that_does_not_answer_leaves_the_refund_under_way(app: FakeApp, after: bool) -> None:
    pay(app, ANNA, 250, "c1")
    app.stars.fail_next(OutOfOrder(5), after=after)
    client = desk(app)
    assert refund(client, "c1").status == 303
    page = text(client.get("/admin/payments/c1"))
    assert "The refund is on its way: Telegram has not confirmed it yet." in page
    assert "c1" in client.get("/admin/payments", state="unfinished").text
    app.refunding.finish_refunds(app.now())
    assert "refunded" in text(client.get("/admin/payments/c1"))
    assert app.stars.refunded == ["c1"]


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_the_refund_leaves_it_with_its_entry_or_neither(app: FakeApp, after: bool) -> None:
    pay(app, ANNA, 250, "c1")
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        refund(desk(app), "c1")
    assert (app.store.tables.charges["c1"].state is ChargeState.REFUNDING) is bool(app.store.tables.audit) is after
    refund(desk(app), "c1")
    assert app.stars.refunded == ["c1"]
    assert len(app.store.tables.audit) == 1


def test_a_race_with_the_person_is_decided_again(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    app.store.fail_next(Contended())
    assert refund(desk(app), "c1").status == 303
    assert app.stars.refunded == ["c1"]


def test_a_charge_shows_what_it_did_and_what_telegram_lists(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    client = desk(app, VIEWER)
    page = text(client.get("/admin/payments/c1"))
    assert "stars:c1" in page
    assert "It can be refunded by finance." in page
    assert "Telegram lists nothing with this id" in text(client.get("/admin/payments/c1", listed=1))
    app.stars.listed = [StarTransaction("c1", 250, app.now(), incoming=True)]
    assert "paid ⭐ 250" in text(client.get("/admin/payments/c1", listed=1))
    app.stars.fail_next(OutOfOrder(5))
    assert "Telegram gave no answer." in text(client.get("/admin/payments/c1", listed=1))


def test_a_payment_is_found_by_its_id_and_a_person_by_theirs(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    bill_id = differing(app)
    client = desk(app)
    assert client.get("/admin/payments", q="c1").headers["location"] == "/admin/payments/c1"
    assert client.get("/admin/payments", q=bill_id).headers["location"] == f"/admin/payments/{bill_id}"
    assert client.get("/admin/payments", q=str(ANNA)).headers["location"] == f"/admin/payments?user_id={ANNA}"


@pytest.mark.parametrize("query", ["nobody", "0" * 40, "💸" * 100, "x" * 3_000, "' OR 1=1", "../.."])
def test_what_is_not_there_is_not_found_in_words(app: FakeApp, query: str) -> None:
    answer = desk(app).get("/admin/payments", q=query)
    assert answer.status == 404
    assert "No payment and no person has the id" in text(answer)


def test_the_newest_payments_of_all_come_first_page_by_page(app: FakeApp) -> None:
    for number in range(60):
        app.clock.forward(minutes=1)
        pay(app, ANNA, 1, f"c{number}")
    app.clock.forward(minutes=1)
    client = desk(app)
    first = client.get("/admin/payments")
    assert first.text.index("/admin/payments/c59") < first.text.index("/admin/payments/c10")
    assert "/admin/payments/c9&quot;" not in first.text
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    path, _, query = following.partition("?")
    second = client.send("GET", path, query)
    assert '/admin/payments/c9"' in second.text
    assert '/admin/payments/c10"' not in second.text


def test_balances_are_rebuilt_and_compared(app: FakeApp) -> None:
    pay(app, ANNA, 250, "c1")
    paid_bill(app)
    client = desk(app, VIEWER)
    page = text(client.get("/admin/payments", user_id=ANNA, balances=1))
    assert page.count("Right, by 1 operation.") == 2
    key = (ANNA, "XTR")
    wallet = app.store.tables.wallets[key]
    object.__setattr__(wallet, "available", wallet.available + wallet.available)
    assert "They differ." in text(client.get("/admin/payments", user_id=ANNA, balances=1))


def test_a_bill_that_differs_is_credited_once(app: FakeApp) -> None:
    bill_id, client = differing(app), desk(app)
    assert "1 Bills that differ from what was paid" in text(client.get("/admin"))
    assert bill_id in client.get("/admin/payments", state="differ").text
    path = f"/admin/payments/{bill_id}/credit"
    assert [client.post_form(path, reason="so be it", request_id=key).status for key in "aab"] == [303] * 3
    assert roubles(app) == 49_900
    assert [entry.action for entry in app.store.tables.audit.values()] == ["credit-bill"]
    assert_invariants(dump_of(app.store))


def test_who_comes_second_with_another_decision_sees_what_happened(app: FakeApp) -> None:
    bill_id = differing(app)
    desk(app).post_form(f"/admin/payments/{bill_id}/credit", reason="so be it", request_id="a")
    answer = desk(app, ADMIN).post_form(f"/admin/payments/{bill_id}/returned", reason="sent back", request_id="b")
    assert answer.status == 409
    assert "paid and credited" in text(answer)
    assert app.store.tables.bills[bill_id].state is BillState.PAID


def test_a_bill_is_marked_as_returned_and_another_as_charged_back(app: FakeApp) -> None:
    client, bill_id = desk(app), differing(app)
    assert client.post_form(f"/admin/payments/{bill_id}/returned", reason="sent back", request_id="a").status == 303
    assert app.store.tables.bills[bill_id].state is BillState.RETURNED
    paid = paid_bill(app)
    for _ in range(2):
        answer = client.post_form(f"/admin/payments/{paid}/charged-back", reason="told by mail", request_id="b")
        assert answer.status == 303
    assert roubles(app) == 0
    assert "taken back by the provider" in text(client.get(f"/admin/payments/{paid}"))
    assert [entry.action for entry in app.store.tables.audit.values()] == ["return-bill", "charge-back"]


def test_the_provider_is_asked_again(app: FakeApp) -> None:
    bill, client = open_bill(app), desk(app)
    page = text(client.get(f"/admin/payments/{bill.id}"))
    assert "Ask the provider again" in page
    answer = client.post_form(f"/admin/payments/{bill.id}/ask", reason="the person says it is paid", request_id="a")
    assert answer.status == 303
    assert [entry.action for entry in app.store.tables.audit.values()] == ["ask-provider"]


@pytest.mark.parametrize("act", ["ask", "credit", "returned", "charged-back"])
@pytest.mark.parametrize("who", [VIEWER, SUPPORT])
def test_nobody_below_finance_decides_about_a_bill(app: FakeApp, act: str, who: int) -> None:
    bill_id = differing(app)
    answer = desk(app, who).post_form(f"/admin/payments/{bill_id}/{act}", reason="so", request_id="a")
    assert answer.status == 403
    assert app.store.tables.bills[bill_id].state is BillState.DIFFERENT


@pytest.mark.parametrize("act", ["refund", "ask", "credit", "returned", "charged-back"])
def test_an_unknown_payment_is_not_found(app: FakeApp, act: str) -> None:
    assert desk(app).post_form(f"/admin/payments/nothing/{act}", reason="so", request_id="a").status == 404
