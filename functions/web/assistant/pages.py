"""The conversation with the AI helper: its page, the answer that grows on it, and asking."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from starbid.assistant_standing import answers_left
from starbid.domain.assistant.formatted import NOTHING
from starbid.domain.assistant.question import LONGEST_QUESTION, Place, State, Task, is_question_id
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.typed_numbers import typed_whole
from starbid.field_words import field_fault
from starbid.i18n import Language
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Contended
from web.assistant.asking import asked_once
from web.assistant.offers import offers_of
from web.assistant.topic import Topic, topic_of, topic_words
from web.assistant.view import Exchange, exchange, exchanges
from web.kernel.caching import is_known
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import HTML, Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared.context import page_context, page_words, show
from web.shared.refusals import as_refusal, message_of, status_of, with_patience
from web.shared.rendering import render

router = Router()
AT_ONCE = 10
MOST_TYPED = 2 * LONGEST_QUESTION
"""Characters of a refused question that go back into the page."""
_LIVE_HEADERS = {"cache-control": "private, no-store"}


@dataclass(frozen=True)
class Typed:
    """What stands in the form: typed and refused (`fault`: why), or an example."""

    text: str = ""
    fault: str = ""


@router.get("/assistant")
def conversation(request: Request) -> Response:
    """`lot`, `task`: what is asked about (`topic_of`); `example`: one of the questions that are proposed; `cursor` goes
    back to older ones.
    """
    user_id = request.visitor.user_id
    if user_id is None:
        return show(request, "assistant/visitor.html")
    topic = topic_of(request, request.query, user_id)
    return show_conversation(request, topic, Typed(_example(request)))


def _again(request: Request, error: StarbidError) -> Response:
    return _refused(request, topic_of(request, request.typed, request.visitor.require_user()), error)


@router.post("/assistant", again=_again)
def ask(request: Request) -> Response:
    """`text`, and `lot` and `task` as in the page's address. `request_id` is one question, however often it comes."""
    person, form = request.visitor.require_person(), request.form
    topic = topic_of(request, form, person.id)
    wish = Wish(form.get("text", ""), Place.SITE, topic.task, topic.lot_id)
    said = (wish.text, wish.task.value, wish.subject)
    asking, now = request.app.asking, request.now
    try:
        asked = asked_once(request, person.id, lambda key, record: asking.ask(person, wish, key, now, record), *said)
    except (StarbidError, Contended) as error:
        return _refused(request, topic, error)
    return redirect(f"{(topic if topic.task is Task.LOT else Topic()).url}#q-{asked}")


@router.get("/assistant/live", page="/assistant")
def live(request: Request) -> Response:
    """`id`: how an open question stands, with as much of its answer as there is; 304 while that is the same. Once it is
    over, all of it, in the place of what has grown.
    """
    user_id, asked_id = request.visitor.require_user(), request.query.get("id", "")
    if not is_question_id(asked_id):
        raise NoSuchPage
    question, state = request.app.asking.question(user_id, asked_id)
    words = page_words(request)
    if state.is_over:
        return _over(request, exchange(question, state, words), words)
    found = request.app.live_answers.find(user_id, asked_id, request.now) if state is State.ANSWERING else None
    growing = found or NOTHING
    tag = f'"{hashlib.sha256(repr((words.code, state, growing)).encode()).hexdigest()[:24]}"'
    headers = {**_LIVE_HEADERS, "etag": tag}
    if is_known(request, tag):
        return Response("", 304, headers=headers)
    shown = exchange(question, state, words, growing=growing)
    return Response(render("assistant/growing.html", words, exchange=shown, tag=tag), 200, HTML, headers)


def _over(request: Request, shown: Exchange, words: Language) -> Response:
    standing = request.app.asking.standing(request.visitor.require_person(), request.now)
    body = render(
        "assistant/over.html",
        words,
        page=page_context(request, words),
        exchange=shown,
        left=answers_left(standing, request.app.settings.business.assistant, words),
        key=secrets.token_hex(16),
        oob=True,
    )
    return Response(body, 200, HTML, {**_LIVE_HEADERS, "hx-retarget": f"#q-{shown.id}", "hx-reswap": "outerHTML"})


def show_conversation(
    request: Request, topic: Topic, typed: Typed = Typed(), status: int = 200, refusal: str = ""
) -> Response:
    """The page; `refusal` is of something else than the question that was typed."""
    person, words, business = request.visitor.require_person(), page_words(request), request.app.settings.business
    cursor = request.query.get("cursor") or None
    page, account = request.app.asking.history(person.id, limit=AT_ONCE, cursor=cursor)
    standing = request.app.asking.standing_of(account, person, request.now)
    offers = () if standing.left else offers_of(business.assistant, words)
    return show(
        request,
        "assistant/page.html",
        status,
        topic=topic,
        said=topic_words(topic, words),
        typed=typed,
        refusal=refusal,
        standing=standing,
        left=answers_left(standing, business.assistant, words),
        offers=offers,
        examples=examples(words),
        exchanges=exchanges(page.items, account, words),
        is_newest=cursor is None,
        older=path_with("/assistant", cursor=page.cursor) if page.cursor else None,
        key=secrets.token_hex(16),
        most=LONGEST_QUESTION,
        oob=False,
    )


def _refused(request: Request, topic: Topic, error: Exception) -> Response:
    """The page of the form again, with what was typed and why it is not asked."""
    told, words = as_refusal(error), page_words(request)
    if request.wants_json:
        raise told
    fault = field_fault(told, words) if isinstance(told, Invalid) else message_of(told, words)
    page = show_conversation(request, topic, Typed(typed_text(request), fault), status_of(told))
    return with_patience(page, told)


def typed_text(request: Request) -> str:
    return request.typed.get("text", "")[:MOST_TYPED]


def examples(words: Language) -> tuple[str, ...]:
    """Questions to begin with."""
    _ = words._
    return (
        _("What happens to my money when somebody outbids me?"),
        _("How do I choose a start price?"),
        _("When does the seller get the money?"),
    )


def _example(request: Request) -> str:
    number, known = typed_whole(request.query.get("example", "")[:4]), examples(page_words(request))
    return known[number - 1] if number and number <= len(known) else ""
