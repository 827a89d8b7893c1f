"""The money step in the chat: a top-up goes on with what it was for, or asks again with the Stars kept safe."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.domain.money import XTR
from starbid.domain.unfinished import BidAct, BuyAct, SubscribeAct, TakeAct
from tests.support.blocking import block
from tests.support.factories import SELLER, draft, join, xtr
from tests.support.fakes import Death, FakeApp
from webhook.callback_data import Garbled
from webhook.money_step import data_of, read_step

from .chatting import Chat, FakeTelegram, broken, forbidden, price, timeout


@pytest.fixture
def clara(app: FakeApp, telegram: FakeTelegram, lot: Lot) -> Chat:
    """She has nothing."""
    return Chat(app, telegram, 3, name="Clara").join()


def short_of(clara: Chat, lot: Lot, amount: int = 100) -> dict[str, Any]:
    """She presses the bid button and then the first sum: the invoice as it was sent."""
    clara.say(f"/auction_{lot.auction.id}")
    clara.press(price(amount))
    return top_up(clara, f"Top up {price(150)} and bid")


def top_up(chat: Chat, button: str) -> dict[str, Any]:
    chat.press(button)
    return dict(chat.telegram.called("sendInvoice")[-1])


def pays(chat: Chat, invoice: dict[str, Any], charge: str = "c1") -> int:
    return chat.paid(invoice["payload"], invoice["prices"][0]["amount"], charge)


def bids(app: FakeApp, lot: Lot) -> int:
    return app.store.auction(lot.auction.id).bids_count


def purse(app: FakeApp, chat: Chat) -> tuple[int, int]:
    wallet = app.store.wallet(chat.id, XTR)
    return wallet.available.amount, wallet.held.amount


def test_a_payment_places_the_bid_that_it_was_for_and_tells_so(app: FakeApp, lot: Lot, clara: Chat) -> None:
    invoice = short_of(clara, lot)
    assert f"your bid of {price(100)} is placed" in invoice["description"]
    assert pays(clara, invoice) == 200
    assert f"You lead at {price(100)}" in clara.words
    assert purse(app, clara) == (50, 100)


def test_a_payment_that_is_told_again_bids_and_tells_no_more(app: FakeApp, lot: Lot, clara: Chat) -> None:
    invoice = short_of(clara, lot)
    clara.paid(invoice["payload"], 150, "c1", update_id=77)
    said = len(clara.messages)
    for _ in range(2):
        assert clara.paid(invoice["payload"], 150, "c1", update_id=77) == 200
    assert len(clara.messages) == said
    assert bids(app, lot) == 1


def test_where_the_price_moved_the_new_one_is_on_the_button_and_the_stars_are_safe(
    app: FakeApp, lot: Lot, clara: Chat, anna: Chat
) -> None:
    invoice = short_of(clara, lot)
    app.bidding.bid(lot.auction.id, anna.id, 300, app.now())
    pays(clara, invoice)
    assert "Nothing was bid; what you topped up is in your wallet." in clara.words
    assert purse(app, clara) == (150, 0)
    clara.press(f"Bid {price(110)}")
    assert bids(app, lot) == 2
    assert "Somebody has a higher maximum" in clara.words


def test_where_the_words_changed_they_are_shown_first(app: FakeApp, lot: Lot, clara: Chat) -> None:
    invoice = short_of(clara, lot)
    changed = draft(app.now(), title="A broken lamp", bid_step=10, buy_now_price=900)
    app.publishing.edit(SELLER, lot.auction.id, changed, (), app.now())
    pays(clara, invoice)
    assert any("The seller has changed this lot" in str(message.get("text")) for message in clara.messages)
    assert "A broken lamp" in clara.words
    assert bids(app, lot) == 0


def test_a_lot_that_closed_meanwhile_is_told_and_nothing_is_bid(app: FakeApp, lot: Lot, clara: Chat) -> None:
    invoice = short_of(clara, lot)
    app.clock.forward(hours=1)
    pays(clara, invoice)
    assert "Bidding on this lot is over. Nothing was bid; what you topped up is in your wallet." in clara.words
    assert purse(app, clara) == (150, 0)


def test_an_own_maximum_that_lacks_money_is_finished_too(app: FakeApp, lot: Lot, clara: Chat) -> None:
    clara.say(f"/auction_{lot.auction.id}")
    clara.press("Set a maximum")
    clara.say("420")
    pays(clara, top_up(clara, f"Top up {price(500)} and bid"))
    assert purse(app, clara) == (80, 420)


def test_an_unusual_maximum_is_asked_back_when_its_money_is_there(app: FakeApp, lot: Lot, clara: Chat) -> None:
    clara.say(f"/auction_{lot.auction.id}")
    clara.press("Set a maximum")
    clara.say("2000")
    pays(clara, top_up(clara, f"Top up {price(2500)} and bid"))
    assert "ten times the lowest bid" in clara.words
    assert bids(app, lot) == 0
    clara.press(f"Bid {price(2000)}")
    assert purse(app, clara) == (500, 2000)


def test_a_purchase_is_finished(app: FakeApp, lot: Lot, clara: Chat) -> None:
    clara.say(f"/auction_{lot.auction.id}")
    clara.press(f"Buy the lot for {price(900)}")
    pays(clara, top_up(clara, f"Top up {price(1000)} and buy"))
    assert f"“A lamp” is yours for {price(900)}" in clara.words
    assert purse(app, clara) == (100, 0)


def test_a_subscription_is_finished_once(app: FakeApp, clara: Chat) -> None:
    clara.say("/subscribe")
    button = next(text for text in clara.buttons() if text == f"Top up {price(150)} and subscribe")
    message = clara.last
    first = top_up(clara, button)
    clara.press(button, message)
    second = dict(clara.telegram.called("sendInvoice")[-1])
    pays(clara, first, "c1")
    assert "Subscribed until" in clara.words
    pays(clara, second, "c2")
    assert purse(app, clara) == (200, 0)


def test_check_tells_the_outcome_and_finishes_what_a_dead_process_left(app: FakeApp, lot: Lot, clara: Chat) -> None:
    invoice = short_of(clara, lot)
    message = clara.last
    check = invoice["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    app.paying.credit(clara.id, "c1", invoice["payload"], 150, XTR, app.now())
    clara.press_data(check, message)
    assert "Paid" in clara.toasts()[-1]
    assert f"You lead at {price(100)}" in clara.words
    clara.press_data(check, message)
    assert bids(app, lot) == 1
    assert f"You lead at {price(100)}" in clara.words


def test_a_process_that_dies_between_money_and_bid_leaves_the_bid_to_the_next_delivery(
    app: FakeApp, lot: Lot, clara: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = short_of(clara, lot)

    def dies(*_: object, **__: object) -> None:
        raise Death

    with monkeypatch.context() as patch:
        patch.setattr(app.finishing, "finish", dies)
        with pytest.raises(Death):
            clara.paid(invoice["payload"], 150, "c1", update_id=88)
    assert purse(app, clara) == (150, 0)
    app.clock.forward(seconds=31)
    assert clara.paid(invoice["payload"], 150, "c1", update_id=88) == 200
    assert purse(app, clara) == (50, 100)


@pytest.mark.parametrize("trouble", [forbidden, broken, timeout])
def test_telegrams_troubles_undo_nothing(app: FakeApp, lot: Lot, clara: Chat, trouble: Any) -> None:
    invoice = short_of(clara, lot)
    clara.telegram.fail("sendMessage", trouble(), times=2)
    assert pays(clara, invoice) == 200
    assert purse(app, clara) == (50, 100)


def test_a_blocked_person_is_credited_and_hears_nothing(app: FakeApp, lot: Lot, clara: Chat) -> None:
    invoice = short_of(clara, lot)
    block(app, clara.id)
    said = len(clara.messages)
    assert pays(clara, invoice) == 200
    assert len(clara.messages) == said
    assert purse(app, clara) == (150, 0)


ACTS = (
    None,
    BidAct("abcdefghijklmnopqrst", xtr(10**9), 9_999, 99_999, confirmed=True),
    BidAct("l", xtr(1), 1),
    BuyAct("abcdefghijklm", xtr(900), 2),
    TakeAct("abcdefghijklm", xtr(900)),
    SubscribeAct("u1234567890", extends=True),
)


@pytest.mark.parametrize("act", ACTS)
def test_a_button_carries_its_act_whole_and_within_telegrams_64_bytes(act: Any) -> None:
    data = data_of(xtr(100_000), act)
    assert len(data.encode()) <= 64
    assert read_step(data.split(":")[1:]) == (xtr(100_000), act)


@pytest.mark.parametrize(
    "data",
    ["", "x", "1:bid", "1:bid:lot:1:1:-", "1:bid:LOT:1:1:-:0", "1:bid:lot:-1:1:-:0", "1:buy:lot:1", "1:sub:a b:0",
     "1:publish:r", "1:bid:lot:1:1:-:0:0"],
)  # fmt: skip
def test_a_button_that_was_never_made_does_nothing(data: str) -> None:
    with pytest.raises(Garbled):
        read_step(data.split(":"))


@pytest.mark.parametrize("amount", ["0", "100001"])
def test_a_sum_that_cannot_be_bought_makes_no_invoice(clara: Chat, amount: str) -> None:
    clara.say("/menu")
    clara.press_data(f"t:{amount}", clara.last)
    assert not clara.telegram.called("sendInvoice")


def asked_for(clara: Chat, lot: Lot, button: str) -> tuple[str, dict[str, Any]]:
    """The first button of the money step after a press on the card, and its message; nothing is paid for yet."""
    clara.say(f"/auction_{lot.auction.id}")
    clara.press(button)
    return next(text for text in clara.buttons() if text.startswith("Top up ")), clara.last


def invoices(chat: Chat) -> int:
    return len(chat.telegram.called("sendInvoice"))


def test_no_money_is_asked_for_a_bid_on_a_lot_that_has_ended(app: FakeApp, lot: Lot, clara: Chat) -> None:
    button, message = asked_for(clara, lot, price(100))
    app.clock.forward(hours=1)
    clara.press(button, message)
    assert invoices(clara) == 0
    assert "Bidding on this lot is over." in clara.words
    assert "topped up" not in clara.words


@pytest.mark.parametrize("bid", [100, 300])
def test_no_money_is_asked_for_at_a_price_that_has_moved(
    app: FakeApp, lot: Lot, clara: Chat, anna: Chat, bid: int
) -> None:
    button, message = asked_for(clara, lot, price(100))
    app.bidding.bid(lot.auction.id, anna.id, bid, app.now())
    clara.press(button, message)
    assert invoices(clara) == 0
    assert "topped up" not in clara.words
    assert f"Bid {price(110)}" in clara.buttons()


def test_no_money_is_asked_for_a_purchase_that_is_gone(app: FakeApp, lot: Lot, clara: Chat, anna: Chat) -> None:
    button, message = asked_for(clara, lot, f"Buy the lot for {price(900)}")
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    clara.press(button, message)
    assert invoices(clara) == 0
    assert "can no longer be bought right away" in clara.words


def test_no_money_is_asked_for_words_that_have_changed(app: FakeApp, lot: Lot, clara: Chat) -> None:
    button, message = asked_for(clara, lot, price(100))
    changed = draft(app.now(), title="A broken lamp", bid_step=10, buy_now_price=900)
    app.publishing.edit(SELLER, lot.auction.id, changed, (), app.now())
    clara.press(button, message)
    assert invoices(clara) == 0
    assert "A broken lamp" in clara.words


def test_a_used_button_of_the_money_step_tells_what_it_has_come_to(app: FakeApp, lot: Lot, clara: Chat) -> None:
    button, message = asked_for(clara, lot, price(100))
    pays(clara, top_up(clara, button))
    clara.press(button, message)
    assert invoices(clara) == 1
    assert f"You lead at {price(100)}" in clara.words
    assert purse(app, clara) == (0, 100)


def test_a_used_button_that_subscribed_asks_for_no_more_money(app: FakeApp, clara: Chat) -> None:
    clara.say("/subscribe")
    button, message = f"Top up {price(150)} and subscribe", clara.last
    pays(clara, top_up(clara, button))
    until = clara.words
    clara.press(button, message)
    assert invoices(clara) == 1
    assert clara.words == until


def test_a_late_payment_for_a_lot_that_has_ended_asks_nobody_to_confirm(app: FakeApp, clara: Chat, lot: Lot) -> None:
    invoice = short_of(clara, lot)
    app.clock.forward(hours=2)
    pays(clara, invoice)
    assert "Bidding on this lot is over. Nothing was bid" in clara.words
    assert "Confirm again" not in clara.words


def test_no_money_is_asked_for_an_offer_that_has_expired(app: FakeApp, clara: Chat, lot: Lot, anna: Chat) -> None:
    join(app, clara.id, stars=200, name="Clara")
    app.bidding.bid(lot.auction.id, clara.id, 200, app.now())
    app.bidding.bid(lot.auction.id, anna.id, 300, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.clock.forward(days=8)
    app.dealing.take_back(anna.id, lot.auction.id, app.now())
    app.second_chance.offer(SELLER, lot.auction.id, app.now())
    for request in ("r1", "r2"):
        app.people.subscribe(clara.id, request, app.now())
    clara.say(f"/auction_{lot.auction.id}")
    for _ in range(2):
        clara.press(f"Buy the lot for {price(100)}")
    button, message = f"Top up {price(150)} and buy", clara.last
    app.clock.forward(hours=49)
    clara.press(button, message)
    assert invoices(clara) == 0
    assert "This offer is no longer valid." in clara.words
