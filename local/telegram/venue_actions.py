"""What people do with groups and channels at the page: make them, add the bot, change what it may, write and press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug import Response

from local.telegram import groups
from local.telegram.body import Body
from local.telegram.content import in_topic
from local.telegram.context import Context
from local.telegram.control import answer
from local.telegram.errors import ApiError, PageError, bad_request
from local.telegram.params import Params
from local.telegram.people import Person
from local.telegram.venues import Venue

ANONYMOUS = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def listed(context: Context) -> dict[str, Any]:
    """`GET venues/list`: all groups and channels, people by number, and the bot."""
    people = [{"id": one.id, "first_name": one.first_name} for one in context.people.all()]
    return {"venues": [venue.card() for venue in context.venues.all()], "people": people, "bot": context.shown_bot()}


def shown(context: Context, chat_id: int) -> dict[str, Any]:
    """`GET venues/<id>`: one of them, and what stands in it."""
    messages = [message.card() for message in context.messages.changed(chat_id, 0)]
    return {"venue": context.venues.get(chat_id).card(), "messages": messages}


def post_venue(context: Context, one: Person, body: Body) -> Response:
    """`POST venue`: what a person does (`do`): `create` (`kind`, `title`, `is_forum`); in the `chat_id`: `bot` (its
    `status`, `may_post`), `person` (`member`, `status`), `migrate`, `say` (`text`, `thread`,
    `is_anonymous`), `press` (`message_id`, `data`).
    """
    do = body.text("do")
    if do == "create":
        made = context.venues.create(body.text("kind"), body.text("title"), one.id, is_forum=_flag(body, "is_forum"))
        return answer(made.card(), 201)
    act = _ACTS.get(do)
    if act is None:
        raise PageError(400, "There is no such action.")
    return answer(act(context, one, context.venues.get(body.number("chat_id") or 0), body))


def _bot(context: Context, one: Person, venue: Venue, body: Body) -> dict[str, Any]:
    """Only its admins change the bot's place; a group's members may add it."""
    status, may_post = body.text("status"), _flag(body, "may_post", default=1)
    if venue.people.get(one.id) not in ("creator", "administrator") and (venue.is_channel or status != "member"):
        raise PageError(403, "Only an admin does this.")
    before = venue.member(context.bot.user(), venue.status)
    with context.store.transaction():
        now = context.venues.set_bot(venue.id, status, may_post=may_post)
        after = now.member(context.bot.user(), now.status)
        change = {"chat": now.chat(), "from": one.user(), "date": context.timestamp()}
        context.courier.send(
            venue.id, "my_chat_member", {**change, "old_chat_member": before, "new_chat_member": after}
        )
        if venue.status in ("left", "kicked") and status == "member":  # by the link, which says so in the group
            _hear(context, now, {"from": one.user(), "text": f"/start@{context.bot.username} connect"})
    return now.card()


def _person(context: Context, _one: Person, venue: Venue, body: Body) -> dict[str, Any]:
    return context.venues.set_person(venue.id, body.number("member") or 0, body.text("status")).card()


def _migrate(context: Context, one: Person, venue: Venue, _body: Body) -> dict[str, Any]:
    with context.store.transaction():
        new = context.venues.migrate(venue)
        _hear(context, venue, {"from": one.user(), "migrate_to_chat_id": new.id})
        _hear(context, new, {"from": one.user(), "migrate_from_chat_id": venue.id})
    return new.card()


def _say(context: Context, one: Person, venue: Venue, body: Body) -> dict[str, Any]:
    thread = body.number("thread") or 0
    where = in_topic(thread) if thread else {}
    author = {"from": ANONYMOUS, "sender_chat": venue.chat()} if _flag(body, "is_anonymous") else {"from": one.user()}
    return _hear(context, venue, {**author, **where, **groups.content(context, body.text("text"), None)})


def _press(context: Context, one: Person, venue: Venue, body: Body) -> dict[str, Any]:
    query_id = groups.press(context, one, venue.id, body.number("message_id") or 0, body.text("data"))
    return {"callback_query_id": query_id}


def _hear(context: Context, venue: Venue, content: dict[str, Any]) -> dict[str, Any]:
    """The bot hears it while it is in the group; posts of a channel it hears of in another way, if at all."""
    kept = context.messages.add(venue.id, {"chat": venue.chat(), "date": context.timestamp(), **content})
    if not venue.is_channel and venue.status not in ("left", "kicked"):
        context.courier.send(venue.id, "message", kept)
    return kept


def _flag(body: Body, name: str, *, default: int = 0) -> bool:
    """1 or 0, where it is told."""
    told = body.number(name)
    return (default if told is None else told) == 1


_ACTS: dict[str, Callable[[Context, Person, Venue, Body], dict[str, Any]]] = {
    "bot": _bot,
    "person": _person,
    "migrate": _migrate,
    "say": _say,
    "press": _press,
}
ACTIONS: dict[str, Callable[[Context, Person, Body], Response]] = {"venue": post_venue}


def get_chat_member(context: Context, params: Params) -> dict[str, Any]:
    """`getChatMember`: of a venue, whose admin the bot has to be to see others than itself in a channel."""
    venue = context.venues.find(params.integer("chat_id"))
    if venue is None:
        raise bad_request("chat not found")
    venue.require_there()
    user_id = params.integer("user_id")
    if user_id == context.bot.id:
        return venue.member(context.bot.user(), venue.status)
    person = context.people.find(user_id)
    if person is None:
        raise bad_request("user not found")
    if venue.is_channel and venue.status != "administrator":
        raise ApiError(400, "Bad Request: member list is inaccessible")
    return venue.member(person.user(), venue.people.get(user_id, "left"))


METHODS = {"getchatmember": get_chat_member}
