"""Groups of the stand-in: topics, replies, reactions and presses, as the Bot API's types have them."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.support.bot_judge import judge

from .conftest import World

GROUP = -1001234


def said(world: World) -> list[dict[str, Any]]:
    answer = world.client.get(f"/groups/{GROUP}")
    assert answer.status_code == 200
    return list(answer.json)


def heard(world: World, kind: str) -> dict[str, Any]:
    assert world.drain()
    body: dict[str, Any] = world.webhook.of(kind)[-1]
    judge("update", kind, json.loads(json.dumps(body)))
    return body


def test_a_topic_is_opened_and_written_into(world: World) -> None:
    topic = world.ok("createForumTopic", chat_id=GROUP, name="Anna · 1")
    judge("answer", "createForumTopic", topic)
    thread = topic["message_thread_id"]
    sent = world.ok("sendMessage", chat_id=GROUP, text="Hello", message_thread_id=thread)
    judge("answer", "sendMessage", sent)
    assert (sent["message_thread_id"], sent["chat"]["type"]) == (thread, "supergroup")
    assert [each.get("text") for each in said(world)] == [None, "Hello"]
    assert world.refusal("createForumTopic", chat_id=world.anna, name="x")[0] == 400


def test_what_a_person_says_there_is_heard_with_its_topic_and_what_it_replies_to(world: World) -> None:
    thread = world.ok("createForumTopic", chat_id=GROUP, name="x")["message_thread_id"]
    sent = world.ok("sendMessage", chat_id=GROUP, text="Hello", message_thread_id=thread)
    fields = {"chat_id": GROUP, "text": "Hi", "thread": thread, "reply_to": sent["message_id"]}
    assert world.person(world.anna, "group", **fields).status_code == 201
    message = heard(world, "message")
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread, True)
    assert message["reply_to_message"]["message_id"] == sent["message_id"]
    assert message["from"]["id"] == world.anna
    assert world.ok("setMessageReaction", chat_id=GROUP, message_id=message["message_id"],
                    reaction=[{"type": "emoji", "emoji": "👍"}]) is True  # fmt: skip
    assert said(world)[-1]["extra"]["reactions"] == ["👍"]
    photo = base64.b64encode(world.png()).decode()
    assert world.person(world.anna, "group", chat_id=GROUP, text="look", photo=photo).status_code == 201
    assert heard(world, "message")["caption"] == "look"


def test_a_button_there_is_pressed_and_edited(world: World) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Take", "callback_data": "tk:take:1"}]]}
    sent = world.ok("sendMessage", chat_id=GROUP, text="Ticket", reply_markup=keyboard)
    press = {"chat_id": GROUP, "message_id": sent["message_id"], "data": "tk:take:1"}
    assert world.person(world.anna, "group", **press).status_code == 202
    query = heard(world, "callback_query")
    assert query["message"]["chat"]["id"] == GROUP
    assert world.ok("answerCallbackQuery", callback_query_id=query["id"], text="Yours") is True
    assert world.person(world.anna, "group", **press | {"data": "other"}).status_code == 409
    edited = world.ok("editMessageText", chat_id=GROUP, message_id=sent["message_id"], text="Taken")
    assert edited["text"] == "Taken"


def test_an_app_cannot_be_opened_from_a_group(world: World) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Open", "web_app": {"url": "https://example.org/"}}]]}
    assert world.refusal("sendMessage", chat_id=GROUP, text="x", reply_markup=keyboard)[0] == 400


def test_in_no_group_nothing_is_said(world: World) -> None:
    assert world.person(world.anna, "group", chat_id=world.boris, text="x").status_code == 400
    assert world.person(world.anna, "group", chat_id=GROUP, text=" ").status_code == 400
    assert world.person(world.anna, "group", chat_id=GROUP, text="x", reply_to=99).status_code == 404
