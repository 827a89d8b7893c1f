"""Work on many things, of which one may fail without stopping the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from starbid.services.ports import TryLater

T = TypeVar("T")
R = TypeVar("R")


def each(what: str, things: Iterable[T], work: Callable[[T], R]) -> list[R]:
    """Do `work` for every one of `things`; answers the outcomes in their order.

    Where some failed, the others are done all the same, and an ExceptionGroup named `what` is raised at the end.
    """
    done: list[R] = []
    failures: list[Exception] = []
    for thing in things:
        try:
            done.append(work(thing))
        except Exception as failure:
            failure.add_note(f"while at {thing!r}")
            failures.append(failure)
    if failures:
        raise ExceptionGroup(what, failures)
    return done


def longest_wait(failures: ExceptionGroup[Exception]) -> TryLater | None:
    """The longest of what has to wait among what failed, as a new exception of its kind; None where nothing has to."""
    waits = [failure for failure in failures.exceptions if isinstance(failure, TryLater)]
    if not waits:
        return None
    longest = max(waits, key=lambda wait: wait.seconds)
    return type(longest)(longest.seconds)
