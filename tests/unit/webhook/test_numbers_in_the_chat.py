"""Nobody is told the Telegram id of anybody else in a chat; a blocked person is told nothing."""

from __future__ import annotations

import json

import pytest

from starbid.telegram.messenger import BotMessenger
from tests.support.blocking import block, unblock
from tests.support.desk import deciding
from tests.support.factories import join, put_up
from tests.support.fakes import FakeApp
from webhook.registry import screens

from .chatting import Chat, FakeTelegram

SALLY, BEN, CARL = 7_190_380_018, 7_190_380_029, 7_190_380_137


@pytest.fixture
def told(app: FakeApp) -> FakeApp:
    """The app, whose notices go out in words."""
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    return app


def named(telegram: FakeTelegram, chat: int) -> list[str]:
    """What was sent to a chat that names the number of somebody else."""
    sent = [json.dumps(fields, default=str) for _, fields in telegram.calls if str(fields.get("chat_id")) == str(chat)]
    assert sent
    return [text for text in sent for who in (SALLY, BEN, CARL) if who != chat and str(who) in text]


def test_neither_screens_nor_notices_name_the_number_of_somebody_else(told: FakeApp, telegram: FakeTelegram) -> None:
    app = told
    join(app, SALLY, seller=True, name="Sally")
    for who in (BEN, CARL):
        join(app, who, stars=9_000)
    chats = [Chat(app, telegram, who) for who in (SALLY, BEN, CARL)]
    lots = [put_up(app, SALLY, duration_seconds=600, extend_seconds=0).auction.id for _ in range(2)]
    for lot in lots:
        for who, amount in ((BEN, 150), (CARL, 300), (BEN, 500)):
            app.bidding.bid(lot, who, amount, app.now())
    app.run_streams()
    app.clock.forward(minutes=11)
    for lot in lots:
        app.closing.close(lot, app.now())
    app.dealing.deliver(SALLY, lots[0], "the code", app.now())
    app.dealing.dispute(BEN, lots[1], "never came", app.now())
    app.dealing.answer(SALLY, lots[1], "it did", app.now())
    app.run_streams()
    app.dealing.confirm(BEN, lots[0], app.now())
    app.dealing.resolve(deciding("so be it", app.now()), lots[1], False)
    app.second_chance.offer(SALLY, lots[1], app.now())
    app.run_streams()
    for chat in chats:
        for command in (*screens.commands, *(f"auction_{lot}" for lot in lots)):
            chat.say(f"/{command}")
        for lot in lots:
            for press in ("o", "k", "w"):
                chat.press_data(f"{press}:{lot}:1", None)
        assert not named(telegram, chat.id)


def test_a_blocked_person_gets_silence_and_no_way_in(app: FakeApp, telegram: FakeTelegram) -> None:
    ben = Chat(app, telegram, BEN).join(stars=100)
    block(app, BEN)
    code = app.logins.begin("browser", "Firefox", app.now())
    before = len(telegram.calls)
    for command in (*screens.commands, f"start login_{code}", "buy_stars 50"):
        ben.say(f"/{command}")
    ben.press_data(f"li:{code}", None)
    assert [name for name, _ in telegram.calls[before:]] == []
    assert len(app.store.tables.orders) == 1


def test_who_is_unblocked_is_answered_again(app: FakeApp, telegram: FakeTelegram) -> None:
    ben = Chat(app, telegram, BEN).join()
    block(app, BEN)
    unblock(app, BEN)
    ben.say("/start")
    assert ben.messages
    assert not app.store.tables.people[BEN].blocked
