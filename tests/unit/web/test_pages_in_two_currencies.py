"""The wallet and the lots of somebody who has Stars and roubles."""

from __future__ import annotations

import pytest

from tests.support.blocking import block, unblock
from tests.support.debts import earn
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.fiat import RUB, owe, rub, top_up
from tests.support.physical import HOME
from tests.support.web import Client, program, text


def for_roubles(app: FakeApp, **fields: object) -> str:
    terms = {"start_price": 10_050, "goods": "physical", "currency": RUB} | fields
    return put_up(app, **terms).auction.id  # type: ignore[arg-type]


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for who in (ANNA, BORIS):
        join(app, who, stars=700)
        top_up(app, who, rub(100_000))
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


# --- the wallet -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", ["⭐ 700", "₽799.50", "₽200.50"]), ("ru", ["⭐ 700", "799,50 ₽", "200,50 ₽"])],
)
def test_each_wallet_shows_what_is_available_and_frozen_in_it(app: FakeApp, language: str, shown: list[str]) -> None:
    app.people.set_language(ANNA, language)
    app.bidding.bid(for_roubles(app), ANNA, 20_050, app.now(), confirmed=True)
    page = text(Client(app).log_in(ANNA).get("/wallet"))
    assert all(amount in page for amount in shown), page


def test_the_activity_is_that_of_the_chosen_currency(app: FakeApp, anna: Client) -> None:
    lot = for_roubles(app, buy_now_price=20_001)
    app.bidding.buy(lot, ANNA, 20_001, app.now())
    stars, roubles = anna.get("/wallet"), anna.get("/wallet", currency="RUB")
    assert ("Stars bought" in stars.text, "Top-up<br" in stars.text) == (True, False)
    assert ("Stars bought" in roubles.text, "Top-up<br" in roubles.text) == (False, True)
    assert "−₽200.01" in text(roubles)
    assert '<a class="chip" href="/wallet?currency=RUB#activity" aria-current="true">Roubles, ₽</a>' in roubles.text
    assert '<a class="chip" href="/wallet?currency=XTR#activity">Stars</a>' in roubles.text


def test_who_has_only_roubles_sees_their_activity_first(app: FakeApp) -> None:
    join(app, 7)
    top_up(app, 7, rub(40_000))
    page = Client(app).log_in(7).get("/wallet").text
    assert '<a class="chip" href="/wallet?currency=RUB#activity" aria-current="true">' in page
    assert "+₽400.00" in text(Client(app).log_in(7).get("/wallet"))


def test_who_has_only_stars_chooses_nothing(app: FakeApp) -> None:
    join(app, 7, stars=5)
    assert 'href="/wallet?currency=' not in Client(app).log_in(7).get("/wallet").text


def test_a_seller_gets_the_price_less_a_fee_in_kopecks(app: FakeApp) -> None:
    lot = for_roubles(app, buy_now_price=20_019)
    app.bidding.buy(lot, ANNA, 20_019, app.now())
    assert "₽190.19" in text(Client(app).log_in(SELLER).get("/wallet"))  # 200.19 less 10.00, of 10.0095
    app.addressing.give(ANNA, lot, HOME, app.now())
    app.dealing.deliver(SELLER, lot, "RX123", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    page = text(Client(app).log_in(SELLER).get("/wallet", currency="RUB"))
    assert "₽200.19 − fee ₽10.00" in page
    assert app.store.wallet(SELLER, RUB, consistent=True).available == rub(19_019)


def test_a_debt_is_told_in_its_wallet_alone(app: FakeApp, anna: Client) -> None:
    owe(app, ANNA, rub(80_000), for_roubles(app))
    page = anna.get("/wallet").text
    assert page.count("You owe") == 1
    assert "You owe ₽800.00" in page
    assert "you cannot bid in this currency or sell" in page


def test_a_page_of_a_lot_in_stars_lets_one_bid_who_owes_roubles(app: FakeApp, anna: Client) -> None:
    owe(app, ANNA, rub(50_000), for_roubles(app))
    in_stars, in_roubles = put_up(app).auction.id, for_roubles(app)
    assert "You owe" not in anna.get(f"/auction/{in_stars}").text
    assert "You owe ₽500.00" in anna.get(f"/auction/{in_roubles}").text


def test_the_api_names_every_currency_that_was_ever_used(app: FakeApp) -> None:
    join(app, 7, stars=5)
    block(app, 7)
    unblock(app, 7)
    assert program(app, 7).get("/api/v1/me/wallet").json.keys() == {"XTR"}
    assert program(app, ANNA).get("/api/v1/me/wallet").json["RUB"] == {"available": 100_000, "held": 0}
    ledger = program(app, ANNA).get("/api/v1/me/ledger", currency="RUB").json["items"]
    assert [each["kind"] for each in ledger] == ["top_up"]


# --- a lot ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "least"), [("en", "₽105.50"), ("ru", "105,50 ₽")])
def test_a_lot_for_roubles_speaks_of_roubles(app: FakeApp, language: str, least: str) -> None:
    app.people.set_language(ANNA, language)
    lot = for_roubles(app)
    app.bidding.bid(lot, BORIS, 10_050, app.now())
    page = Client(app).log_in(ANNA).get(f"/auction/{lot}")
    assert least in text(page)
    box = page.text[page.text.index('id="box"') : page.text.index('id="bids"')]
    assert "⭐" not in box


def test_an_amount_is_typed_with_kopecks(app: FakeApp, anna: Client) -> None:
    lot = for_roubles(app)
    assert anna.post_form(f"/auction/{lot}/bid", amount="150,55", units="whole").status == 303
    assert app.store.auction(lot, consistent=True).leader_maximum == rub(15_055)
    refused = anna.post_form(f"/auction/{lot}/bid", amount="1.234", units="whole")
    assert refused.status == 422


def test_who_lacks_roubles_is_told_of_money_and_not_of_stars(app: FakeApp) -> None:
    join(app, 7, stars=90_000)
    page = text(Client(app).log_in(7).get(f"/auction/{for_roubles(app)}"))
    assert "A bid needs ₽100.50 more" in page
    assert "Every bid is covered by money in the wallet." in page


@pytest.mark.parametrize("path", ["/auction/{lot}", "/auction/{lot}/live"])
def test_who_is_blocked_is_told_so_on_a_lot_for_roubles(app: FakeApp, anna: Client, path: str) -> None:
    app.store.block(ANNA)
    assert "Your account is blocked" in anna.get(path.format(lot=for_roubles(app))).text


def test_the_page_of_a_lot_takes_as_many_reads_in_every_currency(app: FakeApp, anna: Client) -> None:
    def trips(lot: str) -> list[str]:
        app.store.trips.clear()
        assert anna.get(f"/auction/{lot}").status == 200
        return list(app.store.trips)

    assert trips(for_roubles(app)) == trips(put_up(app).auction.id)


def test_earned_roubles_pay_a_debt_at_a_look(app: FakeApp, anna: Client) -> None:
    owe(app, ANNA, rub(50_000), for_roubles(app))
    earn(app, 70_000, ANNA, RUB)
    assert "₽500.00 settled the debt from a refunded payment" in anna.get("/wallet").text
    assert app.store.wallet(ANNA, RUB, consistent=True).available == rub(20_000)
