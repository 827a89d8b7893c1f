"""Who comes when, and bids how much."""

from __future__ import annotations

import random
from dataclasses import dataclass

AT_ONCE = (8, 32, 64, 128, 256, 512)
"""People who bid within BURST_SECONDS, two seconds before the end."""
RATES = (10, 50, 100, 200, 400, 450, 600)
"""Bids a second, for RATE_SECONDS, the last of them two seconds before the end."""
BURST_SECONDS, RATE_SECONDS, BEFORE_END = 0.05, 30.0, 2.0
_APART, _ASTRAY = 3, 6
"""English bids are some steps above those who came before: so far apart, and so many more by chance."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A bid of the n-th person, who comes at `second` and offers `amount`."""

    second: float
    amount: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """`size` people at once, or that many a second for some `seconds` where `is_rate`.

    `keyed`: each request has an `Idempotency-Key`.
    """

    kind: str
    size: int
    is_rate: bool = False
    seconds: float = RATE_SECONDS
    keyed: bool = False

    @property
    def name(self) -> str:
        return f"{self.kind}{' by key' if self.keyed else ''}, {self.size} {'a second' if self.is_rate else 'at once'}"

    @property
    def left(self) -> float:
        """Seconds from the first arrival to the end of the lot."""
        return BEFORE_END + (self.seconds if self.is_rate else 0)

    def wishes(self, seed: int) -> list[Wish]:
        """One of each person, in order of arrival."""
        dice = random.Random(f"{self.name} {seed}")
        if self.is_rate:
            moments = _at_rate(self.size, self.seconds, dice)
        else:
            moments = sorted(dice.uniform(0, BURST_SECONDS) for _ in range(self.size))
        return [Wish(second, self._amount(number, dice)) for number, second in enumerate(moments)]

    def _amount(self, number: int, dice: random.Random) -> int:
        """English: above the price that those before leave, mostly; a Dutch price is the one that is shown."""
        match self.kind:
            case "english":
                return 1_000 + _APART * number + dice.randint(0, _ASTRAY)
            case "dutch":
                return 1_000
            case _:
                return dice.randint(1_000, 5_000)


def _at_rate(rate: float, seconds: float, dice: random.Random) -> list[float]:
    moments, second = [], dice.expovariate(rate)
    while second < seconds:
        moments.append(second)
        second += dice.expovariate(rate)
    return moments
