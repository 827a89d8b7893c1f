"""Random payments: reported late, twice or never, refunded and taken back."""

from __future__ import annotations

from random import Random

from starbid.domain.money import XTR, stars
from starbid.domain.unfinished import Act, BidAct, BuyAct, SubscribeAct
from tests.support.fiat import rub, top_up

from .world import BIDDERS, PEOPLE, World


def pay(world: World, dice: Random) -> None:
    """A new payment; sometimes the report of its refund comes first, or it is never reported."""
    paying, now, who = world.app.paying, world.now, dice.choice(PEOPLE)
    sum_ = dice.randrange(1, 900)
    luck = dice.random()
    if luck < 0.1:
        order, payload = paying.order_subscription(who, now)
    elif luck < 0.35:
        order, payload = paying.order_pack(who, dice.choice((10, 50)), now)
    else:
        order, payload = paying.order_stars(who, sum_, now)
    charge = (who, f"c{len(world.charges)}", payload, order.amount.amount)
    world.is_paid(*charge)
    if dice.random() < 0.05:
        return
    if dice.random() < 0.05:
        world.stars.list_refund(charge[1])
        world.app.refunding.taken_back(*charge, "XTR", now)
    else:
        paying.credit(*charge, "XTR", now)


def pay_a_bill(world: World, dice: Random) -> None:
    """Roubles, with kopecks."""
    top_up(world.app, dice.choice(PEOPLE), rub(dice.randrange(1, 90_000)), f"b{next(world.numbers)}")


def top_up_and_act(world: World, dice: Random) -> None:
    """Money comes for an act that waits for it, which is asked for once or more often.

    What was confirmed is all that may be done: a bid is never above it.
    """
    lot, who, app = world.some_lot(), dice.choice(BIDDERS), world.app
    sum_ = dice.randrange(1, 600)
    if lot is None or lot.currency != XTR:
        return
    act: Act = SubscribeAct(f"soak{len(world.charges)}", extends=dice.random() < 0.5)
    if dice.random() < 0.5:
        act = BidAct(lot.id, stars(sum_), lot.card_version, confirmed=True)
    elif dice.random() < 0.5:
        act = BuyAct(lot.id, stars(sum_), lot.card_version)
    order, payload = app.paying.order_stars(who, sum_, world.now, act)
    charge = (who, f"c{len(world.charges)}", payload, sum_)
    world.is_paid(*charge)
    app.paying.credit(*charge, "XTR", world.now)
    placed = []
    for _ in range(dice.randrange(1, 4)):
        finished = app.finishing.finish(order.id, who, world.now)
        placed += [finished.accepted] if finished and finished.accepted else []
    assert len(placed) <= 1, "one order has placed two bids"
    assert all(bid.bid.maximum.amount <= sum_ for bid in placed)


def hear_of_a_payment(world: World, dice: Random) -> None:
    """Telegram repeats a report, or takes a payment back, which is mostly reported."""
    charge = dice.choice(world.charges)
    if dice.random() >= 0.15:
        world.app.paying.credit(*charge, "XTR", world.now)
        return
    world.stars.list_refund(charge[1])
    if dice.random() < 0.7:
        world.app.refunding.taken_back(*charge, "XTR", world.now)


def refund(world: World, dice: Random) -> None:
    who, charge, _, _ = dice.choice(world.charges)
    if dice.random() < 0.2 and charge not in world.stars.refunded:
        world.stars.refusing.add(charge)
    try:
        world.app.refunding.refund(who, charge, world.now)
    finally:
        world.stars.refusing.clear()
