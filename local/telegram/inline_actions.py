"""What a person at the page does in inline mode, as JSON."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug import Response

from local.telegram import inline_mode
from local.telegram.body import Body
from local.telegram.context import Context
from local.telegram.control import answer
from local.telegram.people import Person


def post_inline(context: Context, one: Person, body: Body) -> Response:
    """`POST inline`: the `query` behind the bot's name, and the `offset` of the list where it goes on. Answers
    `query_id`, `results`, `next_offset` and `button`.
    """
    return answer(inline_mode.ask(context, one, body.text("query"), body.text("offset")))


def post_choose(context: Context, one: Person, body: Body) -> Response:
    """`POST choose`: `result_id` of `query_id` is sent `to` a chat: the person's own with the bot, that with another
    person (by that one's number), or a group.
    """
    to = body.number("to") or one.id
    return answer(inline_mode.choose(context, one, body.text("query_id"), body.text("result_id"), to), 201)


def post_share(context: Context, one: Person, body: Body) -> Response:
    """`POST share`: a prepared message (`message_id`) is sent `to` a chat, as above."""
    return answer(inline_mode.share(context, one, body.text("message_id"), body.number("to") or one.id), 201)


ACTIONS: dict[str, Callable[[Context, Person, Body], Response]] = {
    "inline": post_inline,
    "choose": post_choose,
    "share": post_share,
}
