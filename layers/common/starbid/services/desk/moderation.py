"""What operators decide about people: blocks, restrictions, roles, messages, notes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain.audit_trail import Decision
from starbid.domain.errors import AuctionClosed, HasBids
from starbid.domain.events import OperatorWrote
from starbid.domain.moderation import (
    TEXT_LENGTH,
    FixedRole,
    OutOfReach,
    require_grant,
    require_power,
)
from starbid.domain.money import CURRENCIES
from starbid.domain.people import Person
from starbid.domain.restrictions import FOREVER, Restrictions
from starbid.domain.roles import Right, Role
from starbid.domain.texts import read_text
from starbid.services.auctions.publishing import Publishing
from starbid.services.desk.carrying_out import Told, carry_out, known
from starbid.services.desk.notes import note_row
from starbid.services.operators import Operators
from starbid.services.ports import DeskWork, Store, Unit
from starbid.services.settings import Business

AFTER_BLOCK = "blocked"
"""The clerk's job that takes down what a blocked person has up."""
AGAIN_SECONDS = 60
LOTS_A_STEP = 24


class Moderation:
    """Each decision counts once; the second of two operators sees what the first has done."""

    def __init__(
        self, store: Store, work: DeskWork, operators: Operators, publishing: Publishing, business: Business
    ) -> None:
        self._store, self._work = store, work
        self._operators, self._publishing, self._business = operators, publishing, business

    def block(self, user_id: int, decision: Decision) -> Person:
        """No new bids, lots or purchases; all sessions end; their lots without bids are taken down soon after. Live
        bids and deals go on (spec, section 3).

        Raises NotAllowed, NoSuchPerson, OwnAccount, Conflict.
        """
        decision.require(Right.SUPPORT)

        def write(unit: Unit, before: Person) -> Told | None:
            require_power(decision.by, user_id, self._role(before))
            if before.blocked:
                return None
            ended = before.ended_sessions.with_all(decision.at)
            self._bar(unit, before, blocked=True, ended_sessions=ended)
            return Told(before="active", after="blocked")

        require_power(decision.by, user_id, self._role(known(self._store, user_id)))
        # Asked for twice: should this process die right after the block, the first one is on its way.
        self._work.ask(AFTER_BLOCK, {"user_id": user_id}, AGAIN_SECONDS)
        carry_out(self._store, user_id, "block-person", decision, write)
        self._work.ask(AFTER_BLOCK, {"user_id": user_id})
        return known(self._store, user_id)

    def unblock(self, user_id: int, decision: Decision) -> Person:
        """Raises NotAllowed, NoSuchPerson, OwnAccount, Conflict."""
        decision.require(Right.SUPPORT)

        def write(unit: Unit, before: Person) -> Told | None:
            require_power(decision.by, user_id, self._role(before))
            if not before.blocked:
                return None
            self._bar(unit, before, blocked=False)
            return Told(before="blocked", after="active")

        carry_out(self._store, user_id, "unblock-person", decision, write)
        return known(self._store, user_id)

    def restrict(self, user_id: int, restrictions: Restrictions, decision: Decision) -> Person:
        """In the place of whatever they were barred from. Raises NotAllowed, NoSuchPerson, OwnAccount, Conflict."""
        decision.require(Right.SUPPORT)

        def write(unit: Unit, before: Person) -> Told | None:
            require_power(decision.by, user_id, self._role(before))
            if before.restrictions == restrictions:
                return None
            self._bar(unit, before, restrictions=restrictions)
            was, now = _in_short(before.restrictions), _in_short(restrictions)
            return Told(before=was, after=now)

        carry_out(self._store, user_id, "restrict-person", decision, write)
        return known(self._store, user_id)

    def grant(self, user_id: int, role: Role | None, decision: Decision) -> Person:
        """Another role, or none. Raises NotAllowed, NoSuchPerson, OwnAccount, FixedRole, Conflict."""
        decision.require(Right.OWN)

        def write(unit: Unit, before: Person) -> Told | None:
            require_grant(decision.by, user_id, before.role, role)
            if user_id in self._business.admin_ids:
                raise FixedRole
            if before.role == role:
                return None
            unit.save_person(before, replace(before, role=role, version=before.version + 1))
            return Told(before=before.role or "none", after=role or "none")

        carry_out(self._store, user_id, "grant-role", decision, write)
        return known(self._store, user_id)

    def write_to(self, user_id: int, text: str, decision: Decision) -> None:
        """A message of the bot with these words. Raises NotAllowed, Invalid, NoSuchPerson, OutOfReach, Conflict."""
        decision.require(Right.SUPPORT)
        said = read_text("text", text, 1, TEXT_LENGTH)

        def write(unit: Unit, person: Person) -> Told:
            if person.blocked or person.unreachable:
                raise OutOfReach("blocked" if person.blocked else "unreachable")
            unit.emit(OperatorWrote(f"wrote:{user_id}:{decision.key}", decision.at, user_id, said))
            return Told(after=f"{len(said)} characters")

        carry_out(self._store, user_id, "write-to-person", decision, write)

    def note(self, user_id: int, text: str, decision: Decision) -> None:
        """For operators only. Raises NotAllowed, Invalid, NoSuchPerson, Conflict."""
        decision.require(Right.SUPPORT)
        said = read_text("text", text, 1, TEXT_LENGTH)

        def write(unit: Unit, _: Person) -> Told:
            unit.save_row(note_row(user_id, said, decision))
            return Told(after=f"{len(said)} characters")

        carry_out(self._store, user_id, "note-on-person", decision, write)

    def take_down_lots(self, user_id: int, cursor: str | None, now: datetime) -> str | None:
        """One step after a block: of some lots of the person those without bids are cancelled; answers where to go on.

        Nothing where they are not blocked (any more). Safe to repeat, and beside bids: a lot that has one runs on.
        """
        person = self._store.person(user_id, consistent=True)
        if person is None or not person.blocked:
            return None
        page = self._store.lots_of_seller(user_id, limit=LOTS_A_STEP, cursor=cursor)
        for lot in page.items:
            if not lot.auction.is_final and not lot.auction.bids_count:
                with suppress(HasBids, AuctionClosed):
                    self._publishing.cancel(user_id, lot.auction.id, now)
        return page.cursor

    def _bar(self, unit: Unit, before: Person, **changes: object) -> None:
        """In the person, and in their wallets of all currencies, be they empty: a bid looks where its money is."""
        after = replace(before, version=before.version + 1, **changes)  # type: ignore[arg-type]
        unit.save_person(before, after)
        for currency in CURRENCIES:
            unit.mark_wallet(after, currency)

    def _role(self, person: Person) -> Role | None:
        """What counts even while they are blocked: nobody gains power over somebody by a block."""
        return self._operators.role_of(person) or person.role


def _in_short(restrictions: Restrictions) -> str:
    if not restrictions.limits or restrictions.until is None:
        return "none"
    end = "lifted" if restrictions.until == FOREVER else f"{restrictions.until:%Y-%m-%dT%H:%MZ}"
    return f"no {', '.join(restrictions.limits)} until {end}"
