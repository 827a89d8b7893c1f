"""A conversation with the AI helper: it stays open until the person goes elsewhere, and an answer can be stopped."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.assistant.question import Failure, State, Task
from starbid.services.ports import Ailment, Contended, ModelTrouble
from starbid.telegram.bot_drafts import draft_of
from tests.support.blocking import block
from tests.support.factories import put_up
from tests.support.fakes import Death, FakeApp

from .chatting import Chat, FakeTelegram, bad_request, flood, forbidden
from .helping import account, asked, helping_app, ready, texts, work


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = helping_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture(autouse=True)
def talking(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    anna.say("/ask")
    anna.press("Ask a question")


def stop_draft(chat: Chat, draft_id: int, **chat_fields: Any) -> int:
    private = {"id": chat.id, "type": "private", "first_name": "Anna"} | chat_fields
    return chat.update({"stopped_message_generation": {"chat": private, "draft_id": draft_id}})


def trial_used(chat: Chat) -> int:
    trial = account(chat).trial
    assert trial is not None
    return trial.used


def test_everything_that_is_written_is_asked_until_that_is_all(app: FakeApp, anna: Chat) -> None:
    prompt = anna.last
    for text in ("One", "Two"):
        anna.say(text)
        work(app)
    assert texts(anna) == ["One", "Two"]
    anna.press("That is all", prompt)
    assert "To ask the AI helper again: /ask" in anna.messages[0]["text"]
    anna.say("lamp")
    assert "No live lot matches" in anna.words
    anna.reply("Three", prompt)
    assert "That question is closed" in anna.words
    anna.press("Ask me again")
    anna.say("Three")
    assert texts(anna) == ["One", "Two", "Three"]


@pytest.mark.parametrize("away", ["/menu", "/balance", "/cancel"])
def test_any_command_leaves_it(anna: Chat, away: str) -> None:
    anna.say(away)
    anna.say("lamp")
    assert texts(anna) == []


def test_a_button_that_leads_elsewhere_leaves_it_and_one_that_stops_does_not(app: FakeApp, anna: Chat) -> None:
    anna.say("One")
    anna.press_data(f"ai:stop:{asked(anna)[0].id}", None)
    work(app)
    anna.say("Two")
    assert texts(anna) == ["One", "Two"]
    work(app)
    anna.press("Menu")
    anna.say("lamp")
    assert len(texts(anna)) == 2


def test_after_a_night_a_text_is_a_search_again(app: FakeApp, anna: Chat) -> None:
    app.clock.forward(hours=12)
    anna.say("lamp")
    assert texts(anna) == []


def test_a_reply_to_an_answer_goes_on_after_the_conversation_was_left(app: FakeApp, anna: Chat) -> None:
    anna.say("One")
    work(app)
    answer = anna.last
    anna.say("/menu")
    anna.reply("And why?", answer)
    assert texts(anna) == ["One", "And why?"]
    work(app)
    prompt = app.language_model.prompts[-1]
    assert [turn.text for turn in prompt[1:]] == ["One", "An answer.", "And why?"]


def test_a_sticker_in_reply_to_an_answer_is_no_question(app: FakeApp, anna: Chat) -> None:
    anna.say("One")
    work(app)
    answer = anna.last
    anna.say("/menu")
    anna.reply("", answer, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    assert "Only text works here" in anna.words
    assert texts(anna) == ["One"]


def test_a_question_of_the_bot_gets_its_own_answer_while_a_conversation_is_open(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.say("/buy_stars")
    amount = anna.last
    anna.say("/ask")
    anna.press("Ask a question")
    anna.reply("250", amount)
    assert telegram.called("sendInvoice")
    assert texts(anna) == []
    anna.say("One")
    assert texts(anna) == ["One"]


def test_ten_messages_at_once_are_one_question_and_nine_words_of_patience(app: FakeApp, anna: Chat) -> None:
    for number in range(10):
        anna.say(f"Question {number}")
    assert texts(anna) == ["Question 0"]
    busy = [message for message in anna.messages if "still being answered" in message["text"]]
    assert len(busy) == 9
    assert account(anna).open is not None
    work(app)
    assert trial_used(anna) == 1


def test_while_an_answer_is_written_its_stop_button_is_offered(app: FakeApp, anna: Chat) -> None:
    def impatient() -> None:
        anna.say("Hurry")
        anna.press("Stop")
        app.pace.sleep(1)

    app.language_model.says(partial(app.pace.sleep, 1), "Once", impatient, " upon", " a time")
    anna.say("Tell me")
    work(app)
    assert anna.toasts()[-1] == "Stopped."
    assert anna.words == "Once upon\n\n<i>You stopped the answer here.</i>"
    (question,) = asked(anna)
    assert (question.state, question.cut, trial_used(anna)) == (State.STOPPED, True, 1)


def test_telegrams_own_button_stops_the_draft_that_it_stands_below(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    def stops() -> None:
        stop_draft(anna, telegram.called("sendMessageDraft")[-1]["draft_id"])
        app.pace.sleep(1)

    app.language_model.says(partial(app.pace.sleep, 1), "Once", stops, " upon", " a time")
    anna.say("Tell me")
    work(app)
    assert anna.words.startswith("Once upon\n\n<i>You stopped")


def test_a_stop_of_an_older_draft_does_not_stop_the_next_answer(app: FakeApp, anna: Chat) -> None:
    anna.say("One")
    work(app)
    old = draft_of(asked(anna)[0].id)
    anna.say("Two")
    assert stop_draft(anna, old) == 200
    assert account(anna).open is not None
    assert not account(anna).open.stop  # type: ignore[union-attr]
    assert stop_draft(anna, draft_of(asked(anna)[1].id)) == 200
    assert account(anna).open.stop  # type: ignore[union-attr]


@pytest.mark.parametrize("draft_id", [0, -1, 2**31])
def test_a_stop_of_nothing_that_is_written_does_no_harm(anna: Chat, draft_id: int) -> None:
    before = account(anna)
    assert stop_draft(anna, draft_id) == 200
    assert account(anna) == before


def test_a_stop_in_a_group_and_one_of_a_stranger_are_nobodys(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    anna.say("One")
    draft = draft_of(asked(anna)[0].id)
    assert stop_draft(anna, draft, id=-1001234, type="supergroup", title="Us") == 200
    assert stop_draft(Chat(app, telegram, 77), draft) == 200
    assert not account(anna).open.stop  # type: ignore[union-attr]
    assert app.store.person(77) is None, "nobody is registered by it"


def test_stopped_before_anything_was_shown_it_costs_nothing(app: FakeApp, anna: Chat) -> None:
    anna.say("One")
    anna.press_data(f"ai:stop:{asked(anna)[0].id}", None)
    work(app)
    assert anna.words == "Stopped before there was an answer. It cost you nothing."
    assert list(anna.buttons().values()) == ["go:menu"]
    assert trial_used(anna) == 0
    anna.say("One, after all")
    work(app)
    assert anna.words == "An answer."


def test_a_question_that_failed_is_asked_again_by_its_button_once(app: FakeApp, anna: Chat) -> None:
    app.language_model.says(ModelTrouble(Ailment.REFUSED, "401"))
    anna.say("One")
    work(app)
    failed = anna.last
    assert "does not answer right now. It cost you nothing." in failed["text"]
    assert asked(anna)[0].failure is Failure.UNREACHABLE
    retry = anna.buttons(failed)["Try again"]
    app.language_model.says("Now it does.")
    anna.press("Try again", failed)
    assert "Try again" not in anna.buttons(failed)
    anna.press_data(retry, failed)
    assert "not there any more" in anna.toasts()[-1]
    work(app)
    assert anna.words == "Now it does."
    assert (texts(anna), trial_used(anna)) == (["One"], 1)


def test_a_retry_that_comes_twice_is_one_question(app: FakeApp, anna: Chat) -> None:
    app.language_model.says("")
    anna.say("One")
    work(app)
    failed, retry = anna.last, anna.buttons()["Try again"]
    anna.arrived = app.now()
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.press_data(retry, failed, update_id=7)
    app.clock.forward(seconds=31)
    anna.arrived = app.now()
    assert anna.press_data(retry, failed, update_id=7) == 200
    assert len(texts(anna)) == 1
    assert len(app.assistant_work.take()) == 1


def test_a_question_that_was_answered_is_not_answered_again(app: FakeApp, anna: Chat) -> None:
    anna.say("One")
    work(app)
    anna.press_data(f"ai:again:{asked(anna)[0].id}", None)
    assert "has been answered" in anna.toasts()[-1]


def test_a_retry_without_answers_left_waits_for_more(app: FakeApp, anna: Chat) -> None:
    app.language_model.says("")
    anna.say("One")
    work(app)
    failed = anna.last
    app.clock.forward(days=7)
    anna.press("Try again", failed)
    assert "Your question waits here." in anna.words
    app.buying.buy(1, 10, "r", app.now())
    app.language_model.says("Now it does.")
    anna.press("Ask it now")
    work(app)
    assert "One" in texts(anna)
    assert account(anna).spent == 1


def test_an_update_that_comes_twice_is_one_question(app: FakeApp, anna: Chat) -> None:
    for _ in range(2):
        anna.say("Once", update_id=7)
    assert texts(anna) == ["Once"]


@pytest.mark.parametrize("after", [True, False])
def test_a_death_while_it_is_asked_leaves_one_question(app: FakeApp, anna: Chat, after: bool) -> None:
    anna.arrived = app.now()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        anna.say("Once", update_id=7)
    app.clock.forward(seconds=31)
    anna.arrived = app.now()
    assert anna.say("Once", update_id=7) == 200
    assert texts(anna) == ["Once"]
    assert len({call.question_id for call in app.assistant_work.take()}) == 1


def test_a_store_that_is_contended_brings_the_question_again(app: FakeApp, anna: Chat) -> None:
    app.store.fail_next(Contended(), times=50)
    assert anna.say("Once", update_id=7) == 503
    app.store.heal()
    assert anna.say("Once", update_id=7) == 200
    assert texts(anna) == ["Once"]


@pytest.mark.parametrize("fault", [flood(30), bad_request("whatever"), forbidden()])
def test_a_sign_of_life_that_cannot_be_shown_is_no_reason_to_lose_the_question(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, fault: Any
) -> None:
    telegram.fail("sendChatAction", fault)
    assert anna.say("One") == 200
    work(app)
    assert anna.words == "An answer."


def test_blocked_while_it_is_answered_the_person_hears_nothing(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.say("One")
    block(app, 1)
    messages = len(anna.messages)
    work(app)
    assert len(anna.messages) == messages
    assert asked(anna)[0].failure is Failure.BARRED


def test_drafts_that_are_refused_make_the_answer_grow_in_a_message(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    telegram.fail("sendMessageDraft", bad_request("no drafts"), times=5)
    sizes = list[str]()

    def look() -> None:
        sizes.append(anna.words)
        app.pace.sleep(2)

    app.language_model.says("Once", look, " upon", look, " a time")
    before = len(anna.messages)
    anna.say("Tell me")
    work(app)
    assert sizes == ["Once", "Once upon"]
    assert anna.words == "Once upon a time"
    assert len(anna.messages) == before + 1


def test_an_answer_of_several_messages_is_told_in_order(app: FakeApp, anna: Chat) -> None:
    app.language_model.says("\n\n".join(letter * 1500 for letter in "abcde"))
    anna.say("At length")
    before = len(anna.messages)
    work(app)
    said = [message["text"] for message in anna.messages[before:]]
    assert [text[0] for text in said] == ["a", "c", "e"]
    assert all(len(text) <= 4096 for text in said)


def test_about_a_lot_the_conversation_stays_with_it(app: FakeApp, anna: Chat) -> None:
    lot = put_up(app, title="A blue lamp", description="It is blue.").auction.id
    anna.press_data(f"ai:lot:{lot}", None)
    assert "What do you want to know about “A blue lamp”?" in anna.words
    app.language_model.says("> It is blue.\n\nBlue.")
    anna.say("What colour?")
    work(app)
    answer = anna.last
    assert "<blockquote>It is blue.</blockquote>" in answer["text"]
    assert "From the lot's text only." in answer["text"]
    anna.say("/menu")
    anna.reply("And how large?", answer)
    assert [(one.task, one.subject) for one in asked(anna)] == [(Task.LOT, lot)] * 2
    anna.press("Back to the lot", answer)
    assert "A blue lamp" in anna.words
