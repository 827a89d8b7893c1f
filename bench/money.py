"""Cases of money in roubles: what a bill costs from its making to its credit."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from bench.market import SELLER, Market, Shop
from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.bills import Bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.domain.payouts import Method, Wish
from starbid.domain.roles import Role

Act = Callable[[], object]
AMOUNT = Money(50_000, "RUB")
WISH = Wish(AMOUNT, Method.OUTSIDE, "card 1234")


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


def payout_asked_for(market: Market) -> Act:
    """Out of roubles that were topped up a month ago."""
    person = _with_old_roubles(market)
    return lambda: market.payouts.request(person, WISH, "bench", market.now())


def payout_approved(market: Market) -> Act:
    person = _with_old_roubles(market)
    payout = market.payouts.request(person, WISH, "bench", market.now())
    return lambda: market.payouts.approve(payout.id, _decision(market))


def payout_paid(market: Market) -> Act:
    person = _with_old_roubles(market)
    payout = market.payouts.request(person, WISH, "bench", market.now())
    market.payouts.approve(payout.id, _decision(market))
    market.payouts.begin(payout.id, _decision(market))
    return lambda: market.payouts.mark_paid(payout.id, _decision(market))


def _decision(market: Market) -> Decision:
    """Another one each time."""
    return Decision(Operator(SELLER, Role.FINANCE), "as agreed", token_hex(16), market.now())


def _with_old_roubles(market: Market) -> int:
    shop, person, bill = _billed(market)
    market.settling.hear(Provider.QIWI, shop.pay(bill.id), market.now())
    market.later(days=30)
    return person


def _billed(market: Market) -> tuple[Shop, int, Bill]:
    person = market.person()
    return market.shop, person, market.top_ups.open(person, AMOUNT, Provider.QIWI, market.now()).bill
