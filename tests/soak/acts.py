"""What people do, at random. An act reads the present world, and calls the use cases as a surface would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Final

from starbid.domain.auction import Auction, Status
from starbid.domain.audit_check import problems
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Conflict,
    InDebt,
    InsufficientFunds,
    LotChanged,
    NotClosed,
    NotStarted,
    OwnAuction,
    StarbidError,
)
from starbid.domain.kinds import KINDS, is_hidden, kind_of, least_bid
from starbid.domain.money import CURRENCIES, XTR, Money
from starbid.domain.pause import Paused
from starbid.domain.restrictions import Restricted
from starbid.domain.wallet import Wallet
from starbid.services.auctions import bidding
from tests.property.contract import least_bid as least_by_contract
from tests.property.contract import outcome
from tests.support.desk import deciding
from tests.support.factories import draft
from tests.support.fiat import RUB

from .bill_acts import (
    cancel_a_bill,
    decide_about_a_bill,
    finish_after_a_bill,
    hear_of_a_bill,
    open_a_bill,
    paid_at_once,
    pay_at_the_provider,
)
from .deal_acts import after_a_refund, deal_step
from .debt_acts import bill_charged_back, look_at_a_wallet, spent_and_taken_back
from .desk_acts import DESK_ACTS
from .helper_acts import HELPER_ACTS
from .parts import ADMIN, SELLERS
from .pay_acts import hear_of_a_payment, pay, pay_a_bill, refund, top_up_and_act
from .payout_acts import (
    a_gift_leaves,
    ask_at_once,
    ask_for_a_payout,
    cancel_a_payout,
    decide_about_a_payout,
    owed_after_a_request,
    owed_at_once,
)
from .world import BIDDERS, PEOPLE, World

Act = Callable[[World, Random], None]


def publish(world: World, dice: Random) -> None:
    kind, currency = dice.choice((*sorted(KINDS), "english")), dice.choice((XTR, XTR, RUB))
    unit = CURRENCIES[currency].minor_units
    start = in_minor(dice, dice.choice((1, 60, 100, 260)), currency)
    reserve = start + dice.randrange(150 * unit) if dice.random() < 0.4 else None
    fields: dict[str, object] = {"type": kind, "start_price": start, "duration_seconds": dice.randrange(200, 4_000)}
    fields |= {"goods": CURRENCIES[currency].goods, "currency": currency}
    if kind == "dutch":
        fields |= {"floor_price": dice.randrange(1, start + 1), "drop_amount": start, "drop_seconds": 59}
        if dice.random() < 0.7:
            fields |= {"drop_amount": max(1, start // 10), "drop_seconds": 5, "floor_price": max(1, start // 2)}
    else:
        fields |= {"reserve_price": reserve}
    if kind == "english":
        fields |= {
            "buy_now_price": (reserve or start) + dice.randrange(200 * unit) if dice.random() < 0.4 else None,
            "bid_step": dice.choice((None, None, 7 * unit)),
            "extend_seconds": dice.choice((0, 30, 120, 3_600)),
            "max_extension_seconds": dice.choice((0, 60, 7_200)),
        }
    if dice.random() < 0.2:
        fields["starts_at"] = (world.now + timedelta(seconds=dice.randrange(1, 1_000))).isoformat()
    wanted = draft(world.now, **fields)
    world.app.publishing.publish(dice.choice(SELLERS), wanted, (), f"r{dice.randrange(10**6)}", world.now)


def in_minor(dice: Random, units: int, currency: str) -> int:
    """About so many whole units; of roubles with kopecks."""
    return units if CURRENCIES[currency].is_whole else 100 * units + dice.randrange(100)


def edit(world: World, dice: Random) -> None:
    lot = world.some_lot()
    if lot:
        start = in_minor(dice, dice.randrange(1, 300), lot.currency)
        fields: dict[str, object] = {"type": lot.terms.kind, "start_price": start}
        fields |= {"goods": CURRENCIES[lot.currency].goods, "currency": lot.currency}
        if lot.terms.kind == "dutch":
            fields |= {"floor_price": 1, "drop_amount": start, "drop_seconds": 10}
        change = draft(world.now, duration_seconds=dice.randrange(60, 4_000), **fields)
        world.app.publishing.edit(lot.seller_id, lot.id, change, (), world.now)


def cancel(world: World, dice: Random) -> None:
    lot = world.some_lot()
    if lot:
        by_admin = dice.random() < 0.5
        who = ADMIN if by_admin else lot.seller_id
        decision = deciding("stolen", world.now) if by_admin else None
        world.app.publishing.cancel(who, lot.id, world.now, decision=decision)


def bid(world: World, dice: Random) -> None:
    lot = world.some_lot()
    if lot and (lot.terms.kind != "dutch" or dice.random() < 0.1):
        _bid_on(world, dice, lot)


def crowd(world: World, dice: Random) -> None:
    """Some line up and die; mostly somebody comes upon them, and decides for them too."""
    lot = world.some_lot()
    if lot is None:
        return
    with _in_line():
        for _ in range(dice.randrange(4)):
            world.storm.doom("intents.add")
            with world.forgiven():
                _bid_on(world, dice, world.lot(lot.id))
        if dice.random() < 0.7:
            _bid_on(world, dice, world.lot(lot.id))


@contextmanager
def _in_line() -> Iterator[None]:
    """Nobody tries it alone."""
    saved, bidding.__dict__["is_crowded"] = bidding.__dict__["is_crowded"], lambda *_: True
    try:
        yield
    finally:
        bidding.__dict__["is_crowded"] = saved


def _bid_on(world: World, dice: Random, lot: Auction) -> None:
    who = dice.choice(PEOPLE if dice.random() < 0.1 else BIDDERS)
    wallet = world.store.tables.wallets.get((who, lot.currency))
    staked = wallet.stakes.get(lot.id) if wallet else None
    least = least_bid(lot, who, staked).amount
    over = dice.choice((0, 0, 1, dice.randrange(-5, 40), dice.randrange(400 * CURRENCIES[lot.currency].minor_units)))
    if lot.leader_maximum and not kind_of(lot).is_sealed and dice.random() < 0.2:
        least, over = lot.leader_maximum.amount, dice.randrange(-2, 3)
    place(world, lot, who, max(1, least + over), staked)


def place(world: World, lot: Auction, who: int, amount: int, staked: Money | None) -> None:
    """A bid; any answer must be true."""
    english, now, others = lot.terms.kind == "english", world.now, world.others_at(lot)
    wallet = world.store.tables.wallets.get((who, lot.currency))
    with _refusals_change_nothing(world, lot) as refused:
        accepted = world.app.bidding.bid(lot.id, who, amount, now, card_version=lot.card_version, confirmed=True)
    if refused and others == world.others_at(lot):
        _require_true(world, refused[0], lot, who, amount, staked)
    if refused:
        raise refused[0]
    if others == world.others_at(lot):
        before = wallet or Wallet.empty(who, lot.currency)
        assert not before.blocked, "a bid of somebody who was blocked"
        assert not before.owes, "a bid of somebody who owed in its currency"
        assert not _is_barred(before, now), "a bid of somebody who was barred from bidding"
        assert not world.pauses.holds(now), "a bid in a pause"
    row = world.store.tables.bids[lot.id, accepted.bid.number]
    assert (row.bidder_id, row.maximum.amount, row.placed_at) == (who, amount, now)
    assert lot.starts_at <= now < lot.ends_at or others != world.others_at(lot)
    assert who != lot.seller_id
    assert accepted.auction.card_version == lot.card_version, "a bid on words that nobody saw"
    if others != world.others_at(lot):
        return
    if english:
        assert amount >= least_by_contract(lot, who)
        assert (accepted.auction.leader_id, accepted.auction.price.amount) == outcome(lot, who, amount)
    else:
        assert accepted.auction.price == lot.terms.start_price


def buy(world: World, dice: Random) -> None:
    falling = [lot for lot in world.lots() if lot.terms.kind == "dutch" and lot.status(world.now) is Status.LIVE]
    lot = dice.choice(falling) if falling and dice.random() < 0.6 else world.some_lot()
    if lot:
        price = kind_of(lot).view(lot, world.now).buy_now_price or lot.price
        seen = max(1, price.amount + dice.choice((0, 0, 0, 5, -1, 100)))
        others = world.others_at(lot)
        with _refusals_change_nothing(world, lot) as refused:
            settled = world.app.bidding.buy(lot.id, dice.choice(BIDDERS), seen, world.now)
        if refused:
            raise refused[0]
        assert seen >= settled.auction.price.amount
        assert settled.auction.price == price or others != world.others_at(lot)
        assert not world.pauses.holds(world.now) or others != world.others_at(lot), "bought in a pause"


def _require_true(
    world: World, refusal: StarbidError, lot: Auction, who: int, amount: int, staked: Money | None
) -> None:
    """However stale the reads were, a bid is refused for a reason that really exists, or because the lot is over.

    `lot` is as it was when the bid was made.
    """
    wallet, least = world.store.tables.wallets.get((who, lot.currency)), least_bid(lot, who, staked).amount
    available = wallet.after_offset().available.amount if wallet else 0
    match refusal:
        case BidTooLow() if lot.status(world.now) is Status.LIVE:
            assert amount < least
            assert refusal.next_min.amount <= least if world.store.lag else refusal.next_min.amount == least
        case InsufficientFunds():
            assert available < amount
        case InDebt() if refusal.owed.currency != lot.currency:
            raise AssertionError("a debt bars bids in its own currency")
        case InDebt() if not lot.is_due(world.now):  # such a lot may be closed by then, which may free money
            assert wallet
            assert wallet.owed > wallet.available
            assert refusal.owed == wallet.owed - wallet.available
        case AuctionClosed():
            assert lot.status(world.now) not in (Status.LIVE, Status.SCHEDULED)
        case NotStarted():
            assert lot.status(world.now) is Status.SCHEDULED
        case Paused():
            assert world.pauses.holds(world.now)
        case Restricted():
            assert wallet
            assert _is_barred(wallet, world.now)
        case OwnAuction():
            assert who == lot.seller_id
        case LotChanged():
            raise AssertionError("nobody has changed the lot")


def _is_barred(wallet: Wallet, now: datetime) -> bool:
    return wallet.no_bids_until is not None and now < wallet.no_bids_until


@contextmanager
def _refusals_change_nothing(world: World, lot: Auction) -> Iterator[list[StarbidError]]:
    """Returns the refusal, after the block; the attempt may have closed a lot that was due."""
    before, others = world.store.tables.snapshot(), world.others_at(lot)
    refused: list[StarbidError] = []
    try:
        yield refused
    except StarbidError as refusal:
        refused.append(refusal)
    due = lot.is_due(world.now)
    if refused and not due and not isinstance(refused[0], Conflict) and others == world.others_at(lot):
        assert world.store.tables == before, "what was refused changed something"


def look(world: World, dice: Random) -> None:
    """Opening a lot reveals nothing sealed; a downloaded log passes its check."""
    lot = world.some_lot()
    if lot is None:
        return
    viewer = dice.choice(PEOPLE)
    view = world.app.browsing.lot(lot.id, viewer, world.now)
    auction = view.lot.auction
    if is_hidden(auction):
        assert (view.price, view.leader, view.reserve_met) == (auction.terms.start_price, None, None)
        assert world.app.browsing.bids(auction, 50).items == ()
    try:
        log = world.app.browsing.log(lot.id, world.now)
    except NotClosed:
        return
    assert problems(log, world.store.tables.auctions[lot.id].head or None) == []


def watch(world: World, dice: Random) -> None:
    lot = world.some_lot()
    if lot and dice.random() < 0.8:
        world.app.watching.watch(dice.choice(PEOPLE), lot.id, world.now)
    elif lot:
        world.app.watching.unwatch(dice.choice(PEOPLE), lot.id)


def subscribe(world: World, dice: Random) -> None:
    world.app.people.subscribe(dice.choice(PEOPLE), f"r{dice.randrange(4)}", world.now)


def lag(world: World, dice: Random) -> None:
    """From now on inconsistent reads see the present state, until they catch up again."""
    world.store.lag = dice.random() < 0.4


def telegram(world: World, dice: Random) -> None:
    world.storm.telegram_is_down = dice.random() < 0.4


def time_passes(world: World, dice: Random) -> None:
    world.app.clock.forward(
        milliseconds=dice.choice((1, 999, 30_000, 120_000, 120_000, 1_200_000)) + dice.randrange(1_000)
    )


def days_pass(world: World, dice: Random) -> None:
    """Longer than any retention of a queue or a stream, so they are emptied first, as in AWS."""
    world.drain()
    world.app.clock.forward(days=dice.choice((1, 3, 8)))


def run(world: World, dice: Random) -> None:
    """A background job runs."""
    dice.choice(
        (world.alarms, world.sweep, world.streams, world.streams, world.debts, world.queue, world.queue, world.clerk)
    )()


def project(world: World, dice: Random) -> None:
    world.store.project(world.now)


ACTS: Final[dict[Act, int]] = {
    bid: 44,
    crowd: 5,
    publish: 6,
    buy: 5,
    edit: 1,
    cancel: 2,
    look: 4,
    watch: 3,
    deal_step: 14,
    after_a_refund: 8,
    pay: 4,
    pay_a_bill: 3,
    open_a_bill: 7,
    pay_at_the_provider: 7,
    paid_at_once: 1,
    hear_of_a_bill: 4,
    cancel_a_bill: 1,
    finish_after_a_bill: 3,
    decide_about_a_bill: 2,
    top_up_and_act: 6,
    hear_of_a_payment: 2,
    refund: 2,
    spent_and_taken_back: 3,
    bill_charged_back: 1,
    look_at_a_wallet: 2,
    ask_for_a_payout: 6,
    cancel_a_payout: 1,
    decide_about_a_payout: 7,
    a_gift_leaves: 5,
    ask_at_once: 1,
    owed_after_a_request: 1,
    owed_at_once: 2,
    subscribe: 1,
    lag: 1,
    telegram: 1,
    time_passes: 8,
    days_pass: 1,
    run: 25,
    project: 1,
    **DESK_ACTS,
    **HELPER_ACTS,
}
"""How often each comes."""
