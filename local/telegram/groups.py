"""Groups of the stand-in: each chat whose id begins with -100 is one, a forum, and everybody is in it, unless it was
made at the page of groups and channels (`venues`).

The page of private chats does not show them. In such a group people write and press through `POST
chats/<person>/group`; what stands there is read by `GET groups/<id>`.
"""

from __future__ import annotations

from typing import Any

from local.telegram.content import caption, formatted, in_topic, read_person, without_reply
from local.telegram.context import Context
from local.telegram.errors import ApiError, PageError, bad_request
from local.telegram.files import Kind
from local.telegram.params import Params
from local.telegram.people import Person, group_of, is_group
from local.telegram.venues import Venue

TOPIC_NAME = 128


def create_forum_topic(context: Context, params: Params) -> dict[str, Any]:
    """`createForumTopic`: the topic has the number of the message that tells of it."""
    text, name = params.text("chat_id").strip(), params.required("name")
    venue = read_person(context, params)
    if not is_group(text) or (isinstance(venue, Venue) and not venue.is_forum):
        raise bad_request("the chat is not a forum")
    if len(name) > TOPIC_NAME:
        raise bad_request("topic name is too long")
    topic = {"name": name, "icon_color": 7322096}
    made = context.say_as_bot(venue, {"forum_topic_created": topic})
    return {"message_thread_id": made["message_id"], **topic}


def set_message_reaction(context: Context, params: Params) -> bool:
    """`setMessageReaction`: kept beside the message, for those who look."""
    chat_id, number = params.integer("chat_id"), params.integer("message_id")
    message = context.messages.find(chat_id, number)
    if message is None:
        raise bad_request("message to react not found")
    signs = [each.get("emoji") for each in params.objects("reaction")]
    context.messages.replace(message, message.body, {**message.extra, "reactions": signs})
    return True


def write(
    context: Context, person: Person, chat_id: int, text: str, picture: bytes | None, reply_to: int | None, thread: int
) -> dict[str, Any]:
    """A person says something there; the bot hears it, as an administrator does."""
    group, reply = context.venues.find(chat_id) or group_of(chat_id), {}
    if reply_to is not None:
        said = context.messages.find(chat_id, reply_to)
        if said is None:
            raise PageError(404, "There is no such message.")
        reply = {"reply_to_message": without_reply(said.body)}
    said_now = content(context, text, picture)
    where = in_topic(thread) if thread else {}
    body = {"from": person.user(), "chat": group.chat(), "date": context.timestamp(), **where, **reply, **said_now}
    with context.store.transaction():
        kept = context.messages.add(chat_id, body)
        context.courier.send(chat_id, "message", kept)
    return kept


def press(context: Context, person: Person, chat_id: int, message_id: int, data: str) -> str:
    """A person presses a button there; the id of the query."""
    message = context.messages.find(chat_id, message_id)
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", []) if message else []
    if message is None or not any(button.get("callback_data") == data for row in rows for button in row):
        raise PageError(409, "This button is not there any more.")
    with context.store.transaction():
        query_id = context.presses.add(person.id, message_id)
        query = {
            "id": query_id,
            "from": person.user(),
            "message": message.body,
            "chat_instance": str(7_000_000_000_000_000_000 - chat_id),
            "data": data,
        }
        context.courier.send(chat_id, "callback_query", query)
    return query_id


def content(context: Context, text: str, picture: bytes | None) -> dict[str, Any]:
    """The fields of what is said; raises PageError for nothing."""
    if picture is None:
        source = formatted(text, "", [])
        if not source.text:
            raise PageError(400, "There is nothing to send.")
        return {"text": source.text, **({"entities": source.entities} if source.entities else {})}
    try:
        photo = context.files.add(Kind.PHOTO, "", "", picture)
    except ApiError as error:
        raise PageError(400, "Telegram would not take this picture: PNG, JPEG or WebP, up to 10 MB.") from error
    return {"photo": photo.photo(), **caption(text, "", [])}


METHODS = {"createforumtopic": create_forum_topic, "setmessagereaction": set_message_reaction}
