"""The conversation as a file of text."""

from __future__ import annotations

from collections.abc import Iterator

from starbid.assistant_history import HISTORY_FILE, history_text
from starbid.domain.assistant.question import Question
from web.kernel.http import TEXT, Request, Response
from web.kernel.routing import Router
from web.shared.context import page_words

router = Router()
AT_ONCE = 100
MOST_BYTES = 4_000_000
"""A Lambda answers 6 MB, base64 included."""
MOST_QUESTIONS = 5_000
AROUND = 1_000
"""Bytes that stand around question and answer at most, or in the place of an answer."""


@router.get("/assistant/history.txt", page="/assistant")
def export(request: Request) -> Response:
    """As much as one answer takes, the newest: the last line says so where there is more."""
    user_id, words = request.visitor.require_user(), page_words(request)
    taken: list[Question] = []
    room, is_all = MOST_BYTES - AROUND, True
    for question in _asked(request, user_id):
        room -= len(question.text.encode()) + len(question.answer.encode()) + AROUND
        if room < 0 or len(taken) == MOST_QUESTIONS:
            is_all = False
            break
        taken.append(question)
    file = history_text(taken, words, is_all=is_all)
    name = f'attachment; filename="{HISTORY_FILE}"'
    return Response(file.encode(), 200, TEXT, {"cache-control": "private, no-store", "content-disposition": name})


def _asked(request: Request, user_id: int) -> Iterator[Question]:
    """All questions that are there, newest first."""
    cursor = None
    while True:
        page, _ = request.app.asking.history(user_id, limit=AT_ONCE, cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return
