"""Random payments: reported late, twice or never, refunded and taken back."""

from __future__ import annotations

from random import Random

from .world import PEOPLE, World


def pay(world: World, dice: Random) -> None:
    """A new payment; sometimes the report of its refund comes first, or it is never reported."""
    paying, now, who = world.app.paying, world.now, dice.choice(PEOPLE)
    stars = dice.randrange(1, 900)
    order, payload = paying.order_subscription(who, now) if dice.random() < 0.1 else paying.order_stars(who, stars, now)
    charge = (who, f"c{len(world.charges)}", payload, order.amount.amount)
    world.is_paid(*charge)
    if dice.random() < 0.05:
        return
    if dice.random() < 0.05:
        world.stars.list_refund(charge[1])
        world.app.refunding.taken_back(*charge, "XTR", now)
    else:
        paying.credit(*charge, "XTR", now)


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
