"""A button that was used long ago says what became of it, and never that it was done now."""

from __future__ import annotations

import pytest

from starbid.domain.money import XTR
from tests.support.factories import SELLER, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, price


def available(app: FakeApp, chat: Chat) -> int:
    return app.store.wallet(chat.id, XTR, consistent=True).available.amount


def pay_button(chat: Chat) -> str:
    return next(data for data in chat.buttons().values() if data.startswith("sub:pay:"))


@pytest.mark.parametrize("stars", [1000, 100])
@pytest.mark.parametrize("swept", [True, False])
def test_a_subscribe_button_whose_days_are_over_gives_way_to_a_fresh_one(
    app: FakeApp, anna: Chat, stars: int, swept: bool
) -> None:
    anna.join(stars=stars)
    anna.say("/subscribe")
    screen, used = anna.last, pay_button(anna)
    anna.press_data(used, screen)
    assert "Subscribed until" in anna.words
    app.clock.forward(days=30)
    if swept:
        app.people.end_subscriptions(app.now())
    anna.press_data(used, screen)
    assert "those 30 days are over. Nothing was charged again." in anna.toasts()[-1]
    assert "Subscribed until" not in anna.words
    assert available(app, anna) == stars - 100
    if stars == 100:
        assert f"Top up {price(100)} and subscribe" in anna.buttons()
        return
    assert pay_button(anna) != used
    anna.press_data(pay_button(anna), anna.last)
    assert "Subscribed until" in anna.words
    assert available(app, anna) == stars - 200


def test_a_subscribe_button_is_the_same_answer_while_its_days_run(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    anna.say("/subscribe")
    screen, used = anna.last, pay_button(anna)
    anna.press_data(used, screen)
    assert "Subscribed until 31 May 2026" in anna.words
    app.clock.forward(days=29)
    anna.press_data(used, screen)
    assert "Subscribed until tomorrow" in anna.words
    assert available(app, anna) == 900


def test_a_relist_button_does_not_say_that_a_lot_is_up_which_has_ended(app: FakeApp, seller: Chat) -> None:
    lot = put_up(app)
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    again = f"d:relist:{lot.auction.id}"
    for _ in range(2):
        seller.press_data(again, None)
        assert "is relisted, until" in seller.words
    new = seller.buttons()["Open the lot"]
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(new.split(":")[1], app.now())
    seller.press_data(again, None)
    assert "You have already relisted “A lamp”" in seller.words
    assert seller.buttons()["Open the lot"] == new


def test_a_buy_button_does_not_promise_a_delivery_that_has_happened(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    lot = put_up(app, buy_now_price=900).auction.id
    anna.press_data(f"n:{lot}:900:1", None)
    assert "Now the seller sends it" in anna.words
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    app.dealing.confirm(anna.id, lot, app.now())
    anna.press_data(f"n:{lot}:900:1", None)
    assert "seller sends it" not in anna.words
    assert f"You have already bought “A lamp” for {price(900)}" in anna.words
    assert available(app, anna) == 100


def test_a_refund_that_was_made_is_not_asked_about_again(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=250)
    anna.say("/paysupport")
    ask = next(data for data in anna.buttons().values() if data.startswith("rf:"))
    app.refunding.refund(anna.id, app.store.charges_of(anna.id)[0].id, app.now())
    anna.press_data(ask, None)
    assert anna.words.endswith(": refunded")
    assert len(app.stars.refunded) == 1


def test_who_has_rated_is_not_asked_for_words(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    lot = put_up(app, buy_now_price=900).auction.id
    anna.press_data(f"n:{lot}:900:1", None)
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    app.dealing.confirm(anna.id, lot, app.now())
    anna.press_data(f"d:RATE5:{lot}", None)
    anna.press_data(f"d:rate4:{lot}", None)
    assert "You have already rated this deal." in anna.toasts()[-1]
    anna.say("very good")
    assert [rating.stars for rating in app.store.deal(lot).ratings] == [5]
