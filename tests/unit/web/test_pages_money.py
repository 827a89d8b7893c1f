"""The wallet, buying Stars and the subscription."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

import pytest

from starbid.domain.money import XTR
from starbid.domain.renewals import RenewalState
from tests.support.debts import earn, owing
from tests.support.factories import ANNA, BORIS, join, market, pay
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, program


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA, stars=150)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def test_the_wallet_shows_what_is_available_and_what_is_held_for_which_lot() -> None:
    app, lot = market(ANNA, BORIS, title="A lamp")
    app.bidding.bid(lot.auction.id, ANNA, 400, app.now())
    page = Client(app).log_in(ANNA).get("/wallet").text
    assert "⭐\u202f9\u202f600" in page
    assert "⭐\u202f400" in page
    assert f'<a href="/auction/{lot.auction.id}">A lamp</a>' in page
    assert "Stars bought" in page


@pytest.mark.parametrize(
    ("code", "words"), [("en", "settled the debt from a refunded payment"), ("ru", "погашение долга")]
)
def test_a_look_at_the_wallet_settles_a_debt_and_says_so_once(code: str, words: str) -> None:
    app = owing(100)
    app.people.set_language(ANNA, code)
    earn(app, 130)
    anna = Client(app).log_in(ANNA)
    page = anna.get("/wallet").text
    assert words in page
    assert "⭐\u202f30" in page
    assert 'class="note bad"' not in page
    assert app.store.tables.wallets[ANNA, "XTR"].owed.amount == 0
    again = anna.get("/wallet").text
    assert words not in again
    assert ("Debt settled" if code == "en" else "Долг погашен") in again


def test_what_is_left_of_a_debt_is_shown_with_how_it_is_settled() -> None:
    app = owing(100)
    earn(app, 60)
    page = Client(app).log_in(ANNA).get("/wallet").text
    assert "⭐\u202f60 settled the debt from a refunded payment" in page
    assert "You owe ⭐\u202f40 after a refunded payment" in page
    assert "Whatever comes into this wallet settles it" in page


def test_a_wallet_without_a_debt_costs_no_further_read(anna: Client, app: FakeApp) -> None:
    app.store.trips.clear()
    anna.get("/wallet")
    assert "wallet" not in app.store.trips
    assert "wallets" in app.store.trips


def test_the_api_tells_of_the_money_that_is_left_after_a_debt() -> None:
    app = owing(100)
    earn(app, 130)
    assert program(app, ANNA).get("/api/v1/me/wallet").json == {"XTR": {"available": 30, "held": 0}}


def test_a_subscription_is_paid_with_what_is_left_after_a_debt() -> None:
    app = owing(100)
    earn(app, 230)
    anna = Client(app).log_in(ANNA)
    assert anna.post_form("/subscribe", request_id="r").status == 303
    mine = app.store.tables.wallets[ANNA, "XTR"]
    assert (mine.available.amount, mine.owed.amount) == (30, 0)


def test_movements_go_on_with_a_cursor(app: FakeApp, anna: Client) -> None:
    for _ in range(25):
        app.clock.forward(seconds=1)
        pay(app, ANNA, 1)
    first = anna.get("/wallet")
    more = re.search(r'href="/wallet\?(cursor[^"]+)"', first.text)
    assert more
    query = {name: values[0] for name, values in parse_qs(more[1].replace("&amp;", "&")).items()}
    second = anna.get("/wallet", **query)
    assert first.text.count("Stars bought") == 20
    assert second.text.count("Stars bought") == 6


def test_buying_stars_makes_an_invoice_and_the_page_notices_the_payment(app: FakeApp, anna: Client) -> None:
    page = anna.post_form("/buy_stars", amount="250", next="/auction/abc")
    (order, payload) = app.stars.links[-1]
    assert page.status == 200
    assert f'href="https://t.me/$invoice-{order.id}"' in page.text
    poll: dict[str, Any] = {"path": f"/buy_stars/{order.id}", "amount": 250, "next": "/auction/abc"}
    assert "Waiting for the payment" in anna.get(**poll, headers={"hx-request": "true"}).text
    app.paying.credit(ANNA, "c1", payload, 250, XTR, app.now())
    credited = anna.get(**poll, headers={"hx-request": "true"}).text
    assert "⭐\u202f250 has arrived" in credited
    assert "Available now: ⭐\u202f400." in credited
    assert 'href="/auction/abc"' in credited
    assert "<html" not in credited
    assert "<html" in anna.get(**poll).text


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.5", "100001", "ten", "1 000 000"])
def test_an_amount_that_cannot_be_bought_is_shown_again_with_the_reason(anna: Client, amount: str) -> None:
    answer = anna.post_form("/buy_stars", amount=amount)
    assert answer.status == 422
    assert 'id="amount-fault"' in answer.text


def test_the_amount_that_is_missing_is_filled_in(anna: Client) -> None:
    assert 'value="70"' in anna.get("/buy_stars", amount="70", next="/auction/abc").text


def test_the_way_back_never_leads_to_another_site(anna: Client) -> None:
    page = anna.get("/buy_stars", next="https://evil.example/").text
    assert "evil.example" not in page.split("<main")[1].split("</main")[0]


def test_an_order_that_nobody_made_is_not_found(app: FakeApp, anna: Client) -> None:
    assert anna.get("/buy_stars/0123456789abcdef", amount="5").status == 404
    app.store.trips.clear()
    assert anna.get(f"/buy_stars/{'a' * 3000}", amount="5").status == 404
    assert "order_state" not in app.store.trips, "a store takes no key of any length"


def test_subscribing_pays_once_however_often_the_button_is_pressed(app: FakeApp, anna: Client) -> None:
    for _ in range(2):
        assert anna.post_form("/subscribe", request_id="r1").headers["location"] == "/subscribe"
    assert app.store.wallet(ANNA, XTR).available.amount == 50
    assert "You can sell" in anna.get("/subscribe").text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (RenewalState.ACTIVE, "Telegram renews it automatically."),
        (RenewalState.CANCELED, "Automatic renewal is off. You can turn it on again in Telegram: Settings, My Stars."),
        (RenewalState.FAILED, "Telegram could not renew the subscription: the payment did not go through."),
    ],
)
def test_the_page_of_the_subscription_says_whether_telegram_renews_it(
    app: FakeApp, anna: Client, state: RenewalState, shown: str
) -> None:
    order, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "monthly", payload, order.amount.amount, XTR, app.now(), update_id=1)
    app.paying.hear_of_renewal(ANNA, payload, state, 2, app.now())
    assert shown in anna.get("/subscribe").text
    app.clock.forward(days=31)
    anna = Client(app).log_in(ANNA)
    assert (shown in anna.get("/subscribe").text) == (state is RenewalState.FAILED)
    assert anna.post_form("/subscribe", request_id="r1").status == 303
    assert "could not renew" not in anna.get("/subscribe").text


def test_subscribing_without_the_money_offers_to_top_up_and_subscribe(app: FakeApp) -> None:
    join(app, BORIS, stars=40)
    answer = Client(app).log_in(BORIS).post_form("/subscribe")
    assert answer.status == 409
    assert "Top up ⭐\u202f100 and subscribe" in answer.text
    assert "Top up ⭐\u202f60 and subscribe" in answer.text
    assert '<input type="hidden" name="act" value="subscribe">' in answer.text


@pytest.mark.parametrize("path", ["/wallet", "/buy_stars", "/subscribe"])
def test_money_is_for_those_who_are_logged_in(app: FakeApp, path: str) -> None:
    answer = Client(app).get(path)
    assert (answer.status, answer.headers["location"]) == (303, f"/login?next=%2F{path[1:]}")


def test_renewal_is_stopped_and_allowed_again_on_the_page_of_the_subscription(app: FakeApp, anna: Client) -> None:
    order, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "monthly", payload, order.amount.amount, XTR, app.now(), update_id=1)
    assert "/subscribe/renewal/stop" in anna.get("/subscribe").text
    assert anna.post_form("/subscribe/renewal/stop", csrf=False).status == 403
    assert anna.post_form("/subscribe/renewal/stop").headers["location"] == "/subscribe"
    page = anna.get("/subscribe").text
    assert "you stopped it here" in page
    assert "/subscribe/renewal/stop" not in page
    assert anna.post_form("/subscribe/renewal/allow").status == 303
    assert "turn it on again in Telegram" in anna.get("/subscribe").text
    assert (app.stars.ended, app.stars.allowed) == (["monthly"], ["monthly"])
    assert anna.post_form("/subscribe/renewal/other").status == 404


def test_renewal_that_runs_on_is_stopped_though_the_paid_days_are_over(app: FakeApp) -> None:
    order, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "monthly", payload, order.amount.amount, XTR, app.now(), update_id=1)
    app.clock.forward(days=31)
    anna = Client(app).log_in(ANNA)
    assert "/subscribe/renewal/stop" in anna.get("/subscribe").text
    assert anna.post_form("/subscribe/renewal/stop").status == 303
    assert app.stars.ended == ["monthly"]
    assert "/subscribe/renewal/" not in anna.get("/subscribe").text
