"""Costly deeds of one person in the chat: words instead."""

import pytest

from starbid.domain import limits
from starbid.domain.limits import Deed, Limit
from starbid.domain.lots import Lot
from tests.support.fakes import FakeApp
from tests.support.physical import HOME, sold_lamp

from .chatting import Chat, FakeTelegram


@pytest.fixture(autouse=True)
def none_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for deed in Deed:
        monkeypatch.setitem(limits.LIMITS, deed, Limit(0, 3600))


def test_an_invoice_too_many_is_told_in_the_persons_language(anna: Chat, boris: Chat, telegram: FakeTelegram) -> None:
    assert anna.say("/buy_stars 50") == 200
    assert "short time" in anna.words
    boris.say("/buy_stars 50")
    assert "Слишком много таких действий подряд" in boris.words
    assert not telegram.called("sendInvoice")


def test_a_link_of_a_subscription_is_counted_too(anna: Chat, telegram: FakeTelegram) -> None:
    anna.say("/subscribe")
    assert anna.press("sub:link") == 200
    assert not telegram.called("createInvoiceLink")
    assert "short time" in telegram.called("answerCallbackQuery")[-1]["text"]


def test_a_lot_put_up_again_is_counted(app: FakeApp, seller: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    seller.say(f"/auction_{lot.auction.id}")
    seller.press(f"d:relist:{lot.auction.id}")
    assert "short time" in telegram.called("answerCallbackQuery")[-1]["text"]


def test_an_address_is_counted(app: FakeApp, anna: Chat, seller: Chat) -> None:
    anna.join()
    lot = sold_lamp(app, anna.id)
    anna.press_data(f"d:give_address:{lot}", None)
    anna.say(f"{HOME.name}\n{HOME.address}\n{HOME.phone}")
    anna.press("Yes, send it there")
    assert "short time" in f"{anna.words} {anna.toasts()}"
    assert app.addresses.address(lot, app.now()) is None


def test_bids_are_not_counted(app: FakeApp, anna: Chat, lot: Lot) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(f"b:{lot.auction.id}:100:1")
    assert app.store.auction(lot.auction.id).bids_count == 1
