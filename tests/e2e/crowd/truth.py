"""What must be true of a crowd. Each check tells what is wrong, a sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from starbid.domain.auction import Bid
from starbid.domain.audit_check import problems
from tests.e2e.crowd.scenes import BEST, LEAST, STEP, WINDOW, Crowd
from tests.e2e.crowd.square import Answer
from tests.support.memory_tables import Tables

PATIENCE = 10.0
"""Seconds in which everybody has an answer: a bid waits for 8, then it is withdrawn."""
_TRUE = {
    "english": {"accepted", "bid_too_low"},
    "sealed": {"accepted"},
    "dutch": {"accepted", "auction_closed"},
}
"""What a bid that arrived in time may be told."""


def faults(crowd: Crowd, books: Tables) -> list[str]:
    """Everything that is wrong with a crowd, by what was answered and by all that is stored; empty if nothing is."""
    rows = sorted((row for row in books.bids.values() if row.auction_id == crowd.lot), key=lambda row: row.number)
    checks = [_answers(crowd), _rows(crowd, rows), _log(crowd, rows), _wallets(crowd, rows)]
    if crowd.scene.kind == "english":
        checks.append(_english(crowd, rows))
    elif crowd.scene.kind == "sealed":
        checks.append(_sealed(crowd))
    return [f"{crowd.scene.name}: {fault}" for check in checks for fault in check]


def counts(crowd: Crowd) -> Counter[str]:
    """The answers by what they say."""
    return Counter(answer.code for answer in crowd.answers)


def _answers(crowd: Crowd) -> Iterator[str]:
    wrong = Counter(answer.code for answer in crowd.answers if answer.code not in _TRUE[crowd.scene.kind])
    for code, count in wrong.items():
        yield f"{count} of {len(crowd.answers)} were told {code}"
    slow = [answer.seconds for answer in crowd.answers if answer.seconds > PATIENCE]
    if slow:
        yield f"{len(slow)} waited for more than {PATIENCE:.0f} s, one of them {max(slow):.1f} s"
    for one in crowd.tries:
        if len({(answer.status, answer.body) for answer in one.answers}) > 1:
            yield f"{one.who} was told two things with one key: {[answer.code for answer in one.answers]}"


def _rows(crowd: Crowd, rows: list[Bid]) -> Iterator[str]:
    """Who was accepted has one row, with the amount and the number that they were told; nobody else has any."""
    accepted = {one.who: one for one in crowd.tries if one.answers[0].is_accepted}
    bidders = Counter(row.bidder_id for row in rows)
    if bidders != Counter(accepted.keys()):
        yield f"{len(accepted)} were told that they bid, {sum(bidders.values())} bids of {len(bidders)} are there"
    for row in rows:
        one = accepted.get(row.bidder_id)
        told = one.answers[0].told if one else None
        if one and row.maximum.amount != one.amount:
            yield f"{one.who} offered {one.amount}, stored is {row.maximum.amount}"
        if told and (told["number"], told["amount"]) != (row.number, row.maximum.amount):
            yield f"number {row.number} was told {told['number']} and {told['amount']}"
    if [row.number for row in rows] != list(range(1, len(rows) + 1)):
        yield "the numbers of the bids have gaps"
    ends_at = datetime.fromisoformat(crowd.before["ends_at"])
    if any(row.placed_at >= ends_at for row in rows):
        yield "a bid counts that arrived after the end"


def _log(crowd: Crowd, rows: list[Bid]) -> Iterator[str]:
    yield from problems(crowd.log)
    if len(crowd.log["entries"]) != len(rows) or crowd.ended["bids_count"] != len(rows):
        yield f"{len(rows)} bids are there, {len(crowd.log['entries'])} in the log, {crowd.ended['bids_count']} counted"
    if crowd.ended["status"] != "sold":
        yield f"the lot is {crowd.ended['status']}"


def _wallets(crowd: Crowd, rows: list[Bid]) -> Iterator[str]:
    """Nobody lost a Star but the winner the price."""
    for who, wallet in crowd.have.items():
        if wallet.held:
            yield f"{who} has {wallet.held.amount} held after the end"
    paid = {who: (wallet.available - crowd.have[who].available).amount for who, wallet in crowd.had.items()}
    payers = {who: amount for who, amount in paid.items() if amount}
    winner = _winner(rows)
    if payers != ({winner: crowd.ended["price"]} if winner else {}):
        yield f"{winner} won for {crowd.ended['price']}, and paid have {payers}"


def _winner(rows: list[Bid]) -> int | None:
    """The highest offer, the earlier of equals; of a falling price who bought."""
    return min(rows, key=lambda row: (-row.maximum.amount, row.number)).bidder_id if rows else None


def _sealed(crowd: Crowd) -> Iterator[str]:
    if crowd.ended["price"] != BEST:
        yield f"the price is {crowd.ended['price']}, not the best offer"


def _english(crowd: Crowd, rows: list[Bid]) -> Iterator[str]:
    """The bids in the order of the log lead to the prices that it tells, and every refusal fits a moment between two.

    Nobody bids twice, so a leader's raise does not occur.
    """
    leader, most, price, least = 0, 0, LEAST, [LEAST]
    for row in rows:
        amount = row.maximum.amount
        if amount < least[-1]:
            yield f"number {row.number} bid {amount}, the least was {least[-1]}"
        if not leader:
            leader, most = row.bidder_id, amount
        elif amount > most:
            leader, most, price = row.bidder_id, amount, min(amount, most + STEP)
        else:
            price = min(most, amount + STEP)
        if (row.price.amount, row.leader_id) != (price, leader):
            yield f"number {row.number} led to {row.price.amount} for {row.leader_id}, right is {price} for {leader}"
        least.append(price + STEP)
    for one in crowd.tries:
        for answer in one.answers:
            if answer.code == "bid_too_low" and not _is_true(answer, one.amount, least):
                yield f"{one.who} bid {one.amount} and was told {answer.body}"
    ends = datetime.fromisoformat(crowd.before["ends_at"])
    if crowd.scene.is_extended and rows:
        ends = max(ends, max(row.placed_at for row in rows) + timedelta(seconds=WINDOW))
    if datetime.fromisoformat(crowd.ended["ends_at"]) != ends:
        yield f"the end is {crowd.ended['ends_at']}, right is {ends}"


def _is_true(refusal: Answer, amount: int, least: list[int]) -> bool:
    told = refusal.told["error"]["details"]["next_min_bid"]
    return amount < told and told in least
