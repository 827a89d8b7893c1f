"""Cases of money in roubles: what a bill costs from its making to its credit."""

from __future__ import annotations

from collections.abc import Callable

from bench.market import Market, Shop
from starbid.domain.bills import Bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider

Act = Callable[[], object]
AMOUNT = Money(50_000, "RUB")


def bill_opened(market: Market) -> Act:
    person = market.person()
    return lambda: market.top_ups.open(person, AMOUNT, Provider.QIWI, market.now())


def bill_shown_again(market: Market) -> Act:
    person = market.person()
    market.top_ups.open(person, AMOUNT, Provider.QIWI, market.now())
    return lambda: market.top_ups.open(person, AMOUNT, Provider.QIWI, market.now())


def bill_checked(market: Market) -> Act:
    """It still waits."""
    _, person, bill = _billed(market)
    return lambda: market.top_ups.check(bill.id, person, market.now())


def bill_settled(market: Market) -> Act:
    """By a callback."""
    shop, _, bill = _billed(market)
    return lambda: market.settling.hear(Provider.QIWI, shop.pay(bill.id), market.now())


def bill_settled_again(market: Market) -> Act:
    shop, _, bill = _billed(market)
    market.settling.hear(Provider.QIWI, shop.pay(bill.id), market.now())
    return lambda: market.settling.hear(Provider.QIWI, shop.pay(bill.id), market.now())


def _billed(market: Market) -> tuple[Shop, int, Bill]:
    person = market.person()
    return market.shop, person, market.top_ups.open(person, AMOUNT, Provider.QIWI, market.now()).bill
