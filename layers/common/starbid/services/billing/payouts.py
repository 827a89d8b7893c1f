"""Payouts: asked for by people, decided by operators (spec, section 7, "Payouts"). `gifts` sends those in Stars."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from starbid.domain import payouts
from starbid.domain.audit_trail import AuditEntry, Decision
from starbid.domain.errors import InDebt
from starbid.domain.events import PayoutApproved, PayoutPaid, PayoutRefused, PayoutRequested, PayoutReturned
from starbid.domain.ledger import Transfer
from starbid.domain.money import Money
from starbid.domain.payable import Payable, Young, had_of, out_of_bought, reckon, young_of
from starbid.domain.payout_errors import AlreadyDecided, NoSuchPayout, NotPayable, TooYoung
from starbid.domain.payouts import Payout, PayoutState, WhyReturned, Wish
from starbid.domain.roles import Right
from starbid.domain.typed_numbers import amount_coded
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.debts import Debts
from starbid.services.ports import ConditionFailed, Page, Standing, Store, Unit
from starbid.services.retrying import Repeated, Stale, committed, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each

TRANSFERS_AT_ONCE = 200
PAYOUTS_AT_ONCE = 100
ON_ITS_WAY = timedelta(minutes=1)
"""No request takes longer from its arrival, by which it counts, to its transaction."""
Step = Callable[[Payout], Payout]
Entry = Callable[[Payout, Payout], AuditEntry]
"""What the audit trail says of a step, from the payout before and after it."""


class Payouts:
    """Every step is taken once, by who is first; others are told how the payout stands."""

    def __init__(self, store: Store, business: Business) -> None:
        self._store, self._debts = store, Debts(store)
        self._hold = timedelta(days=business.payout_hold_days)

    def payable(self, user_id: int, currency: str, now: datetime, settled: Wallet | None = None) -> Payable:
        """What can be asked for now, and when more. A debt is settled first, unless the wallet is known `settled`."""
        wallet = settled or self._debts.offset(user_id, currency, now)
        return reckon(wallet, self._young(user_id, currency, now) if had_of(wallet).all else ())

    def all_of(self, user_id: int, *, limit: int, cursor: str | None = None) -> Page[Payout]:
        """A person's own, newest first. Raises Invalid for a cursor of another list."""
        return self._store.payouts_of(user_id, limit=limit, cursor=cursor)

    def request(self, user_id: int, wish: Wish, request_id: str, now: datetime) -> Payout:
        """Takes the money out of the wallet; a request that is sent again is the same payout, however it stands.

        Raises InDebt, NotPayable, Conflict.
        """
        payout_id = payout_id_of(user_id, request_id)

        def attempt(_: int) -> Payout:
            known = self._store.payout(payout_id)
            if known:
                return known
            wallet = self._debts.offset(user_id, wish.amount.currency, now)
            payout = self._asked(payout_id, wallet, wish, now)
            unit = self._store.unit()
            unit.add_payout(payout)
            unit.post(payouts.taken(payout))
            unit.take_payout(wallet, payout.amount, Money(payout.bought, wallet.currency))
            unit.emit(PayoutRequested(f"payout-requested:{payout.id}", now, *_told(payout)))
            return committed(unit, payout)

        return with_retries(attempt)

    def asked(self, user_id: int, request_id: str) -> Payout | None:
        """What a request has become; None where it was never made."""
        return self._store.payout(payout_id_of(user_id, request_id))

    def cancel(self, user_id: int, payout_id: str, now: datetime) -> Payout:
        """The person takes it back, until it is approved. Raises NoSuchPayout, AlreadyDecided, Conflict."""
        return self._end(payout_id, lambda payout: payouts.cancelled(payout, user_id, now), now)

    def approve(self, payout_id: str, decision: Decision) -> Payout:
        """An operator lets it go. Raises OwnPayout for their own, and TooYoung where the ledger tells by now of money
        that came in just before the request, or while that was on its way: the list of movements is a moment behind.

        Raises InDebt where its owner owes: then it has come back. Raises NotAllowed, NoSuchPayout, AlreadyDecided,
        Conflict.
        """
        now, entry = decision.at, _entry(decision, "approve-payout")

        def step(payout: Payout) -> Payout:
            approved = payouts.approved(payout, decision.by.id, now)
            young = self._young(payout.user_id, payout.amount.currency, now, payout.created_at + ON_ITS_WAY)
            if payout.had.old(young) < payout.amount:
                raise TooYoung
            return approved

        return self._decided(payout_id, decision, lambda: self.let_go(payout_id, step, now, entry))

    def begin(self, payout_id: str, decision: Decision) -> Payout:
        """An operator pays it now, and no debt brings it back any more. Not for gifts, which go by themselves.

        Raises InDebt where its owner owes: then it has come back. Raises NotAllowed, NoSuchPayout, AlreadyDecided,
        Conflict.
        """

        def step(payout: Payout) -> Payout:
            return payouts.sending(_by_hand(payout), decision.at)

        entry = _entry(decision, "begin-payout")
        return self._decided(payout_id, decision, lambda: self.let_go(payout_id, step, decision.at, entry))

    def mark_paid(self, payout_id: str, decision: Decision) -> Payout:
        """An operator has paid it. Not for gifts. Raises NotAllowed, NoSuchPayout, AlreadyDecided, Conflict."""

        def step(payout: Payout) -> Payout:
            return payouts.paid(_by_hand(payout), decision.at)

        entry = _entry(decision, "pay-payout")
        return self._decided(payout_id, decision, lambda: self.book_paid(payout_id, step, decision.at, entry))

    def refuse(self, payout_id: str, decision: Decision) -> Payout:
        """An operator does not let it go, or could not pay it; the person reads the reason.

        Raises NotAllowed, Invalid, NoSuchPayout, AlreadyDecided, Conflict.
        """

        def step(payout: Payout) -> Payout:
            return payouts.refused(payout, decision.by.id, decision.reason, decision.at)

        entry = _entry(decision, "refuse-payout")
        return self._decided(payout_id, decision, lambda: self._end(payout_id, step, decision.at, entry))

    def give_back(self, payout_id: str, why: WhyReturned, now: datetime) -> Payout:
        """What was being sent did not leave. Raises NoSuchPayout, AlreadyDecided, Conflict."""
        return self._end(payout_id, lambda payout: payouts.returned(payout, why, now), now)

    def bring_back(self, user_id: int, currency: str, now: datetime) -> None:
        """A debt that is left once all that is available has gone to it brings back every payout in its currency that
        has not been sent, and is settled from them. Safe to repeat.

        Raises an ExceptionGroup after doing what it could, Conflict.
        """
        if not self._debts.offset(user_id, currency, now).owes:
            return
        unsent = [one for one in self._each_of(user_id) if one.amount.currency == currency and one.is_unsent]
        each("payouts not brought back", unsent, lambda payout: self._bring_back(payout.id, now))

    def let_go(self, payout_id: str, step: Step, now: datetime, entry: Entry | None = None) -> Payout:
        """A step towards the outside, taken only while its owner owes nothing. Raises InDebt: then it has come back.

        Raises NoSuchPayout, AlreadyDecided, Conflict.
        """

        def attempt(_: int) -> Payout:
            before = self._known(payout_id)
            after, (user_id, currency) = step(before), (before.user_id, before.amount.currency)
            unit = self._store.unit()
            unit.save_payout(before, after)
            _audit(unit, entry, before, after)
            unit.require_standing(user_id, currency, Standing.CLEAR)
            if after.state is PayoutState.APPROVED and not after.gift:
                unit.emit(PayoutApproved(f"payout-approved:{after.id}", now, *_told(after)))
            try:
                unit.commit()
            except ConditionFailed as failed:
                if failed.blames("audit"):
                    raise Repeated from failed
                owed = self._debts.offset(user_id, currency, now).owed
                if failed.blames("payout") or not owed:
                    raise Stale from failed
                self._bring_back(payout_id, now)
                raise InDebt(owed) from failed
            return after

        return with_retries(attempt)

    def book_paid(self, payout_id: str, step: Step, now: datetime, entry: Entry | None = None) -> Payout:
        """The money has left. Raises NoSuchPayout, AlreadyDecided, Conflict."""

        def attempt(_: int) -> Payout:
            before = self._known(payout_id)
            after = step(before)
            unit = self._store.unit()
            unit.save_payout(before, after)
            _audit(unit, entry, before, after)
            unit.post(payouts.sent(after, now))
            unit.emit(PayoutPaid(f"payout-paid:{after.id}", now, *_told(after)))
            return committed(unit, after)

        return with_retries(attempt)

    def _decided(self, payout_id: str, decision: Decision, act: Callable[[], Payout]) -> Payout:
        """Once: a decision that comes again answers how the payout stands."""
        decision.require(Right.FINANCE)
        try:
            return act()
        except Repeated:
            return self._known(payout_id)

    def _asked(self, payout_id: str, wallet: Wallet, wish: Wish, now: datetime) -> Payout:
        young = self._young(wallet.user_id, wallet.currency, now)
        possible = reckon(wallet, young)
        if wallet.owed:
            raise InDebt(wallet.owed)
        if wish.amount > possible.now:
            raise NotPayable(possible.now)
        bought = out_of_bought(wallet, young, wish.amount)
        return payouts.requested(payout_id, wallet.user_id, wish, bought, possible.had, now)

    def _young(self, user_id: int, currency: str, now: datetime, until: datetime | None = None) -> tuple[Young, ...]:
        """What has come in, as far as `until` then, and is still young. A sale may have been released after `now`, by
        which a request counts: it is in the wallet all the same.
        """
        found: list[Transfer] = []
        page = self._store.transfers(user_id, currency, limit=TRANSFERS_AT_ONCE)
        found += page.items
        while page.cursor and (not page.items or page.items[-1].at > now - self._hold):
            page = self._store.transfers(user_id, currency, limit=TRANSFERS_AT_ONCE, cursor=page.cursor)
            found += page.items
        return young_of((one for one in found if until is None or one.at <= until), self._hold, now)

    def _bring_back(self, payout_id: str, now: datetime) -> None:
        """Unless it has been sent, or has ended, since it was read."""

        def step(payout: Payout) -> Payout:
            if not payout.is_unsent:
                raise AlreadyDecided(payout.state.value)
            return payouts.returned(payout, WhyReturned.DEBT, now)

        with suppress(AlreadyDecided):
            self._end(payout_id, step, now)

    def _end(self, payout_id: str, step: Step, now: datetime, entry: Entry | None = None) -> Payout:
        """It ends, the money comes back to where it was taken from, and settles a debt."""

        def attempt(_: int) -> Payout:
            before = self._known(payout_id)
            after = step(before)
            if after is before:
                return after
            unit = self._store.unit()
            unit.save_payout(before, after)
            _audit(unit, entry, before, after)
            unit.post(payouts.given_back(after, now))
            unit.change_wallet(
                WalletChange.credit(after.user_id, after.amount, Money(after.bought, after.amount.currency))
            )
            if after.state is not PayoutState.CANCELLED:
                kind = PayoutRefused if after.state is PayoutState.REFUSED else PayoutReturned
                unit.emit(kind(f"payout-{after.state}:{after.id}", now, *_told(after), after.reason))
            return committed(unit, after)

        ended = with_retries(attempt)
        self._debts.after(payouts.given_back(ended, now), now)
        return ended

    def _each_of(self, user_id: int) -> Iterator[Payout]:
        page = self._store.payouts_of(user_id, limit=PAYOUTS_AT_ONCE)
        yield from page.items
        while page.cursor:
            page = self._store.payouts_of(user_id, limit=PAYOUTS_AT_ONCE, cursor=page.cursor)
            yield from page.items

    def _known(self, payout_id: str) -> Payout:
        payout = self._store.payout(payout_id)
        if payout is None:
            raise NoSuchPayout
        return payout


def payout_id_of(user_id: int, request_id: str) -> str:
    """One request of a person is one payout."""
    return hashlib.sha256(f"payout:{user_id}:{request_id}".encode()).hexdigest()[:20]


def _by_hand(payout: Payout) -> Payout:
    """Raises AlreadyDecided for a gift: that is nobody's to pay."""
    if payout.gift:
        raise AlreadyDecided(payout.state.value)
    return payout


def _entry(decision: Decision, action: str) -> Entry:
    """Not where the money goes."""

    def entry(before: Payout, after: Payout) -> AuditEntry:
        stood = f"{before.state}, {amount_coded(before.amount)}"
        subject = f"payout/{before.id}"
        return decision.entry(action, user_id=before.user_id, subject=subject, before=stood, after=after.state.value)

    return entry


def _audit(unit: Unit, entry: Entry | None, before: Payout, after: Payout) -> None:
    if entry:
        unit.audit(entry(before, after))


def _told(payout: Payout) -> tuple[int, str, Money, str]:
    """What all events say of it, and no more: not where the money goes."""
    return payout.user_id, payout.id, payout.amount, payout.method.value
