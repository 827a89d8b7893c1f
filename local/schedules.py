"""Schedules and what they start: one-off ones made by the functions, recurring ones of the template."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local.clock import Clock
from local.expressions import at_ms, next_ms
from local.functions import Failures, Functions
from local.state import State
from local.template import Recurring, Template

RETRY_SECONDS = (60, 120)
"""Pauses after the first and second failure of an asynchronous call, as in Lambda; the third is the last."""

log = logging.getLogger("local.schedules")


class ScheduleExists(Exception):
    """A schedule of this name is in the group."""


class ScheduleMissing(Exception):
    """No schedule of this name is in the group."""


class Schedules:
    """EventBridge Scheduler's schedules: their bodies are kept as they came. `woken` is called on each change."""

    def __init__(self, state: State, clock: Clock, template: Template) -> None:
        self._state = state
        self._clock = clock
        self._template = template
        self.woken: Callable[[], None] = lambda: None

    def create(self, group: str, name: str, body: Mapping[str, Any]) -> None:
        """Raises ScheduleExists (unless the same call is repeated) and ExpressionError."""
        due_at = self._due_at(body)
        with self._state.transaction():
            present = self._find(group, name)
            if present is not None:
                if present.get("ClientToken") and present["ClientToken"] == body.get("ClientToken"):
                    return
                raise ScheduleExists(name)
            self._state.run("INSERT INTO schedules VALUES (?, ?, ?, ?)", group, name, due_at, json.dumps(body))
        self.woken()

    def update(self, group: str, name: str, body: Mapping[str, Any]) -> None:
        """Raises ScheduleMissing and ExpressionError."""
        due_at = self._due_at(body)
        changed = self._state.run(
            "UPDATE schedules SET due_at = ?, body = ? WHERE place = ? AND name = ?",
            *(due_at, json.dumps(body), group, name),
        )
        if not changed:
            raise ScheduleMissing(name)
        self.woken()

    def get(self, group: str, name: str) -> dict[str, Any]:
        """Raises ScheduleMissing."""
        body = self._find(group, name)
        if body is None:
            raise ScheduleMissing(name)
        return body

    def delete(self, group: str, name: str) -> None:
        """Raises ScheduleMissing."""
        if not self._state.run("DELETE FROM schedules WHERE place = ? AND name = ?", group, name):
            raise ScheduleMissing(name)

    def names(self, group: str | None = None) -> list[tuple[str, str]]:
        """Group and name of each, in the order of names."""
        rows = self._state.rows("SELECT place, name FROM schedules ORDER BY place, name")
        return [(place, name) for place, name in rows if group in (None, place)]

    def next_due(self) -> int | None:
        due: int | None = self._state.one("SELECT min(due_at) FROM schedules")
        return due

    def fire(self, now: int) -> int:
        """Turn every due schedule into a waiting call, in order of time; returns their number."""
        with self._state.transaction():
            rows = self._state.rows(
                "SELECT place, name, due_at, body FROM schedules WHERE due_at <= ? ORDER BY due_at, name", now
            )
            for group, name, due_at, text in rows:
                self._fire(group, name, due_at, json.loads(text))
        return len(rows)

    def _fire(self, group: str, name: str, due_at: int, body: dict[str, Any]) -> None:
        target = body["Target"]
        self._state.run(
            "INSERT INTO invocations (function, event, due_at) VALUES (?, ?, ?)",
            *(self._template.function_of_arn(target["Arn"]), target.get("Input") or "{}", due_at),
        )
        if not body["ScheduleExpression"].startswith("at("):
            zone = body.get("ScheduleExpressionTimezone", "UTC")
            following = next_ms(body["ScheduleExpression"], zone, max(due_at, self._clock.now_ms()))
            if following <= body.get("EndDate", math.inf) * 1000:
                self._set_due(group, name, following)
            else:
                self._complete(group, name, body)
        else:
            self._complete(group, name, body)

    def _complete(self, group: str, name: str, body: Mapping[str, Any]) -> None:
        """It fires no more."""
        if body.get("ActionAfterCompletion") == "DELETE":
            self._state.run("DELETE FROM schedules WHERE place = ? AND name = ?", group, name)
        else:
            self._set_due(group, name, None)

    def _set_due(self, group: str, name: str, due_at: int | None) -> None:
        self._state.run("UPDATE schedules SET due_at = ? WHERE place = ? AND name = ?", due_at, group, name)

    def _find(self, group: str, name: str) -> dict[str, Any] | None:
        text = self._state.one("SELECT body FROM schedules WHERE place = ? AND name = ?", group, name)
        return None if text is None else dict(json.loads(text))

    def _due_at(self, body: Mapping[str, Any]) -> int | None:
        expression, zone = body["ScheduleExpression"], body.get("ScheduleExpressionTimezone") or "UTC"
        at = expression.startswith("at(")
        due_at = at_ms(expression, zone) if at else next_ms(expression, zone, self._clock.now_ms())
        return None if body.get("State") == "DISABLED" else due_at


class Calls:
    """Asynchronous calls: kept until they succeed, tried three times, then given to `failures`."""

    def __init__(self, state: State, functions: Functions, failures: Failures) -> None:
        self._state = state
        self._functions = functions
        self._failures = failures

    def next_due(self) -> int | None:
        due: int | None = self._state.one("SELECT min(due_at) FROM invocations")
        return due

    def run_due(self, now: int) -> int:
        """Make every due call, in order; returns their number."""
        rows = self._state.rows(
            "SELECT id, function, event, attempts FROM invocations WHERE due_at <= ? ORDER BY due_at, id", now
        )
        for call_id, function_id, text, attempts in rows:
            self._run(call_id, function_id, json.loads(text), attempts, now)
        return len(rows)

    def _run(self, call_id: int, function_id: str, event: Any, attempts: int, now: int) -> None:
        try:
            self._functions.invoke(function_id, event)
        except Exception as error:
            log.exception("%s failed", function_id)
            if attempts < len(RETRY_SECONDS):
                due_at = now + 1000 * RETRY_SECONDS[attempts]
                self._state.run(
                    "UPDATE invocations SET due_at = ?, attempts = attempts + 1 WHERE id = ?", due_at, call_id
                )
                return
            self._failures.keep(function_id, event, repr(error))
        self._state.run("DELETE FROM invocations WHERE id = ?", call_id)


class RecurringSchedules:
    """The template's schedules. A firing that fails is not repeated: the next one comes soon enough."""

    def __init__(self, state: State, clock: Clock, functions: Functions, schedules: Iterable[Recurring]) -> None:
        self._state = state
        self._functions = functions
        self._schedules = {schedule.id: schedule for schedule in schedules}
        now = clock.now_ms()
        self._due = {s.id: self._first(s, now) for s in self._schedules.values()}

    def next_due(self) -> int | None:
        return min(self._due.values(), default=None)

    def fire(self, now: int, *, all_of_them: bool = False) -> int:
        """Fire each due one, once however often it was due, or all of them out of turn; returns their number."""
        due = sorted((at, schedule_id) for schedule_id, at in self._due.items() if all_of_them or at <= now)
        for at, schedule_id in due:
            schedule = self._schedules[schedule_id]
            if at <= now:
                following = next_ms(schedule.expression, schedule.timezone, at)
                if following <= now:
                    following = next_ms(schedule.expression, schedule.timezone, now)
                self._set(schedule, following)
            try:
                self._functions.invoke(schedule.function, json.loads(schedule.input))
            except Exception:
                log.exception("%s failed", schedule_id)
        return len(due)

    def _first(self, schedule: Recurring, now: int) -> int:
        kept = self._state.note(_note(schedule))
        if kept is not None:
            return int(kept)
        first = next_ms(schedule.expression, schedule.timezone, now)
        self._state.set_note(_note(schedule), str(first))
        return first

    def _set(self, schedule: Recurring, due: int) -> None:
        self._due[schedule.id] = due
        self._state.set_note(_note(schedule), str(due))


def _note(schedule: Recurring) -> str:
    return f"recurring.{schedule.id}.{schedule.expression}"
