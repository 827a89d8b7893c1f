"""Saved searches in the chat: saving, the list, opening, deleting, and the notice of a new lot."""

import pytest

from starbid.domain.saved_searches import MOST
from starbid.telegram.html import units
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import join, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, price
from .test_finding_in_the_chat import titles
from .test_searching_in_the_chat import shop


@pytest.fixture
def telling(app: FakeApp) -> FakeApp:
    """Notices reach the chat."""
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    return app


def saved(app: FakeApp, chat: Chat) -> list[str]:
    return [search.criteria.text for search in app.saved_searches.of(chat.id)]


def test_a_search_is_saved_from_its_results_and_from_their_absence(app: FakeApp, anna: Chat, boris: Chat) -> None:
    shop(app, "Lamp")
    anna.say("lamp")
    anna.press("Save this search")
    assert "Saved." in anna.toasts()[-1]
    assert anna.buttons()["Saved ✓"] == "go:searches"
    boris.say("велосипед")
    boris.press("Сохранить поиск")
    assert (saved(app, anna), saved(app, boris)) == (["lamp"], ["велосипед"])


def test_filters_are_saved_too_and_open_again(app: FakeApp, anna: Chat) -> None:
    shop(app, "Lamp", "Lamp two")
    put_up(app, title="Lamp in art", category="art")
    app.run_streams()
    anna.say("lamp")
    for data in ("f:c:art", "f:r:0", "f:e:24", "ss:save"):
        anna.press_data(data, anna.last)
    anna.say("/searches")
    assert f"1. “lamp”, Art, up to {price(100)}" in anna.words
    anna.press(f"1. “lamp”, Art, up to {price(100)}")
    assert titles(anna) == ["Lamp in art"]


def test_the_same_search_saved_twice_is_one(app: FakeApp, anna: Chat) -> None:
    shop(app, "Lamp")
    anna.say("lamp")
    before = dict(anna.last)
    for _ in range(2):
        anna.press_data("ss:save", before)
    anna.say("Lamps")
    anna.press("Save this search")
    assert saved(app, anna) == ["lamp"]


def test_one_more_than_fit_is_refused_with_what_helps(app: FakeApp, anna: Chat, boris: Chat) -> None:
    for number in range(MOST + 1):
        for chat in (anna, boris):
            chat.say(f"thing{number}")
            chat.press_data("ss:save", chat.last)
        app.clock.forward(seconds=1)
    assert len(saved(app, anna)) == MOST
    assert any("Delete one" in toast for toast in anna.toasts())
    assert any("Удалите один" in toast for toast in boris.toasts())
    anna.say("/searches")
    assert f"{MOST}. “thing19”" in anna.words


@pytest.mark.parametrize("text", ["???", "<>&", "*"])
def test_what_has_no_word_cannot_be_saved(app: FakeApp, anna: Chat, text: str) -> None:
    anna.say(text)
    anna.press_data("ss:save", anna.last)
    assert "Add a word or a filter" in anna.toasts()[-1]
    anna.say("/auctions")
    anna.press_data("ss:save", anna.last)
    assert "This list is old" in anna.toasts()[-1]
    assert saved(app, anna) == []


def test_delete_pressed_twice_deletes_once(app: FakeApp, anna: Chat) -> None:
    for text in ("lamp", "chair"):
        anna.say(text)
        anna.press("Save this search")
        app.clock.forward(seconds=1)
    anna.say("/searches")
    before = dict(anna.last)
    for _ in range(2):
        anna.press("Delete 1", before)
    assert saved(app, anna) == ["chair"]
    assert "no longer saved" in anna.toasts()[-1]
    anna.press("Delete 1")
    assert "No saved searches yet" in anna.words


def test_the_list_is_reached_from_favourites_and_results(app: FakeApp, anna: Chat) -> None:
    shop(app, "Lamp")
    for command in ("/watchlist", "/auctions lamp", "lamp"):
        anna.say(command)
        anna.press("Saved searches")
        assert "No saved searches yet" in anna.words


def test_another_persons_search_is_nobodys_business(app: FakeApp, anna: Chat, boris: Chat) -> None:
    anna.say("lamp")
    anna.press("Save this search")
    (search,) = app.saved_searches.of(anna.id)
    boris.say("/menu")
    for data in (f"ss:open:{search.id}", f"ss:drop:{search.id}", f"ss:stop:{search.id}"):
        assert boris.press_data(data, boris.last) == 200
        assert "удалён" in boris.toasts()[-1]
    assert saved(app, anna) == ["lamp"]


@pytest.mark.parametrize(
    "data", ["ss", "ss:", "ss:save:1", "ss:open", "ss:open:x", "ss:drop:" + "g" * 16, "ss:stop:" + "0" * 17, "ss:fly:1"]
)
def test_forged_buttons_are_answered_and_change_nothing(app: FakeApp, anna: Chat, data: str) -> None:
    anna.say("lamp")
    anna.press_data(data, anna.last)
    assert "This button is old" in anna.toasts()[-1]
    assert saved(app, anna) == []


def test_a_new_lot_is_told_with_its_search_and_the_ways_on(telling: FakeApp, anna: Chat, boris: Chat) -> None:
    for chat, word in ((anna, "bikes"), (boris, "велосипеды")):
        chat.say(word)
        chat.press_data("ss:save", chat.last)
    put_up(telling, title="A bike", description="Велосипед.")
    telling.run_streams()
    assert anna.words == f"<b>1 new lot: “bikes”</b>\n“A bike” · {price(100)} (start price) · 1 h 0 min left"
    assert "1 новый лот: «велосипеды»" in boris.words
    anna.press("Open the list")
    assert titles(anna) == ["A bike"]
    anna.press("Open the lot", anna.messages[-2])
    assert "A bike" in anna.last["caption"]


def test_many_lots_of_several_searches_are_one_message(telling: FakeApp, anna: Chat, boris: Chat) -> None:
    for chat in (anna, boris):
        for word in ("bike", "lamp"):
            chat.say(word)
            chat.press_data("ss:save", chat.last)
    put_up(telling, title="A bike")
    telling.run_streams()
    for number in range(6):
        put_up(telling, title=f"{'👩‍👩‍👧‍👦' * 10} bike")
        put_up(telling, title=f"Lamp {number} <&>")
    telling.run_streams()
    telling.clock.forward(seconds=61)
    telling.run_streams()
    assert anna.words.startswith("<b>12 new lots for your saved searches</b>\n“")
    assert anna.words.endswith("And 4 more.")
    assert units(anna.words) < 4096
    assert {"“bike”", "“lamp”", "Saved searches", "8"} <= set(anna.buttons())
    assert "12 новых лотов по вашим поискам" in boris.words
    anna.press("“lamp”")
    assert len(titles(anna)) == 6


def test_a_search_is_stopped_from_its_notice(telling: FakeApp, anna: Chat) -> None:
    anna.say("bike")
    anna.press("Save this search")
    put_up(telling, title="A bike")
    telling.run_streams()
    told = anna.words
    for _ in range(2):
        anna.press_data(anna.buttons().get("Stop this search", "ss:stop:" + "0" * 16), anna.last)
    assert "Deleted: “bike”" in anna.toasts()[-2]
    assert anna.words == told
    assert "Stop this search" not in anna.buttons()
    telling.clock.forward(minutes=2)
    put_up(telling, title="Another bike")
    telling.run_streams()
    assert anna.words == told


def test_a_found_lot_that_has_ended_says_so(telling: FakeApp, anna: Chat) -> None:
    anna.say("bike")
    anna.press("Save this search")
    put_up(telling, title="A bike")
    telling.run_streams()
    telling.clock.forward(hours=2)
    anna.press("Open the lot")
    assert "Ended" in anna.words


def test_the_seller_does_not_hear_of_their_own(telling: FakeApp, seller: Chat) -> None:
    join(telling, seller.id, seller=True)
    seller.say("bike")
    seller.press("Save this search")
    said = len(seller.messages)
    put_up(telling, title="A bike")
    telling.run_streams()
    assert len(seller.messages) == said


def test_lots_told_together_say_which_of_them_begin_later(telling: FakeApp, anna: Chat, boris: Chat) -> None:
    for chat in (anna, boris):
        chat.say("bike")
        chat.press_data("ss:save", chat.last)
    put_up(telling, title="A bike")
    telling.run_streams()
    put_up(telling, title="Red bike")
    put_up(telling, title="Blue bike", starts_at="2026-05-02T12:00")
    telling.run_streams()
    telling.clock.forward(seconds=61)
    telling.run_streams()
    for chat, begins in ((anna, "starts in"), (boris, "начало через")):
        lines = [line for line in chat.words.splitlines() if "bike" in line]
        assert [begins in line for line in lines if "Blue" in line] == [True]
        assert [begins in line for line in lines if "Red" in line] == [False]


def test_a_saved_search_that_finds_only_what_begins_later_says_so_and_is_not_saved_again(
    telling: FakeApp, anna: Chat, boris: Chat
) -> None:
    for chat in (anna, boris):
        chat.say("bike")
        chat.press_data("ss:save", chat.last)
    put_up(telling, title="A bike", starts_at="2026-05-02T12:00")
    telling.run_streams()
    assert "starts in" in anna.words
    anna.press("Open the list")
    boris.press("Открыть список")
    assert "A lot that starts later joins this list when it starts." in anna.words
    assert "Лот, который начнётся позже, появится в списке, когда начнутся торги." in boris.words
    for chat in (anna, boris):
        assert "ss:save" not in chat.buttons().values()


def test_a_saved_search_that_is_opened_does_not_offer_to_save_it(app: FakeApp, anna: Chat) -> None:
    shop(app, "Lamp")
    anna.say("lamp")
    anna.press("Save this search")
    (search,) = app.saved_searches.of(anna.id)
    anna.press_data(f"ss:open:{search.id}", anna.last)
    assert titles(anna) == ["Lamp"]
    assert "ss:save" not in anna.buttons().values()


def test_the_time_left_is_not_saved_and_the_answer_says_so(app: FakeApp, anna: Chat, boris: Chat) -> None:
    shop(app, "Lamp")
    for chat in (anna, boris):
        chat.say("lamp")
        chat.press_data("f:e:24", chat.last)
        chat.press_data("ss:save", chat.last)
    told = " ".join(anna.toasts())
    assert "Saved without the time left." in told
    assert "Сохранено без учёта оставшегося времени." in told
