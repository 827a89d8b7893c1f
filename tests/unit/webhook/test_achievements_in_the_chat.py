"""`/achievements`: what a person has, what comes next, and the way to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.achievement_words import sentence
from starbid.domain.achievements.kinds import ACHIEVEMENTS, Key
from starbid.domain.achievements.progress import Progress
from starbid.domain.lots import Lot
from starbid.domain.people import Reputation
from starbid.i18n import language
from starbid.telegram.html import MAX_TEXT, units
from tests.support.achieved import earned_now, logged
from tests.support.fakes import START, FakeApp

from .chatting import Chat


def stands(app: FakeApp, chat: Chat, progress: Progress, reputation: Reputation | None = None) -> None:
    person = app.store.tables.people[chat.id]
    app.store.tables.people[chat.id] = replace(person, reputation=reputation or Reputation())
    app.store.tables.achievements[chat.id] = progress


def test_who_has_none_is_led_to_the_first(app: FakeApp, anna: Chat) -> None:
    anna.join()
    anna.say("/achievements")
    first, _, rest = anna.words.partition("\n")
    assert first == "<b>Achievements</b> · 0 of 16"
    assert "The first one is a bid away." in rest
    assert "<b>First bid</b>\nYour first bid on a lot." in rest
    assert "A deal counts when it is complete: from ⭐" in rest
    ways = {"Live lots": "go:auctions", "All achievements": "ac:all"}
    assert anna.buttons() == ways | {"Profile": "go:profile", "Menu": "go:menu"}


def test_earned_ones_have_their_date_and_the_nearest_a_bar(app: FakeApp, boris: Chat) -> None:
    boris.join()
    marks = {Key.COLLECTOR: frozenset({"art", "books", "games"})}
    stands(app, boris, Progress(boris.id, marks, {Key.FIRST_BID: START}, 1), Reputation(bought=4))
    boris.say("/achievements")
    assert boris.words.startswith(
        "<b>Достижения</b> · 1 из 16\n🏅 <b>Первая ставка</b> · 1 мая 2026\n\n<b>Что дальше</b>\n"
    )
    assert "<b>Коллекционер</b> ▰▰▰▱▱ 3 из 5\nПокупки в 5 категориях." in boris.words
    assert "<b>Десять побед</b> ▰▰▰▰▱▱▱▱▱▱ 4 из 10" in boris.words
    assert "\nВпереди: " in boris.words


@pytest.mark.parametrize(
    ("done", "data"),
    [
        ({Key.FIRST_BID}, "go:auctions"),
        ({Key.FIRST_BID, Key.FIRST_WIN}, "go:sell"),
        (set(Key) - {Key.GOOD_WORD}, "go:my"),
        (set(Key) - {Key.COLLECTOR}, "go:auctions"),
    ],
)
def test_the_button_leads_to_the_nearest(app: FakeApp, anna: Chat, done: set[Key], data: str) -> None:
    anna.join()
    stands(app, anna, Progress(anna.id, {}, dict.fromkeys(done, START), 1))
    anna.say("/achievements")
    assert [each for each in anna.buttons().values() if each != "ac:all"] == [data, "go:profile", "go:menu"]


def test_all_of_them_take_the_place_of_the_list_and_say_what_each_takes(app: FakeApp, anna: Chat) -> None:
    anna.join()
    anna.say("/achievements")
    assert "Purchases from 10 sellers." not in anna.words
    anna.press("All achievements")
    assert len(anna.messages) == 1
    assert all(sentence(key, language("en")) in anna.words for key in Key)
    assert "Further ahead" not in anna.words
    assert "All achievements" not in anna.buttons()


@pytest.mark.parametrize("data", ["ac", "ac:", "ac:some", "ac:all:1", "ac:ALL", "ac:" + "9" * 60])
def test_a_button_that_this_bot_did_not_make_leads_to_the_menu(app: FakeApp, anna: Chat, data: str) -> None:
    anna.join()
    anna.say("/achievements")
    assert anna.press_data(data, anna.last) == 200
    assert anna.words == "<b>Menu</b>"


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("has", [0, 5, 16])
def test_it_fits_a_message_however_much_there_is(app: FakeApp, anna: Chat, code: str, has: int) -> None:
    anna.join()
    anna.say("/language")
    anna.press(f"lang:{code}")
    stands(app, anna, Progress(anna.id, {}, dict.fromkeys([*ACHIEVEMENTS][:has], START), 1))
    anna.say("/achievements")
    if "ac:all" in anna.buttons().values():
        anna.press("ac:all")
    assert units(anna.words) < MAX_TEXT / 2
    assert f" {has} {'of' if code == 'en' else 'из'} 16" in anna.words
    if has == len(ACHIEVEMENTS):
        assert [*anna.buttons().values()] == ["go:profile", "go:menu"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_notice_leads_to_the_list(app: FakeApp, boris: Chat, lot: Lot, count: int) -> None:
    if count == 1:
        app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    else:
        app.bidding.buy(lot.auction.id, boris.id, 900, app.now())
    app.store.project(app.now())
    told = earned_now_and_told(app)
    assert told == [boris.id]
    if count == 1:
        assert boris.words == "🏅 Достижение: <b>Первая ставка</b>\nВаша первая ставка на лот."
    else:
        assert boris.words.startswith("🏅 Новые достижения: 2\n• <b>Первая ставка</b> — Ваша первая")
    boris.press("Достижения")
    assert boris.words.startswith(f"<b>Достижения</b> · {count} из 16\n🏅 <b>")


def earned_now_and_told(app: FakeApp) -> list[int]:
    """Whom it is told, through notifier and sender, in the chat itself."""
    for name in ("messenger", "sending"):
        app.__dict__.pop(name, None)
    app.achieving.count(logged(app))
    return [notice.user_id for notice in app.run_streams() if notice.kind == "achievement"]


def test_who_blocked_the_bot_is_told_nothing_and_finds_it_in_the_list(app: FakeApp, anna: Chat, lot: Lot) -> None:
    earned_now(app)
    app.bidding.bid(lot.auction.id, anna.id, 300, app.now())
    anna.member("kicked")
    before = len(anna.messages)
    assert earned_now_and_told(app) == [anna.id]
    assert len(anna.messages) == before
    anna.member("member")
    anna.say("/achievements")
    assert "🏅 <b>First bid</b>" in anna.words


def test_the_list_takes_one_read_more_than_any_answer(app: FakeApp, anna: Chat) -> None:
    anna.join()
    anna.say("/language")
    app.store.trips.clear()
    anna.say("/language")
    of_any = list(app.store.trips)
    app.store.trips.clear()
    anna.say("/achievements")
    assert app.store.trips == [*of_any, "achievements"]
