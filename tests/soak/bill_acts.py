"""Random top-ups at providers that fail: paid late, twice told, told wrongly, cancelled, decided by an operator."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from random import Random

import payments.app
from starbid.domain.bills import Bill, BillState, ProviderStatus
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.domain.unfinished import Act, BidAct, BuyAct
from tests.support.desk import decision
from tests.support.records import Context

from .world import PEOPLE, World

PROVIDERS_LIFE = timedelta(hours=1)
"""So long after a bill's end its provider still takes money for one that nobody could cancel."""
PROVIDERS = (Provider.QIWI, Provider.CRYPTOPAY)


def open_a_bill(world: World, dice: Random) -> None:
    """A bill, mostly for the wallet alone; the person may press again at once, or for another amount."""
    who, provider = dice.choice(PEOPLE), dice.choice(PROVIDERS)
    amount, act = Money(dice.randrange(1_000, 90_000), "RUB"), None
    lot = world.some_lot()
    if lot and lot.currency == "RUB" and dice.random() < 0.5:
        act = _act_on(lot.id, amount, lot.card_version, dice)
    for _ in range(dice.randrange(1, 3)):
        world.app.top_ups.open(who, amount, provider, world.now, act)
        if dice.random() < 0.2:
            amount = Money(amount.amount + 100, "RUB")


def pay_at_the_provider(world: World, dice: Random) -> None:
    """Something happens at the provider, which mostly calls back, now and then more than once."""
    bills = world.store.tables.bills
    waiting = [
        bill_id
        for bill_id, said in world.shop.bills.items()
        if said.status is ProviderStatus.WAITING and world.now < bills[bill_id].expires_at + PROVIDERS_LIFE
    ]
    if not waiting:
        return
    bill_id, luck = dice.choice(waiting), dice.random()
    status = ProviderStatus.PAID if luck < 0.8 else dice.choice(list(ProviderStatus))
    changes: dict[str, object] = {"value": Decimal(499)} if luck < 0.05 else {}
    world.shop.say(bill_id, status, **changes)
    for _ in range(dice.choice((0, 0, 1, 1, 2))):
        call_back(world, bill_id)


def paid_at_once(world: World, dice: Random) -> None:
    """The provider calls before we have written down its answer to something else."""

    def is_paid() -> None:
        bill_id = next(reversed(world.shop.bills), "")
        if bill_id and world.shop.bills[bill_id].status is ProviderStatus.WAITING:
            world.shop.say(bill_id, ProviderStatus.PAID)
            call_back(world, bill_id)

    with world.storm.meets(is_paid):
        open_a_bill(world, dice)


def call_back(world: World, bill_id: str) -> None:
    """The provider calls; one that is not taken with 2xx is sent again later, or lost."""
    bill = world.store.tables.bills[bill_id]
    event = {
        "rawPath": f"/payments/callback/{bill.provider}",
        "headers": {"signed": "yes"},
        "body": bill_id,
        "requestContext": {"http": {"method": "POST"}},
    }
    answer = payments.app.lambda_handler(json.loads(json.dumps(event)), Context())
    assert answer is not None
    assert answer["statusCode"] in (200, 503), answer


def hear_of_a_bill(world: World, dice: Random) -> None:
    """A callback of yesterday, a person's button, the page."""
    bill = _some_bill(world, dice)
    if bill is None:
        return
    if dice.random() < 0.5 and bill.id in world.shop.bills:
        call_back(world, bill.id)
    else:
        world.app.top_ups.check(bill.id, bill.user_id, world.now)


def cancel_a_bill(world: World, dice: Random) -> None:
    bill = _some_bill(world, dice)
    if bill:
        world.app.top_ups.cancel(bill.id, bill.user_id, world.now)


def finish_after_a_bill(world: World, dice: Random) -> None:
    """What waited for its money is done once it is there."""
    bill = _some_bill(world, dice)
    if bill:
        world.app.finishing.finish(bill.id, bill.user_id, world.now)


def decide_about_a_bill(world: World, dice: Random) -> None:
    """An operator: what differs is credited or returned, and sometimes a provider has taken a payment back."""
    for bill in world.app.bill_review.queue(5):
        decide = dice.choice((world.app.bill_review.credit, world.app.bill_review.mark_returned))
        decide(bill.id, decision(world.app, at=world.now))
    paid = [bill for bill in world.store.tables.bills.values() if bill.state is BillState.PAID]
    if paid and dice.random() < 0.2:
        world.app.bill_review.charge_back(dice.choice(paid).id, decision(world.app, at=world.now))


def _act_on(lot_id: str, amount: Money, card_version: int, dice: Random) -> Act:
    if dice.random() < 0.5:
        return BidAct(lot_id, amount, card_version, confirmed=True)
    return BuyAct(lot_id, amount, card_version)


def _some_bill(world: World, dice: Random) -> Bill | None:
    bills = list(world.store.tables.bills.values())
    return dice.choice(bills) if bills else None
