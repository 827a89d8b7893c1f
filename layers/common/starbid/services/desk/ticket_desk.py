"""Tickets as operators have them: who waits, answering, closing; and the answers that they keep."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from starbid.domain import tickets
from starbid.domain.audit_trail import Decision
from starbid.domain.errors import Conflict
from starbid.domain.events import TicketAnswered, TicketClosed, TicketReopened
from starbid.domain.roles import Right
from starbid.domain.tickets import MOST_CANNED, Canned, Message, Side, Ticket, TicketState, canned, read_message
from starbid.services.desk import ticket_rows as kept
from starbid.services.desk.tickets import Tickets
from starbid.services.ports import ConditionFailed, Desk, Page, Store, Unit
from starbid.services.retrying import Stale, with_retries

Step = Callable[[Ticket], Ticket]
Also = Callable[[Unit, Ticket], None]
"""Puts what belongs to a step into its unit; takes the ticket after it."""


class TicketDesk:
    """Each act is carried out once for each decision, together with its entry in the audit trail, which says nothing of
    what was written. Every method raises NotAllowed for a role that is too small, NotFound, and Conflict.
    """

    def __init__(self, store: Store, desk: Desk, written: Tickets) -> None:
        self._store, self._desk, self._tickets = store, desk, written

    def waiting(self, state: TicketState, now: datetime, *, limit: int = 50, cursor: str | None = None) -> Page[Ticket]:
        """Those in a state, the longest first; closed ones the latest first. A moment behind."""
        page = self._desk.listed(
            kept.list_of(state), now, limit=limit, cursor=cursor, backward=state is TicketState.CLOSED
        )
        return Page(tuple(kept.ticket_from(row) for row in page.items), page.cursor)

    def answer(
        self,
        decision: Decision,
        ticket_id: str,
        text: str,
        files: Sequence[bytes] = (),
        *,
        seen: int | None = None,
        in_chat: bool = False,
    ) -> Ticket:
        """`seen`: how many answers the operator had before them; None where they see each as it comes. `in_chat`: it
        is said in the chat of the admins. The person is told. Raises Invalid, WrongTicketState; AnsweredMeanwhile
        where another one has answered in between.
        """
        decision.require(Right.SUPPORT)
        words, now = read_message(text, len(files)), decision.at
        names = self._tickets.keep(self._tickets.ticket(ticket_id, now).person_id, files, now)

        def also(unit: Unit, after: Ticket) -> None:
            message = Message(after.id, after.messages, Side.OPERATOR, decision.by.id, words, names, now, in_chat)
            unit.save_row(kept.message_row(message))
            event_id = f"ticket-answered:{after.id}:{message.number}"
            unit.emit(TicketAnswered(event_id, now, after.person_id, after.id, message.number, decision.by.id))

        def step(ticket: Ticket) -> Ticket:
            return tickets.answered(ticket, decision.by.id, seen, now)

        return self._step(decision, "answer-ticket", ticket_id, step, also)

    def close(self, decision: Decision, ticket_id: str) -> Ticket:
        """The person is told. Raises WrongTicketState where it is closed already."""
        now = decision.at

        def also(unit: Unit, after: Ticket) -> None:
            self._set_current(unit, after, "", now)
            event_id = f"ticket-closed:{after.id}:{after.version}"
            unit.emit(TicketClosed(event_id, now, after.person_id, after.id, decision.by.id))

        return self._step(decision, "close-ticket", ticket_id, lambda ticket: tickets.closed(ticket, now), also)

    def reopen(self, decision: Decision, ticket_id: str) -> Ticket:
        """Raises WrongTicketState where it is not closed, or the person has another one by now."""
        now = decision.at

        def also(unit: Unit, after: Ticket) -> None:
            self._set_current(unit, after, after.id, now)
            event_id = f"ticket-reopened:{after.id}:{after.version}"
            unit.emit(TicketReopened(event_id, now, after.person_id, after.id, decision.by.id))

        return self._step(decision, "reopen-ticket", ticket_id, lambda ticket: tickets.reopened(ticket, now), also)

    def assign(self, decision: Decision, ticket_id: str, *, taken: bool) -> Ticket:
        """To the one who decides (`taken`), or back to everybody."""
        whose = decision.by.id if taken else None
        return self._step(
            decision,
            "take-ticket" if taken else "drop-ticket",
            ticket_id,
            lambda ticket: tickets.assigned(ticket, whose),
        )

    def canned(self, now: datetime) -> tuple[Canned, ...]:
        """All that are kept, by their titles."""
        page = self._desk.rows(kept.CANNED, now, limit=MOST_CANNED)
        return tuple(sorted(map(kept.canned_from, page.items), key=lambda each: each.title.casefold()))

    def keep_canned(self, decision: Decision, title: str, text: str, canned_id: str = "", version: int = 0) -> Canned:
        """A new one, or another wording of the one that was seen in `version`. Raises Invalid; Conflict where another
        operator has changed it in between.
        """
        decision.require(Right.SUPPORT)
        if not canned_id and len(self.canned(decision.at)) >= MOST_CANNED:
            raise Conflict
        answer = canned(canned_id or secrets.token_hex(6), title, text, version + 1)
        self._keep(decision, "keep-canned-answer", answer)
        return answer

    def drop_canned(self, decision: Decision, canned_id: str) -> None:
        """Safe to repeat."""
        decision.require(Right.SUPPORT)
        row = self._desk.row(kept.CANNED, canned_id, decision.at)
        if row is None:
            return
        known = kept.canned_from(row)
        self._keep(decision, "drop-canned-answer", replace(known, version=known.version + 1), gone=True)

    def _keep(self, decision: Decision, action: str, answer: Canned, *, gone: bool = False) -> None:
        row, unit = kept.canned_row(answer), self._store.unit()
        unit.save_row(replace(row, expires_at=decision.at) if gone else row)
        unit.audit(decision.entry(action, subject=f"canned/{answer.id}", after="" if gone else answer.title))
        try:
            unit.commit()
        except ConditionFailed as refused:
            if not refused.blames("audit"):
                raise Conflict from refused

    def _step(self, decision: Decision, action: str, ticket_id: str, step: Step, also: Also | None = None) -> Ticket:
        """The ticket after the act; as it stands where this decision has been carried out before."""
        decision.require(Right.SUPPORT)

        def attempt(_: int) -> Ticket:
            before = self._tickets.ticket(ticket_id, decision.at)
            if decision.key in before.acts:
                return before
            entry = decision.entry(
                action, user_id=before.person_id, subject=f"ticket/{before.id}", before=before.state.value
            )
            after = tickets.acted(step(before), decision.key)
            unit = self._store.unit()
            unit.save_row(kept.ticket_row(after))
            if also:
                also(unit, after)
            unit.audit(replace(entry, after=after.state.value))
            try:
                unit.commit()
            except ConditionFailed as refused:
                if refused.blames("audit"):
                    return self._tickets.ticket(ticket_id, decision.at)
                raise Stale from refused
            return after

        return with_retries(attempt)

    def _set_current(self, unit: Unit, ticket: Ticket, open_id: str, now: datetime) -> None:
        known = self._desk.row(kept.group_of_person(ticket.person_id), kept.CURRENT, now)
        other = known.facts["ticket"] if known else ""
        if other and other != ticket.id:
            raise tickets.WrongTicketState(TicketState.CLOSED)
        unit.save_row(kept.current_row(known, ticket.person_id, open_id))
