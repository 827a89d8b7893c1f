"""English bidding again, written from the contract's sentences, to compare the code with."""

from starbid.domain.auction import Auction

TABLE = ((100, 1), (500, 5), (1_000, 10), (5_000, 50), (10_000, 100), (50_000, 500), (10**15, 1_000))


def step(lot: Auction, price: int) -> int:
    """The seller's step, or the table's: of Stars, and of as many whole units of other money."""
    unit = 1 if lot.currency == "XTR" else 100
    if lot.terms.bid_step:
        return lot.terms.bid_step.amount
    return next(rise * unit for below, rise in TABLE if price < below * unit)


def least_bid(lot: Auction, who: int) -> int:
    """S while there is no bid, then price + step; the leader rises by a step over their own maximum."""
    if lot.leader_maximum is None:
        return lot.terms.start_price.amount
    if lot.leader_id == who:
        return lot.leader_maximum.amount + step(lot, lot.leader_maximum.amount)
    return lot.price.amount + step(lot, lot.price.amount)


def outcome(lot: Auction, who: int, maximum: int) -> tuple[int, int]:
    """Who leads after an accepted bid, and at which price."""
    reserve = lot.terms.reserve_price.amount if lot.terms.reserve_price else 0
    price = lot.price.amount
    if lot.leader_id is None or lot.leader_maximum is None:
        leader, highest, price = who, maximum, lot.terms.start_price.amount
    elif lot.leader_id == who:
        leader, highest = who, maximum
    elif maximum > (lead := lot.leader_maximum.amount):
        leader, highest, price = who, maximum, max(price, min(maximum, lead + step(lot, lead)))
    else:
        leader, highest, price = lot.leader_id, lead, max(price, min(lead, maximum + step(lot, maximum)))
    return leader, max(price, reserve) if highest >= reserve else price
