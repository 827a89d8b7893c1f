"""Money out, at random: asked for, taken back, decided by operators, given by a Telegram that fails, owed meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Final

from starbid.domain.money import XTR, Money
from starbid.domain.payments import ChargeState
from starbid.domain.payout_errors import TooYoung
from starbid.domain.payouts import GIFTS, GIFTS_APART, Method, Payout, PayoutState, Wish
from tests.support.desk import decision
from tests.support.fiat import RUB, top_up

from .old_enough import old_enough
from .parts import HOLD_DAYS
from .world import EXPECTED, PEOPLE, World

PREMIUM: Final = (Method.PREMIUM_3, Method.PREMIUM_3, Method.PREMIUM_6, Method.PREMIUM_12)
"""Few have more than the least."""
MOST_ROUNDS = 20


def ask_for_a_payout(world: World, dice: Random) -> None:
    """Now and then of more than there is; the form may be sent twice, or again after days."""
    who, currency = dice.choice(PEOPLE), dice.choice((XTR, RUB))
    payable = world.app.payouts.payable(who, currency, world.now).now.amount
    if currency == XTR:
        dear = [method for method in PREMIUM if GIFTS[method].price.amount <= payable]
        method = dice.choice(dear if dear and dice.random() < 0.9 else PREMIUM)
        wish = Wish(GIFTS[method].price, method)
    else:
        some = dice.choice((payable, dice.randrange(payable + 1), dice.randrange(400_000)))
        wish = Wish(Money(max(1, some), currency), Method.OUTSIDE, "the card 1234")
    name = f"p{next(world.numbers) if dice.random() < 0.9 else dice.randrange(50)}"
    asked = [world.app.payouts.request(who, wish, name, world.now) for _ in range(dice.choice((1, 1, 2)))]
    assert len({payout.id for payout in asked}) == 1, "one request has become two payouts"


def ask_at_once(world: World, dice: Random) -> None:
    """Money comes in and is asked for before any list tells of it, by a function that was called before it came."""
    lagged, who, called_at = world.store.lag, dice.choice(PEOPLE), world.now
    world.app.clock.forward(milliseconds=dice.choice((0, 1, 20_000)))
    world.store.lag = True
    try:
        came = top_up(world.app, who, Money(dice.randrange(1_000, 90_000), RUB), f"b{next(world.numbers)}").amount
        there = world.store.tables.wallets[who, RUB].available
        wish = Wish(came if dice.random() < 0.3 else max(came, there), Method.OUTSIDE, "the card 1234")
        world.app.payouts.request(who, wish, f"p{next(world.numbers)}", called_at)
    finally:
        world.store.lag = lagged


def cancel_a_payout(world: World, dice: Random) -> None:
    """Mostly one's own."""
    payout = _some_payout(world, dice)
    if payout:
        who = payout.user_id if dice.random() < 0.9 else dice.choice(PEOPLE)
        world.app.payouts.cancel(who, payout.id, world.now)


def decide_about_a_payout(world: World, dice: Random) -> None:
    """A step of an operator, mostly a due one. They act a second after the request at least, and no list is behind for
    longer.
    """
    world.lists_catch_up()
    payout = _some_payout(world, dice)
    if payout is None:
        return
    app, now, luck = world.app, world.now, dice.random()
    if luck < 0.1:
        app.payout_review.of(payout.id)
        app.payout_review.waiting(now, 5)
    elif payout.gift:
        _decide_about_a_gift(world, dice, payout)
    elif luck < 0.2:
        is_theirs = (
            payout.state is PayoutState.SENDING and not world.handed[payout.id]
        )  # then it is not said to be paid
        step = app.payouts.begin if is_theirs else dice.choice((app.payouts.mark_paid, app.payouts.begin))
        step(payout.id, decision(app, at=now))
        _hand_over(world, payout.id)
    elif payout.state is PayoutState.REQUESTED and luck < 0.9:
        _approve(world, payout)
    elif world.pays(payout.id) and payout.state is not PayoutState.REQUESTED:
        if payout.state is PayoutState.APPROVED:
            app.payouts.begin(payout.id, decision(app, at=now))
        _hand_over(world, payout.id)
        if dice.random() < 0.7:
            app.payouts.mark_paid(payout.id, decision(app, at=now))
    else:
        app.payouts.refuse(payout.id, decision(app, reason="no such card", at=now))


def a_gift_leaves(world: World, dice: Random) -> None:
    """A gift is tried by the sweep or by an operator's second press; some people cannot be given any."""
    gifts = [each for each in world.store.tables.payouts.values() if each.gift and not each.is_unsent]
    due = [payout for payout in world.store.tables.payouts.values() if payout.gift and payout.is_open]
    if dice.random() < 0.1:
        world.stars.ungiftable ^= {dice.choice(PEOPLE)}
    _strike(world, dice)
    if due and dice.random() < 0.6:
        world.app.gifts.send(dice.choice(due if dice.random() < 0.9 else gifts or due).id, world.now)
    else:
        world.app.gifts.sweep(world.now)


def owed_after_a_request(world: World, dice: Random) -> None:
    """A payment is taken back from somebody whose money is about to leave."""
    tables = world.store.tables
    leaving = {(payout.user_id, payout.amount.currency) for payout in tables.payouts.values() if payout.is_open}
    bought = [
        charge
        for charge in tables.charges.values()
        if (charge.user_id, charge.amount.currency) in leaving
        and charge.state is ChargeState.CREDITED
        and not charge.purpose.is_direct
    ]
    dear = [each for each in bought if tables.wallets[each.user_id, each.amount.currency].available < each.amount]
    if not bought:
        return
    charge = dice.choice(dear or bought)
    if charge.amount.currency == XTR:
        world.stars.list_refund(charge.id)
    world.app.refunding.take_back(charge.id, world.now)


def owed_at_once(world: World, dice: Random) -> None:
    """The same, between the read and the write of a step of that payout, or of another one."""
    once = iter((owed_after_a_request,))

    def owed() -> None:
        for act in once:
            with suppress(*EXPECTED, ExceptionGroup):
                act(world, dice)

    step = dice.choice((decide_about_a_payout, decide_about_a_payout, a_gift_leaves, ask_for_a_payout, cancel_a_payout))
    with world.storm.meets(owed):
        step(world, dice)


def everything_leaves(world: World) -> None:
    """In good weather operators decide about all that waits, and all gifts are sent, or come back."""
    for _ in range(MOST_ROUNDS):
        world.drain()
        waiting = [payout for payout in world.store.tables.payouts.values() if payout.is_open]
        if not waiting:
            return
        for payout in waiting:
            with world.forgiven():
                _bring_to_an_end(world, payout)
        world.app.clock.forward(milliseconds=GIFTS_APART // timedelta(milliseconds=1))
    raise AssertionError(f"never sent: {waiting}")


def _bring_to_an_end(world: World, payout: Payout) -> None:
    app, now = world.app, world.now
    if payout.state is PayoutState.REQUESTED:
        try:
            _approve(world, payout)
        except TooYoung:
            app.payouts.refuse(payout.id, decision(app, reason="it came in just now", at=now))
    elif payout.gift:
        return
    elif not world.pays(payout.id):
        app.payouts.refuse(payout.id, decision(app, reason="no such card", at=now))
    else:
        if payout.state is PayoutState.APPROVED:
            app.payouts.begin(payout.id, decision(app, at=now))
        _hand_over(world, payout.id)
        app.payouts.mark_paid(payout.id, decision(app, at=now))


def _decide_about_a_gift(world: World, dice: Random, payout: Payout) -> None:
    app, now = world.app, world.now
    if dice.random() < 0.15:
        app.payouts.refuse(payout.id, decision(app, reason="not today", at=now))
    elif dice.random() < 0.1:
        dice.choice((app.payouts.mark_paid, app.payouts.begin))(payout.id, decision(app, at=now))
    else:
        _approve(world, payout)
        _strike(world, dice)
        app.gifts.send(payout.id, now)


def _approve(world: World, payout: Payout) -> None:
    """Where it is said to be too young for that, it is, or so much came in right after the request."""
    try:
        world.app.payouts.approve(payout.id, decision(world.app, at=world.now))
    except TooYoung:
        transfers, hold = world.store.tables.transfers.values(), timedelta(days=HOLD_DAYS)
        could = old_enough(transfers, payout, hold, world.now, timedelta(minutes=1))
        assert payout.amount.amount > could, f"{payout} is old enough"
        raise


def _strike(world: World, dice: Random) -> None:
    """Telegram gives it and the process dies, or the next calls are lost, before or after Telegram has done it."""
    if dice.random() < 0.3:
        world.storm.doom("stars.give_premium")
    elif dice.random() < 0.3:
        world.storm.lose("stars.give_premium")


def _hand_over(world: World, payout_id: str) -> None:
    """An operator really pays, once, as soon as the program says that it is theirs to pay."""
    payout = world.store.tables.payouts[payout_id]
    mine = payout.state is PayoutState.SENDING and not payout.gift and world.pays(payout_id)
    if mine and not world.handed[payout_id]:
        world.handed[payout_id] += 1


def _some_payout(world: World, dice: Random) -> Payout | None:
    payouts = list(world.store.tables.payouts.values())
    waiting = [payout for payout in payouts if payout.is_open]
    return dice.choice(waiting if waiting and dice.random() < 0.85 else payouts) if payouts else None
