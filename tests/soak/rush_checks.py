"""What holds after a rush: every answer is true, every bid in time has one, every hold is backed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

from starbid.domain.auction import Auction, Bid, BidKind, Ending
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Blocked,
    Conflict,
    InDebt,
    InsufficientFunds,
    NotStarted,
    OwnAuction,
    PriceMoved,
    StarbidError,
)
from starbid.domain.intents import Placed, Refused, Repeated
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import latest_by_bidder
from starbid.domain.money import Money
from tests.property.contract import outcome
from tests.support.factories import SELLER
from tests.support.invariants import dump_of, violations

from .rush import Answer, Request, Rush
from .rush_store import Story

GRACE_SECONDS = 2.0
"""After its 8 s a bid that is being decided is waited for."""
SLACK_SECONDS = 1.5
"""The tries before the line, and the shift that a bidder is in the middle of."""
LOOKED_AFTER_SECONDS = 30
SETTLES_AFTER = 2.0
SKEW_SECONDS = 0.2


def check(rush: Rush) -> list[str]:
    """What does not hold, a sentence each."""
    return [
        *rush.store.faults,
        *violations(dump_of(rush.store)),
        *_all_is_settled(rush),
        *_intents_end_once(rush),
        *_answers_are_true(rush),
        *_logs_are_of_the_rule(rush),
    ]


def _all_is_settled(rush: Rush) -> Iterator[str]:
    tables, now = rush.store.tables, rush.time.now()
    for lot in (tables.auctions[first.id] for first in rush.lots):
        if not lot.is_final:
            yield f"{lot.id} has not ended: {lot}"
        lease = tables.leases.get(lot.id)
        if (lease and lease.until > now) or (rush.store.leases and rush.weather.is_calm):
            yield f"the lease of {lot.id} is not given back"
        ended, end = rush.store.ended.get(lot.id, 0), rush._second(lot.ends_at)
        by_time = lot.ending is not Ending.CANCELLED and not _bought(rush, lot)
        if by_time and ended < end + SETTLES_AFTER - SKEW_SECONDS * rush.weather.skewed:
            yield f"{lot.id} ended at {ended}, its time at {end}"
    if any(wallet.held for wallet in tables.wallets.values()):
        yield "something is held in the end"


def _bought(rush: Rush, lot: Auction) -> bool:
    return any(row.kind is BidKind.BUY for row in _rows(rush, lot.id))


def _rows(rush: Rush, lot_id: str) -> list[Bid]:
    return sorted((r for r in rush.store.tables.bids.values() if r.auction_id == lot_id), key=lambda row: row.number)


# --- intents ----------------------------------------------------------------------------------------------------------


def _intents_end_once(rush: Rush) -> Iterator[str]:
    for story in rush.store.stories.values():
        if len(story.ends) > 1:
            yield f"decided more than once: {story}"
        elif not story.ends:
            if not _is_forgotten_rightly(rush, story):
                yield f"never decided: {story}"
        elif story.waited > LOOKED_AFTER_SECONDS and not _may_be_late(rush, story):
            yield f"decided after {story.waited:.1f} s: {story}"
        elif not story.is_withdrawn and (fault := _end_is_false(rush, story)):
            yield f"{fault}: {story}"


def _may_be_late(rush: Rush, story: Story) -> bool:
    """The message to the closer was lost, has to come again, or was not sent: who takes the lease of a quiet lot, and
    dies before sending it, leaves that to the next one who takes it, unless they die before that.
    """
    unsent = rush.met["died after take_lease"] + rush.met["died before drain_in"]
    return bool(rush.met["lost messages"] or unsent) or story.intent.auction_id in rush.troubled


def _is_forgotten_rightly(rush: Rush, story: Story) -> bool:
    """Its function died, or failed, after the lot had ended, or just before that without anybody who looks after it: it
    could not count any more.
    """
    lot = rush.store.tables.auctions[story.intent.auction_id]
    at_once = (_bought(rush, lot) or lot.ending is Ending.CANCELLED) and _may_be_late(rush, story)
    looked = rush.store.looked_last.get(lot.id, math.inf)
    return (looked < story.counted or at_once) and not rush.weather.is_calm


def _end_is_false(rush: Rush, story: Story) -> str | None:
    intent, (_, end) = story.intent, story.ends[0]
    match end:
        case Placed(number):
            row = rush.store.tables.bids[intent.auction_id, number]
            same = (row.bidder_id, row.placed_at) == (intent.person_id, intent.arrived_at)
            return None if same else f"it is not its row {row}"
        case Repeated():
            return None if intent.memory else "it repeats nothing"
        case Refused(Conflict()):
            return "refused as a conflict"
    return None


# --- answers ----------------------------------------------------------------------------------------------------------


def _answers_are_true(rush: Rush) -> Iterator[str]:
    rows = {(row.auction_id, row.bidder_id, row.placed_at): row for row in rush.store.tables.bids.values()}
    if len(rows) != len(rush.store.tables.bids):
        yield "a request has two rows"
    ordered = sorted(rush.answers, key=lambda answer: (answer.request.who, answer.request.arrived_at))
    for request, group in groupby(ordered, key=lambda answer: answer.request):
        answers, row = list(group), rows.pop((request.lot, request.who, request.arrived_at), None)
        yield from _request_is_answered(rush, request, answers, row)
    yield from (f"nobody asked for {row}" for row in rows.values())


def _request_is_answered(rush: Rush, request: Request, answers: list[Answer], row: Bid | None) -> Iterator[str]:
    for answer in answers:
        took = answer.ended - answer.began - answer.stalled
        if took > rush.weather.patience + GRACE_SECONDS + SLACK_SECONDS:
            yield f"answered after {took:.2f} s: {answer}"
        if answer.number is not None and (row is None or row.number != answer.number):
            yield f"told of a bid that is {row}: {answer}"
        if answer.code is not None and row is not None:
            yield f"refused, and counts as {row}: {answer}"
        if answer.code == Conflict.code and answer.ended - answer.began < rush.weather.patience:
            yield f"a conflict after {took:.2f} s: {answer}"
        if rush.weather.is_calm and (answer.code == Conflict.code or answer.is_unknown):
            yield f"no answer in good weather: {answer}"
        if answer.code is not None and len(answers) == 1 and not _is_true(rush, answer):
            yield f"a false refusal: {answer}; the lot was {_states(rush, answer)}"


def _states(rush: Rush, answer: Answer) -> list[Auction]:
    """All states of the lot that the function can have seen; late reads see older ones."""
    states, earliest = rush.store.states[answer.request.lot], answer.began - 0.3
    first = max(place for place, (second, _) in enumerate(states) if second <= max(earliest, states[0][0]))
    return [auction for second, auction in states[first:] if second <= answer.ended]


def _is_true(rush: Rush, answer: Answer) -> bool:
    """There was a moment, while it was asked for, at which the rule says so."""
    request, states = answer.request, _states(rush, answer)
    paying = request.who, rush.first[request.lot].currency
    purses = [wallet for second, wallet in rush.store.purses[paying] if second <= answer.ended]
    match answer.code:
        case AuctionClosed.code:
            return any(state.ending is not Ending.OPEN or request.arrived_at >= state.ends_at for state in states)
        case BidTooLow.code:
            return any(_is_too_low(rush, request, state) for state in states)
        case InsufficientFunds.code:
            return any(wallet.after_offset().available.amount < request.amount for wallet in purses)
        case OwnAuction.code:
            return request.who == SELLER
        case Blocked.code:
            return rush.store.tables.wallets[paying].blocked
        case InDebt.code:
            return any(wallet.owed.amount for wallet in purses)
        case PriceMoved.code:
            return request.wish == "buy"
        case NotStarted.code:
            return False
    return True


def _is_too_low(rush: Rush, request: Request, state: Auction) -> bool:
    rows = [row for row in _rows(rush, request.lot) if row.number <= state.bids_count]
    own = latest_by_bidder(rows).get(request.who)
    return request.amount < kind_of(state).least_bid(state, request.who, own.maximum if own else None).amount


# --- logs -------------------------------------------------------------------------------------------------------------


def _logs_are_of_the_rule(rush: Rush) -> Iterator[str]:
    """Placed one by one in the order of the log, the bids come to the rows of the log."""
    for first in rush.lots:
        state, stakes = first, dict[int, Money]()
        for row in _rows(rush, first.id):
            if row.kind is BidKind.BUY:
                continue
            staked = stakes.get(row.bidder_id)
            try:
                accepted = kind_of(state).bid(state, row.bidder_id, row.maximum, row.placed_at, staked)
            except StarbidError as refusal:
                yield f"the rule refuses {row}: {refusal}"
                break
            if accepted.bid != row:
                yield f"the rule makes {accepted.bid} of {row}"
            if state.terms.kind == "english" and (row.leader_id, row.price.amount) != outcome(
                state, row.bidder_id, row.maximum.amount
            ):
                yield f"by the contract's words {row} is false"
            state, stakes = accepted.auction, stakes | {row.bidder_id: row.maximum}
