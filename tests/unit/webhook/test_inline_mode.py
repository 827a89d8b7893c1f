"""Inline mode: the bot's name and words in any chat find lots, page by page, which can be sent there."""

from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.services.sharing import MOST_PAGES
from tests.support.factories import put_up
from tests.support.fakes import FakeApp
from tests.support.paused import pause
from webhook.inline import CACHE_SECONDS

from .chatting import Chat, FakeTelegram, post
from .inline_asking import ask, ids, last


def listed(app: FakeApp, number: int, **changes: Any) -> list[str]:
    """Lots, what ends first before the others."""
    made = [put_up(app, duration_seconds=3600 + 60 * each, **changes).auction.id for each in range(number)]
    app.run_streams()
    return made


def test_the_name_alone_shows_what_ends_first(app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    sooner = put_up(app, title="Clock", duration_seconds=600)
    app.run_streams()
    assert ask(anna) == 200
    assert ids(telegram) == [sooner.auction.id, lot.auction.id]
    answer = last(telegram)
    assert (answer["inline_query_id"], answer["is_personal"], answer["cache_time"]) == ("i1", True, CACHE_SECONDS)
    assert answer["next_offset"] == ""
    assert "button" not in answer


def test_words_search(app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    bag = put_up(app, title="Сумка красная")
    app.run_streams()
    ask(anna, "  сумки ")
    assert ids(telegram) == [bag.auction.id]


def test_a_long_list_goes_on_where_it_stopped(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    made, seen, place = listed(app, 45), list[str](), ""
    for expected in (20, 20, 5):
        ask(anna, place=place)
        assert len(ids(telegram)) == expected
        seen += ids(telegram)
        place = last(telegram)["next_offset"]
        assert len(place.encode()) <= 64
    assert (seen, place) == (made, "")


def test_lots_that_end_at_one_moment_are_each_shown_once(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    made = {put_up(app, ends_at="2026-05-01T18:00").auction.id for _ in range(50)}
    app.run_streams()
    seen, place = list[str](), ""
    while True:
        ask(anna, place=place)
        seen += ids(telegram)
        place = last(telegram)["next_offset"]
        if not place:
            break
    assert len(seen) == 50
    assert set(seen) == made


@pytest.mark.parametrize(
    "place", ["x", "-1", "20", "0000000000000-0", "9999999999999-99", "1777636800000", "1777636800000-100", "٣" * 13,
              "." * 64, "{}", "я" * 500, "1777636800000-1\n"],
)  # fmt: skip
def test_a_forged_place_harms_nobody(app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot, place: str) -> None:
    assert ask(anna, place=place) == 200
    assert ids(telegram) in ([lot.auction.id], [])
    assert "button" not in last(telegram)


@pytest.mark.parametrize(
    "text", ["я" * 10_000, "***", "%", "😀", "котёл", "مزاد", "拍卖", "<b>&", "\u200b", "a b " * 2000, "\x00\ud800"]
)
def test_where_nothing_is_found_a_button_leads_to_all_lots(
    app: FakeApp, boris: Chat, telegram: FakeTelegram, lot: Lot, text: str
) -> None:
    query = {"id": "i1", "from": boris.user, "query": text, "offset": ""}
    assert post({"update_id": 5, "inline_query": query}) == 200
    answer = last(telegram)
    assert answer["results"] == []
    assert answer["button"] == {"text": "Ничего не найдено. Показать все лоты", "start_parameter": "auctions"}
    boris.say("/start auctions")
    assert "A lamp" in boris.words


def test_spaces_are_no_words(anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    ask(anna, " \n\t ")
    assert ids(telegram) == [lot.auction.id]


def test_a_search_reads_a_bounded_part_of_the_lists(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(app, 3)
    find, reads = app.catalogue.find, []

    def endless(search: Any) -> Any:
        reads.append(search)
        return replace(find(replace(search, cursor=None)), items=(), cursor="on")

    monkeypatch.setattr(app.catalogue, "find", endless)
    ask(anna, "lamp")
    assert len(reads) == MOST_PAGES
    assert last(telegram)["results"] == []


def test_an_answer_takes_three_reads_and_writes_nothing(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    listed(app, 25)
    ask(anna)
    app.store.trips.clear()
    before = dict(app.scratch.__dict__)
    ask(anna)
    assert app.store.trips == ["person", "listings", "lot+file_id"]
    assert app.scratch.__dict__ == before


def test_for_one_who_is_blocked_no_list_is_read(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    listed(app, 2)
    anna.join()
    app.store.tables.people[anna.id] = replace(app.store.tables.people[anna.id], blocked=True)
    app.store.trips.clear()
    ask(anna)
    assert app.store.trips == ["person"]
    assert last(telegram)["results"] == []


def test_in_a_pause_lots_stay_and_say_so(app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    pause(app)
    app.clock.forward(hours=5)
    ask(anna)
    assert ids(telegram) == [lot.auction.id]
    assert last(telegram)["results"][0]["description"].endswith("59:59 left, paused")
