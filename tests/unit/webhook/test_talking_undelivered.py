"""What becomes of a message that its reader cannot be shown, and what its writer is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.lots import Lot
from starbid.domain.switches import Switch
from tests.support.bot_pool import bad_request
from tests.support.factories import SELLER
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram
from .talks import ask, deliver, photo, said_to, sell


@pytest.fixture
def lot(app: FakeApp, anna: Chat, seller: Chat) -> Lot:
    anna.join(stars=10_000)
    lot = sell(app, anna)
    deliver(app)
    return lot


def switch(app: FakeApp, *off: Switch) -> None:
    seller = app.store.tables.people[SELLER]
    app.store.tables.people[SELLER] = replace(seller, switched_off=frozenset(off), version=seller.version + 1)


def test_of_a_reader_who_wants_no_notices_the_writer_is_told_nothing_wrong(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    switch(app, Switch.MESSAGES)
    ask(anna, lot)
    anna.say("Hello?")
    assert anna.words == "Sent to the seller."
    deliver(app)
    assert anna.words == "Sent to the seller."
    assert not any("Hello?" in text for text in said_to(telegram, SELLER))
    seller.press_data(f"dm:list:{lot.auction.id}", None)
    assert "Hello?" in seller.words
    switch(app)
    ask(anna, lot)
    anna.say("Are you there?")
    deliver(app)
    assert any("Are you there?" in text for text in said_to(telegram, SELLER))


def test_of_a_reader_who_was_blocked_since_the_writer_is_told_just_that(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    for text in ("One", "Two"):
        ask(anna, lot)
        anna.say(text)
    app.store.block(SELLER)
    deliver(app)
    assert "is kept, but the seller cannot read or answer messages here at present" in anna.words
    assert sum("is kept, but" in str(message.get("text")) for message in anna.messages) == 1
    assert not any("stopped the bot" in str(message.get("text")) for message in anna.messages)
    assert not any("One" in text for text in said_to(telegram, SELLER))


def test_photos_that_telegram_refuses_hold_up_neither_their_words_nor_what_comes_after(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    ask(anna, lot)
    photo(anna, caption="Like this")
    telegram.fail("sendPhoto", bad_request("PHOTO_INVALID_DIMENSIONS"))
    ask(anna, lot)
    anna.say("Please answer me")
    deliver(app)
    told = [str(message["text"]) for message in seller.messages if "Message about" in str(message.get("text"))]
    assert "Like this" in told[0]
    assert "could be shown here" in told[0]
    assert "photo above" not in told[0]
    assert "Please answer me" in told[1]
    telegram.fail("sendPhoto", bad_request("PHOTO_INVALID_DIMENSIONS"))
    seller.press_data(f"dm:pics:{lot.auction.id}:1", None)
    assert "could not be sent" in seller.words
    before = len(telegram.called("sendPhoto"))
    seller.press_data(f"dm:pics:{lot.auction.id}:1", None)
    assert len(telegram.called("sendPhoto")) == before + 1


def test_words_that_telegram_refuses_are_pointed_at_and_hold_nothing_up(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    for text in ("One", "Two"):
        ask(anna, lot)
        anna.say(text)
    telegram.fail("sendMessage", bad_request("can't parse entities"))
    deliver(app)
    first, second = [str(m["text"]) for m in seller.messages if "Message about" in str(m.get("text"))]
    assert "One" not in first
    assert "could be shown here" in first
    assert "Two" in second


def test_what_telegram_refuses_in_any_form_holds_nothing_up(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    for text in ("One", "Two"):
        ask(anna, lot)
        anna.say(text)
    for _ in range(2):
        telegram.fail("sendMessage", bad_request("can't parse entities"))
    deliver(app)
    (only,) = [str(m["text"]) for m in seller.messages if "Message about" in str(m.get("text"))]
    assert "Two" in only
    assert not any("has not been delivered" in str(message.get("text")) for message in anna.messages)
