"""Inline mode: what is chosen in the bot's own chat, odd queries, and faults of Telegram or ours."""

from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.services.ports import Contended, Unavailable
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, bad_request, broken, flood, post, timeout
from .inline_asking import answers, ask, choose, ids, last


def test_the_same_query_twice_is_answered_twice(anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    assert ask(anna, update_id=9) == ask(anna, update_id=9) == 200
    assert answers(telegram)[0] == answers(telegram)[1]


def test_a_lot_that_ends_before_it_is_chosen_is_opened_as_it_is(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot
) -> None:
    ask(anna)
    (result,) = last(telegram)["results"]
    app.clock.forward(hours=2)
    choose(anna, result)
    assert "not sold" in anna.words


def test_a_card_chosen_in_the_bots_own_chat_opens_the_lot(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot
) -> None:
    ask(anna)
    assert choose(anna, last(telegram)["results"][0]) == 200
    assert anna.words.startswith("<b>A lamp</b>")
    assert "Set a maximum" in anna.buttons()


def test_it_answers_no_question_of_the_bot(app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Set a maximum")
    ask(anna)
    choose(anna, last(telegram)["results"][0])
    assert anna.words.startswith("<b>A lamp</b>")
    assert app.store.auction(lot.auction.id).bids_count == 0


def test_what_came_through_another_bot_is_a_message_like_others(anna: Chat, lot: Lot) -> None:
    for url in ("https://example.org/?start=auction_x", "https://t.me/b?start=auction_../x", "tg://x", "http://[", ""):
        bot = {"id": 2, "is_bot": True, "first_name": "Gif", "username": "gif_bot"}
        markup = {"inline_keyboard": [[{"text": "a", "url": url}]]}
        anna.update({"message": anna._message(text="lamp", via_bot=bot, reply_markup=markup)})
        assert "Live lots for “lamp”" in anna.words


@pytest.mark.parametrize(
    "query",
    [
        {"id": "1", "query": "lamp", "offset": ""},
        {"id": "1", "from": {"id": 9, "is_bot": True, "first_name": "B"}, "query": "lamp", "offset": ""},
        {"id": "", "from": {"id": 1, "is_bot": False, "first_name": "A"}, "query": "lamp", "offset": ""},
        {"id": "x" * 300, "from": {"id": 1, "is_bot": False, "first_name": "A"}, "query": "lamp", "offset": ""},
        {"id": 5, "from": {"id": 1, "is_bot": False, "first_name": "A"}, "query": "lamp", "offset": ""},
        [],
        None,
    ],
)
def test_a_query_of_nobody_is_passed_over(telegram: FakeTelegram, lot: Lot, query: Any) -> None:
    assert post({"update_id": 5, "inline_query": query}) == 200
    assert answers(telegram) == []


@pytest.mark.parametrize(("text", "offset"), [(None, None), (5, []), ({}, 7)])
def test_fields_of_another_type_are_read_as_empty(
    anna: Chat, telegram: FakeTelegram, lot: Lot, text: Any, offset: Any
) -> None:
    query = {"id": "1", "from": anna.user, "query": text, "offset": offset}
    assert post({"update_id": 5, "inline_query": query}) == 200
    assert ids(telegram) == [lot.auction.id]


@pytest.mark.parametrize(
    "fault",
    [bad_request("query is too old and response timeout expired or query ID is invalid"), bad_request("CHAT_INVALID"),
     flood(3), broken(), timeout()],
)  # fmt: skip
def test_telegram_is_never_told_to_bring_it_again(anna: Chat, telegram: FakeTelegram, lot: Lot, fault: Any) -> None:
    telegram.fail("answerInlineQuery", fault, times=2)
    assert ask(anna) == 200
    assert answers(telegram) == []


@pytest.mark.parametrize(("fault", "notes"), [(RuntimeError(), 1), (Unavailable(), 0), (Contended(), 0)])
def test_a_fault_of_ours_is_noted_and_not_repeated_and_an_outage_writes_nothing(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, fault: Exception, notes: int
) -> None:
    def fails(*_: Any) -> None:
        raise fault

    noted = list[Any]()
    monkeypatch.setattr(app.sharing, "found", fails)
    monkeypatch.setattr(app.faults, "note", lambda *what: noted.append(what))
    assert ask(anna) == 200
    assert answers(telegram) == []
    assert len(noted) == notes
