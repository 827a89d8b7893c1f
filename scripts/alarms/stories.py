"""Stories that fill timelines, and the ways in which queues, streams, sweeps and jobs fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from scripts.alarms.template import Template
from scripts.alarms.timelines import MINUTE, QUEUE_SLEEPS, Timeline

BOUND = 15
"""Minutes within which an alarm has to ring."""
OFFSETS = (0, 20, 40, 59)
"""Seconds of a minute at which the fault starts."""
HOUR = 60

Happening = Callable[[Timeline, float, float], None]
"""Fills a timeline, given when it begins (seconds) and how long dead-letter queues sleep."""


@dataclass(frozen=True, slots=True)
class Story:
    """`bound`: minutes within which an alarm has to ring, more than BOUND only with a `reason`; `minutes`: how long we
    look; `source`: the schedule `<function>.<event>` that has to fire before the fault shows.
    """

    name: str
    happens: Happening
    bound: int = BOUND
    reason: str = ""
    minutes: int = HOUR
    source: str = ""

    def timelines(self, template: Template) -> Iterable[Timeline]:
        """With every phase of the schedule, on an idle and on a busy stack."""
        phases = range(template.rate(self.source)) if self.source else (0,)
        for phase, offset, sleeps, is_busy in product(phases, OFFSETS, QUEUE_SLEEPS, (False, True)):
            timeline = Timeline(template, self.minutes)
            self.happens(timeline, phase * MINUTE + offset, sleeps)
            if is_busy:
                timeline.busy()
            yield timeline


def queue_puts_back(queue: str, function: str, service: str, pause: Callable[[int], float] | None = None) -> Happening:
    """One message, put back each time. Without a `pause` it returns after the queue's visibility timeout."""

    def happens(line: Timeline, begin: float, sleeps: float) -> None:
        def failing(at: float, _: int) -> None:
            line.invoked(function, at)
            line.failed(service, at)

        line.put_back(queue, begin, pause or _shown_again(line, queue), sleeps, failing)

    return happens


def queue_breaks(queue: str, function: str) -> Happening:
    """One message. Invocations time out, or never start."""

    def happens(line: Timeline, begin: float, sleeps: float) -> None:
        def failing(at: float, _: int) -> None:
            line.invoked(function, at, error=True)

        line.put_back(queue, begin, _shown_again(line, queue), sleeps, failing)

    return happens


def stream_puts_back(function: str, service: str) -> Happening:
    """One record."""

    def happens(line: Timeline, begin: float, _: float) -> None:
        def failing(at: float, _: int) -> None:
            line.invoked(function, at)
            line.failed(service, at)

        line.stuck(function, begin, failing)

    return happens


def stream_breaks(function: str) -> Happening:
    """One record. Invocations time out, or never start."""

    def happens(line: Timeline, begin: float, _: float) -> None:
        line.stuck(function, begin, lambda at, _: line.invoked(function, at, error=True))

    return happens


def sweep_fails(source: str, service: str, until: int | None = None) -> Happening:
    """Every sweep fails, or fails at one lot or deal. It is counted, nothing is raised. `until`: minutes."""

    def happens(line: Timeline, begin: float, _: float) -> None:
        for at in line.each(line.template.rate(source) * MINUTE, begin):
            line.invoked(source.split(".", maxsplit=1)[0], at)
            if until is None or at < until * MINUTE:
                line.failed(service, at)

    return happens


def sweep_breaks(source: str) -> Happening:
    """The function times out or cannot start. Lambda retries each sweep, and leaves a dead letter."""

    def happens(line: Timeline, begin: float, sleeps: float) -> None:
        for at in line.each(line.template.rate(source) * MINUTE, begin):
            line.dead_letter("JobDeadLetterQueue", line.raised(source.split(".", maxsplit=1)[0], at), sleeps)

    return happens


def job_fails(function: str) -> Happening:
    """One event, through all its tries."""

    def happens(line: Timeline, begin: float, sleeps: float) -> None:
        line.dead_letter("JobDeadLetterQueue", line.raised(function, begin), sleeps)

    return happens


def _shown_again(line: Timeline, queue: str) -> Callable[[int], float]:
    return lambda _: line.template.visibility(queue)
