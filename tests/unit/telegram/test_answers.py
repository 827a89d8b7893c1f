"""An answer of the AI helper in a chat: how it grows, and how it is told for keeps."""

from __future__ import annotations

from typing import Any

import pytest

from local.telegram.entities import units
from local.telegram.markup import parse_html
from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.question import Failure, Question, State, Task, question_id
from starbid.i18n import language
from starbid.services.ports import Rejected, Unreachable
from starbid.telegram.answers import SHOWN_LENGTH, ChatStage
from starbid.telegram.bot_drafts import draft_of
from tests.support.bot_pool import FakeTelegram, bad_request, bot, broken, flood, forbidden, timeout
from tests.support.factories import ANNA
from tests.support.fakes import START, make_app

SETTINGS = make_app({"ASSISTANT_ENABLED": "true"}).settings
ID = question_id(START, "r")
BOLD = Formatted("Hello <you>", (Mark(Look.BOLD, 0, 5),))
LISTED = {"title": "Lamp", "description": "It shines.", "category": "home", "start_price": "50"}


def question(**changes: Any) -> Question:
    known: dict[str, Any] = {"text": "Why?", "state": State.DONE, "answer": "x"} | changes
    return Question(ID, ANNA, asked_at=START, **known)


class Seen:
    """A stage for Anna, and what came of it."""

    def __init__(self, telegram: FakeTelegram, code: str = "en", message_id: int = 0, **changes: Any) -> None:
        self.telegram, self.question, self.remembered = telegram, question(**changes), list[int]()
        self.stage = ChatStage(
            bot(telegram), language(code), SETTINGS, ANNA, self.question, message_id, self.remembered.append
        )

    def tell(self, *parts: Formatted) -> None:
        for number in range(len(parts)):
            self.stage.tell(self.question, number, parts)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.telegram.calls]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.telegram.chats[ANNA].values())


def buttons(message: dict[str, Any]) -> dict[str, str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return {one["text"]: one.get("callback_data") or one["url"] for row in rows for one in row}


def test_it_begins_with_an_empty_draft_that_can_be_stopped_and_grows_in_it(telegram: FakeTelegram) -> None:
    seen = Seen(telegram)
    assert (seen.stage.begin(), seen.stage.grow(Formatted("He")), seen.stage.grow(BOLD)) == (1.0, 1.0, 1.0)
    drafts = telegram.called("sendMessageDraft")
    assert [one["text"] for one in drafts] == ["", "He", "<b>Hello</b> &lt;you&gt;"]
    assert {one["draft_id"] for one in drafts} == {draft_of(ID)}
    assert all(one["can_stop"] and one["keep_on_stop"] for one in drafts)
    assert seen.names == ["sendMessageDraft"] * 3


def test_each_question_has_a_draft_of_its_own_with_a_number_that_telegram_takes() -> None:
    numbers = {draft_of(question_id(START, str(number))) for number in range(1000)}
    assert len(numbers) == 1000
    assert all(0 < number < 2**31 for number in numbers)


def test_where_drafts_are_refused_it_grows_by_edits_of_one_message(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessageDraft", bad_request("drafts are not for you"))
    seen = Seen(telegram)
    assert seen.stage.begin() == 0.0
    assert [seen.stage.grow(Formatted(text)) for text in ("a", "b", "c")] == [2.0, 2.0, 2.0]
    assert seen.names == ["sendChatAction", "sendMessage", "editMessageText", "editMessageText"]
    (message,) = seen.messages
    assert (message["text"], buttons(message)) == ("c", {"Stop": f"ai:stop:{ID}"})
    assert seen.remembered == [message["message_id"]]
    seen.tell(Formatted("abc"))
    (message,) = seen.messages
    assert (message["text"], "Stop" in buttons(message)) == ("abc", False)


def test_a_draft_that_is_refused_on_its_way_becomes_a_message(telegram: FakeTelegram) -> None:
    seen = Seen(telegram)
    seen.stage.begin()
    telegram.fail("sendMessageDraft", bad_request("no more of them"))
    assert seen.stage.grow(Formatted("a")) == 2.0
    assert seen.messages[0]["text"] == "a"


@pytest.mark.parametrize("fault", [flood(5), broken(), timeout(), forbidden()])
def test_a_frame_that_has_to_wait_ends_them_all_and_the_answer_is_still_told(
    telegram: FakeTelegram, fault: Any
) -> None:
    seen = Seen(telegram)
    seen.stage.begin()
    telegram.fail("sendMessageDraft", fault)
    assert [seen.stage.grow(Formatted(text)) for text in ("a", "b")] == [None, None]
    assert seen.names == ["sendMessageDraft"]
    seen.tell(Formatted("abc"))
    assert seen.messages[0]["text"] == "abc"


def test_one_that_may_not_even_begin_asks_for_nothing_more(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessageDraft", flood(5))
    seen = Seen(telegram)
    assert (seen.stage.begin(), seen.stage.grow(Formatted("a"))) == (0.0, None)
    assert seen.names == []


def test_an_edit_that_is_refused_ends_the_frames(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessageDraft", bad_request("no drafts"))
    seen = Seen(telegram)
    seen.stage.begin()
    seen.stage.grow(Formatted("a"))
    telegram.fail("editMessageText", bad_request("whatever"))
    assert [seen.stage.grow(Formatted(text)) for text in ("b", "c")] == [None, None]


def test_who_goes_on_for_a_dead_worker_edits_its_message(telegram: FakeTelegram) -> None:
    first = Seen(telegram)
    telegram.fail("sendMessageDraft", bad_request("no drafts"))
    first.stage.begin()
    first.stage.grow(Formatted("half"))
    second = Seen(telegram, message_id=first.remembered[0])
    second.stage.begin()
    second.stage.grow(Formatted("half of it"))
    second.tell(Formatted("all of it"))
    assert [message["text"] for message in second.messages] == ["all of it"]
    assert "sendMessageDraft" not in first.names[1:]


def test_a_message_that_was_deleted_meanwhile_is_sent_again(telegram: FakeTelegram) -> None:
    seen = Seen(telegram, message_id=99)
    assert seen.stage.grow(Formatted("a")) == 2.0
    seen.tell(Formatted("all"))
    assert [message["text"] for message in seen.messages] == ["all"]


def test_of_a_long_answer_only_the_last_part_has_buttons(telegram: FakeTelegram) -> None:
    seen = Seen(telegram)
    seen.tell(Formatted("one"), Formatted("two"), Formatted("three"))
    assert [message["text"] for message in seen.messages] == ["one", "two", "three"]
    assert [list(buttons(message)) for message in seen.messages] == [[], [], ["Ask more", "Menu"]]


def test_of_an_answer_that_grew_by_edits_the_first_part_takes_the_place_of_the_message(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessageDraft", bad_request("no drafts"))
    seen = Seen(telegram)
    seen.stage.begin()
    seen.stage.grow(Formatted("growing"))
    seen.tell(Formatted("one"), Formatted("two"))
    assert [message["text"] for message in seen.messages] == ["one", "two"]
    assert list(buttons(seen.messages[0])) == []


def test_marks_that_telegram_refuses_are_left_out(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", bad_request("can't parse entities"))
    seen = Seen(telegram)
    seen.tell(BOLD)
    assert seen.messages[0]["text"] == "Hello &lt;you&gt;"


def test_what_is_refused_without_marks_too_is_told_to_the_caller(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", bad_request("whatever"), times=2)
    with pytest.raises(Rejected):
        Seen(telegram).tell(BOLD)
    telegram.fail("sendMessage", forbidden())
    with pytest.raises(Unreachable):
        Seen(telegram).tell(BOLD)


@pytest.mark.parametrize("piece", ["x", "😀", "Ы"])
def test_a_growing_answer_shows_its_end_within_one_message(telegram: FakeTelegram, piece: str) -> None:
    seen = Seen(telegram)
    text = piece * 20_000 + "end"
    assert seen.stage.grow(Formatted(text, (Mark(Look.BOLD, 0, len(text)),))) == 1.0
    (draft,) = telegram.called("sendMessageDraft")
    shown = parse_html(draft["text"])
    assert shown.text.endswith("end")
    assert SHOWN_LENGTH - 2 < units(shown.text) <= SHOWN_LENGTH
    assert shown.entities == [{"type": "bold", "offset": 0, "length": units(shown.text)}]


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize("subject", ["", "lot1"])
@pytest.mark.parametrize("length", [1, 4096])
def test_whatever_it_is_the_whole_is_told_within_telegrams_limits(
    telegram: FakeTelegram, code: str, task: Task, subject: str, length: int
) -> None:
    """A breach of the limits fails the test (tests.support.bot_watch)."""
    suggested = LISTED if task is Task.LISTING else None
    seen = Seen(telegram, code, task=task, subject=subject, suggested=suggested, cut=True)
    seen.tell(Formatted("<" * length))
    assert seen.messages[0]["text"].startswith("&lt;" * length)
    assert ("ai:" in "".join(buttons(seen.messages[-1]).values())) is True
    words = "".join(message["text"] for message in seen.messages)
    assert any("А" <= letter <= "я" for letter in words) == (code == "ru")


@pytest.mark.parametrize(
    ("changes", "does"),
    [
        ({}, ["ai:more", "go:menu"]),
        ({"task": Task.LOT, "subject": "lot1"}, ["ai:more:lot1", "o:lot1", "go:menu"]),
        ({"task": Task.REPLY, "subject": "lot1"}, ["d:answer:lot1", "ai:reply:lot1", "go:menu"]),
        ({"task": Task.REPLY}, ["go:support", "ai:reply", "go:menu"]),
        (
            {"task": Task.LISTING, "suggested": LISTED},
            [f"sl:i:{ID}", f"http://127.0.0.1:8000/new_auction?suggestion={ID}", "ai:listing", "go:menu"],
        ),
    ],
)
def test_an_answer_leads_on_to_where_it_is_of_use(
    telegram: FakeTelegram, changes: dict[str, Any], does: list[str]
) -> None:
    seen = Seen(telegram, **changes)
    seen.tell(BOLD)
    assert list(buttons(seen.messages[0]).values()) == does


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"task": Task.LOT, "subject": "lot1"}, "<i>From the lot's text only. The seller may know more.</i>"),
        ({"task": Task.REPLY}, "<i>A draft: nothing was sent. Copy it, change it, send it yourself.</i>"),
        ({"task": Task.LISTING, "suggested": LISTED}, "Category: Home\nStart price: ⭐\u202f50\n\n<i>A draft:"),
        ({"cut": True}, "<i>The answer ends here: it was too long.</i>"),
        ({"cut": True, "state": State.STOPPED}, "<i>You stopped the answer here.</i>"),
    ],
)
def test_below_an_answer_stands_what_one_has_to_know_of_it(
    telegram: FakeTelegram, changes: dict[str, Any], said: str
) -> None:
    seen = Seen(telegram, **changes)
    seen.tell(Formatted("first"), BOLD)
    assert seen.messages[0]["text"] == "first"
    assert seen.messages[1]["text"].startswith(f"<b>Hello</b> &lt;you&gt;\n\n{said}")


def test_a_plain_answer_has_nothing_below_it(telegram: FakeTelegram) -> None:
    seen = Seen(telegram)
    seen.tell(Formatted("x" * 4096))
    assert [message["text"] for message in seen.messages] == ["x" * 4096]


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("why", Failure)
def test_a_failure_says_why_and_offers_another_try_where_that_can_help(
    telegram: FakeTelegram, code: str, why: Failure
) -> None:
    seen = Seen(telegram, code, state=State.FAILED, failure=why)
    seen.stage.fail(seen.question)
    (message,) = seen.messages
    assert any("А" <= letter <= "я" for letter in message["text"]) == (code == "ru")
    assert (f"ai:again:{ID}" in buttons(message).values()) is why.may_be_asked_again
    assert "go:menu" in buttons(message).values()


def test_a_failure_takes_the_place_of_what_has_grown(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessageDraft", bad_request("no drafts"))
    seen = Seen(telegram, state=State.FAILED, failure=Failure.EMPTY)
    seen.stage.begin()
    seen.stage.grow(Formatted("half"))
    seen.stage.fail(seen.question)
    (message,) = seen.messages
    assert "gave no answer" in message["text"]
    assert "Stop" not in buttons(message)


def test_what_is_told_to_nobody_can_be_stopped_no_more(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessageDraft", bad_request("no drafts"))
    seen = Seen(telegram)
    seen.stage.begin()
    seen.stage.grow(Formatted("half"))
    seen.stage.fade()
    assert buttons(seen.messages[0]) == {}
    telegram.fail("*", forbidden(), times=5)
    seen.stage.fade()


def test_a_draft_fades_without_a_call(telegram: FakeTelegram) -> None:
    seen = Seen(telegram)
    seen.stage.begin()
    seen.stage.fade()
    assert seen.names == ["sendMessageDraft"]


LONG = Formatted("x" * 4090)


def test_a_note_that_is_put_off_does_not_tell_its_part_again(telegram: FakeTelegram) -> None:
    """Under a part that leaves no room for it the note is a message of its own."""
    telegram.fail("sendMessageDraft", bad_request("drafts are not for you"))
    seen = Seen(telegram, task=Task.LOT, subject="lot1")
    seen.stage.begin()
    seen.stage.grow(Formatted("x"))
    telegram.fail("sendMessage", flood(1))
    seen.tell(LONG)
    assert [message["text"] for message in seen.messages] == [LONG.text]


@pytest.mark.parametrize(("lost", "arrived"), [(1, 1), (2, 0)])
def test_a_part_whose_answer_is_lost_is_sent_once_more_and_no_more_than_that(
    telegram: FakeTelegram, lost: int, arrived: int
) -> None:
    """It may well have arrived: nobody is told the same again and again."""
    seen = Seen(telegram)
    telegram.fail("sendMessage", timeout(), lost)
    seen.tell(BOLD)
    assert len(telegram.chats[ANNA]) == arrived
