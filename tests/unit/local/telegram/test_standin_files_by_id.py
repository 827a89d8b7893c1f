"""A file is sent on by its id, whatever became of the message that it came with."""

from __future__ import annotations

from .conftest import World


def test_a_file_outlives_its_message_and_keeps_its_name(world: World) -> None:
    came = world.upload("sendDocument", "document", b"content", chat_id=str(world.anna)).json["result"]
    file = came["document"]
    assert world.ok("deleteMessage", chat_id=world.anna, message_id=came["message_id"]) is True
    sent = world.ok("sendDocument", chat_id=world.boris, document=file["file_id"])
    assert sent["document"]["file_name"] == file["file_name"]
    album = [{"type": "document", "media": file["file_id"]}] * 2
    group = world.ok("sendMediaGroup", chat_id=world.boris, media=album)
    assert [each["document"]["file_unique_id"] for each in group] == [file["file_unique_id"]] * 2
    assert world.ok("getFile", file_id=file["file_id"])["file_size"] == len(b"content")
