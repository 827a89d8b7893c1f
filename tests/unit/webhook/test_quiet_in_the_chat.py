"""Quiet hours, and what further channels tell, chosen in the chat."""

from __future__ import annotations

import pytest

from starbid.domain.channels import WANTED_AT_FIRST, Channel
from starbid.domain.quiet import QuietHours
from starbid.domain.switches import Switch
from tests.support.factories import ANNA
from tests.support.fakes import FakeApp
from tests.support.there import there

from .chatting import Chat, FakeTelegram


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, ANNA).join()


def quiet(app: FakeApp) -> QuietHours | None:
    return there(app.store.person(ANNA)).quiet


def opened(chat: Chat) -> Chat:
    chat.say("/settings")
    chat.press("Notices: all on")
    chat.press(next(text for text, data in chat.buttons().items() if data == "qh"))
    return chat


def test_usual_hours_are_a_press_away_and_so_is_none(app: FakeApp, anna: Chat) -> None:
    opened(anna)
    assert "By the time in UTC." in anna.words
    anna.press("22:00–7:00")
    assert quiet(app) == QuietHours(22 * 60, 7 * 60)
    assert "✓ 22:00–7:00" in anna.buttons()
    anna.press("Back")
    assert anna.buttons()["Quiet hours: 22:00–7:00"] == "qh"
    anna.press("Quiet hours: 22:00–7:00")
    anna.press("None")
    assert quiet(app) is None
    assert len(anna.messages) == 1, "it is one screen all the way"


def test_other_hours_are_typed_and_a_slip_is_told_what_would_be_right(app: FakeApp, anna: Chat) -> None:
    opened(anna)
    anna.press("Other times")
    anna.say("at night")
    assert "Enter two different times of the day" in anna.words
    assert quiet(app) is None
    anna.say("21:30-6:45")
    assert quiet(app) == QuietHours(21 * 60 + 30, 6 * 60 + 45)
    assert "✓ 21:30–6:45 · Other times" in anna.buttons()


@pytest.mark.parametrize("data", ["qh:1:2", "qh:1320", "qh:x:y", "qh:-1:5", "qh:99999:1", "qh:off:1", "qh:on"])
def test_a_forged_button_changes_nothing(app: FakeApp, anna: Chat, data: str) -> None:
    opened(anna)
    anna.press_data(data, anna.last)
    assert quiet(app) is None


def test_a_further_channel_has_a_tab_of_its_own(app: FakeApp, anna: Chat) -> None:
    app.hearing.set_up(ANNA, Channel.EMAIL)
    anna.say("/settings")
    anna.press("Notices: all on")
    anna.press("E-mail")
    assert "What is sent to you by e-mail." in anna.words
    assert "• E-mail •" in anna.buttons()
    assert "✓ Lot won" in anna.buttons()
    assert not any("News of Starbid" in text for text in anna.buttons())
    anna.press("– Outbid")
    person = there(app.store.person(ANNA))
    assert person.heard_by == {Channel.EMAIL: WANTED_AT_FIRST[Channel.EMAIL] | {Switch.OUTBID}}
    assert person.switched_off == frozenset()
    anna.press("Telegram")
    assert "What I write to you." in anna.words


@pytest.mark.parametrize("data", ["nk:email:won:1", "nk:email", "nk:push:won:0", "nk:fax", "nk:email:won:2"])
def test_a_button_of_a_channel_that_is_not_set_up_changes_nothing(app: FakeApp, anna: Chat, data: str) -> None:
    anna.say("/settings")
    anna.press("Notices: all on")
    anna.press_data(data, anna.last)
    assert there(app.store.person(ANNA)).heard_by == {}


def test_in_russian(app: FakeApp, telegram: FakeTelegram) -> None:
    boris = Chat(app, telegram, ANNA, "ru").join()
    boris.say("/settings")
    boris.press("Уведомления: все")
    boris.press("Тихих часов нет")
    assert "придёт одним сообщением" in boris.words
