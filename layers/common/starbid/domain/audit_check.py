"""Checks the log of a closed lot, trusting nothing and nobody (spec, section 3, "Audit"). `domain.audit` wrote it.

The chain of hashes shows that no entry was changed, dropped, added or moved, given a head that was noted while the lot
ran; the openings, that the hidden amounts are those that were committed to; the rules of the kind, that the price is
right. Whatever the log holds, what is wrong is told in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from starbid.domain.audit import RESERVE, commitment, digest
from starbid.domain.audit_price import broken_rules
from starbid.domain.audit_shape import Log, Unreadable, read
from starbid.domain.base64url import to_bytes

_CODE = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_TOLD = 100
"""Of a log that is all wrong nobody reads more."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what was found wrong, in plain sentences."""

    checked: tuple[str, ...]
    problems: tuple[str, ...]


def problems(log: object, head: str | None = None) -> list[str]:
    """What is wrong with a log as `json.loads` gives it, a sentence each; empty where it is sound.

    `head` is the head that somebody noted: of the whole log, or of its beginning while the lot ran.
    """
    return list(report(log, head).problems)


def report(log: object, head: str | None = None) -> Report:
    """The same, with what was checked."""
    try:
        known = read(log)
    except Unreadable as unreadable:
        return Report(("the shape of the log",), _told(unreadable.sentences))
    checked = [
        f"the shape of the log: lot {known.terms['auction_id']}, {known.terms['type']}, {known.status}",
        f"the chain: the terms and {len(known.lines)} entries, up to the head {known.head}",
        f"the commitments of {len(known.openings)} opened amounts",
        f"the price by the rules of its kind: {_result(known)}",
    ]
    faults = [*_chain(known), *_openings(known)]
    if head is not None:
        checked.append("the head that was noted")
        faults += _noted(known, head)
    opened = {opening.number: opening.amount for opening in known.openings}
    return Report(tuple(checked), _told([*faults, *broken_rules(known, opened)]))


def parse(text: str | bytes) -> Any:
    """JSON to plain values, as strictly as a log needs it. Raises ValueError, saying what is wrong with the text."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_float=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None


def _chain(log: Log) -> Iterator[str]:
    """Numbers from 1 on, each entry on the hash of the one before, the last one is the head."""
    before = digest(log.terms)
    for place, line in enumerate(log.lines, start=1):
        if line.number != place:
            yield f"Entry {place} bears the number {line.number}: an entry was dropped, added or moved."
        if line.previous != before:
            on = "the entry before it" if place > 1 else "the terms"
            yield f"Entry {place} does not stand on {on}."
        if digest(line.raw) != line.hash:
            yield f"Entry {place} was changed: its hash is another."
        before = line.hash
    if log.head != before:
        yield "The head is not the hash of the last entry."


def _openings(log: Log) -> Iterator[str]:
    """Each opened amount is the one that was committed to."""
    committed = {line.number: line.commitment for line in log.lines} | {RESERVE: log.terms["reserve"]}
    seen: set[int] = set()
    for opening in log.openings:
        name = "The reserve" if opening.number == RESERVE else f"The amount of entry {opening.number}"
        if opening.number in seen:
            yield f"{name} is opened twice."
        elif committed.get(opening.number) is None:
            yield f"{name} is opened, and there is no commitment to it."
        elif commitment(opening.salt, opening.amount) != committed[opening.number]:
            yield f"{name} is not the one that was committed to."
        seen.add(opening.number)


def noted_head(text: str) -> str:
    """The hash that somebody noted: as such, as the code of a link, or the whole link (`audit.verify_path`)."""
    code = text.strip().rsplit("#", 1)[-1]
    return to_bytes(code).hex() if _CODE.fullmatch(code) else code.lower()


def _noted(log: Log, head: str) -> Iterator[str]:
    """A head noted while the lot ran is one of an entry on the way; a later one is the last."""
    if noted_head(head) not in {digest(log.terms), *(line.hash for line in log.lines)}:
        yield "The head that was noted does not occur in this log: it is another log, or it was rewritten."


def _result(log: Log) -> str:
    return f"{log.said(log.price)} by {log.winner}" if log.price is not None else "no sale"


def _told(sentences: Iterable[str]) -> tuple[str, ...]:
    every = tuple(sentences)
    more = len(every) - MOST_TOLD
    return every if more <= 0 else (*every[:MOST_TOLD], f"And {more} more.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field occurs twice")
    return fields


def _refuse(text: str) -> Any:
    raise ValueError(f"{text[:20]} is no whole number")
