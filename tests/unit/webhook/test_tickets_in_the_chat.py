"""Support in the chat: what is sent goes into the ticket until its person leaves, and answers come back."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from starbid.domain.audit_trail import Operator, decided
from starbid.domain.roles import Role
from starbid.domain.tickets import Side, Ticket, TicketState
from tests.support.blocking import block
from tests.support.fakes import FakeApp

from .chatting import DOCUMENT, PHOTO, STICKER, Chat, FakeTelegram, bad_request

ADMIN = 900


@pytest.fixture(autouse=True)
def known(anna: Chat) -> None:
    anna.join()


def opened(app: FakeApp, person_id: int = 1) -> Ticket:
    ticket = app.tickets.open_of(person_id, app.now())
    assert ticket is not None
    return ticket


def said(app: FakeApp, ticket: Ticket) -> list[str]:
    return [message.text for message in app.tickets.messages(ticket.id, app.now(), backward=False).items]


def answer(app: FakeApp, ticket: Ticket, text: str = "Look at /my", *files: bytes) -> None:
    key = f"d{len(app.store.tables.audit)}"
    decision = decided(Operator(ADMIN, Role.OWNER), "", key, app.now(), needs_reason=False)
    app.ticket_desk.answer(decision, ticket.id, text, files)


def deliver(app: FakeApp, telegram: FakeTelegram) -> None:
    """Notices go out through the real messenger."""
    app.__dict__.pop("messenger", None)
    app.__dict__.pop("sending", None)
    app.__dict__.pop("ticket_telling", None)
    for _ in range(4):
        app.run_streams()
        app.clock.forward(seconds=6)


def photo(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("way", ["/support", "/start support"])
def test_what_is_said_after_support_is_a_ticket(app: FakeApp, anna: Chat, way: str) -> None:
    anna.say(way)
    assert "Describe the problem" in anna.words
    anna.say("My lot is gone")
    ticket = opened(app)
    assert said(app, ticket) == ["My lot is gone"]
    assert f"Your ticket {ticket.id}" in anna.words


def test_further_messages_go_into_it_and_are_confirmed_by_one_message(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.say("/support")
    for text in ("one", "two", "three"):
        anna.say(text)
    assert said(app, opened(app)) == ["one", "two", "three"]
    assert len(anna.messages) == 2, "the question, and one confirmation"
    assert "3 messages in it" in anna.words


def test_an_update_that_comes_twice_is_one_message(app: FakeApp, anna: Chat) -> None:
    anna.say("/support")
    for _ in range(2):
        anna.say("once", update_id=77)
    assert said(app, opened(app)) == ["once"]


def test_photos_and_albums_go_in_and_stickers_do_not(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    telegram.files = {"p": photo(), "q": photo("blue")}
    anna.say("/support")
    for file_id, caption in (("p", {"caption": "look"}), ("q", {})):
        one = [PHOTO | {"file_id": file_id, "file_unique_id": file_id}]
        anna.update({"message": anna._message(photo=one, media_group_id="g", **caption)})
    ticket = opened(app)
    first, second = app.tickets.messages(ticket.id, app.now(), backward=False).items
    assert (first.text, len(first.pictures), second.text, len(second.pictures)) == ("look", 1, "", 1)
    anna.update({"message": anna._message(sticker=STICKER)})
    assert "Only text and photos" in anna.words
    anna.update({"message": anna._message(document=DOCUMENT | {"mime_type": "application/pdf"})})
    assert opened(app).messages == 2
    anna.say("still in it")
    assert opened(app).messages == 3


def test_a_photo_that_is_none_is_refused_and_the_ticket_goes_on(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    telegram.files = {"p": b"no picture at all"}
    anna.say("/support")
    anna.update({"message": anna._message(photo=[PHOTO])})
    assert app.tickets.open_of(1, app.now()) is None
    anna.say("in words then")
    assert said(app, opened(app)) == ["in words then"]


def test_another_command_leaves_the_ticket_and_a_reply_still_reaches_it(app: FakeApp, anna: Chat) -> None:
    anna.say("/support")
    anna.say("one")
    confirmation = anna.last
    anna.say("/menu")
    anna.say("lamp")
    assert said(app, opened(app)) == ["one"], "a word after the menu is a search"
    anna.reply("two", confirmation)
    assert said(app, opened(app)) == ["one", "two"]


def test_cancel_leaves_it_and_says_that_it_stays_open(app: FakeApp, anna: Chat) -> None:
    anna.say("/support")
    anna.say("one")
    anna.say("/cancel")
    assert "Your ticket stays open" in anna.words
    anna.say("lamp")
    assert said(app, opened(app)) == ["one"]


def test_a_question_of_the_bot_that_is_asked_meanwhile_gets_its_own_answer(app: FakeApp, anna: Chat) -> None:
    anna.say("/support")
    anna.say("one")
    confirmation = anna.last
    anna.say("/buy_stars")
    question = anna.last
    anna.reply("250", question)
    assert said(app, opened(app)) == ["one"]
    anna.reply("and this", confirmation)
    assert said(app, opened(app)) == ["one", "and this"]


def test_the_words_of_an_answer_arrive_without_a_photo_that_telegram_refuses(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.say("/support")
    anna.say("one")
    answer(app, opened(app), "Look here", photo())
    telegram.fail("sendPhoto", bad_request("PHOTO_INVALID_DIMENSIONS"))
    deliver(app, telegram)
    assert "Look here" in anna.words


def test_an_answer_arrives_and_a_reply_to_it_or_its_button_goes_on(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.say("/support")
    anna.say("one")
    anna.say("/menu")
    ticket = opened(app)
    answer(app, ticket, "Look <b>here</b>")
    deliver(app, telegram)
    arrived = anna.last
    assert "Look &lt;b&gt;here&lt;/b&gt;" in anna.words
    assert {"Answer", "Solved"} <= set(anna.buttons())
    anna.reply("thanks, but", arrived)
    anna.press("Answer", arrived)
    anna.say("two")
    anna.say("three")
    assert said(app, ticket)[2:] == ["thanks, but", "two", "three"]
    anna.press("Solved", arrived)
    assert app.tickets.open_of(1, app.now()) is None
    anna.press("Solved", arrived)
    assert "closed" in anna.words


def test_after_support_has_closed_it_a_word_is_a_search_and_a_reply_opens_it_again(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.say("/support")
    anna.say("one")
    confirmation, ticket = anna.last, opened(app)
    decision = decided(Operator(ADMIN, Role.OWNER), "", "d", app.now(), needs_reason=False)
    app.ticket_desk.close(decision, ticket.id)
    anna.say("lamp")
    assert app.tickets.open_of(1, app.now()) is None
    deliver(app, telegram)
    closing = next(each for each in anna.messages if "has closed your ticket" in str(each.get("text")))
    anna.reply("it is not solved", closing)
    assert opened(app).id == ticket.id
    anna.reply("really", confirmation)
    assert opened(app).messages >= 2


def test_answer_under_a_closed_ticket_opens_it_again_with_the_next_word(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.say("/support")
    anna.say("one")
    ticket = opened(app)
    app.ticket_desk.close(decided(Operator(ADMIN, Role.OWNER), "", "d", app.now(), needs_reason=False), ticket.id)
    deliver(app, telegram)
    anna.press("Answer", next(each for each in anna.messages if "has closed your ticket" in str(each.get("text"))))
    anna.say("two")
    anna.say("three")
    assert said(app, ticket) == ["one", "two", "three"]
    app.ticket_desk.close(decided(Operator(ADMIN, Role.OWNER), "", "e", app.now(), needs_reason=False), ticket.id)
    anna.say("lamp")
    assert said(app, ticket) == ["one", "two", "three"]


def test_a_ticket_waits_for_more_than_an_hour(app: FakeApp, anna: Chat) -> None:
    anna.say("/support")
    anna.say("one")
    app.clock.forward(days=3)
    anna.say("two")
    assert said(app, opened(app)) == ["one", "two"]


def test_a_blocked_person_gets_silence(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    block(app, 1)
    before = len(telegram.calls)
    anna.say("/support")
    anna.say("let me in")
    assert len(telegram.calls) == before
    assert app.tickets.open_of(1, app.now()) is None


def test_an_operator_is_told_in_their_own_chat_answers_and_closes_there(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat
) -> None:
    anna.say("/support")
    anna.say("My lot is <gone>")
    deliver(app, telegram)
    assert "My lot is &lt;gone&gt;" in admin.words
    told, ticket = admin.last, opened(app)
    admin.press("Answer", told)
    admin.say("Look at /my, please")
    assert "Sent" in admin.words
    admin.reply("And at /bids", told)
    messages = app.tickets.messages(ticket.id, app.now(), backward=False).items
    assert [message.side for message in messages] == [Side.PERSON, Side.OPERATOR, Side.OPERATOR]
    admin.press("Close the ticket", told)
    assert app.tickets.ticket(ticket.id, app.now()).state is TicketState.CLOSED


def test_buttons_of_operators_are_none_to_others(app: FakeApp, anna: Chat) -> None:
    anna.say("/support")
    anna.say("one")
    ticket = opened(app)
    boris = Chat(app, anna.telegram, 2).join()
    for verb in ("reply", "close", "open", "take", "say", "done"):
        assert boris.press_data(f"tk:{verb}:{ticket.id}", None) == 200
    assert app.tickets.ticket(ticket.id, app.now()) == ticket
    forged = anna.messages[-1] | {
        "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": f"tk:reply:{ticket.id}"}]]}
    }
    boris.reply("I am an operator", forged)
    assert app.tickets.ticket(ticket.id, app.now()) == ticket


def test_many_messages_are_told_together(app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat) -> None:
    anna.say("/support")
    for number in range(30):
        anna.say(f"message {number}")
    deliver(app, telegram)
    told = [each for each in admin.messages if "message" in str(each.get("text"))]
    assert len(told) <= 4
    assert all(f"message {number}<" in "".join(str(each["text"]) for each in told) for number in range(30))
