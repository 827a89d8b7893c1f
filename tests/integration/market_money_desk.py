"""A day of those who look after the money, for the rights of the site's function."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from starbid.domain.bills import ProviderStatus
from starbid.domain.refund_requests import mark_of
from starbid.services.billing.differences import difference_id
from starbid.services.billing.reconciling import Difference
from starbid.storage.clients import client
from tests.support import billed, paying_out
from tests.support.factories import ANNA, BORIS, CLARA, pay
from tests.support.fake_bills import reported
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import Market
from tests.support.web import Client

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])


def money_desk(market: Market) -> None:
    app = market.app
    pay(app, CLARA, 7, "refunded-at-the-desk")
    bill = billed.keep_bill(app, "d" * 32, BORIS, billed.QIWI)
    app.settling.settle(bill.id, reported(bill, ProviderStatus.PAID, value=Decimal(1)), app.now())
    paying_out.earned(app, 1000, "RUB", days_ago=22, who=BORIS)
    payout = paying_out.ask_roubles(app, 5, "desk", who=BORIS)
    difference = Difference("missing", 1, "c")
    app.differences.keep(difference, app.now())
    for name, body in (("jobs", '{"job": "deal", "auction_id": "lot"}'), ("notices", "{}"), ("cards", "{}")):
        client("sqs").send_message(QueueUrl=app.settings.dead_letter_queues[name], MessageBody=body)
    with market.record.of("WebFunction"):
        operator = Client(app).log_in(ADMIN)
        for path in ("refunded-at-the-desk", bill.id):
            assert operator.get(f"/admin/payments/{path}").status == 200
        for query in ({"user_id": ANNA, "balances": 1}, {"state": "differ"}, {"state": "unfinished"}):
            assert operator.get("/admin/payments", **query).status == 200
        for query in ({"state": "all"}, {"user_id": BORIS}):
            assert operator.get("/admin/payouts", **query).status == 200
        assert operator.get(f"/admin/payouts/{payout.id}").status == 200
        _post(operator, "payments/refunded-at-the-desk/refund", f"payments/{bill.id}/credit")
        _post(operator, f"payments/{bill.id}/charged-back")
        _post(operator, *(f"payouts/{payout.id}/{verb}" for verb in ("approve", "begin", "paid")))
        _post(operator, "reconciliation/compare", f"reconciliation/{difference_id(difference)}/explain")
        _booked(market, operator)
        _asked_back(market, operator)
        _post(operator, "dead-letters/collect")
        letters = app.letters.listed(app.now(), is_open=True).items
        assert len(letters) == 3
        _post(operator, *(f"dead-letters/{letter.id}/resend" for letter in letters))
    assert app.store.payout(payout.id).state == "paid"
    assert app.store.charge("refunded-at-the-desk").state == "refunded"


def _booked(market: Market, operator: Client) -> None:
    """A payment that Telegram lists, and nobody asked for."""
    place = len(market.telegram.transactions)
    market.moved("source", CLARA, "listed-alone", 5, "not ours")
    found = Difference("missing", place, "listed-alone")
    market.app.differences.keep(found, market.app.now())
    _post(operator, f"reconciliation/{difference_id(found)}/settle")
    assert market.app.store.charge("listed-alone").state == "credited"


def _asked_back(market: Market, operator: Client) -> None:
    """On the receipt, by the person; decided in the panel."""
    clara = Client(market.app).log_in(CLARA)
    for charge_id, verb in (("listed-alone", "approve"), (pay(market.app, CLARA, 8, "kept").id, "refuse")):
        charge, mark = market.app.store.charge(charge_id), mark_of(charge_id)
        receipt = f"/wallet/payments/{int(charge.paid_at.timestamp() * 1000)}-{mark}"
        for path in ("/wallet/payments", receipt):
            assert clara.get(path).status == 200
        assert clara.post_form(f"{receipt}/refund", reason="by mistake").status == 303
        for path in ("/admin/refunds", f"/admin/refunds/{CLARA}/{mark}"):
            assert operator.get(path).status == 200
        _post(operator, f"refunds/{CLARA}/{mark}/{verb}")
    assert market.app.store.charge("listed-alone").state == "refunded"


def _post(operator: Client, *paths: str) -> None:
    for path in paths:
        fields: dict[str, Any] = {"reason": "so be it", "request_id": path[-40:]}
        answer = operator.post_form(f"/admin/{path}", **fields)
        assert answer.status == 303, (path, answer.text)
