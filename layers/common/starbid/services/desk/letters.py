"""Dead letters become records that operators see: taken out of their queues once, sent again or dropped once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starbid.domain import letters
from starbid.domain.audit_trail import Decision
from starbid.domain.errors import NotFound
from starbid.domain.letters import Job, Letter, LetterQueue, LetterState, job_of
from starbid.domain.roles import Right
from starbid.services.ports import Desk, DeskRow, LetterQueues, Page, Scheduler, Store
from starbid.services.retrying import Repeated, committed, with_retries

GROUP = "letter"
ROUNDS = 5
"""Of ten messages from a queue: what is left is for the next time."""
MOST_BYTES = 300_000
"""A record takes 400 KB. What is larger stays in its queue."""


@dataclass(frozen=True, slots=True)
class Collected:
    """`found` letters are new; `left` were too large, and stay in their queues."""

    found: int
    left: int


class Letters:
    """Decisions take Right.OWN."""

    def __init__(self, store: Store, desk: Desk, queues: LetterQueues, scheduler: Scheduler) -> None:
        self._store, self._desk, self._queues, self._scheduler = store, desk, queues, scheduler

    def waiting(self) -> int:
        """About how many have not been collected. Raises Unavailable."""
        return sum(self._queues.lengths().values())

    def listed(self, now: datetime, *, is_open: bool, limit: int = 50, cursor: str | None = None) -> Page[Letter]:
        """Newest first, a moment behind: those that wait, or those that are decided. Raises Invalid for a cursor of
        another list.
        """
        page = self._desk.listed(_list_of(is_open=is_open), now, limit=limit, cursor=cursor)
        return Page(tuple(map(_letter, page.items)), page.cursor)

    def of(self, letter_id: str, now: datetime) -> Letter:
        """Raises NotFound."""
        row = self._desk.row(GROUP, letter_id, now)
        if row is None:
            raise NotFound
        return _letter(row)

    def collect(self, decision: Decision) -> Collected:
        """Take what is in the queues: each letter is kept once, by the id of its message, and then deleted there. One
        that was kept before a death is only deleted. Raises NotAllowed, Unavailable, Conflict.
        """
        decision.require(Right.OWN)
        self._record(decision, "collect-letters")
        found = left = 0
        for queue in LetterQueue:
            for _ in range(ROUNDS):
                taken = self._queues.take(queue)
                for given in taken:
                    if len(given.body.encode()) > MOST_BYTES:
                        left += 1
                        continue
                    letter = letters.read_letter(
                        given.id, queue, given.body, given.attributes, given.sent_at, decision.at
                    )
                    found += self._desk.save(_row(letter))
                    self._queues.delete(queue, given.receipt)
                if not taken:
                    break
        return Collected(found, left)

    def send_again(self, letter_id: str, decision: Decision) -> Letter:
        """Written down, then sent, then told to have been sent: where it dies between, it is sent again by the next
        press. Those who do the work recognise a repeat. Raises NotAllowed, NotFound, LetterDecided, NotSendable,
        Unavailable, Conflict.
        """
        letter = self._decide(letter_id, decision, "resend-letter", letters.sending)
        if letter.state is LetterState.SENDING:
            self._send(letter, decision.at)
            self._desk.save(_row(letters.sent(letter)))
        return self.of(letter_id, decision.at)

    def drop(self, letter_id: str, decision: Decision) -> Letter:
        """Raises NotAllowed, NotFound, LetterDecided, Conflict."""
        return self._decide(letter_id, decision, "drop-letter", letters.dropped)

    def _decide(self, letter_id: str, decision: Decision, action: str, step: Callable[[Letter], Letter]) -> Letter:
        decision.require(Right.OWN)

        def attempt(_: int) -> Letter:
            before = self.of(letter_id, decision.at)
            after = step(before)
            if after is before:
                return after
            unit = self._store.unit()
            unit.save_row(_row(after))
            stood = f"{before.state}, {before.queue} {before.kind}"
            unit.audit(
                decision.entry(action, subject=f"letter/{letter_id}", before=stood, after=_AFTER.get(action, ""))
            )
            return committed(unit, after)

        try:
            return with_retries(attempt)
        except Repeated:
            return self.of(letter_id, decision.at)

    def _send(self, letter: Letter, now: datetime) -> None:
        match job_of(letter) if letter.queue is LetterQueue.JOBS else None:
            case None:
                self._queues.send_again(letter.queue, letter.body)
            case job:
                self._scheduler.do_again(letter.id, letter.body, now, is_payment=job is Job.PAYMENTS)

    def _record(self, decision: Decision, action: str) -> None:
        unit = self._store.unit()
        unit.audit(decision.entry(action, subject="dead-letters"))
        try:
            with_retries(lambda _: committed(unit, None))
        except Repeated:
            return


_AFTER = {"resend-letter": LetterState.SENT.value, "drop-letter": LetterState.DROPPED.value}


def _list_of(*, is_open: bool) -> str:
    return "letters-open" if is_open else "letters-decided"


def _row(letter: Letter) -> DeskRow:
    is_open = letter.state in (LetterState.OPEN, LetterState.SENDING)
    facts = {
        "queue": letter.queue.value,
        "kind": letter.kind,
        "about": letter.about,
        "error": letter.error,
        "attempts": letter.attempts,
        "sent_at": letter.sent_at.isoformat(),
        "found_at": letter.found_at.isoformat(),
        "body": letter.body,
        "state": letter.state.value,
    }
    listed = (_list_of(is_open=is_open), letter.found_at)
    return DeskRow(GROUP, letter.id, facts, letter.version, listed, expires_at=letter.found_at + letters.KEPT)


def _letter(row: DeskRow) -> Letter:
    facts = row.facts
    return Letter(
        id=row.member,
        queue=LetterQueue(facts["queue"]),
        kind=facts["kind"],
        about=facts["about"],
        error=facts["error"],
        attempts=facts["attempts"],
        sent_at=datetime.fromisoformat(facts["sent_at"]),
        found_at=datetime.fromisoformat(facts["found_at"]),
        body=facts["body"],
        state=LetterState(facts["state"]),
        version=row.version,
    )
