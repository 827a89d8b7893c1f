"""Groups and channels of the stand-in that know their members: rights, refusals, migration, as the Bot API has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.bot_judge import judge

from .conftest import World


def act(world: World, who: int, do: str, **fields: Any) -> Any:
    answer = world.person(who, "venue", do=do, **fields)
    assert answer.status_code in (200, 201), answer.text
    return answer.json


def made(world: World, kind: str, **fields: Any) -> int:
    return int(act(world, world.anna, "create", kind=kind, title="Lamps", **fields)["id"])


def with_bot(world: World, kind: str, **fields: Any) -> int:
    chat_id = made(world, kind, **fields)
    status = "administrator" if kind == "channel" else "member"
    act(world, world.anna, "bot", chat_id=chat_id, status=status, may_post=1)
    return chat_id


def heard(world: World, kind: str) -> dict[str, Any]:
    assert world.drain()
    body: dict[str, Any] = world.webhook.of(kind)[-1]
    judge("update", kind, json.loads(json.dumps(body)))
    return body


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_the_bot_is_told_of_its_place_and_posts_only_while_it_may(world: World, kind: str) -> None:
    chat_id = made(world, kind)
    assert world.refusal("sendMessage", chat_id=chat_id, text="x")[0] == 403
    status = "administrator" if kind == "channel" else "member"
    act(world, world.anna, "bot", chat_id=chat_id, status=status, may_post=1)
    change = heard(world, "my_chat_member")
    assert (change["chat"]["type"], change["new_chat_member"]["status"]) == (kind, status)
    sent = world.ok("sendMessage", chat_id=chat_id, text="x")
    judge("answer", "sendMessage", sent)
    assert ("from" in sent) == (kind != "channel")
    assert world.ok("editMessageText", chat_id=chat_id, message_id=sent["message_id"], text="y")["text"] == "y"
    muted = "administrator" if kind == "channel" else "restricted"
    act(world, world.anna, "bot", chat_id=chat_id, status=muted, may_post=0)
    code, words = world.refusal("sendMessage", chat_id=chat_id, text="x")
    assert code == 400
    assert "rights" in words
    act(world, world.anna, "bot", chat_id=chat_id, status="kicked", may_post=1)
    assert heard(world, "my_chat_member")["new_chat_member"]["status"] == "kicked"
    assert world.refusal("sendMessage", chat_id=chat_id, text="x") == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )


def test_who_is_an_admin_is_told_and_only_admins_change_the_bots_place(world: World) -> None:
    chat_id = with_bot(world, "supergroup")
    for who, status in ((world.anna, "creator"), (world.boris, "left")):
        member = world.ok("getChatMember", chat_id=chat_id, user_id=who)
        judge("answer", "getChatMember", member)
        assert member["status"] == status
    act(world, world.anna, "person", chat_id=chat_id, member=world.boris, status="administrator")
    assert world.ok("getChatMember", chat_id=chat_id, user_id=world.boris)["status"] == "administrator"
    judge("answer", "getChat", world.ok("getChat", chat_id=chat_id))
    channel = made(world, "channel")
    answer = world.person(world.boris, "venue", do="bot", chat_id=channel, status="administrator", may_post=1)
    assert answer.status_code == 403
    assert world.refusal("getChatMember", chat_id=-999, user_id=1)[0] == 400


def test_a_group_becomes_a_supergroup_and_says_so_on_both_sides_and_to_calls(world: World) -> None:
    chat_id = with_bot(world, "group")
    new = act(world, world.anna, "migrate", chat_id=chat_id)["id"]
    assert world.drain()
    told = [
        each for each in world.webhook.of("message") if "migrate_to_chat_id" in each or "migrate_from_chat_id" in each
    ]
    sides = {(each.get("migrate_to_chat_id"), each.get("migrate_from_chat_id")) for each in told}
    assert sides == {(new, None), (None, chat_id)}
    answer = world.call("sendMessage", chat_id=chat_id, text="x")
    assert (answer.status_code, answer.json["parameters"]) == (400, {"migrate_to_chat_id": new})
    assert world.ok("sendMessage", chat_id=new, text="x")["chat"]["type"] == "supergroup"
    assert world.person(world.anna, "venue", do="migrate", chat_id=chat_id).status_code == 409


def test_what_is_said_and_pressed_there_is_heard(world: World) -> None:
    chat_id = with_bot(world, "supergroup", is_forum=1)
    act(world, world.anna, "say", chat_id=chat_id, text="/connect", thread=12)
    message = heard(world, "message")
    assert (message["text"], message["message_thread_id"]) == ("/connect", 12)
    act(world, world.anna, "say", chat_id=chat_id, text="/connect", is_anonymous=1)
    message = heard(world, "message")
    assert (message["from"]["is_bot"], message["sender_chat"]["id"]) == (True, chat_id)
    keyboard = {"inline_keyboard": [[{"text": "Bid", "callback_data": "gb:1"}]]}
    sent = world.ok("sendMessage", chat_id=chat_id, text="Lot", reply_markup=keyboard)
    act(world, world.boris, "press", chat_id=chat_id, message_id=sent["message_id"], data="gb:1")
    query = heard(world, "callback_query")
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (world.boris, chat_id)
    assert world.ok("deleteMessage", chat_id=chat_id, message_id=sent["message_id"]) is True
    shown = world.client.get(f"/venues/{chat_id}").json
    assert [each.get("text") for each in shown["messages"]][-2:] == ["/connect", "/connect"]


def test_the_page_lists_them_and_is_served(world: World) -> None:
    chat_id = with_bot(world, "channel")
    assert [each["id"] for each in world.client.get("/venues/list").json["venues"]] == [chat_id]
    assert world.client.get("/venues").status_code == 200
    assert world.client.get("/venues/-77").status_code == 404
    for fields in (
        {"do": "create", "kind": "club", "title": "x"},
        {"do": "dance", "chat_id": chat_id},
        {"do": "create", "kind": "group"},
    ):
        assert world.person(world.anna, "venue", **fields).status_code == 400
