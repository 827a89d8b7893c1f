"""What a person forwards to the bot: a message of their chat with it, with its album, or the post of a channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from local.telegram.attachments import Attached, contents, new_album
from local.telegram.content import COPIED, formatted
from local.telegram.context import Context
from local.telegram.errors import PageError
from local.telegram.messages import Message
from local.telegram.people import Person

CHANNEL = {"id": -1_009_000_000_001, "type": "channel", "title": "Lamps and more", "username": "lampsandmore"}
POST = 77


def forward(context: Context, person: Person, message_id: int) -> list[dict[str, Any]]:
    """A message that stands in this chat, and all of its album."""
    found = context.messages.find(person.id, message_id)
    if found is None:
        raise PageError(404, "There is no such message.")
    album = found.body.get("media_group_id")
    whole = [found] if album is None else _album(context, person, album)
    bodies = [{key: value for key, value in each.body.items() if key in COPIED} for each in whole]
    if not all(bodies):
        raise PageError(409, "This message cannot be forwarded.")
    origin = {"type": "user", "sender_user": found.body["from"], "date": found.body["date"]}
    return _send(context, person, bodies, origin)


def forward_post(context: Context, person: Person, text: str, items: Sequence[Attached]) -> list[dict[str, Any]]:
    """The post of a channel: a text, or pictures with it."""
    if items:
        bodies = contents(context, items, text)
    else:
        source = formatted(text, "", [])
        if not source.text:
            raise PageError(400, "There is nothing to forward.")
        bodies = [{"text": source.text, **({"entities": source.entities} if source.entities else {})}]
    origin = {"type": "channel", "chat": CHANNEL, "message_id": POST, "date": context.timestamp()}
    return _send(context, person, bodies, origin)


def _album(context: Context, person: Person, album: str) -> list[Message]:
    return [each for each in context.messages.changed(person.id, 0) if each.body.get("media_group_id") == album]


def _send(
    context: Context, person: Person, bodies: list[dict[str, Any]], origin: dict[str, Any]
) -> list[dict[str, Any]]:
    if person.blocked:
        raise PageError(409, "The bot is blocked. Unblock it to go on.")
    group = {"media_group_id": new_album()} if len(bodies) > 1 else {}
    return [context.say_as(person, {**body, **group, "forward_origin": origin}) for body in bodies]
