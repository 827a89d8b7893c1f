"""The local run without HTTP, Telegram and the emulator; its clock starts on 1 January 2030, moved only when told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.clock import Clock, to_ms
from local.functions import Bell, Failures, Functions
from local.mail.box import LocalMails
from local.pumps import Pumps
from local.queues import Queues
from local.schedules import Calls, RecurringSchedules, Schedules
from local.sources import QueueSource
from local.state import State
from local.template import Template
from local.timeline import Timeline

START = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)


class World:
    """`calls` are (seconds since the start, function, event); `answers` are what functions do, by id."""

    def __init__(self, template: Template, data_dir: Path, state: State | None = None) -> None:
        self.real_ms = to_ms(START)
        self.state = state or State(None)
        self.data_dir = data_dir
        self.clock = Clock(self.state, lambda: self.real_ms)
        self.template = template
        self.calls: list[tuple[float, str, Any]] = []
        self.answers: dict[str, Callable[[Any], Any]] = {}
        bell = Bell()
        self.bell = bell
        self.functions = Functions(template.functions, bell)
        for function_id in template.functions:
            self.functions._handlers[function_id] = _recording(self, function_id)
        self.queues = Queues(self.state, self.clock, template.queues)
        self.schedules = Schedules(self.state, self.clock, template)
        self.mails = LocalMails(self.state, self.clock.now)
        self.failures = Failures(data_dir / "failed")
        self.failed = data_dir / "failed"
        sources = [QueueSource(m, self.queues, self.functions) for m in template.queue_mappings]
        self.pumps = Pumps(sources, bell)
        self.queues.woken = self.pumps.wake
        self.recurring = RecurringSchedules(self.state, self.clock, self.functions, template.schedules)
        self.timeline = Timeline(
            self.clock,
            self.schedules,
            Calls(self.state, self.functions, self.failures),
            self.recurring,
            self.queues,
            [m.queue for m in template.queue_mappings],
            self.pumps.drain,
        )

    def seconds(self) -> float:
        """Since the start."""
        return (self.clock.now_ms() - to_ms(START)) / 1000

    def schedule(self, name: str, at: str, event: str = "{}", **more: Any) -> None:
        self.schedules.create(
            "group",
            name,
            {
                "ScheduleExpression": f"at(2030-01-01T{at})",
                "ActionAfterCompletion": "DELETE",
                "Target": {"Arn": self.template.functions["JobFunction"].arn, "Input": event},
                **more,
            },
        )

    def called(self, function: str) -> list[tuple[float, Any]]:
        return [(at, event) for at, name, event in self.calls if name == function]


def _recording(world: World, function_id: str) -> Callable[[Any, Any], Any]:
    def handler(event: Any, _context: Any) -> Any:
        world.calls.append((world.seconds(), function_id, event))
        answer = world.answers.get(function_id)
        return answer(event) if answer else None

    return handler
