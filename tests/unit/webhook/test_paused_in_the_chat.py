"""The pause in the chat: the greeting, cards, lists and buttons say so, and deals go on."""

from __future__ import annotations

from starbid.domain.lots import Lot
from tests.support.fakes import FakeApp
from tests.support.paused import carry, pause, resume

from .chatting import Chat, price

TOLD = "Bids, purchases and new lots are paused for a moment."


def test_the_greeting_says_so_while_it_lasts(app: FakeApp, anna: Chat) -> None:
    anna.say("/start")
    assert TOLD not in anna.words
    pause(app)
    anna.say("/start")
    assert TOLD in anna.words
    resume(app)
    app.clock.forward(seconds=1)
    anna.say("/start")
    assert TOLD not in anna.words


def test_a_card_shows_the_time_left_and_offers_no_bid(app: FakeApp, lot: Lot, anna: Chat) -> None:
    pause(app)
    app.clock.forward(hours=30)
    anna.say(f"/auction_{lot.auction.id}")
    assert "left, paused" in anna.words
    assert not [data for data in anna.buttons().values() if data.startswith(("b:", "m:"))]
    resume(app)
    anna.say(f"/auction_{lot.auction.id}")
    assert "paused" not in anna.words
    anna.press(price(100))
    assert app.store.auction(lot.auction.id).leader_id == anna.id


def test_a_button_from_before_is_answered_in_words(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    boris.say(f"/auction_{lot.auction.id}")
    pause(app)
    anna.press(price(140))
    assert TOLD in anna.toasts()[-1]
    boris.press(f"m:{lot.auction.id}")
    assert app.store.auction(lot.auction.id).bids_count == 0
    assert not app.store.wallet(anna.id, "XTR").held.amount


def test_an_amount_that_is_typed_meanwhile_is_refused_and_holds_nothing(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Set a maximum")
    pause(app)
    anna.say("150")
    assert any(TOLD in str(message.get("text")) for message in anna.messages)
    assert not app.store.tables.bids


def test_lists_show_the_time_left(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(140))
    pause(app)
    app.clock.forward(hours=30)
    anna.say("/bids")
    assert "left, paused" in anna.words
    resume(app)
    carry(app)
    anna.say("/bids")
    assert "paused" not in anna.words
