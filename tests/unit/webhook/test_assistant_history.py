"""What was asked, in the chat: in pages, one whole, as a file, and cleared."""

from __future__ import annotations

from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.assistant.question import Failure, Question, State, Task, question_id
from starbid.telegram.html import escape
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram
from .helping import asked, helping_app, ready, texts, work


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = helping_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def keep(chat: Chat, number: int, **changes: Any) -> Question:
    """A question of theirs that was answered, `number` minutes after the first."""
    chat.app.clock.forward(minutes=1)
    now = chat.app.now()
    known: dict[str, Any] = {"text": f"Question {number}", "state": State.DONE, "answer": f"Answer {number}"} | changes
    shown = {"shown": chat.app.formatting.format(known["answer"])} | changes
    kept = Question(question_id(now, str(number)), chat.id, asked_at=now, **(known | shown))
    chat.app.store.tables.questions[chat.id, kept.id] = kept
    return kept


def exported(telegram: FakeTelegram) -> tuple[str, str]:
    """Name and text of the last file."""
    name, data, _ = telegram.called("sendDocument")[-1]["document"]
    return name, data.decode()


def test_it_is_told_where_there_is_nothing_yet(telegram: FakeTelegram, anna: Chat) -> None:
    ready(anna)
    anna.say("/ask")
    anna.press("History")
    assert "What you ask the AI helper will be here." in anna.words
    anna.press_data("ai:file", anna.last)
    assert "nothing in your history yet" in anna.toasts()[-1]
    assert not telegram.called("sendDocument")


def test_five_to_a_page_newest_first_and_back(anna: Chat) -> None:
    anna.join()
    kept = [keep(anna, number) for number in range(12)]
    anna.press_data("ai:list", None)
    pages = []
    for _ in range(3):
        pages.append([word for word in anna.words.replace("</b>", "\n").split("\n") if "<b>Question " in word])
        if "Older ›" in anna.buttons():
            anna.press("Older ›")
    assert [[line.split()[-1] for line in page] for page in pages] == [
        ["11", "10", "9", "8", "7"], ["6", "5", "4", "3", "2"], ["1", "0"]
    ]  # fmt: skip
    assert "Older ›" not in anna.buttons()
    anna.press("‹ Newest")
    assert "Question 11" in anna.words
    assert list(anna.buttons().values())[:5] == [f"ai:one:{one.id}" for one in reversed(kept[7:])]
    assert len(anna.messages) == 1


def test_an_entry_says_how_it_stands_and_what_came_of_it(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    keep(anna, 0, text="<b>Bold</b>\nquestion", answer="**Bold** <i>answer</i>")
    keep(anna, 1, answer="", state=State.FAILED, failure=Failure.EMPTY)
    keep(anna, 2, task=Task.LISTING)
    app.clock.forward(minutes=1)
    anna.say("/ask Now?")
    anna.press_data("ai:list", None)
    entries = anna.words.split("\n\n")[1:]
    assert [entry.split("\n")[1].split(" UTC · ")[1] for entry in entries] == [
        "waiting", "Draft of a listing · answered", "not answered", "answered"
    ]  # fmt: skip
    assert entries[3].startswith("4. <b>&lt;b&gt;Bold&lt;/b&gt; question</b>")
    assert entries[3].endswith("\nBold &lt;i&gt;answer&lt;/i&gt;")
    assert "It cost you nothing." in entries[2]


def test_one_is_opened_whole_with_its_marks_and_what_can_be_done_with_it(anna: Chat) -> None:
    anna.join()
    keep(anna, 0, text="Q " * 1000, answer="**Bold** " + "text " * 1500)
    anna.press_data("ai:list", None)
    anna.press("1")
    question, *parts = anna.messages[1:]
    assert question["text"].count("Q ") > 900
    assert parts[0]["text"].startswith("<b>Bold</b> text")
    assert sum(part["text"].count("text") for part in parts) == 1500
    assert "ai:more" in anna.buttons(parts[-1]).values()


def test_a_long_answer_comes_as_a_file(telegram: FakeTelegram, anna: Chat) -> None:
    anna.join()
    keep(anna, 0, answer="\n\n".join("x" * 4000 for _ in range(4)))
    anna.press_data("ai:list", None)
    anna.press("1")
    name, text = exported(telegram)
    assert (name, text.count("x" * 4000)) == ("ai-helper.txt", 4)


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("text", ["Ы" * 4000, "😀" * 4000, "<" * 4000])
def test_whatever_was_asked_it_can_be_opened(app: FakeApp, telegram: FakeTelegram, code: str, text: str) -> None:
    """A breach of Telegram's limits fails the test (tests.support.bot_watch)."""
    chat = Chat(app, telegram, 7, language=code).join()
    keep(chat, 0, text=text, answer=text)
    chat.press_data("ai:list", None)
    chat.press("1")
    _, question, *parts = chat.messages
    assert len(question["text"]) > 1900
    assert sum(part["text"].count(escape(text[0])) for part in parts) == 4000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer": "", "state": State.FAILED, "failure": Failure.GONE}, "not there any more. It cost you nothing."),
        ({"cut": True, "state": State.STOPPED}, "You stopped the answer here."),
        ({"task": Task.LOT, "subject": "lot1"}, "From the lot's text only."),
    ],
)
def test_of_one_that_ended_otherwise_it_is_told_how(anna: Chat, changes: dict[str, Any], said: str) -> None:
    anna.join()
    anna.press_data(f"ai:one:{keep(anna, 0, **changes).id}", None)
    assert said in anna.words


def test_one_that_is_being_answered_is_opened_without_an_answer(anna: Chat) -> None:
    ready(anna)
    anna.say("/ask Why?")
    anna.press_data(f"ai:one:{asked(anna)[0].id}", None)
    assert "waiting\n<blockquote>Why?</blockquote>" in anna.words


def test_the_whole_history_is_one_file_oldest_first(telegram: FakeTelegram, anna: Chat) -> None:
    anna.join()
    for number in range(120):
        keep(anna, number)
    anna.press_data("ai:file", None)
    name, text = exported(telegram)
    assert name == "ai-helper.txt"
    assert [text.index(f"Question {number}\n") for number in range(120)] == sorted(
        text.index(f"Question {number}\n") for number in range(120)
    )
    assert telegram.called("sendDocument")[-1]["caption"] == "Your history: 120 questions."


def test_what_is_cleared_is_asked_back_once_and_gone_at_once(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    kept = keep(anna, 0)
    anna.press_data("ai:list", None)
    anna.press("Clear")
    assert "cannot be brought back" in anna.words
    anna.press("Back")
    assert "Question 0" in anna.words
    anna.press("Clear")
    anna.press("Yes, delete all")
    assert "Your history is deleted." in anna.words
    anna.press_data("ai:list", None)
    assert "will be here" in anna.words
    anna.press_data(f"ai:one:{kept.id}", None)
    assert "not there any more" in anna.toasts()[-1]
    work(app)
    assert texts(anna) == []


def test_cleared_while_it_is_answered_the_answer_is_told_and_not_kept(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    app.language_model.says("Once", lambda: anna.press_data("ai:CLEAR", None), " upon a time")
    anna.say("/ask Tell me")
    work(app)
    work(app)
    assert anna.words == "Once upon a time"
    assert texts(anna) == []
