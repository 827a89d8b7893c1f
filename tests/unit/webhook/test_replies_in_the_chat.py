"""A text that replies to a question answers that one, whatever was asked since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.i18n import language
from starbid.services.ports import questions_of
from tests.support.factories import SELLER, put_up
from tests.support.fakes import FakeApp
from webhook.questions import PATIENCE_SECONDS

from .chatting import DOCUMENT, PHOTO, STICKER, Chat, FakeTelegram, price, timeout

CLOSED = "That question is closed"


@pytest.fixture
def other(app: FakeApp, lot: Lot) -> Lot:
    return put_up(app, bid_step=10, title="Another")


def ask(chat: Chat, lot: Lot) -> dict[str, Any]:
    """The message that asks for a maximum."""
    chat.press_data(f"m:{lot.auction.id}:1", None)
    assert "Your maximum for" in chat.words
    return chat.last


def counted(write: Callable[..., Any], calls: list[str]) -> Callable[..., Any]:
    """The same, with what it writes about questions put down."""

    def call(group: str, *rest: Any) -> Any:
        calls.extend([group] * group.startswith("conv#"))
        return write(group, *rest)

    return call


def leads(app: FakeApp, lot: Lot, chat: Chat) -> bool:
    return app.store.auction(lot.auction.id).leader_id == chat.id


def test_a_reply_answers_its_question_and_a_plain_text_the_newest(
    app: FakeApp, lot: Lot, other: Lot, anna: Chat
) -> None:
    first = ask(anna, lot)
    ask(anna, other)
    anna.reply("300", first)
    assert (leads(app, lot, anna), leads(app, other, anna)) == (True, False)
    anna.say("200")
    assert leads(app, other, anna)


@pytest.mark.parametrize("since", ["/buy_stars", "/menu", "/auctions"])
def test_a_reply_finds_its_question_after_any_other_command(app: FakeApp, lot: Lot, anna: Chat, since: str) -> None:
    question = ask(anna, lot)
    anna.say(since)
    anna.reply("300", question)
    assert leads(app, lot, anna)


def test_a_plain_text_never_falls_back_to_an_older_question(app: FakeApp, lot: Lot, other: Lot, anna: Chat) -> None:
    """Who has answered the newest may go on writing about it: that is no bid on another lot."""
    ask(anna, other)
    ask(anna, lot)
    anna.say("300")
    anna.say("350")
    assert "No live lot matches" in anna.words
    assert not leads(app, other, anna)


def test_a_reply_to_what_asked_again_answers_too_and_so_does_one_to_the_first(
    app: FakeApp, lot: Lot, anna: Chat
) -> None:
    first = ask(anna, lot)
    anna.say("many")
    again = anna.last
    assert "not a whole number" in anna.words
    anna.say("/menu")
    anna.reply("5", first)
    assert "The lowest bid is now" in anna.words
    anna.reply("300", again)
    assert leads(app, lot, anna)


def test_an_answered_question_is_not_answered_twice_and_asks_again_at_a_press(
    app: FakeApp, lot: Lot, anna: Chat
) -> None:
    question = ask(anna, lot)
    anna.reply("300", question)
    anna.reply("400", question)
    assert CLOSED in anna.words
    assert app.store.auction(lot.auction.id).bids_count == 1
    anna.press("Ask me again")
    anna.say("400")
    assert f"Your maximum is now {price(400)}" in anna.words


def test_asked_twice_it_is_one_question(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    anna.say("/buy_stars")
    first = anna.last
    anna.say("/buy_stars")
    anna.reply("50", first)
    assert len(telegram.called("sendInvoice")) == 1
    anna.say("50")
    assert "No live lot matches" in anna.words


def test_a_reply_that_comes_too_late_is_told_so(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    for chat in (anna, boris):
        chat.press_data(f"m:{lot.auction.id}:1", None)
    app.clock.forward(seconds=PATIENCE_SECONDS)
    for chat, closed, again in ((anna, CLOSED, "Ask me again"), (boris, "Этот вопрос закрыт", "Спросить ещё раз")):
        chat.reply("300", chat.last)
        assert closed in chat.words
        assert chat.buttons()[again] == f"m:{lot.auction.id}:1"


def test_cancel_closes_all_and_says_so_to_a_later_reply(app: FakeApp, lot: Lot, other: Lot, anna: Chat) -> None:
    questions = [ask(anna, lot), ask(anna, other)]
    anna.say("/cancel")
    assert "Nothing has changed" in anna.words
    for question in questions:
        anna.reply("300", question)
        assert CLOSED in anna.words
    anna.say("/cancel")
    assert "nothing to cancel" in anna.words


def test_the_cancel_button_closes_the_question_above_it(app: FakeApp, lot: Lot, other: Lot, anna: Chat) -> None:
    first = ask(anna, lot)
    second = ask(anna, other)
    anna.press("Cancel", first)
    assert "Nothing has changed" in first["text"]
    anna.reply("300", first)
    assert CLOSED in anna.words
    anna.say("300")
    assert leads(app, other, anna)
    anna.press("x", second)
    assert "nothing to cancel" in second["text"]


def test_a_reply_to_something_else_answers_nothing(app: FakeApp, lot: Lot, anna: Chat) -> None:
    """An amount may be meant for a question that is remembered no longer: it is not taken for another."""
    anna.say("/help")
    page = anna.last
    anna.reply("hello", page)
    assert "No live lot matches" in anna.words
    ask(anna, lot)
    anna.reply("300", page)
    assert "That message asks nothing" in anna.words
    assert not leads(app, lot, anna)
    anna.say("300")
    assert leads(app, lot, anna)


def test_a_command_is_a_command_also_as_a_reply(anna: Chat, lot: Lot) -> None:
    anna.reply("/menu", ask(anna, lot))
    assert "Menu" in anna.words


@pytest.mark.parametrize("reply", [True, False])
def test_a_question_of_another_version_is_dropped_with_words(app: FakeApp, lot: Lot, anna: Chat, reply: bool) -> None:
    question = ask(anna, lot)
    state = app.scratch.member(*questions_of(anna.id), app.now())
    assert state is not None
    state["asked"][0][3] += 1
    _ = anna.reply("300", question) if reply else anna.say("300")
    assert CLOSED in anna.words
    assert "go:auctions" in anna.buttons().values()
    assert not leads(app, lot, anna)
    anna.say("300")
    assert "No live lot matches" in anna.words


def test_a_question_that_may_not_have_arrived_is_answered_by_the_next_text(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat
) -> None:
    telegram.fail("sendMessage", timeout())
    anna.press_data(f"m:{lot.auction.id}:1", None)
    anna.say("300")
    assert leads(app, lot, anna)


@pytest.mark.parametrize("content", [{"photo": [PHOTO]}, {"document": DOCUMENT}, {"sticker": STICKER}])
def test_a_picture_beside_words_for_somebody_else_is_not_lost_in_silence(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat, content: dict[str, Any]
) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    seller.press_data(f"d:deliver:{lot.auction.id}", None)
    question = seller.last
    caption = {} if "sticker" in content else {"caption": "As you see"}
    seller.reply("", question, message_id=5, **content, **caption)
    assert ("stickers, voice" if "sticker" in content else "As you see") in seller.words
    assert app.store.deal(lot.auction.id).delivery is None
    seller.reply("The code is 42", question)
    seller.press("Send to the buyer")
    assert "The code is 42" in str(app.store.deal(lot.auction.id).delivery)


def test_a_caption_answers_where_a_number_is_asked_for(app: FakeApp, lot: Lot, anna: Chat) -> None:
    question = ask(anna, lot)
    anna.reply("", question, photo=[PHOTO])
    assert "not a whole number" in anna.words
    anna.reply("", question, photo=[PHOTO], caption="1\u00a0300")
    assert f"{price(1300)}" in anna.words


def test_a_caption_is_no_command(anna: Chat, lot: Lot) -> None:
    ask(anna, lot)
    anna.update({"message": anna._message(photo=[PHOTO], caption="/menu")})
    assert "not a whole number" in anna.words


def test_a_reply_finds_a_question_whose_message_we_do_not_know(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat
) -> None:
    """Telegram's answer was lost, and the message is there."""
    telegram.fail("sendMessage", timeout())
    anna.press_data(f"m:{lot.auction.id}:1", None)
    asked = {"message_id": 77, "date": 1, "chat": {"id": anna.id, "type": "private"}, "text": "Your maximum?"}
    anna.reply("300", asked)
    assert leads(app, lot, anna)


def test_a_reply_to_anything_answers_no_lost_question_once_the_person_went_elsewhere(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, other: Lot, anna: Chat
) -> None:
    """It may be meant for a card or a notice, and a number would bid."""
    telegram.fail("sendMessage", timeout())
    anna.press_data(f"m:{lot.auction.id}:1", None)
    question = ask(anna, other)
    card = {"message_id": 77, "date": 1, "chat": {"id": anna.id, "type": "private"}, "text": "A card"}
    anna.reply("300", card)
    assert "asks nothing" in anna.words
    anna.press_data("x", card)
    anna.reply("300", question)
    assert (leads(app, lot, anna), leads(app, other, anna)) == (False, True)


def test_cancel_under_a_forgotten_question_leaves_the_others_alone(
    app: FakeApp, lot: Lot, other: Lot, anna: Chat
) -> None:
    forgotten = ask(anna, other)
    ask(anna, lot)
    for _ in range(8):
        anna.say("no number")
    anna.press("Cancel", forgotten)
    anna.say("300")
    assert leads(app, lot, anna)


def test_every_way_to_be_asked_again_leads_to_the_question(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    """What a closed question offers is a button that its screen knows."""
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    admin = Chat(app, anna.telegram, 900).join()
    asks = [(seller, "d:deliver"), (anna, "d:dispute"), (seller, "d:answer"), (admin, "a:release"), (admin, "a:refund")]
    assert seller.id == SELLER
    for chat, data in asks:
        if data == "d:answer":
            app.dealing.dispute(anna.id, lot.auction.id, "It never came", app.now())
        chat.press_data(f"{data}:{lot.auction.id}", None)
        question, text = chat.last, chat.words
        chat.press("Cancel", question)
        chat.reply("text", question)
        assert language("en")._("Ask me again") in chat.buttons(), data
        chat.press("Ask me again")
        assert chat.words == text, data


def test_a_question_costs_one_write_to_ask_to_answer_and_to_leave(
    app: FakeApp, lot: Lot, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing while none is open; all are read along with the person."""
    calls: list[str] = []
    for name in ("put_member", "drop_member"):  # the fake exchanges by putting
        monkeypatch.setattr(app.scratch, name, counted(getattr(app.scratch, name), calls))

    def cost(act: Any, *args: Any) -> int:
        before = len(calls)
        act(*args)
        return len(calls) - before

    assert cost(anna.say, "/menu") == 0
    assert cost(anna.press_data, f"m:{lot.auction.id}:1", None) == 1
    assert cost(anna.say, "300") == 1
    assert cost(anna.say, "/menu") == 0
    assert cost(anna.press_data, f"m:{lot.auction.id}:1", None) == 1
    assert cost(anna.say, "/menu") == 1
    assert cost(anna.say, "/cancel") == 1
    assert cost(anna.say, "/cancel") == 0
