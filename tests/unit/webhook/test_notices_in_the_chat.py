"""Switching notices off and on in the chat."""

from __future__ import annotations

import pytest

from starbid.domain.switches import Switch
from starbid.services.notices.switches import SWITCHED
from starbid.telegram.html import units
from tests.support.factories import ANNA
from tests.support.fakes import Death, FakeApp
from tests.support.there import there

from .chatting import Chat, FakeTelegram

PHONE = 22
"""Letters of a button that a phone shows of one of two in a row."""


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, ANNA).join()


def off(app: FakeApp) -> set[Switch]:
    return set(there(app.store.person(ANNA)).switched_off)


def opened(chat: Chat) -> Chat:
    chat.say("/settings")
    chat.press(next(text for text, data in chat.buttons().items() if data == "nk"))
    return chat


def test_the_settings_lead_to_a_switch_for_each_sort_and_back(anna: Chat) -> None:
    opened(anna)
    assert "✓ is on, – is off" in anna.words
    assert "Always sent: deadlines of deals" in anna.words
    assert sum(text.startswith("✓ ") for text in anna.buttons()) == len(SWITCHED)
    anna.press("Back")
    assert "<b>Settings</b>" in anna.words
    assert len(anna.messages) == 1, "it is one screen all the way"


def test_a_switch_turns_where_it_stands_and_the_settings_count_it(app: FakeApp, anna: Chat) -> None:
    opened(anna)
    anna.press("✓ Outbid")
    assert off(app) == {Switch.OUTBID}
    assert anna.buttons()["– Outbid"] == "nk:outbid:1"
    assert anna.toasts()[-1] == "Off: Outbid"
    anna.press("Back")
    assert anna.buttons()["Notices: 1 off"] == "nk"
    anna.press("Notices: 1 off")
    anna.press("– Outbid")
    assert (off(app), anna.toasts()[-1]) == (set(), "On: Outbid")
    assert len(anna.messages) == 1


def test_in_russian(app: FakeApp, telegram: FakeTelegram) -> None:
    boris = opened(Chat(app, telegram, ANNA, "ru").join())
    assert "Приходят всегда: сроки сделок" in boris.words
    boris.press("✓ Ставку перебили")
    assert off(app) == {Switch.OUTBID}
    boris.press("Назад")
    assert "Уведомления: 1 отключено" in boris.buttons()


def test_a_switch_pressed_twice_and_on_two_devices_is_as_pressed_last_and_shown_so(app: FakeApp, anna: Chat) -> None:
    opened(anna)
    opened(anna)
    here, there_ = anna.messages
    for _ in range(2):
        anna.press("nk:won:0", here)
    assert off(app) == {Switch.WON}
    anna.press("nk:lost:0", there_)
    first, second = anna.messages
    assert {"– Lot won", "– Lot not won"} <= set(anna.buttons(second))
    anna.press("nk:won:1", first)
    assert off(app) == {Switch.LOST}
    assert {"✓ Lot won", "– Lot not won"} <= set(anna.buttons(anna.messages[0]))


def test_an_update_that_is_handled_again_after_a_death_leaves_it_as_it_was_pressed(app: FakeApp, anna: Chat) -> None:
    opened(anna)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.press("nk:sold:0", update_id=77_000)
    app.clock.forward(minutes=2)
    assert anna.press("nk:sold:0", update_id=77_000) == 200
    assert off(app) == {Switch.SOLD}
    assert "– My lot sold" in anna.buttons()


@pytest.mark.parametrize(
    "data",
    [
        "nk:holograms:0",
        "nk:outbid",
        "nk:outbid:2",
        "nk:outbid:0:1",
        "nk::",
        "nk:OUTBID:0",
        "nk:outbid:-",
    ],
)
def test_a_button_that_nobody_made_switches_nothing(app: FakeApp, anna: Chat, data: str) -> None:
    opened(anna)
    anna.press(data)
    assert off(app) == set()
    assert "This button is old" in anna.toasts()[-1]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_all_switches_fit_a_phone(app: FakeApp, telegram: FakeTelegram, code: str) -> None:
    chat = opened(Chat(app, telegram, ANNA, code).join())
    rows = chat.last["reply_markup"]["inline_keyboard"]
    assert all(units(button["text"]) <= PHONE for row in rows for button in row if len(row) > 1)
    assert any(len(row) == 2 for row in rows)
    assert all(len(button["callback_data"].encode()) < 64 for row in rows for button in row)


def test_who_was_never_here_is_registered_by_the_press(app: FakeApp, telegram: FakeTelegram) -> None:
    stranger = Chat(app, telegram, 77)
    stranger.press_data("nk:news:0", None)
    assert there(app.store.person(77)).switched_off == {Switch.NEWS}


def test_the_button_below_a_broadcast_is_the_same_switch(app: FakeApp, anna: Chat) -> None:
    anna.press_data("news:0", None)
    assert off(app) == {Switch.NEWS}
    assert opened(anna).buttons()["– News of Starbid"] == "nk:news:1"
