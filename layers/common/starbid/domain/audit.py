"""The hash-chained log of a lot's accepted bids, which anyone can check after the close (spec, section 3, "Audit").

An entry's hash covers the hash of the one before; the first one stands on the hash of the lot's terms. A hidden amount
is in it as a commitment, SHA-256 of `salt:amount`, and so is the reserve. The terms hold the hash of the lot's words
and pictures (`Card.hash`), which cannot change once somebody has bid. Salts come from the lot's secret, one for
each entry, so that one can be opened without the others. `starbid.domain.audit_check` reads what is written here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starbid.domain.auction import Auction, Bid, BidKind, Ending
from starbid.domain.base64url import to_text
from starbid.domain.money import Money

FORMAT = "starbid-log-2"
RESERVE = 0
"""The number under which the reserve is committed to and opened; bids count from 1."""


def append(before: Auction, after: Auction, row: Bid) -> tuple[Auction, Bid]:
    """The lot and the bid's row with the entry chained to the log."""
    head = digest(entry(before, row, head_of(before)))
    return replace(after, head=head), replace(row, chain=head)


def head_of(auction: Auction) -> str:
    """The hash of the last entry, or of the terms while nobody has bid: 64 hexadecimal digits."""
    return auction.head or digest(terms_of(auction))


def code_of(head: str) -> str:
    """A head as links carry it: the same 32 bytes as 43 letters that an address may hold (base64url)."""
    return to_text(bytes.fromhex(head))


def verify_path(auction: Auction) -> str:
    """The page that checks the log, with the head as it is now behind the `#`. A link that somebody keeps proves that
    nothing before it was changed; the server is not even told what it is compared with.
    """
    return f"/auction/{auction.id}/verify#{code_of(head_of(auction))}"


def terms_of(auction: Auction) -> dict[str, Any]:
    """What the log stands on; fixed from the first bid on."""
    terms = auction.terms
    reserve = terms.reserve_price
    return {
        "format": FORMAT,
        "auction_id": auction.id,
        "card": auction.card_hash,
        "type": terms.kind,
        "currency": terms.currency,
        "start_price": terms.start_price.amount,
        "reserve": commitment(salt_of(auction, RESERVE), reserve.amount) if reserve else None,
        "buy_now_price": _amount(terms.buy_now_price),
        "bid_step": _amount(terms.bid_step),
        "floor_price": _amount(terms.floor_price),
        "drop_amount": _amount(terms.drop_amount),
        "drop_seconds": terms.drop_seconds,
        "starts_at": moment(auction.starts_at),
    }


def entry(auction: Auction, row: Bid, previous: str) -> dict[str, Any]:
    """One line of the log: amounts as they were public at that time, hidden ones as commitments."""
    bought = row.kind is BidKind.BUY
    return {
        "number": row.number,
        "at": moment(row.placed_at),
        "bidder": auction.pseudonym(row.bidder_id),
        "kind": row.kind.value,
        "price": None if row.sealed else row.price.amount,
        "leader": None if row.sealed else auction.pseudonym(row.leader_id),
        "commitment": None if bought else commitment(salt_of(auction, row.number), row.maximum.amount),
        "previous": previous,
    }


def opening(auction: Auction, row: Bid) -> dict[str, Any]:
    """What shows the amount behind a bid's commitment."""
    return {"number": row.number, "amount": row.maximum.amount, "salt": salt_of(auction, row.number)}


def log_of(auction: Auction, rows: Iterable[Bid], opened: Iterable[int]) -> dict[str, Any]:
    """The whole log of a closed lot. `rows` in the order of their numbers; `opened` are the numbers that are shown."""
    terms, known = terms_of(auction), list(rows)
    entries, head = [], digest(terms)
    for row in known:
        line = link(auction, row, head)
        head = line["hash"]
        entries.append(line)
    shown = openings(auction, known, opened)
    return {
        "terms": terms,
        "entries": entries,
        "openings": shown,
        "result": result_of(auction),
        "head": auction.head or head,
    }


def link(auction: Auction, row: Bid, previous: str) -> dict[str, Any]:
    """An entry with its own hash."""
    line = entry(auction, row, previous)
    return line | {"hash": digest(line)}


def openings(auction: Auction, rows: Iterable[Bid], opened: Iterable[int]) -> list[dict[str, Any]]:
    """What is opened after the close. `rows`, in the order of their numbers, hold at least those."""
    shown, reserve = frozenset(opened), auction.terms.reserve_price
    found = [opening(auction, row) for row in rows if row.number in shown and row.kind is not BidKind.BUY]
    if RESERVE in shown and reserve:
        found.append({"number": RESERVE, "amount": reserve.amount, "salt": salt_of(auction, RESERVE)})
    return found


def result_of(auction: Auction) -> dict[str, Any]:
    """How it ended."""
    sold = auction.ending is Ending.SOLD
    return {
        "status": auction.ending.value,
        "price": auction.price.amount if sold else None,
        "winner": auction.pseudonym(auction.leader_id) if sold and auction.leader_id is not None else None,
        "left_out": [auction.pseudonym(who) for who in auction.left_out],
    }


def salt_of(auction: Auction, number: int) -> str:
    """The salt of one commitment; it tells nothing of the others or of the lot's secret."""
    return hmac.new(auction.salt.encode(), f"commitment:{number}".encode(), hashlib.sha256).hexdigest()[:32]


def commitment(salt: str, amount: int) -> str:
    return hashlib.sha256(f"{salt}:{amount}".encode()).hexdigest()


def digest(line: Mapping[str, Any]) -> str:
    """SHA-256 of the line as JSON: keys sorted, no spaces, ASCII only."""
    return hashlib.sha256(json.dumps(line, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def moment(at: datetime) -> str:
    """`2026-11-20T15:04:05.123Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _amount(money: Money | None) -> int | None:
    return None if money is None else money.amount
