"""What operators do, at random: pause, correct, bar, hide; now and then twice, or about what is so already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Final

from starbid.domain.audit_trail import Decision
from starbid.domain.lots import CATEGORIES
from starbid.domain.money import XTR, Money
from starbid.domain.reports import ReportReason
from starbid.domain.restrictions import Limit, restrictions_of
from tests.support.desk import deciding
from tests.support.fiat import RUB

from .parts import ROGUE
from .world import PEOPLE, World


def pause_or_resume(world: World, dice: Random) -> None:
    """All lots. A second later, which is when it counts, every reader sees it."""
    pausing, running = world.app.pausing, world.pauses.running
    begins = not running if dice.random() < 0.95 else dice.random() < 0.5
    if begins and dice.random() < 0.7:
        return
    try:
        _decide(world, dice, pausing.pause if begins else pausing.resume)
    finally:
        world.lists_catch_up()


def correct_a_balance(world: World, dice: Random) -> None:
    """A debit now and then of more than there is."""
    who, currency = dice.choice(PEOPLE), dice.choice((XTR, RUB))
    there = world.store.tables.wallets[who, currency].available.amount
    amount = dice.choice((dice.randrange(1, 300), -dice.randrange(1, 300), -there, -there - 1)) or 1
    before, others = world.adjusted(), world.storm.interleaved
    _decide(world, dice, lambda decision: world.app.balances.adjust(who, Money(amount, currency), decision))
    assert others != world.storm.interleaved or len(world.adjusted()) == len(before) + 1, "corrected twice or never"


def block(world: World, dice: Random) -> None:
    moderation = world.app.moderation
    act = moderation.block if dice.random() < 0.4 else moderation.unblock
    _decide(world, dice, lambda decision: act(ROGUE, decision))


def restrict(world: World, dice: Random) -> None:
    """Mostly from one thing for some minutes, and sometimes from nothing any more."""
    who, limits = dice.choice(PEOPLE), set(dice.sample(list(Limit), dice.choice((0, 1, 1, 2))))
    until = world.now + timedelta(seconds=dice.randrange(1, 1_500))
    barred = restrictions_of(limits, until)
    _decide(world, dice, lambda decision: world.app.moderation.restrict(who, barred, decision))


def report(world: World, dice: Random) -> None:
    lot = world.some_lot()
    if lot:
        world.app.reports.report(dice.choice(PEOPLE), lot.id, dice.choice(list(ReportReason)), world.now)


def act_on_a_lot(world: World, dice: Random) -> None:
    """Whether it is hidden, reported or over. An operator's cancelling of a lot with bids is `cancel`."""
    lot, acts = world.some_lot(), world.app.lot_acts
    if lot is None:
        return
    lot_id, category = lot.id, dice.choice(CATEGORIES)
    choices: tuple[Callable[[Decision], object], ...] = (
        lambda decision: acts.hide(decision, lot_id),
        lambda decision: acts.show(decision, lot_id),
        lambda decision: acts.move(decision, lot_id, category),
        lambda decision: world.app.reports.dismiss(decision, lot_id),
    )
    _decide(world, dice, dice.choice(choices))


def _decide(world: World, dice: Random, act: Callable[[Decision], object]) -> None:
    """The form may be sent twice: that is one decision."""
    decision = deciding("as agreed", world.now)
    for _ in range(dice.choice((1, 1, 2))):
        act(decision)


DESK_ACTS: Final = {
    pause_or_resume: 7,
    correct_a_balance: 3,
    block: 1,
    restrict: 1,
    report: 2,
    act_on_a_lot: 4,
}
"""How often each comes."""
