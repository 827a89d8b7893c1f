"""Comparing what Telegram says it moved with what was booked here (spec, section 4, "Stars payments").

Telegram lists its transactions in the order of time and never changes them, so each is looked at once, and how far we
came is remembered. A list that is lost is looked at again from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.payments import ChargeState
from starbid.services.ports import Scratch, StarsGateway, StarTransaction, Store

SETTLING = timedelta(minutes=15)
"""Younger transactions may be on their way to be booked."""
AT_ONCE = 100
"""What Telegram lists in one answer."""
PAGES = 50
"""Of one run: its time is limited, and the next one goes on."""
KEEP_SECONDS = 400 * 86_400
_PLACE = "reconciled"


@dataclass(frozen=True, slots=True)
class Difference:
    """A transaction of Telegram's that was not booked as it was. `fault` is `missing`, `amount` or `refund`."""

    transaction: StarTransaction
    fault: str


class Reconciling:
    """The daily comparison."""

    def __init__(self, store: Store, scratch: Scratch, stars: StarsGateway) -> None:
        self._store, self._scratch, self._stars = store, scratch, stars

    def compare(self, now: datetime, report: Callable[[Difference], None]) -> int:
        """How many transactions were looked at since the last time; `report` is told what differs, before the place is
        moved on. Failures of Telegram pass.
        """
        began = offset = int((self._scratch.get(_PLACE, now) or {"offset": 0})["offset"])
        for _ in range(PAGES):
            page = self._stars.transactions(offset, AT_ONCE)
            settled = [each for each in page if each.at <= now - SETTLING]
            for difference in filter(None, map(self._difference, settled)):
                report(difference)
            offset += len(settled)
            if len(settled) < AT_ONCE:
                break
        self._scratch.put(_PLACE, {"offset": offset}, KEEP_SECONDS, now)
        return offset - began

    def _difference(self, transaction: StarTransaction) -> Difference | None:
        if not transaction.of_invoice:
            return None
        charge = self._store.charge(transaction.id)
        if charge is None:
            return Difference(transaction, "missing")
        if charge.amount.amount != transaction.amount:
            return Difference(transaction, "amount")
        if not transaction.incoming and charge.state is ChargeState.CREDITED:
            return Difference(transaction, "refund")
        return None
