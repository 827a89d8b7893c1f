"""Small records that may vanish."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class Claims(Protocol):
    """Who is at a piece of work, and whether it was done; `claiming.claimed` is how to use it."""

    def claim(self, key: str, seconds: int, now: datetime) -> bool:
        """True for the first caller within `seconds`, until `finish` or `forget`; False for everybody else."""

    def finish(self, key: str, seconds: int, now: datetime) -> None:
        """The claimed work is done: it stays claimed for `seconds`."""

    def finished(self, key: str) -> bool: ...

    def forget(self, key: str) -> None:
        """Give a claim back, so that the next caller gets it."""


class Scratch(Claims, Protocol):
    """Records of any kind: conversation state, cards in chats, living messages."""

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

    def count(self, key: str, number: int, most: int, seconds: int, now: datetime) -> bool:
        """Add to a number that begins at 0 and may be forgotten `seconds` after the last addition. False, and nothing
        is added, where it would become more than `most`. An addition whose answer is lost is made again and may count
        twice: good for limits, not for money.
        """
