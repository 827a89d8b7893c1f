"""Reads what every sending method shares: the chat, the text or caption, the picture."""

from __future__ import annotations

from typing import Any

from local.telegram.context import Context
from local.telegram.entities import Entity, FormattedText, trimmed, units, with_automatic
from local.telegram.errors import bad_request, forbidden
from local.telegram.files import AS_DOCUMENT, Kind, StoredFile
from local.telegram.markup import parse_html
from local.telegram.messages import Message
from local.telegram.params import Params, Upload
from local.telegram.people import Group, Person, group_of, is_group
from local.telegram.venues import Venue

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ALBUM = 10
COPIED = (
    "text", "entities", "photo", "document", "video", "animation", "audio", "voice", "sticker", "location", "contact",
    "poll", "caption", "caption_entities",
)  # fmt: skip
"""What goes along where a message is copied or forwarded."""


def read_person(context: Context, params: Params, name: str = "chat_id") -> Person:
    """The person meant by a chat id, whether or not they want to hear from the bot."""
    text = params.text(name).strip()
    if not text:
        raise bad_request(f"{name} is empty")
    if name == "chat_id" and (venue := _venue(context, text)):
        venue.require_there()
        return venue
    if name == "chat_id" and is_group(text):
        return group_of(int(text))
    person = context.people.find(int(text)) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    if person is None:
        raise bad_request("chat not found" if name == "chat_id" else "USER_ID_INVALID")
    return person


def _venue(context: Context, text: str) -> Venue | None:
    """The group or channel of this number, if it knows its members."""
    number = text.removeprefix("-")
    is_number = text.startswith("-") and number.isascii() and number.isdecimal() and len(number) < 19
    return context.venues.find(int(text)) if is_number else None


def read_recipient(context: Context, params: Params) -> Person:
    """The person to write to. A person who never met the bot is no chat for it; one who blocked it is a 403."""
    person = read_person(context, params)
    if isinstance(person, Venue):
        person.require_post()
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.reachable:
        raise bad_request("chat not found")
    return person


def read_message(context: Context, params: Params, purpose: str) -> Message:
    """The message to change; `purpose` (edit, delete) is named where there is none."""
    person = read_person(context, params)
    if isinstance(person, Venue):
        person.require_post()
    message = context.messages.find(person.id, params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def formatted(text: str, parse_mode: str, entities: list[dict[str, Any]]) -> FormattedText:
    """A text with its markup parsed, trimmed, and with the links that Telegram detects."""
    if parse_mode and parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    source = parse_html(text) if parse_mode else FormattedText(text, [_entity(e, units(text)) for e in entities])
    return with_automatic(trimmed(source))


def _entity(entity: dict[str, Any], length: int) -> Entity:
    numbers = [entity.get("offset"), entity.get("length")]
    if not isinstance(entity.get("type"), str) or not all(type(number) is int for number in numbers):
        raise bad_request("can't parse MessageEntity")
    if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > length:
        raise bad_request("ENTITY_BOUNDS_INVALID")
    return entity


def read_text(params: Params) -> dict[str, Any]:
    """The `text` and `entities` of a text message."""
    source = formatted(params.text("text"), params.text("parse_mode"), params.objects("entities"))
    if not source.text:
        raise bad_request("message text is empty")
    if units(source.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": source.text, **({"entities": source.entities} if source.entities else {})}


def read_caption(params: Params) -> dict[str, Any]:
    """The `caption` and `caption_entities` of a message with a picture; empty without a caption."""
    mode, entities = params.text("parse_mode"), params.objects("caption_entities")
    return caption(params.text("caption"), mode, entities)


def caption(text: str, parse_mode: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of a caption."""
    source = formatted(text, parse_mode, entities)
    if units(source.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    fields: dict[str, Any] = {"caption": source.text} if source.text else {}
    return {**fields, "caption_entities": source.entities} if source.entities else fields


def read_file(context: Context, params: Params, kind: str, value: str, upload: Upload | None) -> StoredFile:
    """The file meant by an upload, `attach://name`, a file id or an address; `kind` is photo or document."""
    if value.startswith("attach://"):
        upload = params.files.get(value.removeprefix("attach://"))
    if upload:
        return _add(context, kind, upload)
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if value.lower().startswith(("http://", "https://")):
        return _add(context, kind, Upload(value.rpartition("/")[2], "", _fetched(context, value)))
    file = context.files.find(value)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind not in ((Kind.PHOTO,) if kind == "photo" else AS_DOCUMENT):
        raise bad_request(f"can't use file of type {file.kind.name.title()} as {kind.title()}")
    return file


def _add(context: Context, kind: str, upload: Upload) -> StoredFile:
    return context.files.add(Kind[kind.upper()], upload.name, upload.mime, upload.data)


def _fetched(context: Context, url: str) -> bytes:
    try:
        return context.fetch(url)
    except (OSError, ValueError) as error:
        raise bad_request("failed to get HTTP URL content") from error


def read_media_list(params: Params) -> list[dict[str, Any]]:
    """The items of an album."""
    media = params.objects("media")
    if not 2 <= len(media) <= MAX_ALBUM:
        raise bad_request(f"group send failed: an album has 2 to {MAX_ALBUM} items")
    return media


def media_fields(context: Context, params: Params, media: Any, upload: Upload | None = None) -> dict[str, Any]:
    """The message fields of an `InputMediaPhoto` or `InputMediaDocument`."""
    if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: type must be photo or document")
    strings = Params({key: media.get(key) for key in ("media", "caption", "parse_mode")}, {})
    entities = Params({"caption_entities": media.get("caption_entities")}, {}).objects("caption_entities")
    file = read_file(context, params, media["type"], strings.text("media"), upload)
    content = {"photo": file.photo()} if media["type"] == "photo" else {"document": file.document()}
    return {**content, **caption(strings.text("caption"), strings.text("parse_mode"), entities)}


def reply_fields(context: Context, params: Params, person: Person) -> dict[str, Any]:
    """The message that a new one answers, as part of it."""
    asked = params.json("reply_parameters")
    number = asked.get("message_id") if isinstance(asked, dict) else params.integer("reply_to_message_id")
    if type(number) is not int or not number:
        return {}
    message = context.messages.find(person.id, number) if abs(number) < 2**63 else None
    if message is None:
        lenient = isinstance(asked, dict) and asked.get("allow_sending_without_reply")
        if lenient or params.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(message.body)}


def thread_fields(params: Params, chat: Person) -> dict[str, Any]:
    """The topic of a group that a message goes into."""
    thread = params.integer("message_thread_id")
    return in_topic(thread) if thread and isinstance(chat, Group) else {}


def in_topic(thread: int) -> dict[str, Any]:
    return {"message_thread_id": thread, "is_topic_message": True}


def without_reply(body: dict[str, Any]) -> dict[str, Any]:
    """A message without the one it answers: replies are shown one deep."""
    return {key: value for key, value in body.items() if key != "reply_to_message"}
