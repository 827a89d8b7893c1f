"""Inline mode: `@bot words` in any chat, `answerInlineQuery`, and messages that the bot prepares for a person to send.

As in Telegram the bot hears of a message that was chosen only in chats that it is in: its own with the person, and
groups. `chosen_inline_result` is not sent: @BotFather has to be asked for that.
"""

from __future__ import annotations

from typing import Any

from local.telegram.content import read_person
from local.telegram.context import Context
from local.telegram.errors import ApiError, PageError, bad_request
from local.telegram.inline_desk import PREPARED_SECONDS, Prepared
from local.telegram.inline_results import Result, read_button, read_offset, read_result, read_results
from local.telegram.params import Params
from local.telegram.people import Group, Person, group_of, is_group

MAX_QUERY = 256
ALLOWED = {"user": "allow_user_chats", "bot": "allow_bot_chats", "group": "allow_group_chats"}


def answer_inline_query(context: Context, params: Params) -> bool:
    """`answerInlineQuery`."""
    results, button = read_results(context, params), read_button(params)
    shown = {"results": [result.shown for result in results], "next_offset": read_offset(params), "button": button}
    if not context.inline.answer(params.required("inline_query_id"), {each.id: each for each in results}, shown):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return True


def save_prepared_inline_message(context: Context, params: Params) -> dict[str, Any]:
    """`savePreparedInlineMessage`."""
    person = read_person(context, params, "user_id")
    result = read_result(context, params.json("result"))
    chats = frozenset(kind for kind, name in ALLOWED.items() if params.flag(name))
    if not chats and not params.flag("allow_channel_chats"):
        raise bad_request("At least one chat type must be allowed")
    message_id = context.inline.prepare(Prepared(person.id, result, chats))
    return {"id": message_id, "expiration_date": context.timestamp() + PREPARED_SECONDS}


METHODS = {"answerinlinequery": answer_inline_query, "savepreparedinlinemessage": save_prepared_inline_message}


def ask(context: Context, person: Person, words: str, offset: str) -> dict[str, Any]:
    """A person types the bot's name and words; what the bot offers, with the number of the query."""
    query_id = context.inline.ask(person.id)
    query = {
        "id": query_id,
        "from": person.user(),
        "query": words[:MAX_QUERY],
        "offset": offset,
        "chat_type": "sender",
    }
    context.courier.send(person.id, "inline_query", query)
    found = context.inline.wait(query_id, context.checkout_seconds)
    if found is None:
        raise PageError(504, "The bot did not answer.")
    return {"query_id": query_id, **found.shown}


def choose(context: Context, person: Person, query_id: str, result_id: str, to: int) -> dict[str, Any]:
    """A person sends one of the results to a chat."""
    found = context.inline.offered(query_id)
    result = found.results.get(result_id) if found and found.person_id == person.id else None
    if result is None:
        raise PageError(404, "This result is not there any more.")
    return _send(context, person, result, _chat(context, to))


def share(context: Context, person: Person, message_id: str, to: int) -> dict[str, Any]:
    """A person sends a message that the bot prepared for them."""
    prepared, chat = context.inline.prepared(message_id), _chat(context, to)
    if prepared is None or prepared.person_id != person.id:
        raise PageError(404, "There is no such message, or it expired.")
    kind = "group" if isinstance(chat, Group) else "bot" if chat.id == person.id else "user"
    if kind not in prepared.chats:
        raise PageError(409, "This message may not go to a chat of this kind.")
    return _send(context, person, prepared.result, chat)


def _chat(context: Context, to: int) -> Person:
    """Where a message goes: a group, or a person, whose number stands for the chat of the two."""
    return context.venues.find(to) or (group_of(to) if is_group(str(to)) else context.people.get(to))


def _send(context: Context, person: Person, result: Result, chat: Person) -> dict[str, Any]:
    """Put the message into the chat. One to another person stands among the messages of that person, as theirs from
    the sender: the page shows one list a person.
    """
    try:
        content = {"via_bot": context.bot.user(), **result.content(context)}
    except ApiError as error:
        raise PageError(409, "Telegram could not get the picture.") from error
    if chat.id == person.id:
        if person.blocked:
            raise PageError(409, "The bot is blocked. Unblock it to go on.")
        return context.say_as(person, content)
    body = {"from": person.user(), "chat": chat.chat(), "date": context.timestamp(), **content}
    with context.store.transaction():
        kept = context.messages.add(chat.id, body, {"sender": person.first_name})
        if isinstance(chat, Group):
            context.courier.send(chat.id, "message", kept)
    return kept
