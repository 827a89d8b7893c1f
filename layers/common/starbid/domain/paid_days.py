"""Days of a subscription that were paid for together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PaidDays:
    """30 days of the right to sell, or what is left of them: `source` is the transfer that paid for them."""

    source: str
    begins: datetime
    ends: datetime
