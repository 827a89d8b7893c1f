"""An answer that is being written, as a person sees it grow and stops it."""

from __future__ import annotations

from typing import Any

import pytest

from local.telegram import activity
from tests.unit.local.telegram.conftest import World


class Time:
    """What passes between two frames."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    passing = Time()
    monkeypatch.setattr(activity, "monotonic", passing)
    return passing


def frame(world: World, text: str, draft_id: int = 7, **options: Any) -> None:
    world.ok("sendMessageDraft", chat_id=world.anna, draft_id=draft_id, text=text, parse_mode="HTML", **options)


def shown(world: World) -> Any:
    return world.chat()["draft"]


def test_a_draft_grows_with_its_marks_and_gives_way_to_the_message(world: World, time: Time) -> None:
    frame(world, "", can_stop=True)
    assert shown(world) == {"draft_id": 7, "text": "", "can_stop": True}
    time.now += 1
    frame(world, "<b>Once</b> upon", can_stop=True)
    assert shown(world)["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    world.ok("sendMessage", chat_id=world.anna, text="Once upon a time")
    assert shown(world) is None


def test_a_draft_is_gone_after_thirty_seconds(world: World, time: Time) -> None:
    frame(world, "Once")
    time.now += 29.9
    assert shown(world)["text"] == "Once"
    time.now += 0.1
    assert shown(world) is None


def test_frames_of_one_chat_that_come_faster_than_one_a_second_are_told_to_wait(world: World, time: Time) -> None:
    frame(world, "1")
    time.now += 0.99
    answer = world.call("sendMessageDraft", chat_id=world.anna, draft_id=8, text="2")
    assert (answer.status_code, answer.json["parameters"]) == (429, {"retry_after": 1})
    assert answer.json["description"] == "Too Many Requests: retry after 1"
    assert shown(world)["text"] == "1"
    world.ok("sendMessageDraft", chat_id=world.boris, draft_id=8, text="another chat")
    time.now += 0.01
    frame(world, "2")
    assert shown(world)["text"] == "2"


def test_after_a_message_a_draft_may_begin_at_once(world: World, time: Time) -> None:
    frame(world, "1")
    world.ok("sendMessage", chat_id=world.anna, text="1")
    frame(world, "", draft_id=8)
    assert shown(world)["draft_id"] == 8


@pytest.mark.parametrize("kept", [True, False])
def test_the_bot_is_told_of_a_stop_and_no_further_frame_is_seen(world: World, time: Time, kept: bool) -> None:
    frame(world, "Once", can_stop=True, keep_on_stop=kept)
    assert world.person(world.anna, "stop", draft_id=7).status_code == 202
    assert world.drain()
    (told,) = world.webhook.of("stopped_message_generation")
    assert (told["chat"]["id"], told["draft_id"], set(told)) == (world.anna, 7, {"chat", "draft_id"})
    time.now += 1
    frame(world, "Once upon", can_stop=True, keep_on_stop=kept)
    assert shown(world) == ({"draft_id": 7, "text": "Once", "can_stop": False} if kept else None)
    time.now += 1
    frame(world, "Another", draft_id=8)
    assert shown(world)["text"] == "Another"


@pytest.mark.parametrize(
    ("options", "draft_id", "later"), [({}, 7, 0), ({"can_stop": True}, 8, 0), ({"can_stop": True}, 7, 30)]
)
def test_what_cannot_be_stopped_is_not(
    world: World, time: Time, options: dict[str, Any], draft_id: int, later: float
) -> None:
    frame(world, "Once", **options)
    time.now += later
    assert world.person(world.anna, "stop", draft_id=draft_id).status_code == 409
    assert world.drain()
    assert world.webhook.of("stopped_message_generation") == []


def test_it_is_stopped_once(world: World, time: Time) -> None:
    frame(world, "Once", can_stop=True, keep_on_stop=True)
    assert [world.person(world.anna, "stop", draft_id=7).status_code for _ in range(2)] == [202, 409]


def test_a_chat_can_be_told_to_refuse_drafts(world: World, time: Time) -> None:
    assert world.person(world.anna, "drafts", refused=True).json == {"refused": True}
    refusal = (400, "Bad Request: message drafts can't be sent to the chat")
    assert world.refusal("sendMessageDraft", chat_id=world.anna, draft_id=7, text="x") == refusal
    assert world.chat()["drafts_refused"] is True
    world.person(world.anna, "drafts", refused=False)
    frame(world, "x")


def test_a_draft_has_a_number_and_is_for_one_person(world: World) -> None:
    assert world.refusal("sendMessageDraft", chat_id=world.anna, draft_id=0, text="x")[0] == 400
    assert world.refusal("sendMessageDraft", chat_id=-1001234, draft_id=1, text="x")[0] == 400
    assert world.refusal("sendMessageDraft", chat_id=world.anna, draft_id=1, text="x" * 4097)[0] == 400
