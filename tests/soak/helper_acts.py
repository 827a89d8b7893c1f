"""What people and operators do with the helper, at random: agree, try, ask, stop, ask again, clear, buy."""

from __future__ import annotations

from random import Random
from typing import Final

from starbid.domain.assistant.question import Place, Question, State, Task
from starbid.domain.payments import Purpose
from starbid.domain.people import Person
from starbid.services.assistant.asking import Wish
from tests.support.desk import deciding

from .world import PEOPLE, World

PACKS: Final = (10, 10, 50, 200)
FEW: Final = (1, 2, 3, 4)
"""Not everybody: then the same come again and again."""


def agree(world: World, dice: Random) -> None:
    """Now and then it is taken back; each tries it, some twice."""
    who = dice.choice(FEW)
    world.app.asking.consent(who, world.now, given=dice.random() < 0.85)
    world.app.asking.start_trial(_person(world, who), world.now)


def ask(world: World, dice: Random) -> None:
    """Now and then the request comes twice, which is one question."""
    who, lot = dice.choice(FEW if dice.random() < 0.9 else PEOPLE), world.some_lot()
    task = dice.choice((*[Task.QUESTION] * 3, *Task))
    subject = lot.id if lot and task in (Task.LOT, Task.REPLY) else ""
    wish = Wish("How do I sell a lamp?", dice.choice((Place.CHAT, Place.CHAT, *Place)), task, subject)
    name = f"r{next(world.numbers)}"
    asked = [world.app.asking.ask(_person(world, who), wish, name, world.now) for _ in range(dice.choice((1, 1, 2)))]
    assert len({each.id for each in asked}) == 1, "one request has become two questions"


def ask_again(world: World, dice: Random) -> None:
    """What failed; sometimes what did not, which is refused."""
    asked = list(world.store.tables.questions.values())
    failed = [each for each in asked if each.state is State.FAILED]
    chosen = _one_of(dice, failed if failed and dice.random() < 0.9 else asked)
    if chosen:
        person, name = _person(world, chosen.user_id), f"r{next(world.numbers)}"
        world.app.asking.ask_again(person, chosen.id, name, world.now, Place.CHAT)


def stop(world: World, dice: Random) -> None:
    open_ = [each.user_id for each in world.store.tables.accounts.values() if each.open]
    world.app.asking.stop(dice.choice(open_ or FEW))


def clear(world: World, dice: Random) -> None:
    world.app.asking.clear(dice.choice(FEW), world.now)


def look_back(world: World, dice: Random) -> None:
    """Nothing of a history is there that was cleared, or is another's."""
    who = dice.choice(FEW)
    page, account = world.app.asking.history(who, limit=5)
    assert all(each.user_id == who for each in page.items)
    cleared_at = account.cleared_at
    assert all(cleared_at is None or each.asked_at > cleared_at for each in page.items)
    world.app.asking.standing(_person(world, who), world.now)


def buy_a_pack(world: World, dice: Random) -> None:
    """Out of the wallet; the form may be sent twice."""
    who, name = dice.choice(FEW), f"r{next(world.numbers)}"
    for _ in range(dice.choice((1, 1, 2))):
        world.app.buying.buy(who, dice.choice(PACKS), name, world.now)


def pay_for_a_pack(world: World, dice: Random) -> None:
    """By an invoice, which somebody may pay twice; the report may come twice, or never."""
    who = dice.choice(FEW)
    order, payload = world.app.paying.order_pack(who, dice.choice(PACKS), world.now)
    for _ in range(dice.choice((1, 1, 1, 2))):
        charge = (who, f"c{len(world.charges)}", payload, order.amount.amount)
        world.is_paid(*charge)
        for _ in range(dice.choice((0, 1, 1, 2))):
            world.app.paying.credit(*charge, "XTR", world.now)


def take_a_pack_back(world: World, dice: Random) -> None:
    """Telegram takes back the payment of a pack, mostly of one that is used in part; or its buyer asks for it."""
    packs = [each for each in world.store.tables.charges.values() if each.purpose is Purpose.PACK]
    used = {pack.id for account in world.store.tables.accounts.values() for pack in account.packs if pack.used}
    chosen = [each for each in packs if f"stars:{each.id}" in used] or packs
    if not chosen:
        return
    charge = dice.choice(chosen if dice.random() < 0.7 else packs)
    if dice.random() < 0.4:
        world.app.refunding.refund(charge.user_id, charge.id, world.now)
    else:
        world.stars.list_refund(charge.id)
        world.app.refunding.take_back(charge.id, world.now)


def change_credits(world: World, dice: Random) -> None:
    """An operator gives or takes, now and then more than there is; or grants an order whose payment was not."""
    orders = [each.id for each in world.store.tables.orders.values() if each.purpose is Purpose.PACK]
    decision = deciding("as agreed", world.now)
    for _ in range(dice.choice((1, 1, 2))):
        if orders and dice.random() < 0.2:
            world.app.buying.complete(dice.choice(orders), decision)
        else:
            world.app.buying.change(dice.choice(FEW), dice.choice((1, 3, 9, 20, -1, -3, -40)), decision)


def work(world: World, dice: Random) -> None:
    """The worker takes some messages, or the sweep runs."""
    dice.choice((world.helper, world.helper, world.sweep_helper))()


def _person(world: World, who: int) -> Person:
    return world.store.tables.people[who]


def _one_of(dice: Random, questions: list[Question]) -> Question | None:
    return dice.choice(questions) if questions else None


HELPER_ACTS: Final = {
    agree: 4,
    ask: 12,
    ask_again: 2,
    stop: 1,
    clear: 1,
    look_back: 1,
    buy_a_pack: 2,
    pay_for_a_pack: 3,
    take_a_pack_back: 2,
    change_credits: 2,
    work: 10,
}
"""How often each comes."""
