"""The money step in words, the same in chat and pages: what a button tops up by, and what follows it."""

from __future__ import annotations

from typing import assert_never

from starbid.domain.errors import InDebt
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money, TopUp
from starbid.domain.payment_errors import GivenBack, NotPaidYet
from starbid.domain.payments import Provider
from starbid.domain.unfinished import Act, BidAct, BuyAct, PublishAct, SubscribeAct, TakeAct, price_of
from starbid.i18n import Language


def top_up_label(amount: Money, act: Act | None, words: Language) -> str:
    """What a button says that makes an invoice over `amount`."""
    _, sum_ = words._, words.money(amount)
    match act:
        case None:
            return _("Top up {amount}", amount=sum_)
        case BidAct():
            return _("Top up {amount} and bid", amount=sum_)
        case BuyAct() | TakeAct():
            return _("Top up {amount} and buy", amount=sum_)
        case SubscribeAct():
            return _("Top up {amount} and subscribe", amount=sum_)
        case PublishAct():
            return _("Top up {amount} and publish", amount=sum_)
    assert_never(act)


def money_step_label(act: Act | None, words: Language) -> str:
    """The whole step in a line, where no sum is chosen yet."""
    _ = words._
    match act:
        case None:
            return _("Top up")
        case BidAct():
            return _("Top up and bid")
        case BuyAct() | TakeAct():
            return _("Top up and buy")
        case SubscribeAct():
            return _("Top up and subscribe")
        case PublishAct():
            return _("Top up and publish")
    assert_never(act)


def what_follows(act: Act | None, words: Language, currency: str = DEFAULT_CURRENCY) -> str:
    """What happens once money of that currency is there, as a sentence. Only Stars are refunded to who paid them."""
    _ = words._
    match act:
        case None if CURRENCIES[currency].top_up is TopUp.BILL:
            return _("It goes into your Starbid wallet as soon as it is paid.")
        case None:
            return _("It goes into your Starbid wallet at once. Unspent, it can be refunded.")
        case BidAct():
            return _("Once it is paid, your bid of {amount} is placed.", amount=words.money(act.maximum))
        case BuyAct() | TakeAct():
            return _("Once it is paid, the lot is bought for {amount} at most.", amount=words.money(act.price))
        case SubscribeAct():
            return _("Once it is paid, you are subscribed for 30 days.")
        case PublishAct():
            return _("Once it is paid, you are subscribed and your lot is published.")
    assert_never(act)


def what_follows_bill(act: Act | None, provider: Provider, currency: str, words: Language) -> str:
    """The same for a bill that the chat shows. Telegram tells the bot when its own is paid; one that is paid elsewhere
    is told of by a notice, whose button does the rest.
    """
    _ = words._
    match act:
        case BidAct() if provider is not Provider.TELEGRAM:
            return _("Once it is paid, one press places your bid of {amount}.", amount=words.money(act.maximum))
        case BuyAct() | TakeAct() if provider is not Provider.TELEGRAM:
            return _("Once it is paid, one press buys the lot for {amount} at most.", amount=words.money(act.price))
        case _:
            return what_follows(act, words, currency)


def least_note(missing: Money, least: Money, words: Language) -> str:
    """Said where no payment may be as small as what is missing; empty elsewhere."""
    return words._("The smallest top-up is {least}.", least=words.money(least)) if missing < least else ""


def money_stays(act: Act, refusal: Exception, words: Language) -> str:
    """What is said where the act could not be finished; nothing where its money is not here, or went to a debt."""
    _ = words._
    if isinstance(refusal, NotPaidYet | GivenBack) or _went_to_debt(act, refusal):
        return ""
    match act:
        case BidAct():
            return _("Nothing was bid; what you topped up is in your wallet.")
        case BuyAct() | TakeAct():
            return _("Nothing was bought; what you topped up is in your wallet.")
        case SubscribeAct():
            return _("You are not subscribed; what you topped up is in your wallet.")
        case PublishAct():
            return _("The lot is not published; what you topped up is in your wallet.")
    assert_never(act)


def _went_to_debt(act: Act, refusal: Exception) -> bool:
    """Money settles debts of its own currency; what is bought from Starbid is paid in Stars."""
    price = price_of(act)
    paid_in = price.currency if price else DEFAULT_CURRENCY
    return isinstance(refusal, InDebt) and refusal.owed.currency == paid_in
