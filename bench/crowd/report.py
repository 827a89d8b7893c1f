"""What crowds came to, as a table and as a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEAD = (
    f"{'crowd':16}{'way':10}{'offered':>8}{'accepted':>9}{'refused':>8}{'conflict':>9}{'lost':>6}{'a second':>9}"
    f"{'p50 ms':>8}{'p95':>7}{'p99':>7}{'write u.':>9}{'read u.':>8}{'transact.':>10}{'at once':>8}{'mean':>7}  hottest"
)


def line(crowd: str, way: str, found: Mapping[str, Any]) -> str:
    """One crowd. Units and transactions are for each accepted bid; of purchases one is accepted."""
    accepted = max(1, found["accepted"])
    each = (found["write_units"] / accepted, found["read_units"] / accepted, found["transactions"] / accepted)
    waits = "".join(f"{seconds * 1000:>{width}.0f}" for seconds, width in zip(found["waits"], (8, 7, 7), strict=True))
    return (
        f"{crowd:16}{way:10}{found['offered']:>8}{found['accepted']:>9}{found['refused']:>8}{found['conflict']:>9}"
        f"{found['lost']:>6}{found['accepted_a_second']:>9.1f}{waits}{each[0]:>9.1f}{each[1]:>8.1f}{each[2]:>10.2f}"
        f"{found['most_waiting']:>8}{found['mean_waiting']:>7.0f}  {found['hottest']} {found['hottest_units']:.0f}"
        f"{', throttled ' + str(found['throttled']) if found['throttled'] else ''}"
    )
