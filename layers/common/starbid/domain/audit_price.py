"""Whether a closed lot's log follows the rules of its kind, as far as what was opened shows it (spec, section 3).

Each check is given a log of the right shape, whose openings fit their commitments, and yields a sentence per fault.
A new kind of auction has its line in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from starbid.domain.auction import BidKind, Ending
from starbid.domain.audit import RESERVE
from starbid.domain.audit_shape import Line, Log
from starbid.domain.money import Money
from starbid.domain.steps import default_step

Opened = Mapping[int, int]
"""Amounts by the number of their entry."""
Rule = Callable[[Log, Opened], Iterator[str]]
SealedPrice = Callable[[Log, Opened, Line, list[Line]], Iterator[str]]


def broken_rules(log: Log, opened: Opened) -> Iterator[str]:
    """What is against the rules of bidding, a sentence each."""
    for line in log.lines:
        if line.at < log.starts_at:
            yield f"Entry {line.number} is older than the start of the lot."
    sold = log.status == Ending.SOLD
    if sold != (log.price is not None) or sold != (log.winner is not None):
        yield f"The lot is {log.status}: a price and a winner belong to a sold one, and to no other."
    elif sold and not log.lines:
        yield "The lot is sold, and nobody bid."
    else:
        yield from RULES[log.terms["type"]](log, opened)
    if not sold and opened:
        yield "Amounts are opened of a lot that was not sold."
    yield from _left_out(log)
    if log.status == Ending.UNSOLD and log.lines and log.terms["reserve"] is None and not log.left_out:
        yield "The lot is unsold, though there was a bid and no reserve."
    if sold and RESERVE in opened and log.price is not None and log.price < opened[RESERVE]:
        yield f"The lot was sold at {log.said(log.price)}, below its reserve of {log.said(opened[RESERVE])}."


def _left_out(log: Log) -> Iterator[str]:
    """Those whose bids did not count as they owed: bidders, not the winner; in an English lot the leader alone."""
    if not log.left_out:
        return
    if not log.left_out <= {line.bidder for line in log.lines} or log.winner in log.left_out:
        yield "Left out is somebody who did not bid, or the winner."
    if log.status == Ending.CANCELLED or log.terms["type"] == "dutch":
        yield "Nobody is left out of such a lot."
    elif log.terms["type"] == "english":
        if log.status != Ending.UNSOLD or log.left_out != {log.lines[-1].leader}:
            yield "Only the leader of an unsold lot is left out of an English auction."
    elif log.status == Ending.UNSOLD and log.terms["reserve"] is None and log.left_out < {x.bidder for x in log.lines}:
        yield "The lot is unsold, though somebody who was not left out had bid, and there was no reserve."


# --- English ----------------------------------------------------------------------------------------------------------


def _english(log: Log, opened: Opened) -> Iterator[str]:
    """Entry by entry, then what was paid."""
    before: Line | None = None
    for line in log.lines:
        if line.price is None or line.leader is None or (line.commitment is None) != (line.kind == BidKind.BUY):
            yield f"Entry {line.number} is none of an English auction."
            return
        yield from _english_step(log, before, line)
        before = line
    yield from _below_maxima(log, opened)
    if log.status == Ending.SOLD and before:
        if (log.price, log.winner) != (before.price, before.leader):
            said = f"the last entry says {before.leader} at {log.said(before.price)}"
            yield f"It was sold to {log.winner} at {log.said(log.price)}; {said}."
        elif before.kind != BidKind.BUY:
            yield from _english_price(log, opened)


def _english_step(log: Log, before: Line | None, line: Line) -> Iterator[str]:
    """The price never falls and rises by a step; nobody takes the lead without a bid."""
    name, terms, price = f"Entry {line.number}", log.terms, line.price or 0
    if line.kind == BidKind.BUY:
        if price != terms["buy_now_price"] or line.leader != line.bidder:
            yield f"{name}: it was not bought at the buy-now price."
        if line.number != len(log.lines):
            yield f"{name}: the lot was bought, and yet it went on."
        if before and terms["reserve"] is None:
            yield f"{name}: buy-now had gone away with the first bid."
    elif before is None:
        if line.leader != line.bidder or line.kind != BidKind.BID:
            yield f"{name}: the first bid leads."
        if price < terms["start_price"] or (price > terms["start_price"] and terms["reserve"] is None):
            yield f"{name}: the first bid does not stand at the start price."
    elif line.kind == BidKind.RAISE:
        if not line.bidder == line.leader == before.leader:
            yield f"{name}: only the leader raises a maximum, and goes on leading."
        if price < (before.price or 0) or (price > (before.price or 0) and terms["reserve"] is None):
            yield f"{name}: raising the own maximum moves no price but to the reserve."
    else:
        if line.bidder == before.leader or line.leader not in (line.bidder, before.leader):
            yield f"{name}: the lead went to somebody who did not bid."
        if price < (before.price or 0) + _step(log, before.price or 0):
            yield f"{name}: the price of {log.said(price)} is less than a step above {log.said(before.price)}."


def _below_maxima(log: Log, opened: Opened) -> Iterator[str]:
    """A maximum that is opened was worth a bid when it came, and its bidder never paid more."""
    for line in log.lines:
        amount = opened.get(line.number)
        if amount is None:
            continue
        before = log.lines[line.number - 2].price or 0 if line.number > 1 else 0
        if amount < max(before, log.terms["start_price"]):
            yield f"Entry {line.number}: its maximum of {log.said(amount)} is below the price of that time."
        if line.leader == line.bidder and (line.price or 0) > amount:
            yield f"Entry {line.number}: it leads at {log.said(line.price)} with a maximum of {log.said(amount)}."


def _english_price(log: Log, opened: Opened) -> Iterator[str]:
    """start, or the runner-up's maximum and a step, or the winner's own, or the reserve."""
    price, others = log.price or 0, [line for line in log.lines if line.bidder != log.winner]
    second = max((opened[line.number] for line in others if line.number in opened), default=None)
    if others and second is None:
        yield "The next highest maximum is not opened: the price cannot be checked."
        return
    set_by_winner = any(opened.get(line.number) == price for line in log.lines if line.bidder == log.winner)
    least = log.terms["start_price"] if second is None else second + _step(log, second)
    if price not in (least, opened.get(RESERVE)) and not set_by_winner:
        by = "the start price" if second is None else f"one step above the next highest maximum, {log.said(second)}"
        rest = "and no other rule that was opened makes that price"
        yield f"It was sold at {log.said(price)}; {by} is {log.said(least)}, {rest}."
    elif second is not None and price < second:
        yield f"It was sold at {log.said(price)}, though somebody else's maximum was {log.said(second)}."


def _step(log: Log, price: int) -> int:
    fixed = log.terms["bid_step"]
    return int(fixed) if fixed is not None else default_step(Money(price, log.terms["currency"])).amount


# --- Dutch ------------------------------------------------------------------------------------------------------------


def _dutch(log: Log, _opened: Opened) -> Iterator[str]:
    """One purchase at the most, at max(floor, start - drop * ((at - starts_at) // drop_seconds))."""
    terms = log.terms
    if None in (terms["floor_price"], terms["drop_amount"], terms["drop_seconds"]):
        yield "The terms of a Dutch auction name its floor and its drops."
        return
    if len(log.lines) > 1:
        yield "A Dutch auction ends with the first who buys, and here are more."
    for line in log.lines:
        if line.kind != BidKind.BUY or line.commitment is not None or line.leader != line.bidder:
            yield f"Entry {line.number} is no purchase."
        drops = max(line.at - log.starts_at, timedelta(0)) // timedelta(seconds=terms["drop_seconds"])
        price = max(terms["floor_price"], terms["start_price"] - terms["drop_amount"] * drops)
        if line.price != price:
            was = f"the price of that moment was {log.said(price)}"
            yield f"Entry {line.number}: it was bought at {log.said(line.price)}; {was}."
    if log.lines and (log.status, log.price, log.winner) != (Ending.SOLD, log.lines[0].price, log.lines[0].bidder):
        yield "The result is not what was bought."


# --- sealed bids ------------------------------------------------------------------------------------------------------


def _sealed(log: Log, opened: Opened) -> Iterator[str]:
    "The highest bid wins and pays its own amount. Of equal bids the earlier one wins."
    return _sealed_sale(log, opened, _first_price)


def _vickrey(log: Log, opened: Opened) -> Iterator[str]:
    """The highest bid wins, the earlier of equals, and pays max(start, reserve, second highest)."""
    return _sealed_sale(log, opened, _second_price)


def _sealed_sale(log: Log, opened: Opened, price: SealedPrice) -> Iterator[str]:
    """What both kinds have in common; `price` looks at what the winner paid."""
    yield from _sealed_lines(log)
    if log.status != Ending.SOLD:
        return
    own, others = _last_bids(log)
    if own is None:
        yield "The winner did not bid."
        return
    yield from _nobody_bid_more(log, opened, own, others)
    yield from price(log, opened, own, others)


def _first_price(log: Log, opened: Opened, own: Line, _others: list[Line]) -> Iterator[str]:
    if own.number not in opened:
        yield "The winner's bid set the price and is not opened."
    elif opened[own.number] != log.price:
        yield f"The winner bid {log.said(opened[own.number])} and paid {log.said(log.price)}."


def _second_price(log: Log, opened: Opened, own: Line, others: list[Line]) -> Iterator[str]:
    second = max((opened[line.number] for line in others if line.number in opened), default=None)
    price = max(log.terms["start_price"], second or 0, opened.get(RESERVE, 0))
    if log.price != price:
        made = f"the start, the second highest bid and the reserve make {log.said(price)}"
        yield f"It was sold at {log.said(log.price)}; {made}."
    if opened.get(own.number, log.price) != log.price:
        yield "The winner's bid is opened, though it did not set the price."


def _sealed_lines(log: Log) -> Iterator[str]:
    """Nothing is public but that somebody bid; one's second bid is a raise."""
    known: set[str] = set()
    for line in log.lines:
        if line.price is not None or line.leader is not None or line.commitment is None or line.kind == BidKind.BUY:
            yield f"Entry {line.number} is no sealed bid."
        elif (line.kind == BidKind.RAISE) != (line.bidder in known):
            yield f"Entry {line.number}: the first bid of a person is a bid, each later one a raise."
        known.add(line.bidder)


def _last_bids(log: Log) -> tuple[Line | None, list[Line]]:
    """The winner's last bid, and everybody else's who was not left out."""
    last = {line.bidder: line for line in log.lines if line.bidder not in log.left_out}
    own = last.pop(log.winner, None) if log.winner else None
    return own, list(last.values())


def _nobody_bid_more(log: Log, opened: Opened, own: Line, others: list[Line]) -> Iterator[str]:
    """The bids of all others are opened, and none of them is above the price, or equal to it and older."""
    for line in others:
        amount = opened.get(line.number)
        if amount is None:
            yield f"Entry {line.number}, the last bid of {line.bidder}, is not opened: the price cannot be checked."
        elif log.price is not None and amount > log.price:
            yield f"Entry {line.number} bid {log.said(amount)}, more than the {log.said(log.price)} that was paid."
        elif amount == opened.get(own.number) and line.number < own.number:
            yield f"Entry {line.number} bid as much as the winner, and earlier."
    for number, amount in opened.items():
        if number != RESERVE and amount < log.terms["start_price"]:
            yield f"Entry {number} bid {log.said(amount)}, less than the start price."


RULES: Final[Mapping[str, Rule]] = {"english": _english, "dutch": _dutch, "sealed": _sealed, "vickrey": _vickrey}
