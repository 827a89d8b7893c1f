"""Payouts on the site: what can be paid out, asking twice before it is final, the list, and who may not look."""

from __future__ import annotations

import re
from typing import Any

import pytest

from starbid.services.ports import Contended
from tests.support.blocking import block
from tests.support.desk import decision
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp
from tests.support.paying_out import ask, ask_roubles, earned, money_of, topped_up, with_old_earnings
from tests.support.web import Answer, Client, text

GIFT = {"currency": "XTR", "amount": "1000", "method": "premium_3"}
ROUBLES = {"currency": "RUB", "amount": "250.50", "details": "card <1234>"}


@pytest.fixture
def app() -> FakeApp:
    app = with_old_earnings(1200)
    earned(app, 50_000, "RUB")
    app.clock.forward(days=21)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def post(client: Client, **fields: Any) -> Answer:
    return client.post_form("/wallet/payout", **fields)


def hidden(page: Answer) -> dict[str, str]:
    main = page.text.partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
    return {name: value.replace("&lt;", "<").replace("&gt;", ">") for name, value in found if name != "csrf_token"}


def test_the_page_shows_what_can_be_paid_out_now_and_when_the_rest_can(app: FakeApp, anna: Client) -> None:
    earned(app, 500)
    page = anna.get("/wallet/payout")
    assert "Can be paid out now ⭐ 1 200" in text(page)
    assert "+⭐ 500" in text(page)
    assert "21 days after it was paid in" in text(page)
    assert "You have not asked for any" in text(page)
    assert 'href="/wallet/payout"' in anna.get("/wallet").text


def test_only_gifts_that_the_stars_are_enough_for_have_a_button(anna: Client) -> None:
    page = anna.get("/wallet/payout").text
    assert page.count('name="method"') == 1
    assert "Telegram Premium for 12 months" in page


def test_a_gift_is_shown_once_more_and_then_asked_for(app: FakeApp, anna: Client) -> None:
    review = post(anna, review="1", **GIFT)
    assert review.status == 200
    assert "Pay out ⭐ 1 000?" in text(review)
    assert app.store.tables.payouts == {}
    for _ in range(2):
        done = post(anna, **hidden(review))
        assert (done.status, done.headers["location"]) == (303, "/wallet/payout?currency=XTR")
    assert len(app.store.tables.payouts) == 1
    assert money_of(app) == (200, 0)
    page = anna.get("/wallet/payout")
    assert "under review" in text(page)


def test_roubles_are_typed_shown_and_asked_for(app: FakeApp, anna: Client) -> None:
    form = anna.get("/wallet/payout", currency="RUB")
    assert "Can be paid out now ₽500.00" in text(form)
    review = post(anna, review="1", **ROUBLES)
    assert "card &lt;1234&gt;" in review.text
    assert post(anna, **hidden(review)).status == 303
    (payout,) = app.store.tables.payouts.values()
    assert (payout.amount.amount, payout.details) == (25_050, "card <1234>")
    assert "card &lt;1234&gt;" in anna.get("/wallet/payout", currency="RUB").text


def test_the_four_fields_alone_are_a_request(app: FakeApp, anna: Client) -> None:
    assert post(anna, **ROUBLES).status == 303
    assert money_of(app, "RUB") == (24_950, 0)


@pytest.mark.parametrize(
    "amount", ["0", "-5", "1.234", "1e3", "500 000 000", "пятьсот", "🙂", "", "500.01", "9" * 30, "٣٫٣٣٣"]
)
@pytest.mark.parametrize("review", [{"review": "1"}, {}])
def test_what_is_no_amount_is_said_beside_the_field(
    app: FakeApp, anna: Client, amount: str, review: dict[str, str]
) -> None:
    page = post(anna, **ROUBLES | {"amount": amount} | review)
    assert page.status in (409, 422)
    assert 'id="amount-fault"' in page.text
    assert "card &lt;1234&gt;" in page.text, "what was typed stays"
    assert app.store.tables.payouts == {}


@pytest.mark.parametrize("details", ["", "   ", "x" * 501, "\u200b"])
def test_details_that_are_missing_or_too_long_are_said_beside_the_field(anna: Client, details: str) -> None:
    page = post(anna, **ROUBLES | {"details": details})
    assert page.status == 422
    assert 'id="details-fault"' in page.text


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "999"},
        {"amount": "1500", "method": "premium_6"},
        {"method": "premium_4"},
        {"method": "card"},
        {"currency": "BTC"},
        {"currency": "USD", "details": "card", "amount": "5"},
    ],
)
def test_what_cannot_be_is_refused_with_words(app: FakeApp, anna: Client, changed: dict[str, str]) -> None:
    page = post(anna, **GIFT | changed)
    assert page.status in (409, 422)
    assert 'class="note bad"' in page.text
    assert app.store.tables.payouts == {}


def test_a_crowd_is_told_in_words(app: FakeApp, anna: Client) -> None:
    app.store.fail_next(Contended(), times=4)
    page = post(anna, **GIFT)
    assert page.status == 409
    assert 'class="note bad"' in page.text


def test_a_payout_is_cancelled_by_its_owner_alone_until_it_is_approved(app: FakeApp, anna: Client) -> None:
    join(app, BORIS)
    payout = ask(app)
    path = f"/wallet/payout/{payout.id}/cancel"
    assert Client(app).log_in(BORIS).post_form(path).status == 404
    assert anna.post_form(path, csrf=False).status == 403
    for _ in range(2):
        assert anna.post_form(path).status == 303
    assert money_of(app) == (1200, 0)
    again = ask(app, "r2")
    app.payouts.approve(again.id, decision(app))
    refused = anna.post_form(f"/wallet/payout/{again.id}/cancel")
    assert refused.status == 409
    assert "moved on" in text(refused)
    assert "/cancel" not in anna.get("/wallet/payout").text


def test_nobody_sees_anothers_payouts(app: FakeApp) -> None:
    join(app, BORIS)
    ask_roubles(app, 10_000)
    assert "1234" not in Client(app).log_in(BORIS).get("/wallet/payout", currency="RUB").text
    assert Client(app).get("/wallet/payout").status == 303


def test_no_browser_keeps_where_the_money_goes(app: FakeApp, anna: Client) -> None:
    fields = {"currency": "RUB", "amount": "100", "method": "outside", "details": "card 1234"}
    shown = [post(anna, **fields, review="1"), anna.get("/wallet/payout", currency="RUB")]
    assert [page.headers["cache-control"] for page in shown] == ["private, no-store"] * 2


def test_the_blocked_ask_look_and_cancel(app: FakeApp) -> None:
    block(app, ANNA)
    anna = Client(app).log_in(ANNA)
    assert anna.get("/wallet/payout").status == 200
    assert post(anna, **GIFT).status == 303
    (payout,) = app.store.tables.payouts.values()
    assert anna.post_form(f"/wallet/payout/{payout.id}/cancel").status == 303


def test_long_lists_go_on(app: FakeApp, anna: Client) -> None:
    for number in range(25):
        ask_roubles(app, 100, f"r{number}")
        app.clock.forward(seconds=1)
    page = anna.get("/wallet/payout", currency="RUB").text
    assert page.count("/cancel") == 20
    (more,) = re.findall(r'href="(/wallet/payout\?[^"]*cursor=[^"]*)"', page)
    path, _, query = more.replace("&amp;", "&").partition("?")
    assert anna.send("GET", path, query).text.count("/cancel") == 5
    assert anna.get("/wallet/payout", cursor="nonsense").status == 422


def test_a_person_who_asks_too_often_is_slowed_down(app: FakeApp, anna: Client) -> None:
    for _ in range(30):
        assert post(anna, **ROUBLES | {"amount": "1"}).status == 303
    assert post(anna, **ROUBLES | {"amount": "1"}).status == 429


def test_money_that_nobody_earned_is_explained(app: FakeApp) -> None:
    join(app, BORIS)
    page = Client(app).log_in(BORIS).get("/wallet/payout")
    assert "the smallest takes ⭐ 1 000" in text(page)
    topped_up(app, 100, BORIS)
    page = Client(app).log_in(BORIS).get("/wallet/payout", currency="RUB")
    assert "Nothing to pay out yet" in text(page)
    assert "+₽1.00" in text(page)


def test_it_is_all_there_in_russian(app: FakeApp) -> None:
    app.people.set_language(ANNA, "ru")
    anna = Client(app).log_in(ANNA)
    assert "Сейчас можно вывести" in text(anna.get("/wallet/payout"))
    assert "Вывести 250,50 ₽?" in text(post(anna, review="1", **ROUBLES))
