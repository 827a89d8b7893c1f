"""When a CloudWatch alarm rings over the samples of a metric.

The rules are those of the CloudWatch User Guide, "Using Amazon CloudWatch alarms", as of its sections "Evaluating an
alarm" and "Configuring how CloudWatch alarms treat missing data". Two things it leaves open, so both ends are tried:

* The position of periods. The guide says that an alarm is evaluated every minute, over the last minutes. It does not
  say for every metric whether data points move with it or lie on fixed marks. An alarm that rings for each position of
  fixed marks rings with moving ones too, so `first_rings` answers for each position.
* How many periods beyond EvaluationPeriods it looks back for missing data ("evaluation range"). The guide's example is
  2 more for 3. SPARE has both ends: none, and as many again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Metric = tuple[str, str, tuple[tuple[str, str], ...]]
"""Namespace, name, and dimensions as pairs of name and value, sorted."""
Samples = Mapping[int, Sequence[float]]
"""The values reported for a minute. Missing minutes have no data."""
Point = float | None

STATISTICS: dict[str, Any] = {"Sum": sum, "Maximum": max, "Minimum": min}
OPERATORS: dict[str, Any] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


class State(StrEnum):
    OK = "OK"
    ALARM = "ALARM"
    NO_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True)
class Alarm:
    """`period` in minutes; `needed` of the last `periods` have to breach."""

    name: str
    metric: Metric
    statistic: str
    period: int
    periods: int
    needed: int
    operator: str
    threshold: float
    missing: str

    @property
    def spare(self) -> tuple[int, int]:
        """Periods beyond `periods` in which AWS may look for real data: the minimum and the maximum that we assume."""
        return 0, self.periods

    def breaches(self, value: float) -> bool:
        return bool(OPERATORS[self.operator](value, self.threshold))


def state_of(alarm: Alarm, points: Sequence[Point], before: State) -> State:
    """The state for the points of an evaluation range, oldest first.

    With as many real points as `periods`, the newest of them decide. With fewer, the rest is filled as `missing` says;
    all real ones count, however old. The guide's special case: where missing is `missing` and all real points breach,
    it is an alarm only if the oldest of them is at least as old as `needed` periods ("premature alarm state").
    """
    real = [point for point in points if point is not None]
    if len(real) >= alarm.periods:
        return _verdict(alarm, sum(map(alarm.breaches, real[-alarm.periods :])))
    breaching = sum(map(alarm.breaches, real))
    match alarm.missing:
        case "breaching":
            return _verdict(alarm, breaching + alarm.periods - len(real))
        case "notBreaching":
            return _verdict(alarm, breaching)
    if breaching < len(real):  # one is within the threshold
        return _verdict(alarm, breaching)
    if alarm.missing == "ignore":
        return before
    oldest = next((len(points) - i for i, point in enumerate(points) if point is not None), 0)
    return State.ALARM if real and oldest >= alarm.needed else State.NO_DATA


def _verdict(alarm: Alarm, breaching: int) -> State:
    return State.ALARM if breaching >= alarm.needed else State.OK


def first_rings(alarm: Alarm, samples: Samples, until: int) -> list[int | None]:
    """Minutes after which the alarm first rings, None for never: for each position of periods, each `spare`.

    It rings when it becomes ALARM. The minutes looked at are 0 to `until`; before them nothing was reported.
    """
    return [
        next((minute for minute, state in states if state is State.ALARM), None)
        for states in _courses(alarm, samples, until)
    ]


def is_red_at_the_end(alarm: Alarm, samples: Samples, until: int) -> bool:
    """Whether the alarm is still ALARM at the end, for any way of evaluation."""
    return any(state is State.ALARM for states in _courses(alarm, samples, until) for _, state in list(states)[-1:])


def _courses(alarm: Alarm, samples: Samples, until: int) -> Iterator[Iterator[tuple[int, State]]]:
    if not any(map(any, samples.values())) and not alarm.breaches(0) and alarm.missing != "breaching":
        until = 0  # only zeros: nothing to evaluate
    for start in range(alarm.period):
        for spare in sorted(set(alarm.spare)):
            yield _states(alarm, samples, until, start, spare)


def _states(alarm: Alarm, samples: Samples, until: int, start: int, spare: int) -> Iterator[tuple[int, State]]:
    """The ends of the periods, in minutes, and the state at each."""
    points: list[Point] = [None] * (alarm.periods + spare)
    state = State.OK
    for begin in range(start - alarm.period, until - alarm.period + 1, alarm.period):
        points = [*points[1:], _point(alarm, samples, begin)]
        state = state_of(alarm, points, state)
        yield begin + alarm.period, state


def _point(alarm: Alarm, samples: Samples, begin: int) -> Point:
    values = [value for minute in range(begin, begin + alarm.period) for value in samples.get(minute, ())]
    return float(STATISTICS[alarm.statistic](values)) if values else None
