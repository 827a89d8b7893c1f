"""Acts of people with a debt, at random: payments taken back after they were spent, and views of the wallet."""

from __future__ import annotations

from random import Random

from starbid.domain.money import XTR
from starbid.domain.payments import ChargeState, Purpose
from tests.support.fiat import RUB, rub, top_up

from .world import PEOPLE, World


def spent_and_taken_back(world: World, dice: Random) -> None:
    """Telegram takes back a payment that is partly spent or held, which leaves a debt."""
    tables = world.store.tables
    spent = [
        (who, charge, payload, stars)
        for who, charge, payload, stars in world.charges
        if charge in tables.charges
        and (tables.charges[charge].state, tables.charges[charge].purpose) == (ChargeState.CREDITED, Purpose.STARS)
        and tables.wallets[who, XTR].available.amount < stars
    ]
    if spent:
        charge = dice.choice(spent)
        world.stars.list_refund(charge[1])
        world.app.refunding.taken_back(*charge, "XTR", world.now)


def bill_charged_back(world: World, dice: Random) -> None:
    """A provider takes back what a bill brought, mostly where it is partly spent or held."""
    tables = world.store.tables
    there = [
        each for each in tables.charges.values() if each.state is ChargeState.CREDITED and each.amount.currency == RUB
    ]
    spent = [each for each in there if tables.wallets[each.user_id, RUB].available < each.amount]
    if spent or (there and dice.random() < 0.2):
        world.app.refunding.take_back(dice.choice(spent or there).id, world.now)


def look_at_a_wallet(world: World, dice: Random) -> None:
    """Mostly of somebody with a debt; twice, as in a page and a chat. Nothing shown as available is owed."""
    owing = [wallet.user_id for wallet in world.store.tables.wallets.values() if wallet.owed]
    who = dice.choice(owing) if owing and dice.random() < 0.8 else dice.choice(PEOPLE)
    others, debts = world.storm.interleaved, world.app.debts
    first = debts.offset_all(world.app.store.wallets(who), world.now)
    for currency in (XTR, RUB):
        second = debts.offset(who, currency, world.now)
        if others != world.storm.interleaved:
            return
        assert not second.covered
        assert world.store.lag or all(wallet.owed >= second.owed for wallet in first if wallet.currency == currency)


def everybody_settles(world: World) -> None:
    """In good weather nobody who opened their wallet has both money and a debt; enough income ends the debt."""
    world.drain()
    for who in PEOPLE:
        for currency in (XTR, RUB):
            wallet = world.app.debts.offset(who, currency, world.now)
            assert not wallet.covered
            world.tally.debts[f"left at the end, {currency}"] += bool(wallet.owed)
            if wallet.owed:
                if currency == XTR:
                    world.pay(who, wallet.owed.amount + 1, f"last-{who}")
                else:
                    top_up(world.app, who, rub(wallet.owed.amount + 1), f"last-bill-{who}")
                after = world.store.tables.wallets[who, currency]
                assert (after.available.amount, after.owed.amount) == (1, 0)
    world.drain()
