"""A provider of bills that one plays: what it has, what it says, and how it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from starbid.domain.bills import Bill, ProviderStatus, Reported
from starbid.domain.money import CURRENCIES
from starbid.services.ports import BadCallback, ProviderTrouble

OPEN = ProviderTrouble("no answer", is_open=True)
REFUSED = ProviderTrouble("HTTP 400", is_open=False)


def reported(bill: Bill, status: ProviderStatus = ProviderStatus.WAITING, **changes: object) -> Reported:
    """What a provider says of a bill, over exactly its amount unless told otherwise."""
    value = Decimal(bill.amount.amount) / CURRENCIES[bill.amount.currency].minor_units
    known = Reported(bill.id, status, value, bill.amount.currency, f"http://pay.test/{bill.id}", f"r{bill.id}")
    return replace(known, **changes)  # type: ignore[arg-type]


class FakeBills:
    """`bills` are by our id. `calls` are the names of calls in order. `trouble` is raised by the next calls of a name,
    before anything happens, or after it where it stands in `late`. `during` runs inside a call before it answers.
    """

    def __init__(self) -> None:
        self.bills: dict[str, Reported] = {}
        self.calls: list[str] = []
        self.trouble: dict[str, list[ProviderTrouble]] = {}
        self.late: dict[str, list[ProviderTrouble]] = {}
        self.during: dict[str, Callable[[Bill], object]] = {}

    def create(self, bill: Bill, comment: str) -> Reported:
        assert comment
        self._begin("create")
        assert bill.id not in self.bills, "a bill is made once"
        self.bills[bill.id] = reported(bill)
        self._end("create", bill)
        return reported(bill)

    def find(self, bill: Bill) -> Reported | None:
        self._begin("find")
        self._end("find", bill)
        return self.bills.get(bill.id)

    def cancel(self, bill: Bill) -> None:
        self._begin("cancel")
        there = self.bills.get(bill.id)
        if there and there.status is ProviderStatus.WAITING:
            self.say(bill.id, ProviderStatus.REJECTED)
        self._end("cancel", bill)

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> Reported:
        """The body is the id of a bill; the only proof asked for is a header `signed`."""
        if headers.get("signed") != "yes":
            raise BadCallback
        return self.bills[body.decode()]

    def say(self, bill_id: str, status: ProviderStatus, **changes: object) -> Reported:
        """From now on it says this of the bill."""
        known = replace(self.bills[bill_id], status=status, **changes)  # type: ignore[arg-type]
        self.bills[bill_id] = known
        return known

    def _begin(self, name: str) -> None:
        self.calls.append(name)
        if self.trouble.get(name):
            raise self.trouble[name].pop(0)

    def _end(self, name: str, bill: Bill) -> None:
        if name in self.during:
            self.during[name](bill)
        if self.late.get(name):
            raise self.late[name].pop(0)
