"""The answer is stored, and what was reserved for it used or given back: in one transaction (spec, section 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.assistant.account import Account, closed, given_back, used
from starbid.domain.assistant.question import Failure, Question, State, Task
from starbid.domain.assistant.suggestion import read_suggestion
from starbid.domain.events import QuestionAnswered, QuestionFailed
from starbid.domain.texts import shows
from starbid.services.assistant.holding import Held, LostIt
from starbid.services.assistant.material import Material
from starbid.services.assistant.writing import Outcome
from starbid.services.ports import Formatting, Unit


class Settling:
    """What becomes of one question."""

    def __init__(self, material: Material, formatting: Formatting) -> None:
        self._material, self._formatting = material, formatting

    def settle(self, held: Held, question: Question, outcome: Outcome, now: datetime) -> Question:
        """The question as it is kept. Raises LostIt, Conflict."""
        if outcome.failure is Failure.STOPPED and held.account.consent_at is None:
            outcome = replace(outcome, failure=Failure.CONSENT)
        answered = self._answered(question, outcome, now)

        def fill(unit: Unit, before: Account) -> Account:
            if before.open is None or not before.open.is_reserved:
                raise LostIt
            unit.save_question(answered)
            if answered.failure:
                unit.emit(_failed(answered, answered.failure, now))
                return given_back(before, outcome.tokens, now)
            unit.emit(_told(answered, before.open.source.value, now))
            after, over = used(before)
            if over:
                unit.keep_pack(before.user_id, over)
            return after

        held.commit(fill)
        return answered

    def close(self, held: Held, question: Question) -> None:
        """The next question may come. What was cleared while it was answered or told is not kept. Raises LostIt,
        Conflict.
        """

        def alone(before: Account) -> Account:
            if before.cleared_at and question.asked_at <= before.cleared_at:
                raise _Cleared
            return closed(before)

        def fill(unit: Unit, before: Account) -> Account:
            unit.drop_question(before.user_id, question.id)
            return closed(before)

        try:
            held.change(alone)
        except _Cleared:
            held.commit(fill)

    def _answered(self, question: Question, outcome: Outcome, now: datetime) -> Question:
        """A proposal that cannot be read is none; an answer of which nothing is left to see is none either."""
        over = replace(question, tokens=outcome.tokens, answered_at=now)
        suggested = read_suggestion(outcome.text) if question.task is Task.LISTING else None
        text = self._material.cited(outcome.text, question) if question.task is Task.LOT else outcome.text
        shown = self._formatting.format(text)
        failure = outcome.failure
        if not failure and question.task is Task.LISTING and suggested is None:
            failure = Failure.UNUSABLE
        if not failure and not shows(shown.text):
            failure = Failure.EMPTY
        if failure:
            state = State.STOPPED if failure is Failure.STOPPED else State.FAILED
            return replace(over, state=state, failure=failure)
        over = replace(over, state=State.STOPPED if outcome.stopped else State.DONE)
        if suggested:
            shown = suggested.shown()
            return replace(over, answer=shown.text, shown=shown, suggested=suggested.fields())
        return replace(over, answer=text, shown=shown, cut=outcome.cut)


class _Cleared(Exception):
    """Its history has been cleared, as the account stands at the moment of the write."""


def _told(question: Question, source: str, now: datetime) -> QuestionAnswered:
    return QuestionAnswered(
        id=f"answered:{question.user_id}:{question.id}",
        at=now,
        user_id=question.user_id,
        question_id=question.id,
        task=question.task.value,
        place=question.place.value,
        source=source,
        tokens=question.tokens,
        seconds=max(0, int((now - question.asked_at).total_seconds())),
        stopped=question.state is State.STOPPED,
    )


def _failed(question: Question, why: Failure, now: datetime) -> QuestionFailed:
    return QuestionFailed(
        id=f"failed:{question.user_id}:{question.id}",
        at=now,
        user_id=question.user_id,
        question_id=question.id,
        task=question.task.value,
        why=why.value,
        tokens=question.tokens,
    )
