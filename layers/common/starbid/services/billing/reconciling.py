"""Comparing what Telegram says it moved with what was booked here (spec, section 4, "Stars payments").

Telegram lists a bot's transactions in the order of time. Each is looked at once, a page at a time, and how far we came
is kept after each page. What differs is reported; and what Telegram itself proves is booked then, as if its message had
come: a payment that one of our invoices asked for, that a charge of ours went back, and a gift that a payout became.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from starbid.domain.money import XTR
from starbid.domain.payments import Charge, ChargeState
from starbid.services.billing.gifts import PREMIUM, Gifts
from starbid.services.billing.paying import Paying
from starbid.services.billing.refunding import Refunding
from starbid.services.claiming import Turn, claimed
from starbid.services.ports import (
    Claims,
    Moved,
    ReconciledPlace,
    ReconciledPlaces,
    StarsAccount,
    StarTransaction,
    Store,
)

RIPE_AFTER = timedelta(minutes=15)
"""Younger transactions may be on their way to be booked."""
LATE = timedelta(hours=25)
"""The age of the last comparison at which the daily one has not come, or has not come to its end."""
AT_ONCE = 100
"""What Telegram lists in one answer, and what one read of charges takes."""
LEASE_SECONDS = 90
"""One comparison at a time. More than the function that does it may run: one that died gives way."""
NANOSTARS = 1_000_000_000
INVOICE = "user/invoice_payment"
OTHERS = frozenset(
    {
        "user/paid_media_payment",
        "user/gift_purchase",
        PREMIUM,
        "user/business_account_transfer",
        "chat",
        "affiliate_program",
        "fragment",
        "fragment/pending",
        "fragment/succeeded",
        "fragment/failed",
        "telegram_ads",
        "telegram_api",
        "other",
    }
)
"""Movements that are no payment of an invoice: the ledger knows nothing of them, so they are counted (Bot API 10.3).
Premium that left is a payout's.
"""
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Difference:
    """Transaction `number` of Telegram's list (from 0) is not booked as it is there; `charge_id` is its id.

    `fault`: `missing`, `amount` or `refund`; `gift` for one that no payout is behind; `unreadable`; `kind` for the
    first of a kind that we do not know; `list` where the list is not the one that it was. `is_mended`: booked by now.
    """

    fault: str
    number: int
    charge_id: str = ""
    kind: str = ""
    is_mended: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison did: how many transactions it looked at, whether it came to the end, and where it stands."""

    count: int
    is_whole: bool
    place: ReconciledPlace


Report = Callable[[Difference], None]


class Reconciling:
    """The daily comparison."""

    def __init__(
        self,
        store: Store,
        places: ReconciledPlaces,
        claims: Claims,
        stars: StarsAccount,
        paying: Paying,
        refunding: Refunding,
        gifts: Gifts,
    ) -> None:
        self._store, self._places, self._claims, self._stars = store, places, claims, stars
        self._paying, self._refunding, self._gifts = paying, refunding, gifts

    def age(self, now: datetime) -> timedelta | None:
        """How old the oldest transactions may be that nobody has compared; None where nothing ever was."""
        until = self._place(now).until
        return None if until is None else now - until

    def is_late(self, now: datetime) -> bool:
        age = self.age(now)
        return age is None or age > LATE

    def compare(self, now: datetime, has_time: Callable[[], bool], report: Report) -> Compared | None:
        """Compare what was not compared yet, page by page while `has_time` says that there is time for another; the
        next call goes on. None where somebody else is at it. Failures of Telegram and of the store pass.

        `report` is told what differs before the place moves on: again, where the process dies between the two.
        """
        with claimed(self._claims, "reconciling", LEASE_SECONDS, 0, now) as turn:
            return self._compare(now, has_time, report) if turn is Turn.MINE else None

    def _compare(self, now: datetime, has_time: Callable[[], bool], report: Report) -> Compared:
        place, count = self._place(now), 0
        while has_time():
            page = self._page_after(place)
            if page is None:
                report(Difference("list", place.number - 1, place.last[1:]))
                place = ReconciledPlace()
                continue
            ripe = list(takewhile(lambda each: each.at <= now - RIPE_AFTER, page))
            gone = {each.id: each for each in page if not each.incoming}
            place = _after(place, ripe, self._look_at(place, ripe, gone, now, report))
            is_whole = len(ripe) < len(page) or not page
            place = replace(place, until=now - RIPE_AFTER) if is_whole else place
            count += len(ripe)
            self._places.keep(place, now)
            if is_whole:
                return Compared(count, True, place)
        return Compared(count, False, place)

    def _page_after(self, place: ReconciledPlace) -> list[StarTransaction] | None:
        """What follows the last transaction that was looked at; None where that one is not where it was.

        Then it is not the list that it was, as with the token of another bot. A short page is not yet the last one.
        """
        if not place.number:
            return self._stars.transactions(0, AT_ONCE)
        page = self._stars.transactions(place.number - 1, AT_ONCE)
        return page[1:] if page and _name(page[0]) == place.last else None

    def _look_at(
        self,
        place: ReconciledPlace,
        page: list[StarTransaction],
        gone: Mapping[str, StarTransaction],
        now: datetime,
        report: Report,
    ) -> Mapping[str, Moved]:
        """Reports and mends what differs; answers the other movements with those of this page. `gone` is what left,
        by its id, as far as Telegram's answer told: also what is too young to be looked at.
        """
        charges, others = self._store.charges(each.id for each in page) if page else {}, dict(place.others)
        for number, each in enumerate(page, place.number):
            if each.kind == PREMIUM and not each.incoming:
                self._look_at_gift(number, each, now, report)
                continue
            charge = charges.get(each.id)
            fault = _fault(each, charge, others)
            if fault:
                mend = self._mending(fault, each, charge, gone.get(each.id))
                report(Difference(fault, number, each.id, each.kind, mend is not None))
                if mend:
                    charges[each.id] = mend(now)
            if charge is None and each.kind not in (INVOICE, UNREADABLE):
                count, moved = others.get(_movement(each), (0, 0))
                others[_movement(each)] = count + 1, moved + _nanostars(each)
        return others

    def _look_at_gift(self, number: int, told: StarTransaction, now: datetime, report: Report) -> None:
        """Stars that left as Premium: a payout of ours, or nobody knows why they did."""
        is_mended = self._gifts.recognise(told, now)
        if is_mended is not False:
            report(Difference("gift", number, told.id, told.kind, is_mended is True))

    def _mending(
        self, fault: str, told: StarTransaction, charge: Charge | None, refund: StarTransaction | None
    ) -> Callable[[datetime], Charge] | None:
        """How to book it, where Telegram's list proves what to book.

        A payment whose `refund` is listed is booked with it: its Stars were never there to be spent.
        """
        payer = told.payer_id
        if fault == "refund" and charge:
            facts = charge.user_id, charge.id, told.payload, charge.amount.amount, charge.amount.currency
            return lambda now: self._refunding.taken_back(*facts, now)
        if fault != "missing" or not told.incoming or payer is None or told.nanostars:
            return None
        if not self._paying.is_ordered(payer, told.payload, told.amount, XTR):
            return None
        facts = payer, told.id, told.payload, told.amount, XTR
        if refund and _nanostars(refund) == _nanostars(told):
            return lambda now: self._refunding.taken_back(*facts, now)
        return lambda now: self._paying.credit(*facts, now)

    def _place(self, now: datetime) -> ReconciledPlace:
        return self._places.find(now) or ReconciledPlace()


def _after(place: ReconciledPlace, page: list[StarTransaction], others: Mapping[str, Moved]) -> ReconciledPlace:
    """Once a page more was looked at. One that cannot be read dates nothing: it comes as if from long ago."""
    if not page:
        return place
    until = max(filter(None, (place.until, *(each.at for each in page))))
    return ReconciledPlace(place.number + len(page), _name(page[-1]), until, others)


def _fault(told: StarTransaction, charge: Charge | None, others: Mapping[str, Moved]) -> str | None:
    """Looked for by its id, whatever kind it is said to be: a refund has the id of its payment, and not always the kind
    (the Bot API server takes one without a title for paid media).
    """
    if told.kind == UNREADABLE:
        return "unreadable"
    if charge is None:
        if told.kind == INVOICE:
            return "missing"
        return "kind" if told.kind not in OTHERS and _movement(told) not in others else None
    paid = charge.amount.amount * NANOSTARS
    if paid not in (_nanostars(told), _nanostars(told) + abs(told.commission)):
        return "amount"
    return "refund" if not told.incoming and charge.state is ChargeState.CREDITED else None


def _nanostars(told: StarTransaction) -> int:
    return told.amount * NANOSTARS + told.nanostars


def _movement(told: StarTransaction) -> str:
    return f"{told.kind} {'in' if told.incoming else 'out'}"


def _name(told: StarTransaction) -> str:
    """A payment and its refund have the same id."""
    return f"{'+' if told.incoming else '-'}{told.id}"
