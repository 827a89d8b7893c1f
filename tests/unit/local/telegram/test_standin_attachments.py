"""What a person attaches reaches the bot as Telegram sends it: albums, videos, forwarded posts, sizes and all."""

import base64
from typing import Any

import pytest

from tests.unit.local.telegram.conftest import World


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def item(kind: str, data: bytes = b"content", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "data": encoded(data), "name": f"a.{kind}", "mime": "x/y", **more}


def send(world: World, *items: dict[str, Any], **more: Any) -> Any:
    answer = world.person(world.anna, "messages", media=list(items), **more)
    assert answer.status_code == 201, answer.text
    assert world.drain()
    return answer.json


def refused(world: World, *items: Any, **more: Any) -> str:
    before = len(world.webhook.updates)
    answer = world.person(world.anna, "messages", media=list(items), **more)
    assert answer.status_code == 400
    assert world.drain()
    assert len(world.webhook.updates) == before, "whole or not at all"
    return str(answer.json["error"])


def test_pictures_and_videos_chosen_together_are_one_album(world: World) -> None:
    picture = item("photo", world.png())
    send(world, picture, item("video"), picture, caption="my lamp")
    parts = world.webhook.of("message")
    assert [sorted({"photo", "video"} & set(part)) for part in parts] == [["photo"], ["video"], ["photo"]]
    assert len({part["media_group_id"] for part in parts}) == 1
    assert [part.get("caption") for part in parts] == ["my lamp", None, None]
    numbers = [part["message_id"] for part in parts]
    assert numbers == sorted(set(numbers))


def test_each_kind_comes_as_such_and_a_gif_as_a_file_too(world: World) -> None:
    for kind in ("video", "voice", "audio", "document", "animation"):
        send(world, item(kind))
        message = world.webhook.of("message")[-1]
        assert message[kind]["file_size"] == 7
        assert "media_group_id" not in message
        path = world.ok("getFile", file_id=message[kind]["file_id"])["file_path"]
        assert world.client.get(f"/file/bot{world.token}/{path}").data == b"content"
    assert message["document"]["file_id"] == message["animation"]["file_id"]


@pytest.mark.parametrize("kinds", [("photo", "document"), ("document", "audio"), ("voice", "voice")])
def test_what_telegram_puts_into_no_album_is_refused(world: World, kinds: tuple[str, ...]) -> None:
    assert "album" in refused(world, *(item(kind, world.png()) for kind in kinds))


def test_an_album_has_ten_at_most_and_is_looked_at_as_a_whole(world: World) -> None:
    picture = item("photo", world.png())
    refused(world, *[picture] * 11)
    refused(world, picture, item("photo", b"no picture"))
    send(world, *[picture] * 10)
    assert len(world.webhook.of("message")) == 10


def test_a_file_may_claim_a_size_that_it_does_not_have(world: World) -> None:
    send(world, item("document", bytes=60_000_000))
    file = world.webhook.of("message")[-1]["document"]
    assert file["file_size"] == 60_000_000
    assert world.refusal("getFile", file_id=file["file_id"]) == (400, "Bad Request: file is too big")
    send(world, item("photo", world.png(), bytes=20_000_001))
    photo = world.webhook.of("message")[-1]["photo"][-1]
    assert world.refusal("getFile", file_id=photo["file_id"])[1] == "Bad Request: file is too big"
    send(world, item("video", bytes=20_000_000))
    video = world.webhook.of("message")[-1]["video"]
    assert world.ok("getFile", file_id=video["file_id"])["file_size"] == 20_000_000


def test_fifty_megabytes_can_really_be_sent_and_a_byte_more_cannot(world: World) -> None:
    send(world, item("document", b"x" * 50_000_000))
    assert world.webhook.of("message")[-1]["document"]["file_size"] == 50_000_000
    refused(world, item("document", b"x" * 50_000_001))


@pytest.mark.parametrize(
    "odd",
    [
        5,
        {},
        {"kind": "photo"},
        {"kind": "sticker", "data": "eA=="},
        {"kind": "hologram", "data": "eA=="},
        {"kind": "video", "data": "***"},
        {"kind": "video", "data": ""},
        {"kind": "video", "data": "eA==", "bytes": 0},
        {"kind": "video", "data": "eA==", "bytes": 10**18},
        {"kind": "video", "data": "eA==", "bytes": "60"},
        {"kind": "video", "data": "eA==", "name": 5},
    ],
)
def test_odd_files_are_refused_with_words(world: World, odd: Any) -> None:
    assert refused(world, odd)


def test_a_caption_that_is_too_long_is_refused_with_any_file(world: World) -> None:
    assert "1024" in refused(world, item("video"), caption="x" * 1025)


def test_what_a_person_sent_is_sent_on_by_its_id_as_what_it_was(world: World) -> None:
    send(world, item("photo", world.png()))
    photo = world.webhook.of("message")[-1]["photo"][-1]["file_id"]
    send(world, item("document"))
    document = world.webhook.of("message")[-1]["document"]["file_id"]
    send(world, item("video"))
    video = world.webhook.of("message")[-1]["video"]["file_id"]
    assert world.ok("sendPhoto", chat_id=world.boris, photo=photo)["photo"][-1]["file_id"] == photo
    assert world.ok("sendDocument", chat_id=world.boris, document=document)["document"]["file_name"] == "a.document"
    for method, field, file_id in (
        ("sendPhoto", "photo", document),
        ("sendDocument", "document", photo),
        ("sendDocument", "document", video),
    ):
        status, words = world.refusal(method, chat_id=world.boris, **{field: file_id})
        assert (status, "can't use file of type" in words) == (400, True)


@pytest.mark.parametrize("what", ["location", "contact", "poll", "sticker"])
def test_a_place_a_contact_a_poll_and_a_sticker_can_be_sent(world: World, what: str) -> None:
    asked = world.ok("sendMessage", chat_id=world.anna, text="How much?")
    answer = world.person(world.anna, "messages", other=what, reply_to=asked["message_id"])
    assert answer.status_code == 201
    assert world.drain()
    message = world.webhook.of("message")[-1]
    assert message[what]
    assert message["reply_to_message"]["text"] == "How much?"
    assert world.client.get("/people").json["people"][0]["last"]["text"] == what.title()


def test_what_else_there_could_be_is_refused(world: World) -> None:
    assert world.person(world.anna, "messages", other="hologram").status_code == 400


def test_a_message_is_forwarded_with_its_author(world: World) -> None:
    sent = world.ok("sendMessage", chat_id=world.anna, text="A lot")
    said = world.say("my words")
    for message_id in (sent["message_id"], said["message_id"]):
        assert world.person(world.anna, "forward", message_id=message_id).status_code == 201
    assert world.drain()
    bots, own = world.webhook.of("message")[-2:]
    assert (bots["text"], bots["from"]["id"]) == ("A lot", world.anna)
    assert bots["forward_origin"]["sender_user"]["is_bot"] is True
    assert own["forward_origin"]["sender_user"]["id"] == world.anna


def test_an_album_is_forwarded_as_an_album(world: World) -> None:
    picture = item("photo", world.png())
    first, _, _ = send(world, picture, picture, picture, caption="three")
    forwarded = world.person(world.anna, "forward", message_id=first["message_id"]).json
    assert world.drain()
    parts = world.webhook.of("message")[-3:]
    assert parts == forwarded
    assert {part["media_group_id"] for part in parts} != {first["media_group_id"]}
    assert len({part["media_group_id"] for part in parts}) == 1
    assert parts[0]["caption"] == "three"
    assert all(part["forward_origin"]["type"] == "user" for part in parts)


def test_the_post_of_a_channel_comes_with_its_channel(world: World) -> None:
    picture = item("photo", world.png())
    assert world.person(world.anna, "forward", text="Lamps", media=[picture, picture]).status_code == 201
    assert world.person(world.anna, "forward", text="Lamps").status_code == 201
    assert world.drain()
    *album, post = world.webhook.of("message")
    assert [len(album), post["text"]] == [2, "Lamps"]
    for part in (*album, post):
        assert part["forward_origin"]["chat"]["type"] == "channel"


def test_what_is_not_there_or_says_nothing_cannot_be_forwarded(world: World) -> None:
    assert world.person(world.anna, "forward", message_id=999).status_code == 404
    assert world.person(world.anna, "forward").status_code == 400
    sent = world.ok("sendMessage", chat_id=world.boris, text="not yours")
    assert world.person(world.anna, "forward", message_id=sent["message_id"]).status_code == 404
    world.person(world.anna, "block", blocked=True)
    assert world.person(world.anna, "forward", text="x").status_code == 409
    assert world.person(world.anna, "messages", media=[item("video")]).status_code == 409
    assert world.person(world.anna, "messages", other="location").status_code == 409
