"""What an entry of a log is about, as a link into the panel."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

_PLACES = {
    "lot": "/admin/lots",
    "deal": "/admin/deals",
    "payout": "/admin/payouts",
    "bill": "/admin/payments",
    "charge": "/admin/payments",
    "ticket": "/admin/tickets",
    "broadcast": "/admin/broadcasts",
    "export": "/admin/exports",
}


_LONGEST = 16
"""Of a key as it is shown: enough for a lot's, and to know a bill's again."""


@dataclass(frozen=True)
class Subject:
    """`path` is empty for what has no page; such a name is shown whole."""

    name: str
    path: str = ""


def subject_of(subject: str) -> Subject:
    """`lot/<id>` as a link to the lot. Whatever else stands there is shown as it is."""
    what, _, key = subject.partition("/")
    place = _PLACES.get(what)
    if not key or place is None:
        return Subject(subject)
    name = key if len(key) <= _LONGEST else f"{key[: _LONGEST // 2]}…"
    return Subject(name, f"{place}/{quote(key, safe='')}")
