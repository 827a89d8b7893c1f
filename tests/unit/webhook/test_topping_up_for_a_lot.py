"""Roubles that are missing for a lot: the act waits with the bill, and is done once that is paid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.bills import Bill, ProviderStatus
from starbid.domain.lots import Lot
from starbid.domain.money import CurrencyMismatch, Money
from starbid.domain.unfinished import BidAct, BuyAct, TakeAct
from starbid.i18n import language
from tests.support.billed import rub
from tests.support.desk import decision
from tests.support.factories import put_up, xtr
from tests.support.fake_bills import FakeBills
from tests.support.fakes import FakeApp
from webhook.money_step import data_of, read_step
from webhook.screens.topping_up import _read, _step

from .chatting import Chat, FakeTelegram, shop_app

FIRST, HUNDRED, EXACT = "Top up ₽150.00 and bid", "₽100.00", "Top up ₽100.00 and bid"


@pytest.fixture
def bills() -> FakeBills:
    return FakeBills()


@pytest.fixture
def app(telegram: FakeTelegram, bills: FakeBills, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = shop_app(telegram, bills)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def lamp(app: FakeApp) -> Lot:
    """In roubles: from 100 on, by steps of 10, or 900 at once."""
    prices: dict[str, Any] = {"start_price": 10_000, "bid_step": 1_000, "buy_now_price": 90_000}
    return put_up(app, currency="RUB", goods="physical", duration_seconds=86_400, **prices)


def asks_for(chat: Chat, lot: Lot, on_card: str, sum_: str, provider: str = "QIWI") -> Bill:
    """From the card to the bill."""
    chat.say(f"/auction_{lot.auction.id}")
    chat.press(on_card)
    chat.press(sum_)
    chat.press(provider)
    chat.press(sum_)
    return chat.app.top_ups.bills_of(chat.id).items[0]


def purse(chat: Chat) -> tuple[int, int]:
    wallet = chat.app.store.wallet(chat.id, "RUB")
    return wallet.available.amount, wallet.held.amount


def said(chat: Chat) -> str:
    return "\n".join(str(message.get("text")) for message in chat.messages)


def test_what_is_missing_is_offered_exactly_and_in_round_sums(app: FakeApp, lamp: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lamp.auction.id}")
    anna.press(HUNDRED)
    sums = [text for text in anna.buttons() if text.startswith("Top up")]
    assert sums == [f"Top up {sum_} and bid" for sum_ in ("₽100.00", "₽150.00", "₽250.00", "₽500.00")]


def test_where_less_is_missing_than_a_bill_may_be_its_least_is_offered_and_said(
    app: FakeApp, lamp: Lot, anna: Chat, bills: FakeBills
) -> None:
    bill = app.top_ups.open(anna.join().id, rub(95), app.top_ups.offered[0], app.now()).bill
    bills.say(bill.id, ProviderStatus.PAID)
    app.settling.look(bill.id, app.now())
    anna.say(f"/auction_{lamp.auction.id}")
    anna.press(HUNDRED)
    assert "You need ₽5.00 more. The smallest top-up is ₽10.00." in anna.words
    assert "Top up ₽10.00 and bid" in anna.buttons()


def test_a_bid_is_confirmed_with_its_bill_and_placed_at_the_check(lamp: Lot, anna: Chat, bills: FakeBills) -> None:
    anna.say(f"/auction_{lamp.auction.id}")
    anna.press(HUNDRED)
    anna.press(EXACT)
    anna.press("QIWI")
    assert "Once it is paid, one press places your bid of ₽100.00." in anna.words
    anna.press(EXACT)
    assert "Once it is paid, one press places your bid of ₽100.00." in anna.words
    (bill,) = anna.app.top_ups.bills_of(anna.id).items
    bills.say(bill.id, ProviderStatus.PAID)
    anna.press("Check payment")
    assert "You lead at ₽100.00." in said(anna)
    assert "Available ₽0.00, frozen ₽100.00." in said(anna)
    assert purse(anna) == (0, 10_000)
    (notice,) = [notice for notice in anna.app.run_streams() if notice.kind == "credited"]
    assert notice.facts["awaits"] == "", "nothing waits any more"


def test_an_own_maximum_is_finished_too(app: FakeApp, lamp: Lot, boris: Chat, bills: FakeBills) -> None:
    boris.say(f"/auction_{lamp.auction.id}")
    boris.press("Указать максимум")
    boris.say("250,50")
    boris.press("Пополнить на 250,50\u202f₽ и сделать ставку")
    boris.press("Crypto Pay")
    boris.press("Пополнить на 250,50\u202f₽ и сделать ставку")
    bills.say(app.top_ups.bills_of(boris.id).items[0].id, ProviderStatus.PAID)
    boris.press("Проверить оплату")
    assert purse(boris) == (0, 25_050)


def test_a_purchase_is_finished_too(lamp: Lot, anna: Chat, bills: FakeBills) -> None:
    bill = asks_for(anna, lamp, "Buy the lot for ₽900.00", "Top up ₽1,000.00 and buy")
    bills.say(bill.id, ProviderStatus.PAID)
    anna.press("Check payment")
    assert "“A lamp” is yours for ₽900.00" in said(anna)
    assert purse(anna) == (10_000, 0)


def test_what_the_callback_credits_is_told_with_the_way_back_to_the_bid(
    app: FakeApp, lamp: Lot, anna: Chat, bills: FakeBills
) -> None:
    bill = asks_for(anna, lamp, HUNDRED, FIRST)
    app.settling.hear(bill.provider, bills.say(bill.id, ProviderStatus.PAID), app.now())
    (notice,) = [notice for notice in app.run_streams() if notice.kind == "credited"]
    assert notice.facts == {"bill_id": bill.id, "awaits": "bid", "price": [10_000, "RUB"], "amount": [15_000, "RUB"]}
    assert purse(anna) == (15_000, 0)
    for _ in range(2):
        anna.press_data(f"bl:done:{bill.id}", None)
        assert "You lead at ₽100.00." in anna.words
    assert purse(anna) == (5_000, 10_000)
    assert app.store.auction(lamp.auction.id).bids_count == 1


def test_the_way_back_before_the_money_bids_nothing(app: FakeApp, lamp: Lot, anna: Chat) -> None:
    bill = asks_for(anna, lamp, HUNDRED, FIRST)
    anna.press_data(f"bl:done:{bill.id}", None)
    assert "The payment has not arrived yet." in anna.words
    assert app.store.auction(lamp.auction.id).bids_count == 0


def test_the_way_back_from_a_bill_for_the_wallet_alone_tells_how_it_stands(anna: Chat, bills: FakeBills) -> None:
    bill = anna.app.top_ups.open(anna.join().id, rub(95), anna.app.top_ups.offered[0], anna.app.now()).bill
    anna.press_data(f"bl:done:{bill.id}", None)
    assert "is not paid yet" in anna.toasts()[-1]


def test_where_the_price_moved_the_money_is_safe_and_the_new_price_on_the_button(
    app: FakeApp, lamp: Lot, anna: Chat, boris: Chat, bills: FakeBills
) -> None:
    mine = asks_for(anna, lamp, HUNDRED, FIRST)
    his = asks_for(boris, lamp, "100,00\u202f₽", "Пополнить на 150,00\u202f₽ и сделать ставку")
    for bill, chat in ((his, boris), (mine, anna)):
        bills.say(bill.id, ProviderStatus.PAID)
        chat.press_data(f"bl:check:{bill.id}", chat.last)
    assert purse(boris) == (5_000, 10_000)
    assert "Nothing was bid; what you topped up is in your wallet." in said(anna)
    assert purse(anna) == (15_000, 0)


def test_a_confirmation_for_a_lot_that_has_ended_makes_no_bill(app: FakeApp, lamp: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lamp.auction.id}")
    anna.press(HUNDRED)
    for button in (FIRST, "QIWI", FIRST):
        app.clock.forward(hours=11)
        anna.press(button)
    assert "Bidding on this lot is over." in anna.words
    assert app.top_ups.bills_of(anna.id).items == ()


def test_a_button_in_another_currency_than_its_lots_brings_no_money(app: FakeApp, lamp: Lot, anna: Chat) -> None:
    anna.join()
    in_stars, in_roubles = put_up(app, buy_now_price=900).auction.id, lamp.auction.id
    for data in (
        f"t:15000RUB:bid:{in_stars}:100:1:-:0",
        f"TU:q15000RUB:bid:{in_stars}:100:1:1:0",
        f"TU:q15000RUB:buy:{in_stars}:900:1",
        f"t:150:bid:{in_roubles}:10000:1:-:0",
        f"t:150:buy:{in_roubles}:90000:1",
    ):
        assert anna.press_data(data, None) == 200
    assert not anna.telegram.called("sendInvoice")
    assert app.top_ups.bills_of(anna.id).items == ()


def test_a_debt_in_roubles_is_settled_by_a_bill(app: FakeApp, anna: Chat, bills: FakeBills) -> None:
    anna.join()
    bill = app.top_ups.open(anna.id, rub(100), app.top_ups.offered[0], app.now()).bill
    bills.say(bill.id, ProviderStatus.PAID)
    app.settling.look(bill.id, app.now())
    lot = put_up(app, currency="RUB", goods="physical", start_price=10_000)
    app.bidding.bid(lot.auction.id, anna.id, 10_000, app.now())
    app.bill_review.charge_back(bill.id, decision(app))
    anna.say("/balance")
    assert anna.buttons()["Settle ₽100.00"] == "t:10000RUB"


LOT = "mmq5pz57t6eeh"
"""As long as ids of lots are."""
LARGEST, MANY = Money(10**12, "RUB"), 99_999
ACTS = (
    None,
    BidAct(LOT, LARGEST, 999, MANY, confirmed=True),
    BidAct(LOT, LARGEST, 9_999, None),
    BuyAct(LOT, LARGEST, 9_999),
    TakeAct(LOT, LARGEST),
)


@pytest.mark.parametrize("act", ACTS)
def test_every_step_carries_its_act_whole_and_within_telegrams_64_bytes(app: FakeApp, act: Any) -> None:
    assert len(LOT) == len(put_up(app).auction.id)
    most = app.settings.business.bills.most
    data = data_of(most, act)
    assert read_step(data.split(":")[1:]) == (most, act)
    provider = app.top_ups.offered[0]
    step = _step(provider, most, act)
    assert _read(step.split(":")) == (provider, most, act)
    assert max(len(each.encode()) for each in (data, f"TU:{step}")) <= 64


@pytest.mark.parametrize("act", [act for act in ACTS if act])
def test_a_sum_in_one_currency_carries_no_act_in_another(act: Any) -> None:
    with pytest.raises(CurrencyMismatch):
        data_of(xtr(100), act)


def test_the_moment_to_pay_by_is_on_the_bill(app: FakeApp, anna: Chat) -> None:
    anna.say("/topup 500")
    anna.press("QIWI")
    anna.press("Top up ₽500.00")
    by = language("en").moment(app.now() + timedelta(minutes=5))
    assert by.split(", ")[1] in anna.words
