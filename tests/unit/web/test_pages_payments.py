"""Receipts on the site, and asking for a payment back there: blocked people too."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import pytest

from starbid.domain.limits import LIMITS, Deed
from starbid.domain.refund_requests import mark_of
from tests.support.blocking import block
from tests.support.desk import decision
from tests.support.factories import ANNA, BORIS, join, pay
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, text


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for who in (ANNA, BORIS):
        join(app, who)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    """Who paid 250 as c1."""
    pay(app, ANNA, 250, "c1")
    return Client(app).log_in(ANNA)


def receipt(anna: Client) -> str:
    return str(re.findall(r'href="(/wallet/payments/[^"]+)"', anna.get("/wallet/payments").text)[0])


def ask(client: Client, url: str, reason: str = "by mistake") -> int:
    return client.post_form(f"{url}/refund", reason=reason).status


def test_all_payments_are_listed_in_pages(app: FakeApp, anna: Client) -> None:
    for number in range(30):
        app.clock.forward(minutes=1)
        pay(app, ANNA, number + 1)
    page = anna.get("/wallet/payments").text
    cursor = unquote_plus(re.findall(r'href="/wallet/payments\?cursor=([^"]+)"', page)[0])
    pages = page + anna.get("/wallet/payments", cursor=cursor).text
    found = re.findall(r'href="(/wallet/payments/[^"]+)"', pages)
    assert len(found) == len(set(found)) == 31
    assert "/wallet/payments" in anna.get("/wallet").text


def test_a_receipt_tells_all_of_a_payment(anna: Client) -> None:
    page = text(anna.get(receipt(anna)))
    for told in ("⭐ 250", "Stars for the wallet", "Telegram Stars", "payment received", "c1"):
        assert told in page


def test_it_is_asked_back_once_and_told_how_it_stands(app: FakeApp, anna: Client) -> None:
    url = receipt(anna)
    assert [ask(anna, url) for _ in range(2)] == [303, 303]
    assert [one.reason for one in app.refund_requests.waiting(app.now(), 9)] == ["by mistake"]
    assert "under review" in text(anna.get(url))
    assert app.stars.refunded == []
    app.refund_requests.approve(ANNA, mark_of("c1"), decision(app))
    assert "refunded" in text(anna.get(url))


def test_a_form_that_is_sent_again_and_again_is_one_request_and_no_rush(app: FakeApp, anna: Client) -> None:
    url = receipt(anna)
    assert {ask(anna, url) for _ in range(LIMITS[Deed.PAYOUT].most + 1)} == {303}
    assert len(app.refund_requests.waiting(app.now(), 9)) == 1


def test_asking_for_much_that_cannot_go_back_is_limited(app: FakeApp, anna: Client) -> None:
    url = receipt(anna)
    app.people.subscribe(ANNA, "r1", app.now())
    assert [ask(anna, url) for _ in range(LIMITS[Deed.PAYOUT].most + 1)][-2:] == [409, 429]


def test_the_oldest_of_many_payments_is_asked_back_on_its_receipt(app: FakeApp, anna: Client) -> None:
    url = receipt(anna)
    for _ in range(100):
        app.clock.forward(minutes=1)
        pay(app, ANNA, 1)
    assert f"{url}/refund" in anna.get(url).text
    assert ask(anna, url) == 303
    assert [one.charge_id for one in app.refund_requests.waiting(app.now(), 9)] == ["c1"]


def test_a_reason_is_asked_for_again_where_it_says_nothing(app: FakeApp, anna: Client) -> None:
    url = receipt(anna)
    answer = anna.post_form(f"{url}/refund", reason=" ")
    assert answer.status == 422
    assert "reason-fault" in answer.text
    long = anna.post_form(f"{url}/refund", reason="<b>" * 300)
    assert long.status == 422
    assert "&lt;b&gt;&lt;b&gt;" in long.text
    assert app.refund_requests.waiting(app.now(), 9) == []


def test_one_that_is_blocked_may_ask_too(app: FakeApp, anna: Client) -> None:
    url = receipt(anna)
    block(app, ANNA)
    anna = Client(app).log_in(ANNA)
    assert ask(anna, url) == 303
    assert len(app.refund_requests.waiting(app.now(), 9)) == 1


def test_what_cannot_go_back_says_why_and_has_no_form(app: FakeApp, anna: Client) -> None:
    url = receipt(anna)
    app.people.subscribe(ANNA, "r1", app.now())
    assert f"{url}/refund" not in anna.get(url).text
    assert ask(anna, url) == 409
    assert app.refund_requests.waiting(app.now(), 9) == []


def test_another_person_finds_no_receipt_and_asks_for_nothing(app: FakeApp, anna: Client) -> None:
    url, boris = receipt(anna), Client(app).log_in(BORIS)
    assert boris.get(url).status == 404
    assert ask(boris, url) == 404
    assert Client(app).get(url).status == 303
    assert app.refund_requests.waiting(app.now(), 9) == []


@pytest.mark.parametrize("name", ["x", "1-", "-1-a", f"{'9' * 13}-0", f"{'9' * 40}-0", "١-a"])
def test_an_address_that_nobody_made_is_not_found(anna: Client, name: str) -> None:
    assert anna.get(f"/wallet/payments/{name}").status == 404


def test_a_form_without_its_token_asks_for_nothing(app: FakeApp, anna: Client) -> None:
    assert anna.post_form(f"{receipt(anna)}/refund", csrf=False, reason="x").status == 403
    assert app.refund_requests.waiting(app.now(), 9) == []
