"""The AI helper's own screen: what it says of itself, agreeing, trying it, and asking for the first time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from starbid import bootstrap
from starbid.domain.assistant.question import LONGEST_QUESTION
from starbid.domain.restrictions import Limit, Restrictions
from starbid.services.ports import questions_of
from tests.support.blocking import block
from tests.support.fakes import FakeApp

from .chatting import DOCUMENT, PHOTO, STICKER, Chat, FakeTelegram, chatting_app
from .helping import AGREE, TRIAL, VOICE, account, asked, helping_app, ready, texts, work

FORGED = [
    "ai", "ai:", "ai:nonsense", "ai:ask:lot1", "ai:lot", "ai:lot:LOT!", "ai:lot:lot1:2", "ai:stop", "ai:stop:x",
    "ai:again", "ai:again:" + "0" * 16, "ai:one:../../x", "ai:list:x", "ai:list:a:b", "ai:pack:x", "ai:pack:11",
    "ai:buy:10:20", "ai:buy:10:20:u_1", "ai:buy:11:20:u1", "ai:inv:", "ai:yes:1", "ai:CLEAR:1", "ai:reply:a:b",
]  # fmt: skip


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = helping_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def test_a_first_question_goes_from_agreeing_over_the_trial_to_its_answer(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    app.language_model.says("A bid is", " a promise.")
    anna.say("/ask What is a bid?")
    assert "go to an AI service outside Starbid" in anna.words
    assert "Your question waits here" in anna.words
    anna.press(AGREE["en"])
    assert "Start the free trial" in anna.words
    anna.press(TRIAL["en"])
    assert "Asked. The answer comes here." in anna.words
    assert len(anna.messages) == 1, "all of it in one message"
    assert texts(anna) == ["What is a bid?"]
    assert telegram.called("sendChatAction")[-1]["action"] == "typing"
    work(app)
    assert anna.words == "A bid is a promise."
    trial = account(anna).trial
    assert trial is not None
    assert trial.used == 1


def test_the_same_in_russian(app: FakeApp, boris: Chat) -> None:
    app.language_model.says("Ставка — это обещание.")
    boris.say("/ask Что такое ставка?")
    assert "передаются AI-сервису" in boris.words
    boris.press(AGREE["ru"])
    assert "Начните пробный период" in boris.words
    boris.press(TRIAL["ru"])
    assert "Вопрос задан" in boris.words
    work(app)
    assert boris.words == "Ставка — это обещание."
    assert set(boris.buttons()) == {"Спросить ещё", "Меню"}
    boris.say("/ask")
    assert "9 бесплатных ответов до 8 мая 2026" in boris.words


def test_nothing_goes_to_the_ai_service_before_the_person_agrees(app: FakeApp, anna: Chat) -> None:
    anna.say("/ask What is a bid?")
    work(app)
    assert (texts(anna), app.language_model.prompts) == ([], [])
    anna.press("Not now")
    assert "Nothing was sent to the AI service" in anna.words
    anna.press_data("ai:yes", anna.messages[0])
    assert texts(anna) == [], "what was given up is not asked later"


def test_four_thousand_characters_wait_for_consent_and_nothing_of_them_is_lost_or_kept(
    app: FakeApp, anna: Chat
) -> None:
    long = "Ы" * LONGEST_QUESTION
    anna.say(f"/ask {long}")
    anna.press("Agree")
    anna.press(TRIAL["en"])
    assert texts(anna) == [long]
    assert "ЫЫ" not in repr(app.scratch.member(*questions_of(1), app.now()))


def test_other_words_take_the_place_of_those_that_wait(anna: Chat) -> None:
    for text in ("First", "Second"):
        anna.say(f"/ask {text}")
    anna.say("Third")
    anna.press("Agree", anna.messages[0])
    assert texts(anna) == [], "the first waits no more"
    anna.press_data("ai:yes", anna.messages[2])
    anna.press(TRIAL["en"], anna.messages[2])
    assert texts(anna) == ["Third"]


def test_one_who_has_written_nothing_yet_is_asked_for_the_question_after_agreeing(app: FakeApp, anna: Chat) -> None:
    anna.say("/ask")
    anna.press("Ask a question")
    anna.press("Agree")
    anna.press(TRIAL["en"])
    assert "What do you want to know?" in anna.words
    anna.say("Why?")
    assert texts(anna) == ["Why?"]


def test_the_trial_is_started_once(app: FakeApp, anna: Chat) -> None:
    anna.say("/ask")
    anna.press(TRIAL["en"])
    trial = account(anna).trial
    assert trial is not None
    assert trial.until == app.now() + timedelta(days=7)
    assert TRIAL["en"] not in anna.buttons()
    anna.press_data("ai:try", anna.last)
    assert "started your free trial before" in anna.toasts()[-1]
    assert account(anna).trial == trial


def test_after_the_trial_s_last_day_the_ways_to_more_are_offered(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    app.clock.forward(days=7)
    anna.say("/ask What now?")
    assert "Your answers are used up" in anna.words
    assert {"Buy answers", "Subscribe", "Ask it now", "Not now"} <= set(anna.buttons())
    assert TRIAL["en"] not in anna.buttons()


def test_a_question_that_waits_for_answers_is_asked_once_the_person_subscribes(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False)
    anna.say("/ask What now?")
    gate = anna.last
    anna.press("Subscribe")
    anna.press(next(text for text in anna.buttons() if text.startswith("Subscribe for")))
    anna.press("Ask it now", gate)
    assert texts(anna) == ["What now?"]
    work(app)
    anna.say("/status")
    assert "99 answers of your subscription until" in anna.words


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_account_shows_wallet_subscription_trial_and_answers(
    app: FakeApp, telegram: FakeTelegram, code: str
) -> None:
    chat = ready(Chat(app, telegram, 7, language=code))
    app.buying.buy(7, 50, "r", app.now())
    chat.say("/status")
    for words in {
        "en": ("Available", "10 free answers until", "50 answers from packs"),
        "ru": ("Доступно", "10 бесплатных ответов до", "50 ответов из пакетов"),
    }[code]:
        assert words in chat.words


def test_start_and_menu_lead_to_the_helper(anna: Chat) -> None:
    for command, *way in (("/start", "More", "AI helper"), ("/menu", "AI helper")):
        anna.say(command)
        for button in way:
            anna.press(button)
        assert "<b>AI helper</b>" in anna.words
        assert "10 answers are free to try" in anna.words
        assert "go:menu" in anna.buttons().values()


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("command", ["/terms", "/privacy", "/help"])
def test_the_texts_speak_of_it_where_it_is_offered(
    app: FakeApp, telegram: FakeTelegram, code: str, command: str
) -> None:
    chat = Chat(app, telegram, 7, language=code)
    chat.say(command)
    assert {"en": "AI helper", "ru": "Помогатор"}[code] in chat.words


def test_where_it_is_not_offered_nothing_leads_to_it_and_old_ways_say_so(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = chatting_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", app)
    anna = Chat(app, telegram, 1).join(stars=1000)
    for command in ("/start", "/menu", "/help", "/terms", "/privacy", "/status", "/support", "/sell"):
        anna.say(command)
        assert "AI" not in anna.words
        assert not [data for data in anna.buttons().values() if "ask" in data or data.startswith("ai:")]
    for text in ("/ask", "/ask Why?"):
        anna.say(text)
        assert "not offered here" in anna.words
    for data in ("ai:ask", "ai:try", "ai:packs", "ai:pack:10", "ai:buy:10:20:u1", "ai:inv:10", "ai:yes", "ai:listing"):
        anna.press_data(data, anna.last)
        assert "not offered here" in anna.toasts()[-1], data
    assert app.store.wallet(1, "XTR").available.amount == 1000
    assert account(anna).version == 0


@pytest.mark.parametrize("data", FORGED)
def test_buttons_that_nobody_made_do_no_harm(app: FakeApp, anna: Chat, data: str) -> None:
    ready(anna)
    before = account(anna)
    anna.say("/ask")
    assert anna.press_data(data, anna.last) == 200
    assert anna.toasts()[-1]
    assert (account(anna), texts(anna)) == (before, [])


def test_a_question_of_somebody_else_is_nobodys(app: FakeApp, anna: Chat, boris: Chat) -> None:
    ready(anna)
    ready(boris)
    boris.say("/ask Секрет?")
    secret = asked(boris)[0].id
    for step in ("one", "again", "stop"):
        anna.press_data(f"ai:{step}:{secret}", None)
        assert "Секрет" not in anna.toasts()[-1]
    assert account(boris).open is not None
    assert not account(boris).open.stop  # type: ignore[union-attr]
    assert anna.messages == []


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": STICKER},
        {"voice": VOICE},
        {"document": DOCUMENT},
        {"photo": [PHOTO]},
        {"photo": [PHOTO], "caption": "What is this?"},
    ],
)
def test_what_is_no_text_is_not_asked_and_the_conversation_stays_open(
    app: FakeApp, anna: Chat, content: dict[str, object]
) -> None:
    ready(anna)
    anna.say("/ask")
    anna.press("Ask a question")
    anna.update({"message": anna._message(**content)})
    assert "Only text works here" in anna.words
    assert texts(anna) == []
    anna.say("In words then")
    assert texts(anna) == ["In words then"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * (LONGEST_QUESTION + 1), "That is 1 character too many: a question has 4,000 at most."),
        ("x" * 4096, "That is 96 characters too many"),
        ("\u200b\u2060", "Nothing in this can be seen."),
        (f"/ask {'x' * (LONGEST_QUESTION + 1)}", "That is 1 character too many"),
        ("/ask \u200b", "Nothing in this can be seen."),
    ],
)
def test_what_is_no_question_is_said_so_and_asked_for_again(anna: Chat, text: str, said: str) -> None:
    ready(anna)
    anna.say("/ask")
    anna.press("Ask a question")
    anna.say(text)
    assert said in anna.words
    assert "That is all" in anna.buttons()
    assert texts(anna) == []
    anna.say("Shorter")
    assert texts(anna) == ["Shorter"]


@pytest.mark.parametrize("text", ["x" * LONGEST_QUESTION, "🙂", "🙂🙂🙂", "?"])
def test_the_longest_question_and_emoji_alone_are_questions(app: FakeApp, anna: Chat, text: str) -> None:
    ready(anna)
    anna.say(f"/ask {text}")
    assert texts(anna) == [text]


def test_one_who_may_not_use_it_is_told_until_when(app: FakeApp, anna: Chat) -> None:
    until = datetime(2026, 6, 1, tzinfo=UTC)
    ready(anna, trial=False, restrictions=Restrictions((Limit.ASSISTANT,), until))
    anna.say("/ask Why?")
    assert "cannot use the AI helper until 1 Jun 2026" in anna.words
    anna.press_data("ai:ask", anna.last)
    assert "cannot use the AI helper until" in anna.toasts()[-1]
    assert texts(anna) == []


def test_one_who_is_blocked_gets_silence(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    ready(anna)
    block(app, 1)
    calls = len(telegram.calls)
    anna.say("/ask Why?")
    anna.press_data("ai:try", None)
    anna.press_data("ai:buy:10:20:u1", None)
    assert len(telegram.calls) == calls
    assert texts(anna) == []


def test_too_many_in_a_minute_are_told_how_long_to_wait(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    anna.say("/ask")
    anna.press("Ask a question")
    for number in range(7):
        anna.say(f"Question {number}")
        work(app)
    assert "too many in a short time" in anna.words
    assert len(texts(anna)) == 6
    app.clock.forward(seconds=60)
    anna.say("Once more")
    assert texts(anna)[-1] == "Once more", "the conversation has stayed open"


def test_consent_is_shown_with_its_moment_and_taken_back(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    anna.say("/ask")
    anna.press("Settings")
    assert "You agreed to that on 1 May 2026, 12:00 UTC." in anna.words
    assert anna.buttons()["AI helper on the site"] == "http://127.0.0.1:8000/assistant"
    anna.press("I do not agree any more")
    assert "You have not agreed to that." in anna.words
    assert account(anna).consent_at is None
    anna.say("/ask Why?")
    assert "Your question waits here" in anna.words
    anna.press("Agree")
    assert texts(anna) == ["Why?"]


def test_consent_taken_back_meanwhile_stops_it_and_what_was_read_is_paid_for(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    second = partial(app.pace.sleep, 1)
    app.language_model.says(second, "Some", lambda: anna.press_data("ai:off", None), second, " more")
    anna.say("/ask Why?")
    work(app)
    assert "You stopped the answer here." in anna.words
    assert account(anna).trial.used == 1  # type: ignore[union-attr]
