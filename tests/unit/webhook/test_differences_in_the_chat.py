"""Differences to Telegram in the chat of an operator, and the bot's own Stars."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.roles import Role
from starbid.services.billing.reconciling import Difference
from starbid.services.ports import Rejected, StarTransaction, TryLater, Unreachable
from tests.support.desk import OWNER
from tests.support.factories import ANNA
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, price


@pytest.fixture
def admin(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> Chat:
    """Telegram lists a payment of ANNA's that is not booked."""
    anna.join()
    at = app.now() - timedelta(hours=1)
    app.stars.listed = [StarTransaction("c<1>", 50, at, incoming=True, payer_id=ANNA, payload="not ours")]
    app.reconciling.compare(app.now(), lambda: True, lambda found: app.differences.keep(found, app.now()))
    return Chat(app, telegram, OWNER).join()


def button(chat: Chat, begins: str) -> str:
    return next(data for data in chat.buttons().values() if data.startswith(begins))


def available(app: FakeApp) -> int:
    return app.store.wallet(ANNA, "XTR", consistent=True).available.amount


def test_operators_see_the_bots_own_stars_and_how_much_differs(app: FakeApp, admin: Chat) -> None:
    app.stars.stars = 1234
    admin.say("/admin")
    assert "Differences to Telegram: 1." in admin.words
    assert f"Bot's own Stars: {price(1234)}." in admin.words


@pytest.mark.parametrize("failure", [TryLater(30), Unreachable(), Rejected("no")])
def test_telegram_that_gives_no_answer_hides_no_work(app: FakeApp, admin: Chat, failure: Exception) -> None:
    app.stars.fail_next(failure)
    admin.say("/admin")
    assert "Telegram gives no answer now." in admin.words
    assert "Differences to Telegram: 1." in admin.words


def test_one_is_booked_after_it_was_confirmed_and_only_once(app: FakeApp, admin: Chat) -> None:
    admin.press_data("dx:list", None)
    admin.press(button(admin, "dx:look:"))
    assert "Telegram lists a payment that is not booked here" in admin.words
    assert "<code>c&lt;1&gt;</code>" in admin.words
    admin.press("Book it")
    assert available(app) == 0
    sure, asked = button(admin, "dx:OK:"), admin.last
    admin.press_data(sure, asked)
    assert "It is booked." in admin.words
    admin.press_data(sure, None)
    assert available(app) == 50
    assert len(app.store.tables.audit) == 1
    admin.press_data("dx:list", None)
    assert "Nothing differs." in admin.words


def test_no_answer_of_telegrams_is_said_and_nothing_is_booked(app: FakeApp, admin: Chat) -> None:
    admin.press_data("dx:list", None)
    admin.press(button(admin, "dx:look:"))
    admin.press("Book it")
    app.stars.fail_next(TryLater(30))
    admin.press("Yes, book it")
    assert "Telegram gives no answer now" in admin.toasts()[-1]
    assert available(app) == 0


def test_who_may_not_book_is_not_told_that_nothing_can_be_booked(
    app: FakeApp, telegram: FakeTelegram, admin: Chat
) -> None:
    admin.press_data("dx:list", None)
    support = Chat(app, telegram, 802).join(role=Role.SUPPORT)
    support.press_data(button(admin, "dx:look:"), None)
    assert "Telegram lists a payment that is not booked here" in support.words
    assert "Nothing can be booked" not in support.words
    assert "Book it" not in support.buttons()


def test_what_cannot_be_booked_is_said_to_be(app: FakeApp, admin: Chat) -> None:
    app.differences.keep(Difference("kind", 1, "c2", "user/strange"), app.now() + timedelta(minutes=1))
    admin.press_data("dx:list", None)
    admin.press(button(admin, "dx:look:"))
    assert "Nothing can be booked of it" in admin.words
    assert "Book it" not in admin.buttons()


def test_nobody_else_knows_of_these_buttons(app: FakeApp, admin: Chat, anna: Chat) -> None:
    admin.press_data("dx:list", None)
    mark = button(admin, "dx:look:").removeprefix("dx:look:")
    for data in ("dx:list", *(f"dx:{verb}:{mark}" for verb in ("look", "ok", "OK"))):
        anna.press_data(data, None)
    assert available(app) == 0
    assert "Telegram lists" not in anna.words


@pytest.mark.parametrize("data", ["dx", "dx:OK", "dx:OK:0000000000000000", "dx:OK:../..", "dx:no:1", "dx:look:1:2"])
def test_forged_buttons_book_nothing(app: FakeApp, admin: Chat, data: str) -> None:
    admin.press_data(data, None)
    assert (available(app), app.store.tables.audit) == (0, {})
