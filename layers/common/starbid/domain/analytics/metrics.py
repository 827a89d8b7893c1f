"""The names of figures, as they are stored. A figure of a quarter of an hour is a whole number that things are added
to; amounts are in minor units.
"""

from __future__ import annotations

LIVE = "live"
"""How many lots are for sale: one more with each publication, one less with each end."""
LOTS, BIDS, ENDED, SOLD = "lots", "bids", "ended", "sold"
NEW = "new"
TURNOVER, FEES, TOP_UPS, REFUNDS, PAYOUTS = "turnover", "fees", "topups", "refunds", "payouts"
WALLETS = "wallets"
"""What people have with us, available and frozen: what comes in, less what goes out."""
ANSWERS, TRIALS, TRIALS_PAID = "answers", "trials", "trials_paid"
TOKENS = "tokens"
"""What questions took of the AI service, answered or not."""
FAILURES = "failures"
"""Questions without an answer, but those that people themselves or operators put an end to."""
_APART = ":"
GAUGES = (LIVE, WALLETS)
"""Of these the sum from the beginning is what counts: it is kept, too."""


def of(name: str, *parts: str) -> str:
    """`turnover:USD`, `ended:kind:english`."""
    return _APART.join((name, *(part.replace(_APART, "_") for part in parts)))


def split(metric: str) -> tuple[str, ...]:
    return tuple(metric.split(_APART))


def is_gauge(metric: str) -> bool:
    return split(metric)[0] in GAUGES
