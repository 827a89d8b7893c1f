"""Lists with weights, as HTTP writes what somebody would like (RFC 9110, section 12.4.2): `de, ru;q=0.8, en;q=0.5`."""

from __future__ import annotations

import re

MOST_LETTERS, MOST_ITEMS = 2000, 50
"""As much of a list is read: those of browsers are a tenth of it."""
_WEIGHT = re.compile(r"q=(1(?:\.0*)?|0?(?:\.\d*)?)")


def read_weighted(told: str | None) -> list[tuple[str, float]]:
    """(item in lower case, weight from 0 to 1), in their order; an item whose weight makes no sense is left out."""
    items = (told or "")[:MOST_LETTERS].lower().split(",", MOST_ITEMS)[:MOST_ITEMS]
    found = ((item.partition(";")[0].strip(), _weight(item.partition(";")[2])) for item in items)
    return [(name, weight) for name, weight in found if name and weight is not None]


def _weight(parameters: str) -> float | None:
    """1 where none is given, None for one that is no weight."""
    told = next((one for part in parameters.split(";") if (one := part.replace(" ", "")).startswith("q=")), "q=1")
    match = _WEIGHT.fullmatch(told)
    return float(f"0{match[1]}") if match and match[1].strip(".") else None
