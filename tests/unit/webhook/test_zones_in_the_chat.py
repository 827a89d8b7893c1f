"""The time zone in the chat: Telegram does not say it, people choose."""

from __future__ import annotations

import pytest

from starbid.services.ports import Notice
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import ANNA, put_up
from tests.support.fakes import FakeApp
from tests.support.there import there
from tests.unit.webhook.chatting import Chat, FakeTelegram


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, ANNA).join()


def zone(app: FakeApp) -> str | None:
    return there(app.store.person(ANNA)).zone


def test_the_settings_lead_to_cities_by_their_present_time(app: FakeApp, anna: Chat) -> None:
    anna.say("/settings")
    anna.press("Time zone: UTC")
    assert anna.words.startswith(
        "<b>Time zone</b>\nNow it is 12:00: UTC.\nYours is not known yet, so times are in UTC."
    )
    choices = list(anna.buttons())
    assert choices.index("GMT-7 · Los Angeles") < choices.index("GMT+1 · London") < choices.index("GMT+5:30 · Delhi")
    anna.press("GMT+5:30 · Delhi")
    assert zone(app) == "Asia/Kolkata"
    assert "Now it is 17:30: Asia/Kolkata (GMT+5:30)." in anna.words
    assert anna.buttons()["✓ GMT+5:30 · Delhi"] == "tz:Asia/Kolkata"


def test_every_city_of_the_choice_is_a_zone(app: FakeApp, anna: Chat) -> None:
    anna.say("/settings")
    anna.press("Time zone: UTC")
    for data in [data for data in anna.buttons().values() if data.startswith("tz:") and data != "tz:other"]:
        anna.press(data)
        assert f"tz:{zone(app)}" == data


def test_another_city_is_written(app: FakeApp, anna: Chat) -> None:
    anna.say("/settings")
    anna.press("tz:other")
    anna.say("nowhere")
    assert "This time zone is not known." in anna.words
    anna.say("st johns")
    assert zone(app) == "America/St_Johns"
    assert "✓ St Johns · Another city" in anna.buttons()


def test_a_city_of_the_choice_may_be_written_in_the_persons_language(app: FakeApp, telegram: FakeTelegram) -> None:
    boris = Chat(app, telegram, ANNA, "ru").join()
    boris.say("/settings")
    boris.press("tz:other")
    boris.say("нью-йорк")
    assert zone(app) == "America/New_York"


@pytest.mark.parametrize("data", ["tz:../../etc/passwd", "tz:Nowhere", "tz:a:b", "tz:", "tz:America/Argentina"])
def test_a_button_that_nobody_made_changes_nothing(app: FakeApp, anna: Chat, data: str) -> None:
    anna.say("/settings")
    anna.press(data)
    assert zone(app) is None


def test_cards_tell_their_times_in_the_persons_zone(app: FakeApp, anna: Chat) -> None:
    lot = put_up(app, duration_seconds=18_000).auction.id
    anna.say(f"/auction_{lot}")
    assert "until today 17:00 UTC" in anna.words
    app.people.set_zone(ANNA, "Asia/Tokyo")
    anna.say(f"/auction_{lot}")
    assert "until tomorrow 02:00 GMT+9" in anna.words


def test_notices_tell_their_times_in_the_persons_zone(app: FakeApp, anna: Chat) -> None:
    lot = put_up(app, duration_seconds=18_000)
    teller = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    for name, told in ((None, "today 17:00 UTC"), ("America/Los_Angeles", "today 10:00 GMT-7")):
        person = app.people.set_zone(ANNA, name or "")
        teller.tell(person, Notice("n1", ANNA, "began", lot.auction.id, {}), lot)
        assert told in anna.words
