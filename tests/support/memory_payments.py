"""Orders, charges and bills of the in-memory store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from starbid.domain.bills import Bill, BillState
from starbid.domain.payments import Charge, ChargeState, Order, Provider
from starbid.domain.unfinished import Unfinished
from starbid.services.ports import Page

from .memory_lists import ms, page_of
from .memory_tables import Tables


class MemoryPayments:
    """A part of FakeStore, which defines how tables are read."""

    tables: Tables
    trips: list[str]
    _read: Callable[..., Tables]
    _all: Callable[[str, Callable[[Any], bool]], list[Any]]

    def add_order(self, order: Order, now: datetime) -> None:
        self.trips.append("add_order")
        self.tables.orders[order.id] = order

    def order(self, order_id: str) -> Order | None:
        return self._read("order").orders.get(order_id)

    def first_charge(self, order_id: str) -> str | None:
        charges = self._read("first_charge").charges.values()
        return next((charge.id for charge in charges if charge.order_id == order_id), None)

    def order_state(self, order_id: str, user_id: int) -> str | None:
        tables = self._read("order_state", consistent=False)
        order = tables.orders.get(order_id)
        if order is None or order.user_id != user_id:
            return None
        if any(charge.order_id == order_id for charge in list(tables.charges.values())):
            return "credited"
        return "open"

    def charge(self, charge_id: str) -> Charge | None:
        return self._read("charge").charges.get(charge_id)

    def charges(self, charge_ids: Iterable[str]) -> dict[str, Charge]:
        there = self._read("charges").charges
        return {charge_id: there[charge_id] for charge_id in charge_ids if charge_id in there}

    def charges_of(self, user_id: int, *, limit: int = 100) -> list[Charge]:
        mine = self._all("charges", lambda charge: charge.user_id == user_id)
        return sorted(mine, key=lambda charge: charge.paid_at, reverse=True)[:limit]

    def payments_of(
        self, user_id: int, *, limit: int = 20, cursor: str | None = None, until: datetime | None = None
    ) -> Page[Charge]:
        mine = self._all("charges", lambda one: one.user_id == user_id and (not until or ms(one.paid_at) <= ms(until)))
        return page_of(mine, lambda charge: (-ms(charge.paid_at), charge.id), limit, cursor)

    def due_refunds(self, now: datetime, limit: int) -> list[str]:
        stuck = self._all("charges", lambda charge: charge.state is ChargeState.REFUNDING)
        return [charge.id for charge in stuck][:limit]

    def bill(self, bill_id: str) -> Bill | None:
        return self._read("bill").bills.get(bill_id)

    def open_bill(self, user_id: int, provider: Provider) -> str | None:
        return self._read("open_bill").open_bills.get((user_id, provider))

    def bills_of(self, user_id: int, *, limit: int = 20, cursor: str | None = None) -> Page[Bill]:
        mine = self._all("bills", lambda bill: bill.user_id == user_id)
        return page_of(mine, lambda bill: (-ms(bill.created_at), bill.id), limit, cursor)

    def due_bills(self, now: datetime, limit: int) -> list[str]:
        due = self._all("bills", lambda bill: bill.look_at is not None and bill.look_at <= now)
        return [bill.id for bill in sorted(due, key=lambda bill: bill.look_at)][:limit]

    def differing_bills(self, limit: int) -> list[Bill]:
        differing = self._all("bills", lambda bill: bill.state is BillState.DIFFERENT)
        return sorted(differing, key=lambda bill: bill.ended_at)[:limit]

    def change_act(self, order_id: str, unfinished: Unfinished | None) -> bool:
        self.trips.append("change_act")
        orders, charges = self.tables.orders, list(self.tables.charges.values())
        if order_id not in orders or any(charge.order_id == order_id for charge in charges):
            return False
        orders[order_id] = replace(orders[order_id], unfinished=unfinished)
        return True
