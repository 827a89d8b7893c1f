"""The small records that may vanish, as the adapters of their ports see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from starbid.services.ports import Claims, Counters


class Records(Claims, Counters, Protocol):
    """Records of any kind, by key, or by group and member. A value is JSON. A claim stands where a record of its key
    would, so `forget` takes away either.
    """

    def put(self, key: str, value: dict[str, Any], seconds: int, now: datetime) -> None: ...

    def get(self, key: str, now: datetime) -> dict[str, Any] | None: ...

    def put_member(self, group: str, member: str, value: dict[str, Any], seconds: int, now: datetime) -> None: ...

    def member(self, group: str, member: str, now: datetime) -> dict[str, Any] | None: ...

    def members(self, group: str, now: datetime) -> dict[str, dict[str, Any]]: ...

    def exchange_member(
        self, group: str, member: str, known: dict[str, Any], value: dict[str, Any], seconds: int, now: datetime
    ) -> bool:
        """Put a value in the place of the one that is known; False, and nothing changes, where another stands there."""

    def drop_member(self, group: str, member: str) -> None: ...
