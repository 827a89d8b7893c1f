"""Lists of lots in the chat: pages, filters, sorts, and what a message with a list knows of itself."""

from datetime import timedelta
from typing import Any

import pytest

from starbid.telegram.html import units
from tests.support.factories import put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, price
from .test_searching_in_the_chat import numbered, shop

RUB = {"currency": "RUB", "goods": "physical"}


def market(app: FakeApp) -> None:
    """Lots that differ in all that a list can be narrowed down by."""
    lots: tuple[dict[str, Any], ...] = (
        {"title": "Lamp, art", "category": "art", "start_price": 50, "duration_seconds": 1800},
        {"title": "Lamp, dutch", "type": "dutch", "start_price": 600, "floor_price": 200, "drop_amount": 100,
         "drop_seconds": 600, "duration_seconds": 7200},
        {"title": "Lamp, dear", "category": "books", "start_price": 9000, "duration_seconds": 200_000},
        {"title": "Lamp, roubles", **RUB, "start_price": 70_000, "duration_seconds": 100_000},
    )  # fmt: skip
    for lot in lots:
        put_up(app, **lot)
        app.clock.forward(seconds=1)
    app.run_streams()


def titles(chat: Chat) -> list[str]:
    return [line.split("”")[0].split("“")[1] for line in numbered(chat)]


def test_a_word_behind_the_command_searches(app: FakeApp, anna: Chat, boris: Chat) -> None:
    market(app)
    anna.say("/auctions lamp")
    assert titles(anna) == ["Lamp, art", "Lamp, dutch", "Lamp, roubles", "Lamp, dear"]
    boris.say("/auctions lamp")
    assert "Лоты по запросу «lamp»" in boris.words
    assert "начальная цена" in boris.words


def test_a_line_has_title_price_what_it_means_and_the_time(app: FakeApp, anna: Chat) -> None:
    market(app)
    anna.say("lamp")
    assert numbered(anna)[0] == f"“Lamp, art” · {price(50)} (start price) · 29:56 left"


def test_a_number_opens_the_card_and_the_list_stays(app: FakeApp, anna: Chat) -> None:
    market(app)
    anna.say("lamp")
    anna.press("2")
    assert "Lamp, dutch" in anna.last["caption"]
    assert len(anna.messages) == 2


@pytest.mark.parametrize(
    ("presses", "found"),
    [
        (["f:c:art"], ["Lamp, art"]),
        (["f:k:dutch"], ["Lamp, dutch"]),
        (["f:u:RUB"], ["Lamp, roubles"]),
        (["f:r:0"], ["Lamp, art"]),
        (["f:r:4"], ["Lamp, dear"]),
        (["f:u:RUB", "f:r:2"], ["Lamp, roubles"]),
        (["f:e:1"], ["Lamp, art"]),
        (["f:e:24"], ["Lamp, art", "Lamp, dutch"]),
        (["f:e:24", "f:s:newest"], ["Lamp, dutch", "Lamp, art"]),
        (["f:s:newest"], ["Lamp, roubles", "Lamp, dear", "Lamp, dutch", "Lamp, art"]),
        (["f:s:price_desc", "f:u:XTR"], ["Lamp, dear", "Lamp, dutch", "Lamp, art"]),
        (["f:c:art", "f:c:*"], ["Lamp, art", "Lamp, dutch", "Lamp, roubles", "Lamp, dear"]),
        (["f:c:art", "f:e:1", "f:x"], ["Lamp, art", "Lamp, dutch", "Lamp, roubles", "Lamp, dear"]),
        (["f:u:RUB", "f:r:2", "f:u:XTR"], ["Lamp, art", "Lamp, dutch", "Lamp, dear"]),
    ],
)
def test_filters_and_sorts_are_kept_in_the_one_message(
    app: FakeApp, anna: Chat, presses: list[str], found: list[str]
) -> None:
    market(app)
    anna.say("lamp")
    for data in presses:
        assert anna.press_data(data, anna.last) == 200
    assert titles(anna) == found
    assert len(anna.messages) == 1


def test_the_way_through_the_filters_is_buttons(app: FakeApp, anna: Chat, boris: Chat) -> None:
    market(app)
    anna.say("lamp")
    for button in ("Filters", "Category", "Art"):
        anna.press(button)
    assert "<b>Live lots for “lamp”</b>\nArt" in anna.words
    for button in ("Filters: 1", "✓ Art"):
        anna.press(button)
    assert "✓ Art" in anna.buttons()
    anna.press("All")
    assert len(titles(anna)) == 4
    boris.say("lamp")
    for button in ("Фильтры", "Цена", f"от {price(5000)}"):
        boris.press(button)
    assert titles_in_russian(boris) == ["Lamp, dear"]


def titles_in_russian(chat: Chat) -> list[str]:
    return [line.split("»")[0].split("«")[1] for line in numbered(chat)]


def test_pages_go_on_and_come_round_and_new_lots_do_not_move_them(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Lamp {number:02}" for number in range(20)))
    anna.say("lamp")
    assert "1/3" in anna.buttons()
    anna.press("›")
    assert titles(anna)[0] == "Lamp 08"
    put_up(app, title="Lamp before all", duration_seconds=600)
    app.run_streams()
    anna.press("›")
    assert titles(anna) == [f"Lamp {number}" for number in range(16, 20)]
    anna.press("›")
    assert titles(anna)[0] == "Lamp 00"
    anna.press("‹")
    assert "3/3" in anna.buttons()
    assert len(anna.messages) == 1


def test_a_lot_that_ends_between_the_list_and_the_press_says_so(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Lamp {number:02}" for number in range(10)))
    app.clock.forward(minutes=59)
    anna.say("lamp")
    anna.press("›")
    anna.press("‹")
    app.clock.forward(seconds=65)
    anna.press("1")
    assert "Ended" in anna.words
    anna.press("1/2", anna.messages[0])
    assert "⚪ “Lamp 00”" in anna.messages[0]["text"]


def test_two_lists_in_a_chat_each_go_on_with_their_own(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Lamp {number:02}" for number in range(9)), *(f"Chair {number:02}" for number in range(9)))
    anna.say("lamp")
    anna.say("chair")
    lamps, chairs = anna.messages
    anna.press("›", lamps)
    anna.press("›", chairs)
    assert "Lamp 08" in anna.messages[0]["text"]
    assert "Chair 08" in anna.messages[1]["text"]


def test_a_list_of_last_week_still_works(app: FakeApp, anna: Chat) -> None:
    shop(app, "Chair")
    anna.say("lamp")
    app.clock.forward(days=7)
    shop(app, *(f"Lamp {number:02}" for number in range(9)))
    anna.press_data("f:p:1", anna.last)
    assert titles(anna) == ["Lamp 08"]


def test_a_list_that_telegram_does_not_bring_along_is_old(app: FakeApp, anna: Chat) -> None:
    shop(app, "Lamp")
    anna.say("lamp")
    gone = {"message_id": anna.last["message_id"], "date": 0, "chat": {"id": anna.id, "type": "private"}}
    anna.press_data("f:c:art", gone)
    assert "This list is old" in anna.toasts()[-1]
    assert titles(anna) == ["Lamp"]


@pytest.mark.parametrize(
    "data",
    [
        *("f", "f:", "f:z", "f:p", "f:p:", "f:p:-1", "f:p:x", "f:c", "f:c:", "f:c:weapons", "f:k:*:*", "f:u:USD"),
        *("f:r:9", "f:r:-1", "f:e:7", "f:s:", "f:s:*x", "f:o:z", "f:o", "f:w:9", "f:w:x", "f:f:1", "f:l:1", "f:g:1"),
        *("ph", "ph:lot", "ph:LOT:1", "ph:lot:x", "f:t:1", "f:x:1", "f:" + "9" * 60),
    ],
)
def test_forged_buttons_are_answered_and_change_nothing(app: FakeApp, anna: Chat, data: str) -> None:
    shop(app, "Lamp")
    anna.say("lamp")
    assert anna.press_data(data, anna.last) == 200
    assert anna.telegram.called("answerCallbackQuery")
    assert "This button is old" in anna.toasts()[-1]


def test_a_page_far_behind_the_last_is_the_last(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Lamp {number:02}" for number in range(9)))
    anna.say("lamp")
    anna.press_data("f:p:9999999", anna.last)
    assert titles(anna) == ["Lamp 08"]


@pytest.mark.parametrize(
    "text",
    [
        *("x" * 10_000, "*", "%", "' OR 1=1; --", "<b>&lt;</b>", "\N{FAMILY}" * 2000, "ไทย", "ばいく"),
        *("\u202elamps\u202c", "\u200b" * 9, "chair " * 30 + "lamp"),
    ],
)
def test_whatever_is_typed_finds_nothing_and_is_answered(app: FakeApp, anna: Chat, text: str) -> None:
    shop(app, "Lamp")
    for command in ("", "/auctions "):
        assert anna.say(command + text) == 200
        assert units(anna.words) < 4096
    anna.press_data("f:f", anna.last)
    assert anna.telegram.called("answerCallbackQuery")


def test_nothing_found_offers_what_would_help_in_one_tap(app: FakeApp, anna: Chat) -> None:
    market(app)
    anna.say("red lamp")
    assert "No live lot matches" in anna.words
    anna.press("“lamp”")
    assert len(titles(anna)) == 4
    for data in ("f:c:games", "f:e:1"):
        anna.press_data(data, anna.last)
    assert "Drop a filter" in anna.words
    assert {"✕ Games", "✕ Ends within an hour", "✕ “lamp”", "Save this search"} <= set(anna.buttons())
    anna.press("✕ Games")
    assert titles(anna) == ["Lamp, art"]


def test_eight_lines_of_the_widest_titles_fit_into_a_message(app: FakeApp, boris: Chat) -> None:
    shop(app, *(f"{number} {'👩‍👩‍👧‍👦' * 11}" for number in range(8)), *("&<>" * 26 for _ in range(1)))
    boris.say("/auctions " + " ".join("<&>" * 9))
    boris.say("/auctions")
    boris.press("Список")
    assert len(numbered(boris)) == 8
    assert units(boris.words) < 4096


def test_cards_and_list_are_two_sides_of_one_list(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Lamp {number:02}" for number in range(10)), "Chair")
    anna.say("/auctions lamp")
    anna.press("As cards")
    assert "1/10" in anna.buttons()
    anna.press("‹")
    assert "Lamp 09" in anna.words
    anna.press("List")
    assert titles(anna) == ["Lamp 08", "Lamp 09"]


def test_a_press_that_is_handled_twice_is_the_same(app: FakeApp, anna: Chat) -> None:
    market(app)
    anna.say("lamp")
    before = dict(anna.last)
    for _ in range(2):
        anna.press_data("f:c:art", before)
    assert titles(anna) == ["Lamp, art"]
    assert len(anna.messages) == 1


def test_a_search_takes_no_more_round_trips_than_its_lots_and_writes_nothing(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Lamp {number:02}" for number in range(20)))
    anna.say("/start")
    records = dict(app.scratch._records)
    app.store.trips.clear()
    anna.say("lamp")
    assert app.store.trips == ["person+question", "listings", "lots"]
    assert not [key for key in app.scratch._records if key not in records and "update" not in str(key)]
    app.store.trips.clear()
    anna.press("›")
    assert app.store.trips == ["person+question", "listings", "lots"]
    app.store.trips.clear()
    anna.press("›")
    assert app.store.trips == ["person+question", "lots"]


def test_ends_soon_moves_with_the_clock(app: FakeApp, anna: Chat) -> None:
    market(app)
    anna.say("lamp")
    anna.press_data("f:e:1", anna.last)
    app.clock.now += timedelta(hours=1, minutes=30)
    anna.press_data("f:l", anna.last)
    assert titles(anna) == ["Lamp, dutch"]


def test_nobody_is_told_to_save_what_cannot_be_saved(app: FakeApp, anna: Chat, boris: Chat) -> None:
    put_up(app, title="Lamp", duration_seconds=200_000)
    app.run_streams()
    for chat in (anna, boris):
        chat.say("lamp")
        for data in ("f:w", "f:e:1"):
            chat.press_data(data, chat.last)
        assert "ss:save" not in chat.buttons().values()
    assert "Nothing matches. Drop a filter." in anna.words
    assert boris.words.endswith("Ничего не найдено. Уберите фильтр.")


def test_only_words_that_are_worth_it_are_offered_alone(anna: Chat) -> None:
    anna.say("«Lamp» of the brass, not 1e3")
    assert [text for text in anna.buttons() if text.startswith("“")] == ["“Lamp”", "“brass”"]
    anna.press("“Lamp”")
    assert anna.words.startswith("No live lot matches “Lamp”.")
