"""Telling people: with nothing lost and nothing told twice.

A notice is repeated only where the process dies between Telegram's answer and the record of it, or the answer is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from starbid.domain.channels import LOUD, SILENT, Channel
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.claiming import BUSY_SECONDS, KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.deals.file_telling import FileTelling
from starbid.services.desk.admin_chat import AdminChat
from starbid.services.desk.ticket_telling import KINDS as TICKET_KINDS
from starbid.services.desk.ticket_telling import TicketTelling
from starbid.services.found_telling import FoundTelling
from starbid.services.further_telling import FurtherTelling
from starbid.services.living import Living, Teller, is_living, is_remembered
from starbid.services.notices import KINDS
from starbid.services.notices.deals import DELIVERED, DISPUTE_OPENED
from starbid.services.notices.found import FOUND
from starbid.services.notices.switches import is_wanted
from starbid.services.notices.waited import WAITED
from starbid.services.open_disputes import OpenDisputes
from starbid.services.people import People
from starbid.services.ports import (
    Claims,
    LivingMessages,
    Mutes,
    Notice,
    Rejected,
    Store,
    TryLater,
    Unreachable,
)
from starbid.services.quiet import Quiet, Waits
from starbid.services.talks.telling import KINDS as TALK_KINDS
from starbid.services.talks.telling import TalkTelling
from starbid.services.waiting_telling import WaitingTelling


class Sending:
    """What the sender does with one notice of the queue."""

    def __init__(
        self,
        store: Store,
        claims: Claims,
        messages: LivingMessages,
        mutes: Mutes,
        people: People,
        messenger: Teller,
        tickets: TicketTelling | None = None,
        talks: TalkTelling | None = None,
        admin_chat: AdminChat | None = None,
        found: FoundTelling | None = None,
        files: FileTelling | None = None,
        further: FurtherTelling | None = None,
        quiet: Quiet | None = None,
        waiting: WaitingTelling | None = None,
    ) -> None:
        """`admin_chat`: the chat that the admins share, if there is one."""
        self._store, self._claims, self._people, self._messenger = store, claims, people, messenger
        self._mutes, self._tickets, self._talks, self._admin_chat = mutes, tickets, talks, admin_chat
        self._found = found
        self._files, self._further, self._quiet = files, further, quiet
        self._waiting = waiting
        self._living = Living(claims, messages, messenger)
        self._disputes = OpenDisputes(store, claims, messages, messenger)

    def send(self, notice: Notice, now: datetime) -> None:
        """Tell it once. Raises TryLater where it has to be tried again; anything else raised is tried again too."""
        with suppress(Waits):  # it is kept elsewhere and comes again: its claim is given back
            self._send(notice, now)

    def _send(self, notice: Notice, now: datetime) -> None:
        if is_remembered(notice) or notice.kind == FOUND.name:  # what was told is in a record of their own
            self._tell(notice, now)
            return
        with claimed(self._claims, f"notice#{notice.id}", LEASE_SECONDS, KEEP_SECONDS, now) as turn:
            if turn is Turn.BUSY:
                raise TryLater(BUSY_SECONDS)
            if turn is Turn.MINE:
                self._tell(notice, now)

    def _tell(self, notice: Notice, now: datetime) -> None:
        try:
            if notice.kind == WAITED.name:
                self._tell_waiting(notice, now)
            elif is_living(notice):
                self._living.tell(notice, lambda: self._told_with_lot(notice, now), now)
            elif notice.kind == FOUND.name and self._found:
                if person := self._told(notice, now):
                    self._found.tell(notice, person, now)
            elif notice.kind == DISPUTE_OPENED.name:
                self._disputes.tell(notice, lambda: self._told(notice, now), now)
            elif notice.kind in TICKET_KINDS and self._tickets:
                self._tickets.tell(notice, lambda: self._told(notice, now), now)
            elif notice.kind in TALK_KINDS and self._talks:
                self._talks.tell(notice, lambda: self._told(notice, now), now)
            elif person := self._told(notice, now):
                self._tell_it(person, notice, now)
        except (Unreachable, Rejected) as refusal:
            if chat := self._shared_by_admins(notice):
                chat.hand_over(notice, now)
            elif isinstance(refusal, Rejected):
                raise
            else:
                self._people.mark_unreachable(notice.user_id)

    def _tell_waiting(self, notice: Notice, now: datetime) -> None:
        person = self._store.person(notice.user_id, consistent=True)
        if self._waiting and person and not person.blocked:
            self._waiting.tell(person, self._told, now)

    def _tell_it(self, person: Person, notice: Notice, now: datetime) -> None:
        lot, chat = self._lot(notice), self._shared_by_admins(notice)
        if lot is not None and not KINDS[notice.kind].holds(notice, lot):
            return
        gathered = chat.gathered(notice, now) if chat else notice
        if notice.kind == DELIVERED.name and self._files and lot and lot.deal and lot.deal.files:
            self._files.tell(notice, person, lot.deal, now)
        if gathered:
            self._messenger.tell(person, gathered, lot)

    def _shared_by_admins(self, notice: Notice) -> AdminChat | None:
        chat = self._admin_chat
        return chat if chat and chat.id == notice.user_id else None

    def _told(self, notice: Notice, now: datetime) -> Person | None:
        """Whom to tell; None where nobody is there, or can be reached, or is spoken to, or wants to hear it. Raises
        Waits where they have quiet hours.
        """
        if chat := self._shared_by_admins(notice):
            return chat.as_person(now)
        person = self._store.person(notice.user_id, consistent=True)
        if person is None or person.blocked:
            return None
        self._pass_on(notice, person, SILENT, now)
        is_heard = is_wanted(notice, person) and not person.unreachable
        if not is_heard and not any(is_wanted(notice, person, each) for each in LOUD):
            return None
        if self._is_muted(notice, now):
            return None
        if self._quiet:
            self._quiet.keep(notice, person, now)
        self._pass_on(notice, person, LOUD, now)
        return person if is_heard else None

    def _pass_on(self, notice: Notice, person: Person, channels: Iterable[Channel], now: datetime) -> None:
        if self._further and person.heard_by:
            self._further.pass_on(notice, person, channels, now)

    def _is_muted(self, notice: Notice, now: datetime) -> bool:
        if notice.auction_id is None or not KINDS[notice.kind].mutes(notice):
            return False
        return self._mutes.is_muted(notice.user_id, notice.auction_id, now)

    def _told_with_lot(self, notice: Notice, now: datetime) -> tuple[Person, Lot] | None:
        person, lot = self._told(notice, now), self._lot(notice)
        return (person, lot) if person and lot else None

    def _lot(self, notice: Notice) -> Lot | None:
        return self._store.lot(notice.auction_id, consistent=True) if notice.auction_id else None
