"""What a person at the page can do: write, send a picture, press a button, block the bot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from local.telegram.attachments import Attached, contents, other
from local.telegram.content import MAX_TEXT, formatted, without_reply
from local.telegram.context import Context
from local.telegram.entities import units
from local.telegram.errors import PageError
from local.telegram.messages import Message
from local.telegram.people import Person
from local.telegram.rich import buttons_of


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


def send(
    context: Context, person: Person, items: Sequence[Attached], words: str, reply_to: int | None = None
) -> list[dict[str, Any]]:
    """Send files to the bot with a caption under the first; several are an album, a message for each."""
    _not_blocked(person)
    reply = _reply(context, person, reply_to)
    return [context.say_as(person, {**reply, **content}) for content in contents(context, items, words)]


def send_other(context: Context, person: Person, what: str, reply_to: int | None = None) -> dict[str, Any]:
    """Send a `location`, a `contact`, a `poll` or a `sticker` to the bot."""
    _not_blocked(person)
    return context.say_as(person, {**_reply(context, person, reply_to), **other(context, person, what)})


def press(context: Context, person: Person, message_id: int, data: str) -> str:
    """Press the callback button that carries `data`; the id of the query, which the bot is to answer."""
    _not_blocked(person)
    message = _message(context, person, message_id)
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = chain(*rows, buttons_of(message.body))
    if not any(button.get("callback_data") == data for button in buttons):
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
