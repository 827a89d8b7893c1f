"""Deadlines of deals in the chat, what is said before a dispute and offered in one, and the money on its way."""

from __future__ import annotations

import pytest

from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from tests.support.factories import SELLER, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat

THIN = "\u202f"


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    """Anna won a lot for 100; it ended on 1 May, 14:00."""
    anna.join(stars=1000)
    lot = put_up(app, title="Tea & <cake>")
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    return lot


def said(chat: Chat) -> str:
    return chat.words.replace(THIN, " ")


def test_before_a_dispute_the_chat_says_what_to_try_first_and_asks_for_words_only_then(
    app: FakeApp, sold: Lot, anna: Chat
) -> None:
    anna.say(f"/auction_{sold.auction.id}")
    anna.press("Something is wrong")
    assert "The seller still has time to send it, until 8 May 2026, 14:00 UTC." in anna.words
    assert "within 30 days" in anna.words
    assert "you can withdraw the dispute as long as it is open" in anna.words
    explained = anna.last
    anna.say("hello")
    assert app.store.deal(sold.auction.id).state is DealState.AWAITING_DELIVERY, "nothing was asked yet"
    anna.press("Open a dispute", explained)
    assert "that opens the dispute" in anna.words
    anna.say("It never came")
    assert app.store.deal(sold.auction.id).dispute == "It never came"
    assert "You can withdraw it until then." in anna.words


@pytest.mark.parametrize("delivered", [False, True])
def test_a_dispute_is_withdrawn_from_the_message_that_says_it_is_open_and_from_the_card(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat, delivered: bool
) -> None:
    if delivered:
        app.dealing.deliver(SELLER, sold.auction.id, "the key", app.now())
    anna.press_data(f"d:dispute:{sold.auction.id}", None)
    anna.say("It is empty")
    told = anna.last
    seller.say(f"/auction_{sold.auction.id}")
    assert "Withdraw the dispute" not in seller.buttons()
    anna.say(f"/auction_{sold.auction.id}")
    assert "Withdraw the dispute" in anna.buttons()
    assert "In dispute: an operator decides by 31 May 2026, 14:00 UTC." in anna.words
    anna.press("Withdraw the dispute", told)
    anna.press("Yes, withdraw the dispute")
    deal = app.store.deal(sold.auction.id)
    assert deal.state is (DealState.DELIVERED if delivered else DealState.AWAITING_DELIVERY)
    anna.say(f"/auction_{sold.auction.id}")
    assert "Something is wrong" not in anna.buttons(), "a deal is disputed once"


def test_a_deal_that_was_disputed_is_refused_with_the_reason_when_an_old_button_asks_again(
    app: FakeApp, sold: Lot, anna: Chat
) -> None:
    anna.say(f"/auction_{sold.auction.id}")
    anna.press("Something is wrong")
    explained = anna.last
    app.dealing.dispute(anna.id, sold.auction.id, "no", app.now())
    app.dealing.withdraw(anna.id, sold.auction.id, app.now())
    anna.press("Open a dispute", explained)
    anna.say("again")
    assert app.store.deal(sold.auction.id).dispute == "no"
    assert any("A deal can be disputed once" in toast for toast in anna.toasts())


def test_the_wallet_tells_both_sides_what_is_on_its_way_and_what_each_movement_was_about(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat
) -> None:
    anna.say("/balance")
    assert "Paid for what you bought, in escrow: ⭐ 100." in said(anna)
    assert "⭐ 100 · “Tea &amp; &lt;cake&gt;”: Waiting for the seller to send it, until 8 May 2026" in said(anna)
    assert "−⭐ 100 · Bought: “Tea &amp; &lt;cake&gt;”" in said(anna)
    seller.say("/balance")
    assert "On its way to you: ⭐ 95." in said(seller)
    assert "Send it to the buyer by 8 May 2026, 14:00 UTC. It arrives at the latest 7 days after" in said(seller)
    app.dealing.deliver(SELLER, sold.auction.id, "the key", app.now())
    app.dealing.confirm(anna.id, sold.auction.id, app.now())
    seller.say("/balance")
    assert "On its way" not in said(seller)
    assert "+⭐ 95 · Sold: “Tea &amp; &lt;cake&gt;”, ⭐ 100 − fee ⭐ 5" in said(seller)


def test_the_longest_wallet_fits_into_one_message(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=5000)
    app.people.set_language(anna.id, "ru")
    for _ in range(8):
        lot = put_up(app, title="&" * 80, start_price=1, buy_now_price=100)
        app.bidding.buy(lot.auction.id, anna.id, 100, app.now())
    anna.say("/balance")
    assert "В пути" not in anna.words
    assert said(anna).count("Ждём отправки") == 3
    assert len(anna.words.replace("&amp;", "&")) < 4096


def test_the_buyer_bought_it(app: FakeApp, sold: Lot, anna: Chat, seller: Chat) -> None:
    anna.say(f"/auction_{sold.auction.id}")
    assert "<b>⭐ 100</b> · bought" in said(anna)
    seller.say(f"/auction_{sold.auction.id}")
    assert "<b>⭐ 100</b> · sold" in said(seller)


def test_each_step_of_a_deal_names_its_deadline_and_what_follows(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat
) -> None:
    lot_id = sold.auction.id
    seller.press_data(f"d:deliver:{lot_id}", None)
    assert "Send it to the buyer by 8 May 2026, 14:00 UTC. After that the buyer can take the money back" in seller.words
    app.dealing.deliver(SELLER, lot_id, "the key", app.now())
    anna.press_data(f"d:confirm:{lot_id}", None)
    assert "confirm by 8 May 2026, 14:00 UTC. The seller is paid automatically" in anna.words
    anna.press_data(f"d:dispute:{lot_id}", None)
    anna.say("It is empty")
    assert "an operator decides by 31 May 2026, 14:00 UTC. If nobody decides, the seller is paid" in anna.words
    seller.press_data(f"d:answer:{lot_id}", None)
    assert "In dispute: answer it; an operator decides by 31 May 2026, 14:00 UTC. If nobody decides" in seller.words
    seller.say("It is not")
    assert "In dispute: an operator decides by 31 May 2026, 14:00 UTC." in seller.words
    anna.press_data(f"d:WITHDRAW:{lot_id}", None)
    assert "confirm by 8 May 2026, 14:00 UTC. The seller is paid automatically" in anna.words
    app.dealing.confirm(anna.id, lot_id, app.now())
    anna.press_data(f"d:rate:{lot_id}", None)
    assert "Your rating appears when the other side has rated too, or automatically: 8 May 2026, 14:00" in anna.words
    app.clock.forward(days=7)
    anna.press_data(f"d:rate:{lot_id}", None)
    assert anna.words == "How was the deal about “Tea &amp; &lt;cake&gt;”?"


def test_who_may_take_the_money_back_is_told_what_happens_otherwise(app: FakeApp, sold: Lot, anna: Chat) -> None:
    app.clock.forward(days=8)
    anna.press_data(f"d:back:{sold.auction.id}", None)
    assert "it returns automatically (15 May 2026, 14:00 UTC)." in anna.words


def test_deadlines_are_told_in_the_persons_zone(app: FakeApp, sold: Lot, seller: Chat) -> None:
    app.people.set_zone(SELLER, "Asia/Kolkata")
    seller.press_data(f"d:deliver:{sold.auction.id}", None)
    assert "by 8 May 2026, 19:30" in seller.words


def test_an_operator_is_told_until_when_to_decide_and_what_happens_otherwise(
    app: FakeApp, sold: Lot, anna: Chat, admin: Chat
) -> None:
    app.dealing.dispute(anna.id, sold.auction.id, "It never came", app.now())
    admin.press_data(f"a:look:{sold.auction.id}", None)
    assert "Decide by 31 May 2026, 14:00 UTC; otherwise ⭐ 100 goes back to the buyer." in said(admin)
