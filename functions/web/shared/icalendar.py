"""Ends of lots as a calendar (RFC 5545), for programs that import one or subscribe to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TYPE = "text/calendar; charset=utf-8"
LASTS = timedelta(minutes=15)
"""An entry is the last quarter of an hour: long enough to come and bid."""
_LINE_BYTES = 75
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class LotEnd:
    """`changes` grows with each change of the lot; `known_since` is a moment that stays, as equal calendars are to be
    equal to the byte.
    """

    lot_id: str
    title: str
    url: str
    ends_at: datetime
    known_since: datetime
    changes: int


def calendar(name: str, ends: Iterable[LotEnd], host: str) -> bytes:
    """`name` is shown by programs that subscribe; they come again every hour."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Starbid//Lots//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for end in ends:
        lines += _entry(end, host)
    return b"".join(_folded(line) for line in (*lines, "END:VCALENDAR"))


def _entry(end: LotEnd, host: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{end.lot_id}@{host}",
        f"DTSTAMP:{_moment(end.known_since)}",
        f"SEQUENCE:{end.changes}",
        f"DTSTART:{_moment(end.ends_at - LASTS)}",
        f"DTEND:{_moment(end.ends_at)}",
        f"SUMMARY:{_text(end.title)}",
        f"URL:{end.url}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(end.title)}",
        "TRIGGER:PT0S",
        "END:VALARM",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Section 3.3.11: what would end a value is escaped; what cannot be written is left out."""
    plain = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Section 3.1: lines of 75 bytes at most, never cut within a letter."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        coded = letter.encode("utf-8", "replace")
        if len(piece) + len(coded) > _LINE_BYTES - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += coded
    return b"\r\n ".join((*pieces, piece)) + b"\r\n"
