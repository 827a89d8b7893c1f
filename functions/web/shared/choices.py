"""A choice in a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """`goods`: where it is open to lots of these goods only. `sign`: of a currency."""

    value: str
    label: str
    chosen: bool
    goods: str = ""
    sign: str = ""
