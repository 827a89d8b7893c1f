"""Lists in parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list. `cursor` fetches the next one; None at the end. A short page may still have a cursor."""

    items: tuple[T, ...]
    cursor: str | None = None
