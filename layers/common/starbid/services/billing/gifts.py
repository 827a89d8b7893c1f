"""Gifts of Telegram Premium: payouts in Stars, sent exactly once (spec, section 7, "Payouts").

`giftPremiumSubscription` knows no key of ours. So it is written down first that a gift is being sent; where the outcome
is not known, Telegram's list of transactions tells whether it was bought, and it is neither sent again nor given back
before that. To one person one gift is sent at a time, and two are some minutes apart (GIFTS_APART): a purchase in the
list is never that of another payout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from starbid.domain import payouts
from starbid.domain.errors import InDebt
from starbid.domain.payout_errors import AlreadyDecided, NoSuchPayout
from starbid.domain.payouts import GIFTS_APART, SENT_AGAIN_AFTER, Payout, PayoutState, WhyReturned
from starbid.services.billing.payouts import Payouts
from starbid.services.claiming import Turn, claimed
from starbid.services.ports import Claims, ConditionFailed, StarsAccount, StarTransaction, Store
from starbid.services.sweeping import each

LEASE_SECONDS = 120
"""Longer than any function runs that sends gifts."""
SWEEP_LIMIT = 20
PAGE = 100
"""Telegram lists so many transactions at once."""
PREMIUM = "user/premium_purchase"
UNREADABLE = "unreadable"
CLOCKS = timedelta(minutes=1)
"""Between Telegram's clock, which tells whole seconds, and ours."""
NEWEST = 100
"""Of a person's payouts: those that a purchase of these days can belong to."""


class Unclear(Exception):
    """Telegram's list holds something that cannot be read: whether the gift was bought cannot be told from it."""


class Gifts:
    """Sends what operators approved."""

    def __init__(self, store: Store, stars: StarsAccount, claims: Claims, known: Payouts) -> None:
        self._store, self._stars, self._claims, self._payouts = store, stars, claims, known

    def send(self, payout_id: str, now: datetime) -> Payout:
        """Send an approved gift, or find out what became of a try; answers the payout as it is then. Safe to repeat.

        One that nobody knows the outcome of stays `sending`: what Telegram or the store raises passes. Raises
        NoSuchPayout, Unclear.
        """
        payout = self._known(payout_id)
        with claimed(self._claims, f"gift#{payout.user_id}", LEASE_SECONDS, 0, now) as turn:
            return self._send(self._known(payout_id), now) if turn is Turn.MINE else payout

    def sweep(self, now: datetime) -> int:
        """The net: what was approved and not sent, and what was sent without a known outcome; answers how many.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._store.due_gifts(now, SWEEP_LIMIT)
        return len(each("gifts not sent", due, lambda payout_id: self.send(payout_id, now)))

    def recognise(self, told: StarTransaction, now: datetime) -> bool | None:
        """Whose purchase of Premium this is, for the comparison with Telegram: None where no payout of ours is behind
        it; True where it is booked only now, False where it was known.
        """
        if told.payer_id is None:
            return None
        mine = self._gifts_of(told.payer_id)
        for payout in mine:
            if payout.transaction_id == told.id:
                return False
        for payout in mine:
            if not payout.transaction_id and _is_purchase_of(told, payout):
                return self._recognise(payout, told, now)
        return None

    def _recognise(self, payout: Payout, told: StarTransaction, now: datetime) -> bool | None:
        if payout.state is PayoutState.SENDING:
            with suppress(AlreadyDecided):
                self._paid(payout, now, told.id)
                return True
        if payout.state is not PayoutState.PAID:
            return None
        unit = self._store.unit()
        unit.save_payout(payout, payouts.found_bought(payout, told.id))
        with suppress(ConditionFailed):  # somebody else has looked it up
            unit.commit()
        return False

    def _send(self, payout: Payout, now: datetime) -> Payout:
        match payout.state:
            case PayoutState.APPROVED:
                return payout if self._is_too_close(payout, now) else self._try(payout, now)
            case PayoutState.SENDING if payout.tried_at and now >= payout.tried_at + SENT_AGAIN_AFTER:
                purchase = self._purchase_of(payout)
                return self._paid(payout, now, purchase.id) if purchase else self._try(payout, now)
            case _:
                return payout

    def _try(self, payout: Payout, now: datetime) -> Payout:
        """Written down, then called. Who owes gets no gift: a try that did not succeed is given back then.

        Only on what was read: another one, after whose lease this turn began, may be at its call.
        """
        gift = payout.gift
        assert gift is not None

        def step(before: Payout) -> Payout:
            if before.version != payout.version:
                raise AlreadyDecided(before.state.value)
            return payouts.sending(before, now)

        try:
            sent = self._payouts.let_go(payout.id, step, now)
        except AlreadyDecided:
            return self._known(payout.id)
        except InDebt:
            if payout.is_unsent:
                return self._known(payout.id)
            return self._payouts.give_back(payout.id, WhyReturned.DEBT, now)
        if self._stars.give_premium(sent.user_id, gift.months, gift.price):
            return self._paid(sent, now)
        return self._payouts.give_back(sent.id, WhyReturned.TELEGRAM, now)

    def _paid(self, payout: Payout, now: datetime, transaction_id: str = "") -> Payout:
        return self._payouts.book_paid(payout.id, lambda before: payouts.paid(before, now, transaction_id), now)

    def _is_too_close(self, payout: Payout, now: datetime) -> bool:
        """Another gift to the person is on its way, or has just been sent."""
        others = (other for other in self._gifts_of(payout.user_id) if other.id != payout.id and other.tried_at)
        return any(
            other.state is PayoutState.SENDING or (other.tried_at and now < other.tried_at + GIFTS_APART)
            for other in others
        )

    def _purchase_of(self, payout: Payout) -> StarTransaction | None:
        """The purchase that a try has made; None where none has. Raises Unclear."""
        assert payout.tried_first is not None
        others = {other.transaction_id for other in self._gifts_of(payout.user_id)}
        unreadable = False
        for told in self.listed_since(payout.tried_first - CLOCKS):
            unreadable = unreadable or told.kind == UNREADABLE
            if told.id not in others and _is_purchase_of(told, payout):
                return told
        if unreadable:
            raise Unclear(payout.id)
        return None

    def listed_since(self, moment: datetime) -> Iterator[StarTransaction]:
        """Telegram's transactions from before that moment on, to the newest. They are listed in the order of time and
        without an end to begin at: what is older is passed over in leaps.
        """
        place, leap = 0, PAGE
        while self._is_older(place + leap, moment):
            place, leap = place + leap, leap * 2
        while leap > PAGE:
            leap //= 2
            place += leap if self._is_older(place + leap, moment) else 0
        while page := self._stars.transactions(place, PAGE):
            yield from page
            place += len(page)

    def _is_older(self, number: int, moment: datetime) -> bool:
        """One that cannot be read dates nothing, and is looked at."""
        there = self._stars.transactions(number, 1)
        return bool(there) and there[0].kind != UNREADABLE and there[0].at < moment

    def _gifts_of(self, user_id: int) -> list[Payout]:
        """The person's newest payouts, each as it stands."""
        found = (self._store.payout(one.id) for one in self._store.payouts_of(user_id, limit=NEWEST).items if one.gift)
        return [payout for payout in found if payout]

    def _known(self, payout_id: str) -> Payout:
        payout = self._store.payout(payout_id)
        if payout is None:
            raise NoSuchPayout
        return payout


def _is_purchase_of(told: StarTransaction, payout: Payout) -> bool:
    """Premium for the same person and time, bought while the gift was being sent. What Telegram does not say of the
    duration speaks for it: nothing else is sent to them then.
    """
    gift, first = payout.gift, payout.tried_first
    if gift is None or first is None or told.incoming or told.kind != PREMIUM or told.payer_id != payout.user_id:
        return False
    last = payout.ended_at + SENT_AGAIN_AFTER if payout.ended_at else None
    return told.months in (0, gift.months) and first - CLOCKS <= told.at and (last is None or told.at <= last)
