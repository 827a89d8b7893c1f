"""The jobs of the clerk by name. A module of a job registers it:

@job("export")
def export(body: Mapping[str, Any], has_time: HasTime) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SPARE_MS = 60_000
"""With less time left no further step is begun."""

HasTime = Callable[[], bool]
Job = Callable[[Mapping[str, Any], HasTime], None]
_JOBS: dict[str, Job] = {}


class UnknownJob(Exception):
    """Nobody has registered a job of this name, or its body lacks something."""


def job(name: str) -> Callable[[Job], Job]:
    """The function does the job. It raises UnknownJob for a body that it cannot read."""

    def register(work: Job) -> Job:
        _JOBS[name] = work
        return work

    return register


def run(body: object, context: Any) -> None:
    """Raises UnknownJob, and what the job raises."""
    name = body.get("job") if isinstance(body, dict) else None
    work = _JOBS.get(name) if isinstance(name, str) else None
    if work is None:
        raise UnknownJob
    assert isinstance(body, dict)
    work(body, lambda: context.get_remaining_time_in_millis() > SPARE_MS)
