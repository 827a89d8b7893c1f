"""Cards of Dutch lots, from the chat in which they are opened to the edit that shows the price after its fall."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.telegram.messenger import BotMessenger
from tests.support.factories import put_up
from tests.support.fakes import START, FakeApp
from tests.support.street import DUTCH

from .chatting import Answer, Chat, FakeTelegram, bad_request, price


@pytest.fixture
def lot(app: FakeApp, anna: Chat, boris: Chat) -> str:
    """A lot that falls by 100 a minute from 1000 to 700; the sender edits what stands in the chats."""
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    for chat in (anna, boris):
        chat.join(stars=1_000)
    return put_up(app, **DUTCH).auction.id


def wake(app: FakeApp) -> None:
    """The one message that waits comes at its time."""
    ((auction_id, at, _),) = app.outgoing.wakes
    app.outgoing.wakes.clear()
    app.clock.now = at
    app.cards.redraw(auction_id, at, at)


def test_the_card_in_the_chat_shows_each_price_and_when_it_falls_next(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    card = anna.last["message_id"]
    for shown in (900, 800):
        wake(app)
        assert f"<b>{price(shown)}</b> · current price, drops in 1:00" in anna.words
        assert f"Buy the lot for {price(shown)}" in anna.buttons()
    wake(app)
    assert f"<b>{price(700)}</b> · lowest price" in anna.words
    assert anna.last["message_id"] == card
    assert app.outgoing.wakes == []


def test_many_who_open_and_press_wake_the_sender_once_a_fall(app: FakeApp, lot: str, anna: Chat, boris: Chat) -> None:
    for chat in (anna, boris, anna):
        chat.say(f"/auction_{lot}")
    anna.press("Add to favourites")
    assert [at for _, at, _ in app.outgoing.wakes] == [START + timedelta(seconds=60)]
    wake(app)
    assert all(price(900) in chat.words for chat in (anna, boris))


def test_a_card_that_was_opened_before_the_start_gets_its_button_at_the_start(
    app: FakeApp, anna: Chat, boris: Chat, lot: str
) -> None:
    begins = START + timedelta(minutes=5)
    later = put_up(app, **DUTCH, starts_at=begins.isoformat()).auction.id
    anna.say(f"/auction_{later}")
    assert "Starts" in anna.words
    wake(app)
    assert f"Buy the lot for {price(1_000)}" in anna.buttons()


def test_a_card_is_shown_though_the_queue_is_out_of_reach(app: FakeApp, lot: str, anna: Chat, boris: Chat) -> None:
    app.outgoing.fail_next(ConnectionError())
    assert anna.say(f"/auction_{lot}") == 200
    assert len(anna.messages) == 1
    boris.say(f"/auction_{lot}")
    wake(app)
    assert price(900) in anna.words


def test_a_price_that_fell_while_the_card_was_on_its_way_is_made_up_for(
    app: FakeApp, lot: str, anna: Chat, telegram: FakeTelegram
) -> None:
    app.clock.now = START + timedelta(seconds=59)
    real = telegram._sendPhoto

    def slow(fields: dict[str, Any]) -> Answer:
        app.clock.forward(seconds=5)
        return real(fields)

    telegram._sendPhoto = slow  # type: ignore[method-assign]
    anna.say(f"/auction_{lot}")
    assert price(1_000) in anna.words
    wake(app)
    assert app.clock.now == START + timedelta(seconds=120)
    assert price(800) in anna.words


def test_a_card_that_its_reader_deleted_is_not_tried_again(
    app: FakeApp, lot: str, anna: Chat, telegram: FakeTelegram
) -> None:
    anna.say(f"/auction_{lot}")
    telegram.fail("editMessageCaption", bad_request("message to edit not found"))
    wake(app)
    wake(app)
    assert app.outgoing.wakes == []
    assert telegram.called("editMessageCaption") == []
