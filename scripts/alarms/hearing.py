"""Which alarm reports a fault, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scripts.alarms.calm import CALM
from scripts.alarms.evaluation import Alarm, first_rings
from scripts.alarms.faults import FAULTS
from scripts.alarms.stories import Story
from scripts.alarms.template import Template
from scripts.alarms.timelines import Timeline

ARRIVAL = 2
"""Minutes until a data point reaches CloudWatch. AWS promises none ("best effort"); mostly it is one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Minutes from the start of the fault. `latest` is None if the alarm may stay silent."""

    alarm: str
    soonest: int
    latest: int | None

    def __str__(self) -> str:
        if self.latest is None:
            return f"`{self.alarm}` {self.soonest} or never"
        return f"`{self.alarm}` {self.soonest} to {self.latest}"


@dataclass(frozen=True, slots=True)
class Hearing:
    """`latest`: when at least one alarm has rung in every case; None if all may stay silent."""

    story: Story
    heard: tuple[Heard, ...]
    latest: int | None


def hearing(story: Story, template: Template) -> Hearing:
    """The alarms of a story, over all its timelines and all ways in which AWS may evaluate them."""
    alarms = template.alarms
    of_alarm: dict[str, list[int | None]] = {alarm.name: [] for alarm in alarms}
    of_any: list[int | None] = []
    for timeline in story.timelines(template):
        surely: list[int] = []
        for name, minutes in rings(alarms, timeline).items():
            of_alarm[name] += minutes
            known = [minute for minute in minutes if minute is not None]
            if len(known) == len(minutes):
                surely.append(max(known))
        of_any.append(min(surely, default=None))
    heard = [_heard(name, minutes) for name, minutes in of_alarm.items() if any(m is not None for m in minutes)]
    in_order = sorted(heard, key=lambda each: (each.latest is None, each.latest or 0, each.alarm))
    return Hearing(story, tuple(in_order), _latest(of_any))


def rings(alarms: Iterable[Alarm], timeline: Timeline) -> dict[str, list[int | None]]:
    """By alarm, when it rings for each way in which AWS may evaluate it."""
    return {alarm.name: first_rings(alarm, timeline.samples.get(alarm.metric, {}), timeline.until) for alarm in alarms}


def all_hearings(template: Template) -> list[Hearing]:
    return [hearing(story, template) for story in (*FAULTS, *CALM)]


def table(hearings: Iterable[Hearing]) -> str:
    """Stories with the alarms that ring, as a table in Markdown."""
    rows = [f"| {each.story.name} | {', '.join(map(str, each.heard)) or 'none'} |" for each in hearings]
    return "\n".join(["| what happens | alarms, after minutes |", "|---|---|", *rows])


def _heard(name: str, minutes: list[int | None]) -> Heard:
    known = [minute for minute in minutes if minute is not None]
    return Heard(name, min(known), _latest(minutes))


def _latest(minutes: list[int | None]) -> int | None:
    known = [minute for minute in minutes if minute is not None]
    return max(known) + ARRIVAL if known and len(known) == len(minutes) else None
