"""A bill in words, the same in chat and pages."""

from __future__ import annotations

from starbid.domain.bills import Bill, BillState
from starbid.domain.money import Money
from starbid.i18n import Language


def how_it_stands(bill: Bill, words: Language) -> str:
    """What has become of a bill, as plain text."""
    _, amount = words._, words.money(bill.amount)
    match bill.state:
        case BillState.PAID:
            return _("The bill over {amount} is paid.", amount=amount)
        case BillState.DIFFERENT:
            return different(bill.paid, bill.amount, words)
        case BillState.RETURNED:
            return returned(bill.paid, words)
        case BillState.CREATING | BillState.WAITING if bill.puzzled:
            return puzzling(bill.amount, words)
        case BillState.CREATING | BillState.WAITING:
            return _("The bill over {amount} is not paid yet.", amount=amount)
        case _:
            return ended_unpaid(bill.state, bill.amount, words)


def ended_unpaid(state: BillState, amount: Money, words: Language) -> str:
    """How one ended that nobody paid, and what if they did."""
    _, sum_ = words._, words.money(amount)
    match state:
        case BillState.EXPIRED:
            text = _("The time to pay {amount} is over. Nothing was charged.", amount=sum_)
        case BillState.REJECTED:
            text = _("The payment of {amount} was declined or cancelled. Nothing was charged.", amount=sum_)
        case _:
            text = _("The payment of {amount} did not go through.", amount=sum_)
    return f"{text}\n{_('If you did pay, the money still comes into your wallet. Top up again whenever you like.')}"


def different(paid: str, amount: Money, words: Language) -> str:
    """`paid` as the provider has it (`499.00 RUB`)."""
    _, sum_ = words._, words.money(amount)
    text = _("You paid {paid} on a bill over {amount}, so it was not added to your wallet yet.", paid=paid, amount=sum_)
    return f"{text}\n{_('Support has been informed and will add or return it.')}"


def returned(paid: str, words: Language) -> str:
    """What was paid in place of the amount goes back; `paid` as above."""
    return words._("Your payment of {paid} was not the amount of the bill. It is returned to you.", paid=paid)


def puzzling(amount: Money, words: Language) -> str:
    """The provider says something that we do not know."""
    text = words._("We cannot read yet what became of your payment of {amount}.", amount=words.money(amount))
    return f"{text}\n{words._('We keep asking, and write as soon as it is in your wallet.')}"
