"""Rich messages at the stand-in: taken, shown, edited, pressed; what Telegram would refuse is refused."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.support.bot_contract import check_answer, check_update
from tests.unit.local.telegram.conftest import World

TITLE = {"type": "heading", "text": "A lamp", "size": 3}
CELL = {"align": "left", "valign": "top", "text": {"type": "bold", "text": "100"}}
ROW: dict[str, Any] = {"type": "buttons", "buttons": [{"text": "Bid", "callback_data": "b:1", "style": "primary"}]}
HIDDEN = {"type": "details", "summary": "Bids", "blocks": [{"type": "paragraph", "text": "none"}], "is_open": True}
TABLE = {"type": "table", "cells": [[CELL, CELL]], "is_striped": True}


def photo(media: str) -> dict[str, Any]:
    return {"type": "photo", "photo": {"type": "photo", "media": media}}


def rich(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"blocks": list(blocks), **fields}


def send(world: World, *blocks: dict[str, Any], **options: Any) -> dict[str, Any]:
    sent: dict[str, Any] = world.ok("sendRichMessage", chat_id=world.anna, rich_message=rich(*blocks), **options)
    return sent


def test_a_rich_message_is_told_as_telegram_tells_it(world: World) -> None:
    slides = {"type": "slideshow", "blocks": [photo("attach://one"), photo("attach://two")]}
    form = {
        "chat_id": world.anna,
        "rich_message": json.dumps(rich(slides, TITLE, TABLE, ROW, HIDDEN)),
        **{name: (io.BytesIO(world.png()), "a.png", "image/png") for name in ("one", "two")},
    }
    sent = world.client.post(f"/api/bot{world.token}/sendRichMessage", data=form).json["result"]
    check_answer("sendRichMessage", sent)
    blocks = sent["rich_message"]["blocks"]
    assert blocks[1:] == [TITLE, TABLE, ROW, HIDDEN]
    assert [each["photo"][0]["width"] for each in blocks[0]["blocks"]] == [4, 4]
    known = blocks[0]["blocks"][1]["photo"][0]["file_id"]
    assert send(world, photo(known))["rich_message"]["blocks"][0]["photo"][0]["file_id"] == known


def test_a_button_inside_is_pressed_as_one_below(world: World) -> None:
    sent = send(world, TITLE, ROW, {"type": "details", "summary": "More", "blocks": [ROW]})
    assert world.person(world.anna, "press", message_id=sent["message_id"], data="b:1").status_code < 300
    assert world.person(world.anna, "press", message_id=sent["message_id"], data="b:2").status_code == 409
    assert world.drain()
    (query,) = world.webhook.of("callback_query")
    check_update({"update_id": 1, "callback_query": query})
    assert query["message"]["rich_message"]["blocks"][0] == TITLE


def test_a_rich_message_is_edited_as_one_and_may_become_a_text_or_a_picture(world: World) -> None:
    sent = send(world, TITLE)
    where = {"chat_id": world.anna, "message_id": sent["message_id"]}
    assert world.ok("editMessageText", **where, rich_message=rich(TITLE, ROW))["rich_message"]["blocks"] == [TITLE, ROW]
    assert world.refusal("editMessageText", **where, rich_message=rich(TITLE, ROW))[1].startswith(
        "Bad Request: message is not modified"
    )
    assert "no caption" in world.refusal("editMessageCaption", **where, caption="x")[1]
    assert "rich_message" not in world.ok("editMessageText", **where, text="plain")
    assert "text" not in world.ok("editMessageText", **where, rich_message=rich(TITLE))
    world.pictures["https://a.example/p.png"] = world.png()
    edited = world.ok("editMessageMedia", **where, media={"type": "photo", "media": "https://a.example/p.png"})
    assert "rich_message" not in edited
    assert "no text" in world.refusal("editMessageText", **where, rich_message=rich(TITLE))[1]


WRONG_CELLS: tuple[Any, ...] = ([], [[]], [[{"text": "x"}]], [[CELL] * 21], None)
DEEP: dict[str, Any] = {"type": "paragraph", "text": "x"}
for _ in range(16):
    DEEP = {"type": "details", "summary": "x", "blocks": [DEEP]}


@pytest.mark.parametrize(
    "message",
    [
        *({}, [], "x", {"html": "<b>x</b>"}, {"blocks": [TITLE], "markdown": "x"}, {"blocks": []}, {"blocks": {}}),
        *(rich({"type": kind}) for kind in ("paragraph", "thinking", "map", 7, None)),
        *(rich(TITLE | change) for change in ({"size": 7}, {"size": True}, {"text": ""}, {"text": {"type": "odd"}})),
        *(rich(TABLE | {"cells": cells}) for cells in WRONG_CELLS),
        *(rich({"type": "buttons", "buttons": row}) for row in ([], ROW["buttons"] * 9, [{"text": "x"}], [7])),
        rich({"type": "buttons", "buttons": [{"text": "x", "callback_data": "y" * 65}]}),
        rich({"type": "buttons", "buttons": [{"text": "x", "callback_data": "y", "style": "odd"}]}),
        *(rich(photo(media)) for media in ("", "unknown", "attach://nothing")),
        rich({"type": "slideshow", "blocks": [TITLE]}),
        rich({"type": "paragraph", "text": "x" * 32_769}),
        rich(*[TITLE] * 501),
        rich(DEEP),
    ],
    ids=lambda message: str(message)[:40],
)
def test_what_telegram_would_not_take_is_refused(world: World, message: Any) -> None:
    code, _ = world.refusal("sendRichMessage", chat_id=world.anna, rich_message=message)
    assert code == 400
    assert not world.chat()["messages"]


def test_the_largest_message_is_taken(world: World) -> None:
    send(world, *[TITLE] * 499, {"type": "paragraph", "text": "x" * (32_768 - 499 * len("A lamp"))})
