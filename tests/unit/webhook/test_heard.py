"""What the event log hears of messages to the bot: the form, the bot's name of a command, never what was written."""

from __future__ import annotations

import pytest

from starbid.domain.events import RequestFailed
from starbid.services.ports import Heard
from tests.support.fakes import FakeApp

from .chatting import DOCUMENT, PHOTO, STICKER, Chat

WRITTEN = "My address is 5 Rose Street, and my card is 4276"


def heard(app: FakeApp) -> list[tuple[str, str]]:
    assert not [one for one in app.scratch.heard.values() if "Rose" in repr(one)]
    return [(one.form, one.command) for one, _ in app.scratch.heard.values()]


def test_a_command_is_heard_by_its_name_and_nothing_behind_it(app: FakeApp, anna: Chat) -> None:
    for text in (f"/balance {WRITTEN}", "/BALANCE@starbid_bot", "/auction_abc", "/cancel", "/start login_abcdefgh"):
        anna.say(text)
    assert heard(app) == [(("command"), name) for name in ("balance", "balance", "auction", "cancel", "start")]


def test_a_command_that_the_bot_does_not_have_may_be_anything(app: FakeApp, anna: Chat) -> None:
    for text in (f"/my{WRITTEN.replace(' ', '')}", "/", "/ balance"):
        anna.say(text)
    assert heard(app)[0] == ("command", "")


def test_a_button_is_heard_by_its_verb(app: FakeApp, anna: Chat) -> None:
    anna.join()
    anna.say("/start")
    anna.press_data("w:lot1:1", anna.last)
    anna.press_data(f"{WRITTEN}:1", anna.last)
    assert heard(app)[1:] == [("button", "w"), ("button", "")]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ({"text": WRITTEN}, "text"),
        ({"photo": [PHOTO], "caption": WRITTEN}, "photo"),
        ({"document": DOCUMENT, "caption": WRITTEN}, "file"),
        ({"sticker": STICKER}, "other"),
    ],
)
def test_anything_else_is_heard_by_its_form(app: FakeApp, anna: Chat, content: dict[str, object], form: str) -> None:
    anna.update({"message": anna._message(**content)})
    assert heard(app) == [(form, "")]


def test_an_update_is_heard_once_and_as_it_first_came(app: FakeApp, anna: Chat) -> None:
    anna.join()
    arrived = anna.arrived = app.now()
    app.store.fail_next(RuntimeError("a fault"), times=2)  # the act, and the note of its fault
    assert anna.press_data("lang:ru", None, update_id=5) == 503
    assert app.scratch.heard == {}, "it comes again"
    app.clock.forward(seconds=20)
    anna.arrived = None
    for _ in range(2):
        assert anna.press_data("lang:ru", None, update_id=5) == 200
    assert app.scratch.heard == {"update#5": (Heard(anna.id, "button", "lang"), arrived)}


def test_payments_and_memberships_are_no_messages(app: FakeApp, anna: Chat) -> None:
    anna.member("kicked")
    anna.member("member")
    assert app.scratch.heard == {}


def test_a_fault_is_noted_with_its_class_and_whom_it_met(app: FakeApp, anna: Chat) -> None:
    anna.join()
    app.store.fail_next(ValueError(WRITTEN))
    assert anna.press_data("lang:ru", None) == 503
    (fault,) = [event for event in app.store.tables.events.values() if isinstance(event, RequestFailed)]
    assert (fault.place, fault.route, fault.error, fault.user_id) == ("webhook", "Pressed", "ValueError", anna.id)
    assert "Rose" not in repr(fault)


def test_a_stop_of_what_is_being_written_is_heard_like_a_button(app: FakeApp, anna: Chat) -> None:
    anna.update({"stopped_message_generation": {"chat": {"id": 1, "type": "private"}, "draft_id": 5}})
    assert heard(app) == [("button", "ai")]
