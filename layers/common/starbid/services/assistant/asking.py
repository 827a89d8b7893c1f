"""What people do with the helper: agree, try it, ask, stop, ask again, clear their history (spec, section 8)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starbid.domain.assistant.account import Account, Source, changed, consented, reserved, stopping, trial_started
from starbid.domain.assistant.errors import Busy, NoCredits, NothingToRetry, NotOffered
from starbid.domain.assistant.question import (
    Place,
    Question,
    State,
    Task,
    first_id_after,
    question_id,
    read_question,
)
from starbid.domain.errors import Blocked, NotFound, TooOften
from starbid.domain.events import ConsentChanged, TrialPaid, TrialStarted
from starbid.domain.people import Person
from starbid.domain.restrictions import Limit
from starbid.services.idempotency import MakeRecord, recorded, require_unknown
from starbid.services.ports import AssistantWork, ConditionFailed, Page, Questions, Store, Unavailable
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business

CALLED_AGAIN_AFTER = timedelta(minutes=1)
"""So long nobody takes a question up before the sweep calls once more."""
HISTORY_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Left:
    """Answers that are left of something, and until when."""

    left: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may ask. `trial` is None before it is started and once its time is over, `quota` without a
    subscription; it is until the first of its answers lapse. `open_id`: of the question that is open.
    """

    consent: bool
    may_try: bool
    trial: Left | None
    quota: Left | None
    credits: int
    open_id: str

    @property
    def left(self) -> int:
        """Of all together."""
        return (self.trial.left if self.trial else 0) + (self.quota.left if self.quota else 0) + self.credits


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to know. `subject` as in Question."""

    text: str
    place: Place
    task: Task = Task.QUESTION
    subject: str = ""


class Asking:
    """Every act is safe to repeat."""

    def __init__(self, store: Store, questions: Questions, work: AssistantWork, business: Business) -> None:
        self._store, self._questions, self._work = store, questions, work
        self._terms = business.assistant

    def standing(self, person: Person, now: datetime) -> Standing:
        return self.standing_of(self._questions.account(person.id), person, now)

    def standing_of(self, account: Account, person: Person, now: datetime) -> Standing:
        """The same of an account that is known."""
        trial, days = account.trial, [each for each in person.paid_days if now < each.ends]
        lefts = [(each.ends, account.quota_left(each, self._terms.quota, now)) for each in days]
        quota, ends = sum(left for _, left in lefts), [end for end, left in lefts if left]
        return Standing(
            consent=account.consent_at is not None,
            may_try=trial is None and self._terms.trial_messages > 0,
            trial=Left(account.trial_left(now), trial.until) if trial and now < trial.until else None,
            quota=Left(quota, min(ends, default=days[-1].ends)) if days else None,
            credits=account.credits,
            open_id=account.open.id if account.open else "",
        )

    def consent(
        self, user_id: int, now: datetime, *, given: bool, make_record: MakeRecord[Account] | None = None
    ) -> Account:
        """Kept with its moment. Taken back, it stops what is being written.

        Raises Conflict; AlreadyDone with `make_record`.
        """

        def attempt(_: int) -> Account:
            before = self._questions.account(user_id)
            after = consented(before, now if given else None)
            if after is before and not make_record:
                return before
            unit = self._store.unit()
            if after is not before:
                unit.save_account(before, after)
                unit.emit(ConsentChanged(f"consent:{user_id}:{after.version}", now, user_id, given))
            return recorded(unit, after, make_record)

        return with_retries(attempt)

    def start_trial(self, person: Person, now: datetime, make_record: MakeRecord[Account] | None = None) -> Account:
        """`TRIAL_MESSAGES` answers within `TRIAL_DAYS` times 24 hours.

        Raises NotOffered, Blocked, Restricted, TrialUsed, Conflict; AlreadyDone with `make_record`.
        """
        self.require_admitted(person, now)
        until = now + timedelta(days=self._terms.trial_days)

        def attempt(_: int) -> Account:
            before = self._questions.account(person.id)
            after = trial_started(before, self._terms, until)
            unit = self._store.unit()
            unit.save_account(before, after)
            unit.emit(TrialStarted(f"trial:{person.id}", now, person.id, until))
            return recorded(unit, after, make_record)

        return with_retries(attempt)

    def ask(
        self,
        person: Person,
        wish: Wish,
        request_id: str,
        now: datetime,
        make_record: MakeRecord[Question] | None = None,
    ) -> Question:
        """Reserve what it costs, store it and have it answered. The same `request_id` of the same `now` is the same
        question.

        Raises NotOffered, Invalid, Blocked, Restricted, ConsentNeeded, Busy, TooOften, NoCredits, Conflict;
        AlreadyDone with `make_record`.
        """
        return self._ask(person, wish, request_id, now, make_record)

    def ask_again(
        self,
        person: Person,
        failed_id: str,
        request_id: str,
        now: datetime,
        place: Place,
        make_record: MakeRecord[Question] | None = None,
    ) -> Question:
        """A question that was not answered, in the place of the failed one. Raises NotFound, NothingToRetry, and what
        `ask` does.
        """
        failed = self._questions.question(person.id, failed_id)
        if failed is None:
            return self._again_already(person, request_id, now)
        if failed.state is not State.FAILED:
            raise NothingToRetry
        wish = Wish(failed.text, place, failed.task, failed.subject)
        return self._ask(person, wish, request_id, now, make_record, failed.id)

    def stop(self, user_id: int, asked_id: str = "") -> bool:
        """No more of the answer that is being written (`asked_id`: only of this question). False where none is, or it
        was said before. Raises Conflict.
        """

        def attempt(_: int) -> bool:
            before = self._questions.account(user_id)
            if before.open is None or asked_id not in ("", before.open.id):
                return False
            after = stopping(before)
            if after is before:
                return False
            if not self._questions.save(before, after):
                raise Stale
            return True

        return with_retries(attempt)

    def question(self, user_id: int, asked_id: str) -> tuple[Question, State]:
        """One question of the person, and how it stands. Raises NotFound."""
        account, question = self._questions.account_with(user_id, asked_id)
        if question is None or question.id <= _cleared(account):
            raise NotFound
        return question, question.state_with(account.open)

    def history(
        self, user_id: int, *, before: str = "", limit: int = HISTORY_AT_ONCE, cursor: str | None = None
    ) -> tuple[Page[Question], Account]:
        """Newest first, without what was cleared; only those asked before the question `before` where one is given.
        Raises Invalid for a cursor of another list.
        """
        account = self._questions.account(user_id)
        page = self._questions.asked(user_id, _cleared(account), before=before, limit=limit, cursor=cursor)
        return page, account

    def clear(self, user_id: int, now: datetime) -> None:
        """All that was asked until now is gone at once, and deleted soon. What is being answered is still told, and not
        kept. Raises Conflict.
        """

        def attempt(_: int) -> None:
            before = self._questions.account(user_id)
            if not before.version:
                return
            after = changed(before, cleared_at=now, clearing_due=now + CALLED_AGAIN_AFTER)
            if not self._questions.save(before, after):
                raise Stale

        with_retries(attempt)
        with suppress(Unavailable):  # the sweep calls
            self._work.clear(user_id, int(now.timestamp() * 1000))

    def require_offered(self) -> None:
        """Raises NotOffered."""
        if not self._terms.is_offered:
            raise NotOffered

    def require_admitted(self, person: Person, now: datetime) -> None:
        """Raises NotOffered, Blocked, Restricted."""
        self.require_offered()
        if person.blocked:
            raise Blocked
        person.restrictions.require(Limit.ASSISTANT, now)

    def _ask(
        self,
        person: Person,
        wish: Wish,
        request_id: str,
        now: datetime,
        make_record: MakeRecord[Question] | None,
        instead_of: str = "",
    ) -> Question:
        text = read_question(wish.text)
        self.require_admitted(person, now)
        asked_id = question_id(now, f"{person.id}:{request_id}")
        question = Question(asked_id, person.id, text, now, wish.task, wish.place, wish.subject)

        def attempt(_: int) -> Question:
            before = self._questions.account(person.id)
            if before.open and before.open.id == asked_id:
                return question
            try:
                after = reserved(before, person.paid_days, self._terms, asked_id, now, now + CALLED_AGAIN_AFTER)
            except (Busy, NoCredits, TooOften):
                known = self._questions.question(person.id, asked_id)
                if known:  # this very question was the last that could be asked
                    return known
                raise
            unit = self._store.unit()
            if after.open and after.open.source is Source.QUOTA and after.trial and not after.has_paid:
                after = replace(after, has_paid=True)
                unit.emit(TrialPaid(f"trial-paid:{person.id}", now, person.id))
            unit.save_account(before, after)
            unit.add_question(question)
            if instead_of:
                unit.drop_question(person.id, instead_of)
            if make_record:
                unit.record(make_record(question))
            try:
                unit.commit()
            except ConditionFailed as refused:
                require_unknown(refused)
                known = self._questions.question(person.id, asked_id) if refused.blames("question") else None
                if known:
                    return known
                raise Stale from refused
            return question

        return self._called(with_retries(attempt))

    def _again_already(self, person: Person, request_id: str, now: datetime) -> Question:
        """What this very request has made of a failed question. Raises NotFound."""
        known = self._questions.question(person.id, question_id(now, f"{person.id}:{request_id}"))
        if known is None:
            raise NotFound
        return self._called(known)

    def _called(self, question: Question) -> Question:
        with suppress(Unavailable):  # the sweep calls
            self._work.answer(question.user_id, question.id)
        return question


def _cleared(account: Account) -> str:
    """No question that is shown has an id up to this."""
    return first_id_after(account.cleared_at) if account.cleared_at else ""
