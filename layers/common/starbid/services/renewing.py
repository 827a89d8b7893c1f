"""What Telegram reports of subscriptions that it renews: kept and told (spec, section 4, "Stars payments")."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain import payments
from starbid.domain.errors import PaymentRefused
from starbid.domain.events import RenewalChanged
from starbid.domain.renewals import RenewalState, reported, shown, state_of
from starbid.services.ports import Refused, Store
from starbid.services.retrying import Stale, with_retries


class Renewing:
    """The state of a renewal is the person's; the days that were paid for are not touched."""

    def __init__(self, store: Store, secret: str) -> None:
        self._store, self._secret = store, secret

    def hear(self, user_id: int, payload: str, state: RenewalState, update_id: int, now: datetime) -> None:
        """A person's subscription is renewed again, cancelled, or could not be paid.

        Once per update, and told where it is news. Raises PaymentRefused where `payload` is of no subscription of
        theirs, Conflict, Contended.
        """
        order = payments.read_payload(payload, self._secret)
        payments.check_renewal(order, user_id)
        with_retries(lambda _: self._hear(user_id, order.id, state, update_id, now))

    def _hear(self, user_id: int, order_id: str, state: RenewalState, update_id: int, now: datetime) -> None:
        before = self._store.person(user_id, consistent=True)
        if before is None:
            raise PaymentRefused("person")
        renewals = reported(before.renewals, order_id, state, update_id, now)
        if renewals is before.renewals:
            return
        unit = self._store.unit()
        unit.save_person(before, replace(before, renewals=renewals, version=before.version + 1))
        if state is not state_of(before.renewals, order_id):
            unit.emit(
                RenewalChanged(
                    id=f"renewal:{order_id}:{update_id}",
                    at=now,
                    user_id=user_id,
                    state=state.value,
                    until=before.subscribed_until,
                    another=state is not RenewalState.ACTIVE and shown(renewals) is RenewalState.ACTIVE,
                    request_id=f"{order_id}u{update_id}",
                )
            )
        try:
            unit.commit()
        except Refused as refused:
            raise Stale from refused
