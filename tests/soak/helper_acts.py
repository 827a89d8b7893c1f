"""The AI helper at random: asked, answered, stopped, bought; workers die, and the sweep finds what they left."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from starbid.domain.assistant.question import Place
from starbid.domain.payments import Purpose
from starbid.services.assistant.answering import Answering
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Ailment, ModelTrouble
from tests.support.desk import decision
from tests.support.fake_assistant import Call
from tests.support.fakes import FakePace
from tests.support.packs import worker

from .world import PEOPLE, World

SAYS: Final = ("An answer.", "An answer.", "A long answer. " * 700, "")
MOST_ROUNDS = 20


def ask(world: World, dice: Random) -> None:
    """Now and then the same request comes again."""
    who = dice.choice(PEOPLE)
    person = world.app.store.person(who)
    assert person
    wish = Wish("What is a proxy bid?", dice.choice((Place.CHAT, Place.SITE)))
    request = f"q{next(world.numbers) if dice.random() < 0.9 else dice.randrange(50)}"
    for _ in range(dice.choice((1, 1, 1, 2))):
        world.app.asking.ask(person, wish, request, world.now)


def answer(world: World, dice: Random) -> None:
    """Some calls of the queue. One that failed comes again, and sometimes one that did not."""
    for call in world.work.calls[: dice.randrange(1, 4)]:
        trouble = ModelTrouble(Ailment.REFUSED, "no")
        world.app.language_model.says(trouble if dice.random() < 0.1 else dice.choice(SAYS))
        if dice.random() < 0.1:
            world.app.asking.stop(call.user_id)
        _deliver(world, call)
        if dice.random() < 0.95 and call in world.work.calls:  # others may have had it meanwhile
            world.work.calls.remove(call)


def sweep_questions(world: World, dice: Random) -> None:
    _worker(world).sweep(world.now)


def begin_a_trial(world: World, dice: Random) -> None:
    person = world.app.store.person(dice.choice(PEOPLE))
    assert person
    world.app.asking.start_trial(person, world.now)


def change_consent(world: World, dice: Random) -> None:
    """Mostly given."""
    world.app.asking.consent(dice.choice(PEOPLE), world.now, given=dice.random() < 0.8)


def buy_a_pack(world: World, dice: Random) -> None:
    request = f"pack{next(world.numbers) if dice.random() < 0.8 else dice.randrange(50)}"
    world.app.buying.buy(dice.choice(PEOPLE), dice.choice((10, 50)), request, world.now)


def change_answers(world: World, dice: Random) -> None:
    """An operator gives or takes; the form may be sent twice."""
    change, decided = dice.randrange(-12, 13), decision(world.app, at=world.now)
    for _ in range(dice.choice((1, 2))):
        world.app.buying.change(dice.choice(PEOPLE[:2]), change, decided)


def grant_a_pack(world: World, dice: Random) -> None:
    """Mostly one that was granted at once, or not paid at all."""
    orders = [order for order in world.store.tables.orders.values() if order.purpose is Purpose.PACK]
    if orders:
        world.app.buying.complete(dice.choice(orders).id, decision(world.app, at=world.now))


def everything_is_answered(world: World) -> None:
    """In good weather nothing is left open, and what that tells is told."""
    for _ in range(MOST_ROUNDS):
        world.app.clock.forward(minutes=5)
        _worker(world).sweep(world.now)
        for call in world.work.take():
            _deliver(world, call)
        if not any(account.open for account in world.store.tables.accounts.values()):
            world.drain()
            return
    raise AssertionError("questions that are never over")


def _worker(world: World) -> Answering:
    """Its waits between two tries take no time: what falls due meanwhile is somebody else's act."""
    return worker(world.app, pace=FakePace(world.app.clock))


def _deliver(world: World, call: Call) -> None:
    if call.clear:
        _worker(world).clear(call.user_id)
    else:
        _worker(world).answer(call.user_id, call.question_id)


def use_the_helper(world: World, dice: Random) -> None:
    """All that is not asked or answered."""
    dice.choice((sweep_questions, begin_a_trial, change_consent, buy_a_pack, change_answers, grant_a_pack))(world, dice)


HELPER_ACTS: Final[dict[Callable[[World, Random], None], int]] = {ask: 3, answer: 3, use_the_helper: 2}
