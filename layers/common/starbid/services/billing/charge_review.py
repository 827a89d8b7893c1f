"""Charges as operators look at them: what each one did, whether it can go back, and giving it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from starbid.domain.audit_trail import Decision
from starbid.domain.bills import Bill
from starbid.domain.errors import NotFound, StarbidError
from starbid.domain.ledger import Transfer
from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import Charge, ChargeState, Provider, transfer_ids
from starbid.domain.roles import Right
from starbid.domain.typed_numbers import amount_coded
from starbid.services.billing.gifts import Gifts
from starbid.services.billing.refunding import Refunding
from starbid.services.ports import StarTransaction, Store
from starbid.services.retrying import Repeated

LISTED_WITHIN = timedelta(hours=1)
"""Telegram lists a payment within seconds of the time that its message tells."""
SEARCHED = 2_000
"""So many transactions are looked at from then on: twenty answers of Telegram's."""


@dataclass(frozen=True, slots=True)
class ChargeStory:
    """A charge with the movements of the ledger that it made, oldest first; `bill` is what it was paid on.

    `obstacle` is why it cannot go back now, None where it can.
    """

    charge: Charge
    transfers: tuple[Transfer, ...]
    bill: Bill | None
    obstacle: StarbidError | None


class ChargeReview:
    """Reads for operators, and the refund, which takes Right.FINANCE."""

    def __init__(self, store: Store, refunding: Refunding, gifts: Gifts) -> None:
        self._store, self._refunding, self._gifts = store, refunding, gifts

    def find(self, payment_id: str) -> Charge | Bill:
        """What has this id; a bill before its charge, which has the same one at some providers. Raises NotFound."""
        found = self._store.bill(payment_id) or self._store.charge(payment_id)
        if found is None:
            raise NotFound
        return found

    def story(self, charge: Charge, now: datetime) -> ChargeStory:
        transfers = self._store.transfers_named(transfer_ids(charge))
        bill = self._store.bill(charge.order_id) if charge.order_id else None
        return ChargeStory(charge, tuple(transfers), bill, self._refunding.obstacle(charge, now))

    def unfinished(self, now: datetime, limit: int) -> list[Charge]:
        """Refunds that are booked here, and of which Telegram has not been told."""
        return list(self._store.charges(self._store.due_refunds(now, limit)).values())

    def listed(self, charge: Charge) -> tuple[StarTransaction, ...]:
        """What Telegram lists of a charge in Stars: the payment, and a refund within SEARCHED transactions. Raises what
        Telegram raises, NotFound for a charge that is none in Stars.
        """
        if charge.provider is not Provider.STARS:
            raise NotFound
        since = charge.paid_at - LISTED_WITHIN
        return tuple(told for told in islice(self._gifts.listed_since(since), SEARCHED) if told.id == charge.id)

    def refund(self, charge_id: str, decision: Decision) -> Charge:
        """The whole charge goes back, once: one that has gone back already stays so.

        Raises NotAllowed, NotFound, NotRefundable, SpentAlready, InDebt, InsufficientFunds, Conflict; TryLater where
        Telegram gave no answer: then it is finished by itself.
        """
        decision.require(Right.FINANCE)
        charge = self._known(charge_id)
        if charge.state is ChargeState.REFUNDED:
            return charge
        entry = decision.entry(
            "refund-charge",
            user_id=charge.user_id,
            subject=f"charge/{charge.id}",
            before=f"{charge.state}, {amount_coded(charge.amount)}",
            after=ChargeState.REFUNDED.value,
        )
        try:
            return self._refunding.refund(charge.user_id, charge.id, decision.at, lambda unit: unit.audit(entry))
        except Repeated:
            return self._known(charge_id)
        except NotRefundable:
            charge = self._known(charge_id)
            if charge.state is ChargeState.REFUNDED:  # somebody else was faster
                return charge
            raise

    def _known(self, charge_id: str) -> Charge:
        charge = self._store.charge(charge_id)
        if charge is None:
            raise NotFound
        return charge
