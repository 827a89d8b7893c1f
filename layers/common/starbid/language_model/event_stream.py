"""Server-sent events, read as they come (WHATWG HTML, 9.2.5 and 9.2.6).

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile("\r\n|\n|\r")


class EventTooLong(Exception):
    """More than a reader wants to hold."""


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is "" where the stream gives none. `data` may have several lines."""

    data: str
    name: str = ""


class EventStream:
    """Bytes in, however they are cut; events out. One that the stream's end cuts short is none.

    `most` is how many characters an event may have.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._after_return = False
        self._line: list[str] = []
        self._line_length = 0
        self._data: list[str] = []
        self._name = ""
        self._held = 0

    def feed(self, data: bytes) -> Iterator[Event]:
        """The events that these bytes complete. Raises EventTooLong."""
        for line in self._lines(self._decoder.decode(data)):
            if line:
                self._take(line)
            elif (event := self._dispatched()) is not None:
                yield event

    def _lines(self, text: str) -> Iterator[str]:
        """A carriage return ends a line at once: the line feed that may follow with the next bytes is skipped."""
        if not text:
            return
        if self._after_return:
            text = text.removeprefix("\n")
        self._after_return = text.endswith("\r")
        *ends, rest = _LINE_END.split(text)
        for end in ends:
            line = "".join((*self._line, end))
            self._line, self._line_length = [], 0
            yield line
        if rest:
            self._line.append(rest)
            self._line_length += len(rest)
            self._check(self._line_length)

    def _take(self, line: str) -> None:
        self._check(len(line))
        field, _, value = line.partition(":")  # a comment has the field ""
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
            self._held += len(line) + 1
        elif field == "event":
            self._name = value

    def _check(self, more: int) -> None:
        if self._held + more > self._most:
            raise EventTooLong

    def _dispatched(self) -> Event | None:
        event = Event("\n".join(self._data), self._name) if self._data else None
        self._data, self._name, self._held = [], "", 0
        return event
