"""The one search box: whatever an operator has in hand leads to what it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from starbid.domain.errors import NotFound
from starbid.services.desk.finding import LONGEST_QUERY, Finding, Wanted
from starbid.services.desk.tickets import Tickets
from starbid.services.ports import Store

SHOWN = 10
"""Of each kind."""
_LOT, _PAYOUT, _TICKET = re.compile("[a-z0-9]{1,20}"), re.compile("[a-z0-9]{1,20}"), re.compile("[a-z0-9]{1,20}")
_BILL, _PUBLIC_ID = re.compile("[0-9a-f]{32}"), re.compile("[a-z2-7]{13}")
_CHARGE = re.compile("[!-~]{1,200}")


class Hit(StrEnum):
    """What was found."""

    PERSON = "person"
    LOT = "lot"
    DEAL = "deal"
    CHARGE = "charge"
    BILL = "bill"
    PAYOUT = "payout"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Found:
    """`id` is the person's, the lot's, the payment's; `text` names it. `is_exact`: it is what was typed as a whole."""

    hit: Hit
    id: str
    text: str = ""
    is_exact: bool = False


class Searching:
    """A bounded number of reads, whatever is typed."""

    def __init__(self, store: Store, tickets: Tickets, finding: Finding) -> None:
        self._store, self._tickets, self._finding = store, tickets, finding

    def find(self, text: str, now: datetime) -> tuple[Found, ...]:
        """What it may mean, exact hits first, each once; nothing for what is blank or longer than LONGEST_QUERY."""
        bare = text.strip()
        if not bare or len(bare) > LONGEST_QUERY:
            return ()
        by_id: tuple[Callable[[str], Iterator[Found]], ...] = (
            self._lot, self._charge, self._bill, self._payout, self._public_id,
        )  # fmt: skip
        exact = [found for look in by_id for found in look(bare)]
        exact += self._ticket(bare, now)
        named = [*self._people(bare, now), *self._lots(bare)]
        first = dict.fromkeys((each.hit, each.id) for each in exact)
        rest = [each for each in named if (each.hit, each.id) not in first]
        return tuple(sorted((*exact, *rest), key=lambda found: not found.is_exact))

    def _people(self, text: str, now: datetime) -> Iterator[Found]:
        for person in self._finding.people(Wanted(text), now, limit=SHOWN).items:
            username = f"@{(person.username or '').lower()}"
            is_exact = text == str(person.id) or text.lower() in (username, username[1:])
            yield Found(Hit.PERSON, str(person.id), person.name, is_exact)

    def _public_id(self, text: str) -> Iterator[Found]:
        person = self._store.person_called(text) if _PUBLIC_ID.fullmatch(text) else None
        if person:
            yield Found(Hit.PERSON, str(person.id), person.name, is_exact=True)

    def _lots(self, text: str) -> Iterator[Found]:
        for lot in self._finding.lots(text, limit=SHOWN).items:
            yield Found(Hit.LOT, lot.auction.id, lot.card.title)

    def _lot(self, text: str) -> Iterator[Found]:
        if _LOT.fullmatch(text):
            try:
                lot = self._store.lot(text, consistent=True)
            except NotFound:
                return
            yield Found(Hit.DEAL if lot.deal else Hit.LOT, text, lot.card.title, is_exact=True)

    def _charge(self, text: str) -> Iterator[Found]:
        if _CHARGE.fullmatch(text) and self._store.charge(text):
            yield Found(Hit.CHARGE, text, is_exact=True)

    def _bill(self, text: str) -> Iterator[Found]:
        if _BILL.fullmatch(text) and self._store.bill(text):
            yield Found(Hit.BILL, text, is_exact=True)

    def _payout(self, text: str) -> Iterator[Found]:
        if _PAYOUT.fullmatch(text) and self._store.payout(text):
            yield Found(Hit.PAYOUT, text, is_exact=True)

    def _ticket(self, text: str, now: datetime) -> Iterator[Found]:
        """Not its subject: that is the person's own words."""
        if _TICKET.fullmatch(text):
            try:
                self._tickets.ticket(text, now)
            except NotFound:
                return
            yield Found(Hit.TICKET, text, is_exact=True)
