"""Addresses of lists that an operator keeps under a name: a list's whole state is in its address."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.errors import Conflict, Invalid
from starbid.domain.texts import one_line, require_length
from starbid.services.ports import Desk, DeskRow

NAME_LENGTH = 40
ADDRESS_LENGTH = 1_000
MOST_VIEWS = 50
"""Of one operator, all lists together."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """`address` is a path of the panel with its query."""

    id: str
    name: str
    address: str

    @property
    def path(self) -> str:
        return self.address.partition("?")[0]


class SavedViews:
    """An operator's own: nobody else sees them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, operator_id: int, path: str, now: datetime) -> tuple[SavedView, ...]:
        """Those of one list, by name."""
        return tuple(sorted((view for view in self._all(operator_id, now) if view.path == path), key=lambda v: v.name))

    def save(self, operator_id: int, name: str, address: str, now: datetime) -> SavedView:
        """The same address again only changes its name. Raises Invalid for a name or an address that cannot be kept,
        and for one more than MOST_VIEWS; Conflict.
        """
        name = one_line(name)
        require_length("name", name, 1, NAME_LENGTH)
        if len(address) > ADDRESS_LENGTH or not address.startswith("/admin/") or "\\" in address:
            raise Invalid("address", "choice")
        view = SavedView(hashlib.sha256(address.encode()).hexdigest()[:16], name, address)
        before = self._desk.row(_group(operator_id), view.id, now)
        if before is None and len(self._all(operator_id, now)) >= MOST_VIEWS:
            raise Invalid("name", "many_views", most=MOST_VIEWS)
        version = before.version + 1 if before else 1
        if not self._desk.save(DeskRow(_group(operator_id), view.id, {"name": name, "address": address}, version)):
            raise Conflict
        return view

    def drop(self, operator_id: int, view_id: str) -> None:
        """Safe to repeat."""
        self._desk.drop(_group(operator_id), view_id)

    def _all(self, operator_id: int, now: datetime) -> tuple[SavedView, ...]:
        rows = self._desk.rows(_group(operator_id), now, limit=MOST_VIEWS).items
        return tuple(SavedView(row.member, row.facts["name"], row.facts["address"]) for row in rows)


def _group(operator_id: int) -> str:
    return f"view#{operator_id}"
