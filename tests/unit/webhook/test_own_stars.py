"""A person's own Stars: seen only with their leave, which ends with the connection, the right, or Telegram's no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.services.low_balance import LowBalance
from starbid.services.ports import TryLater
from starbid.telegram.messenger import BotMessenger
from starbid.telegram.reading import read_update
from starbid.telegram.updates import Connected, Unknown
from tests.support.blocking import block
from tests.support.bot_judge import judge
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, put_up
from tests.support.fakes import FakeApp
from tests.support.there import there

from .chatting import Chat, FakeTelegram, bot, price

VIEW = {"can_view_gifts_and_stars": True}
SHOWN = f"In your Telegram account: {price(777)}."


@pytest.fixture
def anna(anna: Chat) -> Chat:
    anna.join()
    anna.app.stars.owned = {"b1": 777, "b2": 888}
    return anna


def connection(chat: Chat, connection_id: str = "b1", **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": connection_id,
        "user": chat.user,
        "user_chat_id": chat.id,
        "date": 1_777_636_800,
        "rights": VIEW,
        "is_enabled": True,
    }
    return body | changes


def tell(chat: Chat, update_id: int, connection_id: str = "b1", **changes: Any) -> int:
    return chat.update({"business_connection": connection(chat, connection_id, **changes)}, update_id)


def shows(chat: Chat) -> bool:
    chat.say("/stars")
    return "In your Telegram account" in chat.words


def is_known(app: FakeApp) -> bool:
    view = there(app.store.person(ANNA)).star_view
    return view is not None and view.is_open


def test_the_updates_are_as_the_bot_api_has_them(anna: Chat) -> None:
    judge("update", "business_connection", connection(anna))


def test_nothing_is_asked_or_shown_without_leave(app: FakeApp, anna: Chat) -> None:
    app.stars.fail_next(AssertionError("Telegram was asked"))
    assert not shows(anna)


def test_who_connects_it_sees_their_own_stars_in_the_chat(app: FakeApp, anna: Chat) -> None:
    assert tell(anna, 10) == 200
    assert "Connected." in anna.words
    for command in ("/stars", "/balance"):
        anna.say(command)
        assert SHOWN in anna.words


@pytest.mark.parametrize(
    "change",
    [
        {"is_enabled": False},
        {"rights": {}},
        {"rights": None},
        {"rights": {"can_view_gifts_and_stars": False, "can_reply": True}},
    ],
)
def test_it_is_forgotten_when_it_ends_or_the_right_is_withdrawn(
    app: FakeApp, anna: Chat, change: dict[str, Any]
) -> None:
    tell(anna, 10)
    tell(anna, 11, **change)
    assert not is_known(app)
    assert "b1" not in repr(app.store.person(ANNA))
    assert not shows(anna)


def test_the_end_that_comes_before_the_beginning_counts(app: FakeApp, anna: Chat) -> None:
    tell(anna, 11, is_enabled=False)
    tell(anna, 10)
    assert not is_known(app)
    assert not shows(anna)


def test_the_end_of_an_earlier_connection_that_comes_late_leaves_the_present_one(app: FakeApp, anna: Chat) -> None:
    tell(anna, 12, "b2")
    tell(anna, 11, "b1", is_enabled=False)
    assert is_known(app)
    anna.say("/stars")
    assert price(888) in anna.words


def test_numbers_that_begin_anew_after_a_week_of_silence_count(app: FakeApp, anna: Chat) -> None:
    tell(anna, 1_000)
    app.clock.forward(days=8)
    tell(anna, 5, is_enabled=False)
    assert not is_known(app)


def test_the_same_update_twice_says_it_once(anna: Chat, telegram: FakeTelegram) -> None:
    for _ in range(2):
        tell(anna, 10)
    tell(anna, 11)
    assert len([one for one in anna.messages if "Connected." in str(one.get("text"))]) == 1


def test_telegrams_no_ends_it(app: FakeApp, anna: Chat) -> None:
    tell(anna, 10)
    app.stars.owned.clear()
    assert not shows(anna)
    assert not is_known(app)
    app.stars.owned["b1"] = 777
    assert not shows(anna)


def test_no_answer_hides_the_line_and_ends_nothing(app: FakeApp, anna: Chat) -> None:
    tell(anna, 10)
    app.stars.fail_next(TryLater(5))
    assert not shows(anna)
    assert shows(anna)


def test_the_leave_is_its_givers_alone(app: FakeApp, anna: Chat, boris: Chat) -> None:
    boris.join()
    tell(anna, 10)
    assert there(app.store.person(BORIS)).star_view is None
    boris.say("/stars")
    assert price(777) not in boris.words


def test_one_who_is_blocked_is_told_nothing_and_forgotten_all_the_same(app: FakeApp, anna: Chat) -> None:
    tell(anna, 10)
    block(app, ANNA)
    before = len(anna.messages)
    tell(anna, 11, is_enabled=False)
    tell(anna, 12)
    assert len(anna.messages) == before


@pytest.mark.parametrize("body", [
    {"id": 5}, {"id": ""}, {"user": {}}, {"user": {"id": ANNA, "is_bot": True, "first_name": "x"}}, {"user": None},
    {"is_enabled": "yes"}, {"rights": {"can_view_gifts_and_stars": 1}}, {"rights": [VIEW]},
])  # fmt: skip
def test_what_cannot_be_read_gives_no_leave(anna: Chat, body: dict[str, Any]) -> None:
    content = read_update({"update_id": 1, "business_connection": connection(anna) | body}).content
    assert isinstance(content, Unknown) or (isinstance(content, Connected) and content.connection_id == "")


def test_a_low_balance_names_them(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    tell(anna, 10)
    join(app, SELLER, seller=True)
    for who in (BORIS, CLARA):
        join(app, who, stars=5_000)
    messenger = BotMessenger(
        bot(telegram),
        app.settings,
        app.now,
        lambda who, currency: app.store.wallet(who, currency, consistent=True),
        own_stars=app.own_stars.balance,
    )
    lot = put_up(app, bid_step=10, start_price=100, duration_seconds=7200).auction.id
    _, payload = app.paying.order_stars(ANNA, 300, app.now())
    app.paying.credit(ANNA, "c1", payload, 300, "XTR", app.now())
    app.bidding.bid(lot, ANNA, 100, app.now())
    app.bidding.bid(lot, BORIS, 500, app.now(), confirmed=True)
    app.bidding.bid(lot, CLARA, 240, app.now(), confirmed=True)
    app.clock.forward(seconds=1)
    app.people.subscribe(ANNA, "r1", app.now())
    spent = app.store.transfers(ANNA, "XTR", limit=1).items[0]
    LowBalance(app.store, app.browsing, app.outgoing).follow(spent, app.now() + timedelta(seconds=1))
    (notice,) = app.outgoing.notices
    messenger.tell(there(app.store.person(ANNA)), notice, app.store.lot(lot))
    assert "Your wallet is running low" in anna.words
    assert SHOWN in anna.words
