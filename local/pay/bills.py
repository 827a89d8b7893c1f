"""The bills that the local provider keeps, and how it is told to fail."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from local.clock import from_ms, to_ms
from local.stand_in import Refusal
from local.state import State
from local.troubles import NONE, Troubles

QIWI, CRYPTOPAY = "qiwi", "cryptopay"
WAITING, PAID, REJECTED, EXPIRED, DELETED = "waiting", "paid", "rejected", "expired", "deleted"
MOST_CALLBACKS = 20
TROUBLES = (NONE, "refuse", "slow", "broken")
"""`refuse`: nothing is carried out. `slow`, `broken`: it is, and the answer comes too late, or is none."""
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_STATUS = re.compile(r"[A-Za-z_]{1,30}")


@dataclass(frozen=True, slots=True)
class LocalBill:
    """A bill: `number` is ours, `order_id` the shop's. `amount` and `currency` are what it says it is over; `asked` is
    what the shop asked for. `told` is what became of the callbacks, newest last.
    """

    number: int
    provider: str
    order_id: str
    amount: str
    currency: str
    made_at: datetime
    expires_at: datetime
    asked: str = ""
    customer: str = ""
    comment: str = ""
    status: str = WAITING
    is_refunded: bool = False
    told: tuple[str, ...] = field(default=())

    def at(self, now: datetime) -> LocalBill:
        """As it stands at a moment: one that waits expires by itself."""
        return replace(self, status=EXPIRED) if self.status == WAITING and now >= self.expires_at else self


class LocalBills:
    """`now` is the clock of the run. What is kept survives a restart; told troubles do not."""

    def __init__(self, state: State, now: Callable[[], datetime]) -> None:
        self._state, self.now = state, now
        self.troubles = Troubles(TROUBLES)

    def add(
        self,
        provider: str,
        order_id: str,
        amount: str,
        currency: str,
        expires_at: datetime,
        *,
        comment: str,
        customer: str = "",
    ) -> LocalBill:
        """Raises Refusal for an amount or a currency that is none."""
        asked, now = f"{amount} {currency}", self.now()
        bill = LocalBill(0, provider, order_id, amount, currency, now, expires_at, asked, customer, comment)
        _check(bill)
        sql = "INSERT INTO bills (provider, order_id, body) VALUES (?, ?, ?)"
        with self._state.transaction():
            self._state.run(sql, provider, order_id, _written(bill))
            number = self._state.one("SELECT last_insert_rowid()")
        return replace(bill, number=number)

    def find(self, number: int) -> LocalBill | None:
        rows = self._state.rows("SELECT number, body FROM bills WHERE number = ?", number)
        return self._read(*rows[0]) if rows else None

    def named(self, provider: str, order_id: str) -> LocalBill | None:
        """The newest of a provider with the shop's id."""
        sql = "SELECT number, body FROM bills WHERE provider = ? AND order_id = ? ORDER BY number DESC LIMIT 1"
        rows = self._state.rows(sql, provider, order_id)
        return self._read(*rows[0]) if rows else None

    def newest(self, limit: int, offset: int = 0, provider: str | None = None) -> list[LocalBill]:
        sql = "SELECT number, body FROM bills WHERE ? IS NULL OR provider = ? ORDER BY number DESC LIMIT ? OFFSET ?"
        return [self._read(*row) for row in self._state.rows(sql, provider, provider, limit, offset)]

    def move(self, number: int, status: str, *, since: tuple[str, ...]) -> LocalBill:
        """To another status, from one of those. Raises Refusal."""
        return self._change(number, lambda bill: _moved(bill, status, since))

    def say(self, number: int, status: str, amount: str, currency: str) -> LocalBill:
        """Anything at all, as no provider should. Raises Refusal for what is no status, amount or currency."""
        return self._change(number, lambda bill: replace(bill, status=status, amount=amount, currency=currency))

    def refund(self, number: int) -> LocalBill:
        """Raises Refusal for a bill that is not paid."""
        return self._change(number, lambda bill: replace(_moved(bill, PAID, (PAID,)), is_refunded=True))

    def note(self, number: int, told: str) -> LocalBill:
        """What became of a callback."""
        return self._change(number, lambda bill: replace(bill, told=(*bill.told, told)[-MOST_CALLBACKS:]))

    def _change(self, number: int, change: Callable[[LocalBill], LocalBill]) -> LocalBill:
        with self._state.transaction():
            bill = self.find(number)
            if bill is None:
                raise Refusal("There is no such bill.")
            after = change(bill)
            _check(after)
            self._state.run("UPDATE bills SET body = ? WHERE number = ?", _written(after), number)
        return after

    def _read(self, number: int, body: str) -> LocalBill:
        kept = json.loads(body)
        times = {name: from_ms(kept.pop(name)) for name in ("made_at", "expires_at")}
        return LocalBill(number=number, **{**kept, **times, "told": tuple(kept["told"])}).at(self.now())


def _moved(bill: LocalBill, status: str, since: tuple[str, ...]) -> LocalBill:
    if bill.status not in since:
        raise Refusal(f"This bill is {bill.status}.")
    return replace(bill, status=status)


def _check(bill: LocalBill) -> None:
    if not _AMOUNT.fullmatch(bill.amount) or not float(bill.amount):
        raise Refusal("The amount is not a number above zero with at most two decimals.")
    if not _CURRENCY.fullmatch(bill.currency):
        raise Refusal("The currency is not three capital letters.")
    if not _STATUS.fullmatch(bill.status):
        raise Refusal("The status is not a word.")


def _written(bill: LocalBill) -> str:
    kept = asdict(bill)
    del kept["number"]
    return json.dumps({**kept, "made_at": to_ms(bill.made_at), "expires_at": to_ms(bill.expires_at)})
