"""What people do with deals, at random: the two sides, the admin, the runner-up."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from starbid.domain.addresses import Address
from starbid.domain.auction import Ending
from starbid.domain.deals import Deal, DealState
from tests.support.desk import deciding

from .world import BIDDERS, World


def deal_step(world: World, dice: Random) -> None:
    """One of the steps that the two sides and the admin may take, mostly one that is due."""
    deal = _some_deal(world, dice)
    if deal is None:
        return
    lot, now, dealing = deal.auction_id, world.now, world.app.dealing
    steps: dict[str, Callable[[], object]] = {
        "deliver": lambda: dealing.deliver(deal.seller_id, lot, "the key", now),
        "confirm": lambda: dealing.confirm(deal.buyer_id, lot, now),
        "address": lambda: world.app.addressing.give(deal.buyer_id, lot, dice.choice(ADDRESSES), now),
        "take back": lambda: dealing.take_back(deal.buyer_id, lot, now),
        "dispute": lambda: dealing.dispute(deal.buyer_id, lot, "it does not fit", now),
        "withdraw": lambda: dealing.withdraw(deal.buyer_id, lot, now),
        "answer": lambda: dealing.answer(deal.seller_id, lot, dice.choice(("it fits", "it <b>fits</b>")), now),
        "resolve": lambda: dealing.resolve(deciding("as I see it", now), lot, dice.random() < 0.3),
        "rate the buyer": lambda: dealing.rate(deal.seller_id, lot, dice.randrange(1, 6), "quick", now),
        "rate the seller": lambda: dealing.rate(deal.buyer_id, lot, dice.randrange(1, 6), "<b>", now),
    }
    due = DUE[deal.state] if dice.random() < 0.8 else tuple(steps)
    if due:
        steps[dice.choice(due)]()


ADDRESSES: Final = tuple(Address("Anna", f"Mira street, {house}", "+7 900 123-45-67") for house in (5, 7))
DUE: Final = {
    DealState.AWAITING_ADDRESS: ("address", "address", "address", "dispute"),
    DealState.AWAITING_DELIVERY: ("deliver", "deliver", "dispute", "take back"),
    DealState.DELIVERED: ("confirm", "confirm", "dispute"),
    DealState.DISPUTED: ("answer", "resolve", "withdraw"),
    DealState.COMPLETED: ("rate the buyer", "rate the seller"),
    DealState.REFUNDED: (),
}


def after_a_refund(world: World, dice: Random) -> None:
    """A second chance, offered, taken or declined; or the lot relisted."""
    over = [lot for lot in world.lots() if lot.ending is not Ending.OPEN]
    deals = world.store.tables.deals
    refunded = [lot for lot in over if lot.offer or (lot.id in deals and deals[lot.id].state is DealState.REFUNDED)]
    promising = [lot for lot in refunded if lot.runner_up_id]
    lots = promising if promising and dice.random() < 0.9 else refunded if refunded and dice.random() < 0.7 else over
    if not lots:
        return
    lot, now, second = dice.choice(lots), world.now, world.app.second_chance
    if dice.random() < 0.15:
        world.app.publishing.relist(lot.seller_id, lot.id, now)
    elif lot.offer is None or dice.random() < 0.1:
        second.offer(lot.seller_id, lot.id, now)
    else:
        who = lot.offer.to_id if dice.random() < 0.9 else dice.choice(BIDDERS)
        (second.accept if dice.random() < 0.7 else second.decline)(who, lot.id, now)


def _some_deal(world: World, dice: Random) -> Deal | None:
    deals = list(world.store.tables.deals.values())
    lively = [deal for deal in deals if DUE[deal.state] and len(deal.ratings) < 2]
    return dice.choice(lively if lively and dice.random() < 0.9 else deals) if deals else None
