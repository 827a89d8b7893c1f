"""Dead letters in the panel. Their bodies are shown to nobody."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.audit_trail import Operator
from starbid.domain.letters import LetterQueue, LetterState
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.services.desk.attention import TO_READ, Waiting, waiting
from starbid.services.ports import Unavailable
from web.admin import attention
from web.admin.acting import NOTHING, Refused, carry_out
from web.admin.attention import Need
from web.admin.desk import Desk, decision
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words

desk = Desk()
PATH = "/admin/dead-letters"
DECIDED = "decided"


@attention.source("dead-letters", Right.SEE)
def dead_letters(request: Request, words: Language) -> Need:
    """Those that are collected, and about how many still wait in the queues."""
    page = request.app.letters.listed(request.now, is_open=True, limit=TO_READ)
    known = waiting(letter.sent_at for letter in page.items)
    return Need(words._("Dead letters"), PATH, _with_queued(known, _queued(request) or 0))


def _with_queued(known: Waiting, queued: int) -> Waiting:
    return Waiting(known.count + queued, known.more, known.oldest)


@desk.get(PATH, Right.SEE)
def letters(request: Request, operator: Operator) -> Response:
    """`state=decided`: those that were sent again or dropped; `cursor` goes on in the list."""
    return _page(request, operator, NOTHING)


@desk.post(f"{PATH}/collect", Right.OWN)
def collect(request: Request, operator: Operator) -> Response:
    collects = request.app.letters.collect
    return _act(request, operator, "collect", lambda: collects(decision(request, operator)), done="letters-collected")


@desk.post(f"{PATH}/<letter_id>/resend", Right.OWN, page=PATH)
def resend(request: Request, operator: Operator, letter_id: str) -> Response:
    return _act(
        request,
        operator,
        f"resend-{letter_id}",
        lambda: request.app.letters.send_again(letter_id, decision(request, operator)),
        done="letter-resent",
        stands=(LetterState.SENT,),
    )


@desk.post(f"{PATH}/<letter_id>/drop", Right.OWN, page=PATH)
def drop(request: Request, operator: Operator, letter_id: str) -> Response:
    return _act(
        request,
        operator,
        f"drop-{letter_id}",
        lambda: request.app.letters.drop(letter_id, decision(request, operator)),
        done="letter-dropped",
        stands=(LetterState.DROPPED,),
    )


def _act(
    request: Request,
    operator: Operator,
    name: str,
    act: Callable[[], object],
    *,
    done: str,
    stands: tuple[LetterState, ...] = (),
) -> Response:
    return carry_out(
        request,
        act,
        name=name,
        back=PATH,
        again=lambda refused: _page(request, operator, refused),
        done=done,
        later="letter-later",
        stands=stands,
    )


def _queued(request: Request) -> int | None:
    """About how many wait in the queues; None where the queues do not tell."""
    try:
        return request.app.letters.waiting()
    except Unavailable:
        return None


def _page(request: Request, operator: Operator, refused: Refused) -> Response:
    words, is_open = page_words(request), request.query.get("state") != DECIDED
    page = request.app.letters.listed(request.now, is_open=is_open, cursor=request.query.get("cursor") or None)
    state = None if is_open else DECIDED
    return panel(
        request,
        operator,
        "admin/dead_letters.html",
        refused.status,
        queued=_queued(request),
        letters=page.items,
        queues={queue.value: queue_name(queue, words) for queue in LetterQueue},
        is_open=is_open,
        next_url=path_with(PATH, state=state, cursor=page.cursor) if page.cursor else "",
        refused=refused,
    )


def queue_name(queue: LetterQueue, words: Language) -> str:
    _ = words._
    names = {
        LetterQueue.CLOSER: _("Closing of lots"),
        LetterQueue.NOTICES: _("Notices"),
        LetterQueue.CARDS: _("Cards and posts of lots"),
        LetterQueue.LOGS: _("Files of ended lots"),
        LetterQueue.DESK: _("Work of the panel"),
        LetterQueue.QUESTIONS: _("Questions to the AI helper"),
        LetterQueue.JOBS: _("Jobs and schedules"),
    }
    return names[queue]
