"""The log of a lot as typed values, read from JSON that anybody may have written: whatever it is, it is told in words.

`read` takes what `json.loads` gives; every field must be there, of its type and within its bounds, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starbid.domain.auction import BidKind, Ending
from starbid.domain.audit import FORMAT
from starbid.domain.kinds import KINDS
from starbid.domain.money import CURRENCIES, MAX_AMOUNT, Money
from starbid.domain.typed_numbers import amount_coded

MOST_ENTRIES = 1_000_000
_LONGEST_SHOWN = 40

Check = Callable[[object], bool]


class Unreadable(Exception):
    """The log has not the shape of one; `sentences` say where."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. `raw` is what its hash covers; `bidder` and `leader` are pseudonyms, `price` in minor units."""

    number: int
    at: datetime
    bidder: str
    kind: str
    price: int | None
    leader: str | None
    commitment: str | None
    previous: str
    hash: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """What is said to stand behind the commitment of entry `number`; 0 is the reserve."""

    number: int
    amount: int
    salt: str


@dataclass(frozen=True, slots=True)
class Log:
    """A log of the right shape; nothing of it is believed yet."""

    terms: Mapping[str, Any]
    starts_at: datetime
    lines: tuple[Line, ...]
    openings: tuple[Opening, ...]
    status: str
    price: int | None
    winner: str | None
    left_out: frozenset[str]
    head: str

    def said(self, amount: int | None) -> str:
        """An amount of it as people write amounts: the log itself has minor units."""
        return "no amount" if amount is None else amount_coded(Money(amount, self.terms["currency"]))


def read(log: object) -> Log:
    """Raises Unreadable."""
    faults = list(_faults(log))
    if faults:
        raise Unreadable(faults)
    assert isinstance(log, dict)
    result = log["result"]
    return Log(
        terms=log["terms"],
        starts_at=_time(log["terms"]["starts_at"]),
        lines=tuple(_line(entry) for entry in log["entries"]),
        openings=tuple(Opening(**opening) for opening in log["openings"]),
        status=result["status"],
        price=result["price"],
        winner=result["winner"],
        left_out=frozenset(result["left_out"]),
        head=log["head"],
    )


def _line(entry: dict[str, Any]) -> Line:
    raw = {name: value for name, value in entry.items() if name != "hash"}
    return Line(**{**entry, "at": _time(entry["at"])}, raw=raw)


def _faults(log: object) -> Iterator[str]:
    if not isinstance(log, dict):
        yield "This is not a log: it is no JSON object."
        return
    yield from _wrong_fields(log, _LOG, "The log")
    terms, result = log.get("terms"), log.get("result")
    if isinstance(terms, dict):
        yield from _wrong_fields(terms, _TERMS, "The terms")
    if isinstance(result, dict):
        yield from _wrong_fields(result, _RESULT, "The result")
    for name, fields in (("entries", _ENTRY), ("openings", _OPENING)):
        items = log.get(name)
        for place, item in enumerate(items if _is_list(items) and isinstance(items, list) else (), start=1):
            yield from _wrong_fields(item, fields, f"Line {place} of the {name}")


def _wrong_fields(item: object, fields: Mapping[str, Check], what: str) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{what} is no JSON object."
        return
    for name, is_sound in fields.items():
        if name not in item:
            yield f"{what}: {name!r} is missing."
        elif not is_sound(item[name]):
            yield f"{what}: {name!r} cannot be {_shown(item[name])}."
    if len(item) > len(fields) or item.keys() - fields.keys():
        extra = next(iter(item.keys() - fields.keys()), None)
        yield f"{what}: nobody knows the field {_shown(extra)}."


def _shown(value: object) -> str:
    """A value for people, whatever it is: never long, never deep."""
    if isinstance(value, bool | None):
        return str(value).lower() if value is not None else "null"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else "so large a number"
    if isinstance(value, str):
        return ascii(value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "...")
    return f"a {type(value).__name__}"


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _is_time(value: object) -> bool:
    if not _matches(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")(value):
        return False
    try:
        _time(str(value))
    except ValueError:
        return False
    return True


def _is_whole(least: int, most: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _one_of(*choices: str) -> Check:
    return lambda value: isinstance(value, str) and value in choices


def _or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST_ENTRIES


_AMOUNT = _is_whole(1, MAX_AMOUNT)
_HASH = _matches("[0-9a-f]{64}")
_PSEUDONYM = _matches("#[0-9a-f]{8}")
_LOG: Mapping[str, Check] = {
    "terms": lambda value: isinstance(value, dict),
    "entries": _is_list,
    "openings": _is_list,
    "result": lambda value: isinstance(value, dict),
    "head": _HASH,
}
_TERMS: Mapping[str, Check] = {
    "format": _one_of(FORMAT),
    "auction_id": _matches("[a-z0-9]{1,20}"),
    "card": _HASH,
    "type": _one_of(*KINDS),
    "currency": _one_of(*CURRENCIES),
    "start_price": _AMOUNT,
    "reserve": _or_null(_HASH),
    "buy_now_price": _or_null(_AMOUNT),
    "bid_step": _or_null(_AMOUNT),
    "floor_price": _or_null(_AMOUNT),
    "drop_amount": _or_null(_AMOUNT),
    "drop_seconds": _or_null(_AMOUNT),
    "starts_at": _is_time,
}
_ENTRY: Mapping[str, Check] = {
    "number": _is_whole(1, MOST_ENTRIES),
    "at": _is_time,
    "bidder": _PSEUDONYM,
    "kind": _one_of(*(kind.value for kind in BidKind)),
    "price": _or_null(_AMOUNT),
    "leader": _or_null(_PSEUDONYM),
    "commitment": _or_null(_HASH),
    "previous": _HASH,
    "hash": _HASH,
}
_OPENING: Mapping[str, Check] = {
    "number": _is_whole(0, MOST_ENTRIES),
    "amount": _AMOUNT,
    "salt": _matches("[0-9a-f]{32}"),
}
_RESULT: Mapping[str, Check] = {
    "status": _one_of(Ending.SOLD, Ending.UNSOLD, Ending.CANCELLED),
    "price": _or_null(_AMOUNT),
    "winner": _or_null(_PSEUDONYM),
    "left_out": lambda value: _is_list(value) and isinstance(value, list) and all(map(_PSEUDONYM, value)),
}
