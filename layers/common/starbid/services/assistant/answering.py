"""Answering questions: taken up by one worker at a time, paid for once, told until it has reached the person.

A worker may die between any two calls. Each step is one write, and the account says which are done: `queued`,
`answering`, then, in one transaction with the answer and what it costs, `telling`. Whoever comes next goes on there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.assistant.account import Account, changed, told
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Failure, Place, Question, Task, first_id_after
from starbid.domain.assistant.splitting import split
from starbid.domain.errors import NotFound
from starbid.domain.people import Person
from starbid.domain.restrictions import Limit
from starbid.services.assistant.holding import Held, LostIt, take_up
from starbid.services.assistant.material import Material
from starbid.services.assistant.settling import Settling
from starbid.services.assistant.spending import Spending
from starbid.services.assistant.writing import Outcome, Writing
from starbid.services.ports import (
    AssistantWork,
    Formatting,
    LanguageModel,
    Pace,
    Questions,
    Rejected,
    Stage,
    Store,
    TryLater,
    Unavailable,
    Unreachable,
)
from starbid.services.sweeping import each

LEASE = timedelta(seconds=100)
"""Longer than the function may run: who took a question up before that is dead."""
MOST_TRIES = 4
"""So often a question is taken up; whatever kills its workers will kill the next."""
LONGEST_WAIT = 3
"""Seconds that Telegram may ask us to wait before the rest is told by the sweep."""
PART_LENGTH = 4096
"""UTF-16 units of one message."""
MOST_PARTS = 12
"""Messages of one answer. All of a longer one is on the site: text that is made to be split into hundreds there is."""
PART_PAUSE = 1.0
"""Seconds between two of them: Telegram takes one message a second in a chat."""
DELETED_AT_ONCE = 200
SWEPT_AT_ONCE = 50
NEXT_CALL = timedelta(minutes=2)
"""Between two calls of the sweep for the same."""
TOLD_WITHIN = timedelta(hours=1)
"""What has not reached a chat by then is left to the history: whatever is in its way must not bar the next question."""

Stages = Callable[[Person, Question, int, Callable[[int], None]], Stage]
"""The stage of a question: of the person who asks, with the message that grows already (0: none) and what remembers
the number of a new one.
"""


class Answering:
    """Never raises for what a model or Telegram does. `unreachable` marks a person whom the bot cannot write to."""

    def __init__(
        self,
        store: Store,
        questions: Questions,
        work: AssistantWork,
        model: Callable[[], LanguageModel],
        formatting: Formatting,
        stages: Stages,
        material: Material,
        spending: Spending,
        pace: Pace,
        unreachable: Callable[[int], None],
    ) -> None:
        self._store, self._questions, self._work = store, questions, work
        self._model, self._formatting, self._stages = model, formatting, stages
        self._material, self._spending, self._pace, self._unreachable = material, spending, pace, unreachable
        self._settling = Settling(material, formatting)

    def answer(self, user_id: int, question_id: str) -> Outcome | None:
        """Answer it, or go on where somebody died; None where there is nothing to do, another is at it, or all that was
        left was to tell it.

        Raises Conflict, Unavailable: then the same call may come again.
        """
        account, question = self._questions.account_with(user_id, question_id)
        if question is None or not _is_free(account, question, self._pace.now()):
            return None
        held = take_up(self._store, self._questions, account, self._pace.now() + LEASE)
        if held is None:
            return None
        person = self._person(user_id)
        stage = self._stages(person, question, held.open.message_id, held.remember_message)
        outcome = None
        with suppress(LostIt):
            if held.open.is_reserved:
                outcome = self._written(person, question, held, stage)
                question = self._settling.settle(held, question, outcome, self._pace.now())
                person = self._person(user_id)  # who may have been blocked meanwhile
            self._tell(person, question, held, stage)
        return outcome

    def sweep(self, now: datetime) -> int:
        """Call again for what nobody is at work on; answers how many accounts were looked at.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._questions.due_accounts(now, SWEPT_AT_ONCE)
        return len(each("questions not called again", due, lambda user_id: self._call_again(user_id, now)))

    def clear(self, user_id: int) -> None:
        """Delete what the person has cleared, a part at a time. Raises Unavailable."""
        account = self._questions.account(user_id)
        if account.clearing_due is None or account.cleared_at is None:
            return
        cleared = first_id_after(account.cleared_at)
        open_id = account.open.id if account.open else cleared
        dropped = self._questions.drop_asked(user_id, min(cleared, open_id), DELETED_AT_ONCE)
        if dropped < DELETED_AT_ONCE and open_id < cleared:
            return  # it is deleted when it is closed; the sweep looks once more then
        if dropped == DELETED_AT_ONCE or not self._questions.save(account, changed(account, clearing_due=None)):
            self._work.clear(user_id, _number(self._pace.now()))

    def _person(self, user_id: int) -> Person:
        person = self._store.person(user_id, consistent=True)
        if person is None:
            raise LookupError(f"person {user_id} was never registered")
        return person

    def _written(self, person: Person, question: Question, held: Held, stage: Stage) -> Outcome:
        """Raises LostIt."""
        refusal = self._refusal(person, held.account)
        if refusal:
            return Outcome(failure=refusal)
        try:
            prompt = self._material.prompt(person, question, held.account)
        except NotFound:
            return Outcome(failure=Failure.GONE)
        grows = question.task is not Task.LISTING
        writing = Writing(self._model(), self._formatting, stage, self._pace, held.is_wanted, grows=grows)
        outcome = writing.write(prompt)
        with suppress(Unavailable):  # an answer is worth more than its count
            self._spending.add(outcome.tokens, self._pace.now())
        return outcome

    def _refusal(self, person: Person, account: Account) -> Failure | None:
        """Why it is not answered any more, whatever was so when it was asked."""
        assert account.open
        now = self._pace.now()
        if account.open.tries > MOST_TRIES:
            return Failure.DIED
        if person.blocked or _is_barred(person, now):
            return Failure.BARRED
        if account.consent_at is None:
            return Failure.CONSENT
        if account.open.stop:
            return Failure.STOPPED
        return Failure.RESTING if self._spending.is_over(now) else None

    def _tell(self, person: Person, question: Question, held: Held, stage: Stage) -> None:
        """What is left to tell; then the next question may come. Raises LostIt, Conflict."""
        try:
            if question.place is Place.CHAT and not person.blocked and not _is_late(question, self._pace.now()):
                self._tell_parts(question, held, stage)
            else:
                stage.fade()
        except TryLater as busy:
            held.put_off(self._pace.now(), busy.seconds)
            return
        except Unreachable:
            self._unreachable(person.id)
        except Rejected:
            stage.fade()
        self._settling.close(held, question)

    def _tell_parts(self, question: Question, held: Held, stage: Stage) -> None:
        """Raises TryLater, Unreachable, Rejected, LostIt."""
        if question.failure:
            self._patiently(lambda: stage.fail(question))
            return
        parts = self._parts(question)
        if len(parts) > MOST_PARTS:
            parts, question = parts[:MOST_PARTS], replace(question, cut=True)
        for number in range(held.open.told, len(parts)):
            self._tell_part(stage, question, number, parts)
            if number + 1 < len(parts):
                self._count(held, number + 1)
                self._pace.sleep(PART_PAUSE)

    def _parts(self, question: Question) -> tuple[Formatted, ...]:
        if question.suggested:
            return split(question.shown, PART_LENGTH)
        return self._formatting.parts(question.answer, PART_LENGTH)

    def _tell_part(self, stage: Stage, question: Question, number: int, parts: tuple[Formatted, ...]) -> None:
        self._patiently(lambda: stage.tell(question, number, parts))

    def _count(self, held: Held, parts: int) -> None:
        held.change(lambda account: told(account, parts, self._pace.now() + LEASE))

    def _patiently(self, call: Callable[[], None]) -> None:
        try:
            call()
        except TryLater as busy:
            if busy.seconds > LONGEST_WAIT:
                raise
            self._pace.sleep(busy.seconds)
            call()

    def _call_again(self, user_id: int, now: datetime) -> None:
        account = self._questions.account(user_id)
        if account.clearing_due and account.clearing_due <= now:
            self._questions.save(account, changed(account, clearing_due=now + NEXT_CALL))
            self._work.clear(user_id, _number(now))
        if account.open and account.open.due_at <= now:
            self._work.answer(user_id, account.open.id, _number(now))


def _is_free(account: Account, question: Question, now: datetime) -> bool:
    """Whether the question is open, and nobody is at it. Both come from one read, which need not be of one moment: an
    answer that was settled in between is not seen yet.
    """
    open_ = account.open
    if open_ is None or open_.id != question.id or open_.is_reserved is question.state.is_over:
        return False
    return not open_.tries or open_.due_at <= now


def _is_late(question: Question, now: datetime) -> bool:
    return question.answered_at is not None and now >= question.answered_at + TOLD_WITHIN


def _is_barred(person: Person, now: datetime) -> bool:
    until = person.restrictions.end_of(Limit.ASSISTANT)
    return until is not None and now < until


def _number(now: datetime) -> int:
    """Tells calls for the same apart."""
    return int(now.timestamp() * 1000)
