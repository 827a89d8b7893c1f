"""What a person at the page can do: write, send a picture, press a button, block the bot."""

from __future__ import annotations

import secrets
from typing import Any

from local.telegram.content import MAX_ALBUM, MAX_CAPTION, MAX_TEXT, caption, formatted, without_reply
from local.telegram.context import Context
from local.telegram.entities import units
from local.telegram.errors import ApiError, PageError
from local.telegram.messages import Message
from local.telegram.params import Upload
from local.telegram.people import Person


def _not_blocked(person: Person) -> None:
    if person.blocked:
        raise PageError(409, "The bot is blocked. Unblock it to go on.")


def _message(context: Context, person: Person, message_id: int) -> Message:
    message = context.messages.find(person.id, message_id)
    if message is None:
        raise PageError(404, "There is no such message.")
    return message


def _reply(context: Context, person: Person, reply_to: int | None) -> dict[str, Any]:
    if reply_to is None:
        return {}
    return {"reply_to_message": without_reply(_message(context, person, reply_to).body)}


def write(context: Context, person: Person, text: str, reply_to: int | None = None) -> dict[str, Any]:
    """Send a text to the bot; the message as the bot gets it."""
    _not_blocked(person)
    source = formatted(text, "", [])
    if not source.text:
        raise PageError(400, "There is nothing to send.")
    if units(source.text) > MAX_TEXT:
        raise PageError(400, f"A message has {MAX_TEXT} characters at most.")
    entities = {"entities": source.entities} if source.entities else {}
    return context.say_as(person, {**_reply(context, person, reply_to), "text": source.text, **entities})


def send_photo(
    context: Context, person: Person, data: bytes, words: str, reply_to: int | None = None
) -> dict[str, Any]:
    """Send a picture with a caption to the bot."""
    (content,) = _photos(context, person, [data], words)
    return context.say_as(person, {**_reply(context, person, reply_to), **content})


def send_album(
    context: Context, person: Person, pictures: list[bytes], words: str, reply_to: int | None = None
) -> list[dict[str, Any]]:
    """Send pictures as an album: a message for each, the caption under the first."""
    if not 2 <= len(pictures) <= MAX_ALBUM:
        raise PageError(400, f"An album has 2 to {MAX_ALBUM} pictures.")
    contents = _photos(context, person, pictures, words)
    group = {"media_group_id": str(secrets.randbits(60)), **_reply(context, person, reply_to)}
    return [context.say_as(person, {**group, **content}) for content in contents]


def _photos(context: Context, person: Person, pictures: list[bytes], words: str) -> list[dict[str, Any]]:
    """The content of a message for each; all are looked at before the first is sent."""
    _not_blocked(person)
    if units(words.strip()) > MAX_CAPTION:
        raise PageError(400, f"A caption has {MAX_CAPTION} characters at most.")
    try:
        kept = [context.files.add_photo(data) for data in pictures]
    except ApiError as error:
        raise PageError(400, "Telegram would not take this picture: PNG, JPEG or WebP, up to 10 MB.") from error
    first, *rest = [{"photo": photo.photo()} for photo in kept]
    return [{**first, **caption(words, "", [])}, *rest]


def send_document(
    context: Context, person: Person, file: Upload, words: str, reply_to: int | None = None
) -> dict[str, Any]:
    """Send any file with a caption to the bot."""
    _not_blocked(person)
    try:
        document = context.files.add_document(file.name, file.mime, file.data)
    except ApiError as error:
        raise PageError(400, "Telegram would not take this file.") from error
    content = {"document": document.document(), **caption(words[:MAX_CAPTION], "", [])}
    return context.say_as(person, {**_reply(context, person, reply_to), **content})


def press(context: Context, person: Person, message_id: int, data: str) -> str:
    """Press the callback button that carries `data`; the id of the query, which the bot is to answer."""
    _not_blocked(person)
    message = _message(context, person, message_id)
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    if not any(button.get("callback_data") == data for row in rows for button in row):
        raise PageError(409, "This button is not there any more.")
    with context.store.transaction():
        query_id = context.presses.add(person.id, message_id)
        query = {
            "id": query_id,
            "from": person.user(),
            "message": message.body,
            "chat_instance": str(7_000_000_000_000_000_000 + person.id),
            "data": data,
        }
        context.courier.send(person.id, "callback_query", query)
    return query_id


def stop(context: Context, person: Person, draft_id: int) -> None:
    """Press the button below what is being written."""
    if not context.activity.stop(person.id, draft_id):
        raise PageError(409, "This is not being written any more.")
    context.courier.send(person.id, "stopped_message_generation", {"chat": person.chat(), "draft_id": draft_id})


def block(context: Context, person: Person, *, blocked: bool) -> None:
    """Block or unblock the bot, which is told."""
    if person.blocked == blocked:
        return
    with context.store.transaction():
        context.people.set_blocked(person.id, blocked=blocked)
        states = [_member(context, gone=not blocked), _member(context, gone=blocked)]
        update = {
            "chat": person.chat(),
            "from": person.user(),
            "date": context.timestamp(),
            "old_chat_member": states[0],
            "new_chat_member": states[1],
        }
        context.courier.send(person.id, "my_chat_member", update)


def _member(context: Context, *, gone: bool) -> dict[str, Any]:
    status = {"status": "kicked", "until_date": 0} if gone else {"status": "member"}
    return {"user": context.bot.user(), **status}
