"""What a person has asked the helper, as much as one file takes."""

from __future__ import annotations

from collections.abc import Iterator

from starbid.domain.assistant.question import Question
from starbid.services.assistant.asking import Asking

AT_ONCE = 100
MOST_BYTES = 4_000_000
"""A Lambda answers 6 MB, base64 included."""
MOST_QUESTIONS = 5_000
AROUND = 1_000
"""Bytes that stand around question and answer at most, or in the place of an answer."""


def for_export(asking: Asking, user_id: int) -> tuple[tuple[Question, ...], bool]:
    """The newest questions, newest first, as many as one file takes; and whether that is all of them."""
    taken: list[Question] = []
    room = MOST_BYTES - AROUND
    for question in _asked(asking, user_id):
        room -= len(question.text.encode()) + len(question.answer.encode()) + AROUND
        if room < 0 or len(taken) == MOST_QUESTIONS:
            return tuple(taken), False
        taken.append(question)
    return tuple(taken), True


def _asked(asking: Asking, user_id: int) -> Iterator[Question]:
    """All questions that are there, newest first."""
    cursor = None
    while True:
        page, _ = asking.history(user_id, limit=AT_ONCE, cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return
