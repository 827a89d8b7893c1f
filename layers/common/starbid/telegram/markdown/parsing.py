"""Markdown as a stream of events: pyromark's, which telegramify-markdown is built on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Event: TypeAlias = Any
"""As in `pyromark.event`: a word, or a dictionary with one key."""
Step: TypeAlias = tuple[Event, Any]
"""An event and where it stands: `start` and `end` in the bytes of the source, nothing for one that we add."""


def parsed(source: str) -> Iterator[Step]:
    """The dialect of models: GitHub's, with formulas and footnotes."""
    from pyromark import Options, events_with_range

    dialect = (
        Options.ENABLE_TABLES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
        | Options.ENABLE_MATH
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_GFM
    )
    return events_with_range(source, options=dialect, merge_text=True)


def added(event: Event) -> Step:
    """A step of ours."""
    return event, {}


def words_of(steps: list[Step]) -> str:
    """What can be read of them, on one line."""
    return "".join(map(_word, (event for event, _ in steps)))


def _word(event: Event) -> str:
    match event:
        case {"Text": str(words)} | {"Code": str(words)}:
            return words
        case "SoftBreak" | "HardBreak":
            return " "
    return ""
