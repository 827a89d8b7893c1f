"""Putting lots up and editing them through the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.money import CURRENCIES, XTR
from tests.support.debts import earn, fall_into_debt, owing
from tests.support.factories import ANNA, SELLER, fields, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client


def lots(app: FakeApp) -> list[str]:
    return list(app.store.tables.auctions)


def test_one_who_owes_is_told_before_they_fill_anything_in_and_again_with_the_refusal() -> None:
    app = owing(100)
    anna = Client(app).log_in(ANNA)
    refused = anna.post_form("/new_auction", **fields(title="A lamp"))
    assert refused.status == 403
    assert 'value="A lamp"' in refused.text
    for page in (anna.get("/new_auction"), refused):
        assert page.text.count("You owe ⭐\u202f100 after a refunded payment") == 1
        assert "Top up ⭐\u202f100" in page.text
        assert '<input type="hidden" name="next" value="/new_auction">' in page.text
        assert "after a refunded payment. " not in page.text
    earn(app, 100)
    assert "refunded payment" not in anna.get("/new_auction").text


def test_a_lot_goes_up_and_leads_to_its_page(app: FakeApp, seller: Client) -> None:
    answer = seller.post_form("/new_auction", **fields(title="A lamp"))
    (lot_id,) = lots(app)
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot_id}")
    assert "Your lot is published." in seller.get(f"/auction/{lot_id}").text


def test_a_second_press_of_the_button_makes_no_second_lot(app: FakeApp, seller: Client) -> None:
    first = seller.post_form("/new_auction", request_id="r1", **fields())
    second = seller.post_form("/new_auction", request_id="r1", **fields())
    assert first.headers["location"] == second.headers["location"]
    assert len(lots(app)) == 1


def test_the_currencies_that_people_can_bring_in_are_offered_each_with_its_goods(seller: Client) -> None:
    page = seller.get("/new_auction").text
    for code, currency in CURRENCIES.items():
        offered = f'<option value="{code}" data-goods="{currency.goods}" data-sign="{currency.sign}"' in page
        assert offered is (code in ("XTR", "RUB"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"goods": "physical", "currency": "USD"},
        {"goods": "physical", "currency": "XTR"},
        {"goods": "digital", "currency": "RUB"},
        {"goods": "physical", "currency": "BTC"},
    ],
)
def test_a_currency_that_does_not_fit_the_goods_or_is_not_offered_is_refused(
    app: FakeApp, seller: Client, wrong: dict[str, str]
) -> None:
    answer = seller.post_form("/new_auction", **fields(**wrong))
    assert answer.status == 422
    assert 'id="currency-fault"' in answer.text
    assert not lots(app)


def test_the_form_says_what_each_kind_of_goods_means_and_keeps_the_choice(seller: Client) -> None:
    page = seller.get("/new_auction").text
    assert "the address that the buyer gives after the sale. Price in ₽." in page
    assert "Price in ⭐." in page
    again = seller.post_form("/new_auction", **fields(goods="physical", currency="RUB", title="x")).text
    assert 'name="goods" value="physical" checked' in again
    assert '<option value="RUB" data-goods="physical" data-sign="₽" selected>' in again
    assert '<span class="quiet" data-sign>₽</span>' in again


def test_limits_of_a_price_in_roubles_are_told_in_roubles(app: FakeApp, seller: Client) -> None:
    typed = fields(goods="physical", currency="RUB", start_price="10000000000,01", reserve_price="99999999999")
    page = seller.post_form("/new_auction", **typed).text
    for field in ("start_price", "reserve_price"):
        beside = page.split(f'id="{field}-fault"')[1].split("</span>")[0]
        assert "Enter an amount from ₽0.01 to ₽10,000,000,000.00." in beside
    assert not lots(app)


def test_an_edit_keeps_goods_and_currency(app: FakeApp, seller: Client) -> None:
    lot = put_up(app, goods="physical", currency="RUB", start_price=125_050).auction.id
    page = seller.get(f"/auction/{lot}/edit").text
    assert '<input type="hidden" name="goods" value="physical">' in page
    assert '<input type="hidden" name="currency" value="RUB">' in page
    form = fields(goods="physical", currency="RUB", start_price="1300", title="Another lamp")
    assert seller.post_form(f"/auction/{lot}/edit", **form).status == 303
    assert (app.store.lot(lot).card.goods, app.store.auction(lot).currency) == ("physical", "RUB")
    assert seller.post_form(f"/auction/{lot}/edit", **(form | {"goods": "digital", "currency": "XTR"})).status == 422


def test_each_form_has_a_request_id_of_its_own(seller: Client) -> None:
    ids = {seller.get("/new_auction").text.split('name="request_id" value="')[1].split('"')[0] for _ in range(2)}
    assert len(ids) == 2


def test_every_fault_stands_beside_its_field_and_what_was_typed_is_kept(app: FakeApp, seller: Client) -> None:
    answer = seller.post_form(
        "/new_auction", **fields(title="ab", start_price="none", description="Kept as it was", category="books")
    )
    assert answer.status == 422
    assert 'id="title-fault"' in answer.text
    assert 'id="start_price-fault"' in answer.text
    assert "Kept as it was" in answer.text
    assert '<option value="books" selected>' in answer.text
    assert not lots(app)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 81},
        {"description": "x" * 4001},
        {"category": "weapons"},
        {"start_price": "0"},
        {"start_price": "-5"},
        {"start_price": "1.5"},
        {"start_price": "9" * 30},
        {"reserve_price": "99"},
        {"reserve_price": "300", "buy_now_price": "200"},
        {"duration_seconds": "59"},
        {"duration_seconds": str(31 * 86_400)},
        {"duration_seconds": "soon"},
        {"currency": "RUB"},
        {"goods": "physical"},
        {"starts_at": "tomorrow"},
        {"extend_seconds": "-1"},
    ],
)
def test_what_cannot_be_sold_like_that_is_refused(app: FakeApp, seller: Client, wrong: dict[str, object]) -> None:
    assert seller.post_form("/new_auction", **(fields() | wrong)).status == 422
    assert not lots(app)


def test_what_lacks_for_a_subscription_is_told_as_it_is_after_a_debt() -> None:
    app = owing(100)
    app.clock.forward(days=31)  # the one that was paid for is over
    earn(app, 130)
    page = Client(app).log_in(ANNA).get("/new_auction").text
    assert "Your wallet is short of ⭐\u202f70." in page
    assert 'name="subscribe"' not in page


def test_somebody_without_a_subscription_is_told_so_and_may_subscribe_on_the_way(app: FakeApp) -> None:
    join(app, ANNA, stars=150)
    client = Client(app).log_in(ANNA)
    assert "Selling needs a subscription: ⭐\u202f100 for 30 days" in client.get("/new_auction").text
    refused = client.post_form("/new_auction", **fields(title="Kept title"))
    assert refused.status == 403
    assert 'value="Kept title"' in refused.text
    assert 'name="subscribe"' in refused.text
    assert client.post_form("/new_auction", request_id="r", subscribe="1", **fields()).status == 303
    assert client.post_form("/new_auction", request_id="r", subscribe="1", **fields()).status == 303
    assert app.store.wallet(ANNA, XTR).available.amount == 50
    assert len(lots(app)) == 1


def test_somebody_without_the_money_for_it_tops_up_and_publishes_in_one_step(app: FakeApp) -> None:
    join(app, ANNA, stars=30)
    page = Client(app).log_in(ANNA).get("/new_auction").text
    assert "Your wallet is short of ⭐\u202f70." in page
    assert "Top up ⭐\u202f100 and publish" in page
    assert '<button type="submit" class="plain" name="top_up" value="70"' in page


def test_roubles_are_typed_with_or_without_kopecks(app: FakeApp, seller: Client) -> None:
    seller.post_form("/new_auction", **fields(goods="physical", currency="RUB", start_price="1250,50"))
    (lot_id,) = lots(app)
    assert app.store.auction(lot_id).terms.start_price.amount == 125_050


# --- editing ----------------------------------------------------------------------------------------------------------


def test_a_lot_is_edited_with_its_pictures_in_a_new_order(app: FakeApp, seller: Client) -> None:
    lot = put_up(app, pictures=("pictureaaa", "picturebbb", "pictureccc"), title="Old title")
    path = f"/auction/{lot.auction.id}/edit"
    assert 'value="Old title"' in seller.get(path).text
    changed = fields(title="New title", pictures=["pictureccc", "picturebbb", "pictureaaa"], drop="picturebbb")
    assert seller.post_form(path, **changed).headers["location"] == f"/auction/{lot.auction.id}"
    assert app.store.lot(lot.auction.id).card.pictures == ("pictureccc", "pictureaaa")
    assert app.store.lot(lot.auction.id).card.title == "New title"


def test_an_edit_that_changes_nothing_leaves_the_prices_alone(app: FakeApp, seller: Client) -> None:
    lot = put_up(app, goods="physical", currency="RUB", start_price=125_050, reserve_price=200_000)
    page = seller.get(f"/auction/{lot.auction.id}/edit").text
    assert 'name="start_price" value="1250.50"' in page
    assert 'name="reserve_price" value="2000"' in page


def test_a_lot_is_edited_by_its_seller_before_the_first_bid_only(app: FakeApp, seller: Client) -> None:
    join(app, ANNA, stars=500)
    lot_id = put_up(app).auction.id
    path = f"/auction/{lot_id}/edit"
    assert Client(app).log_in(ANNA).get(path).status == 403
    assert Client(app).log_in(ANNA).post_form(path, **fields()).status == 403
    app.bidding.bid(lot_id, ANNA, 100, app.now())
    assert seller.get(path).status == 409
    refused = seller.post_form(path, **fields(title="Too late"))
    assert refused.status == 409
    assert "Somebody has already bid" in refused.text


def test_the_start_of_a_lot_that_has_not_begun_stays_in_the_form(app: FakeApp, seller: Client) -> None:
    lot = put_up(app, starts_at=(app.now() + timedelta(hours=3)).isoformat())
    assert 'value="2026-05-01T15:00"' in seller.get(f"/auction/{lot.auction.id}/edit").text


@pytest.mark.parametrize("debt", [False, True])
def test_an_edit_that_would_sell_longer_without_the_right_to_is_refused_in_words_and_loses_nothing(debt: bool) -> None:
    app = make_app()
    lot_id = put_up(app, SELLER, duration_seconds=7_200).auction.id
    if debt:
        fall_into_debt(app, SELLER, 100)
        app.clock.forward(hours=1)
    else:
        app.clock.forward(hours=1)
        seller = app.store.tables.people[SELLER]
        app.store.tables.people[SELLER] = replace(seller, subscribed_until=app.now(), version=seller.version + 1)
    client = Client(app).log_in(SELLER)
    refused = client.post_form(f"/auction/{lot_id}/edit", **fields(title="Another lamp", duration_seconds=7_260))
    assert refused.status == 403
    assert ("left" if debt else "Selling needs a subscription") in refused.text
    assert "Changes that do not make the lot end later can still be saved." in refused.text
    assert 'value="Another lamp"' in refused.text
    assert (
        client.post_form(f"/auction/{lot_id}/edit", **fields(title="A lantern", duration_seconds=3_600)).status == 303
    )
    assert app.store.tables.cards[lot_id].title == "A lantern"
