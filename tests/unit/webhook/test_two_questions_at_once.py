"""Two lots ask for a maximum, and whatever else stands in the chat: a number bids where it was meant to, or nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.lots import Lot
from tests.support.factories import put_up
from tests.support.fakes import FakeApp

from .chatting import Chat

CLOSED = "That question is closed"


@pytest.fixture
def other(app: FakeApp, lot: Lot) -> Lot:
    return put_up(app, bid_step=10, title="Another")


def ask(chat: Chat, lot: Lot) -> dict[str, Any]:
    chat.press_data(f"m:{lot.auction.id}:1", None)
    return chat.last


def maxima(app: FakeApp, *lots: Lot) -> list[int | None]:
    """What the leader of each lot would pay at most."""
    found = (app.store.auction(lot.auction.id, consistent=True).leader_maximum for lot in lots)
    return [maximum.amount if maximum else None for maximum in found]


@pytest.mark.parametrize(
    ("said", "bids"),
    [
        ([(0, "300"), (1, "500")], [300, 500]),
        ([(1, "500"), (0, "300")], [300, 500]),
        ([(0, "300"), (None, "500")], [300, 500]),
        ([(None, "500"), (0, "300")], [300, 500]),
        ([(1, "500"), (None, "300")], [None, 500]),
        ([(None, "500"), (None, "300")], [None, 500]),
    ],
)
def test_in_any_order_each_lot_gets_its_own_answer(
    app: FakeApp, lot: Lot, other: Lot, anna: Chat, said: list[tuple[int | None, str]], bids: list[int | None]
) -> None:
    """A reply is for its question; a text by itself for the newest one, and after that for none."""
    questions = [ask(anna, lot), ask(anna, other)]
    for place, amount in said:
        _ = anna.say(amount) if place is None else anna.reply(amount, questions[place])
    assert maxima(app, lot, other) == bids


def test_both_as_replies_and_both_again_bids_once_on_each(app: FakeApp, lot: Lot, other: Lot, anna: Chat) -> None:
    first, second = ask(anna, lot), ask(anna, other)
    for _ in range(2):
        anna.reply("300", first)
        anna.reply("500", second)
    assert CLOSED in anna.words
    assert maxima(app, lot, other) == [300, 500]


def test_the_same_update_twice_bids_once(app: FakeApp, lot: Lot, other: Lot, anna: Chat) -> None:
    first = ask(anna, lot)
    ask(anna, other)
    reply = {"message": anna._message(text="300", reply_to_message=first)}
    for _ in range(2):
        anna.update(reply, update_id=77)
    assert maxima(app, lot, other) == [300, None]


@pytest.mark.parametrize("since", ["answered", "cancelled", "all cancelled", "too old"])
def test_a_reply_to_a_question_that_is_over_never_answers_the_open_one(
    app: FakeApp, lot: Lot, other: Lot, anna: Chat, since: str
) -> None:
    over = ask(anna, lot)
    match since:
        case "answered":
            anna.reply("300", over)
        case "cancelled":
            anna.press("Cancel", over)
        case "all cancelled":
            anna.say("/cancel")
        case "too old":
            app.clock.forward(minutes=59)
            ask(anna, other)
            app.clock.forward(minutes=1)
    if since != "too old":
        ask(anna, other)
    before = maxima(app, lot, other)
    anna.reply("700", over)
    assert CLOSED in anna.words
    assert maxima(app, lot, other) == before


def test_a_reply_to_a_question_that_was_forgotten_never_answers_the_open_one(
    app: FakeApp, lot: Lot, other: Lot, anna: Chat
) -> None:
    forgotten = ask(anna, lot)
    for _ in range(8):
        ask(anna, other)
    anna.reply("700", forgotten)
    assert "asks nothing" in anna.words
    assert maxima(app, lot, other) == [None, None]


def test_a_reply_to_ones_own_message_or_to_a_card_answers_nothing(
    app: FakeApp, lot: Lot, other: Lot, anna: Chat
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    card = anna.last
    ask(anna, other)
    own = anna._message(text="is it new?") | {"message_id": 4_000}
    for message in (card, own):
        anna.reply("300", message)
        assert "asks nothing" in anna.words
    assert maxima(app, lot, other) == [None, None]


def test_a_message_of_the_same_number_in_another_chat_is_no_question_there(
    app: FakeApp, lot: Lot, anna: Chat, boris: Chat
) -> None:
    question = ask(anna, lot)
    boris.reply("300", question | {"chat": {"id": boris.id, "type": "private"}})
    assert maxima(app, lot) == [None]
    anna.reply("300", question)
    assert app.store.auction(lot.auction.id).leader_id == anna.id


def test_what_a_person_edits_afterwards_is_no_second_answer(app: FakeApp, lot: Lot, anna: Chat) -> None:
    """Telegram tells of it in an update of its own, also where the edited text replied to a question."""
    question = ask(anna, lot)
    edited = anna._message(text="700", reply_to_message=question) | {"edit_date": 1_700_000_100}
    anna.update({"edited_message": edited})
    assert maxima(app, lot) == [None]
    anna.reply("300", question)
    anna.update({"edited_message": edited})
    assert maxima(app, lot) == [300]
