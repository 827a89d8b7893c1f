"""Payouts in words, the same in the chat and on the site, in plain text."""

from __future__ import annotations

from starbid.domain.money import Money
from starbid.domain.payable import Freed, Payable
from starbid.domain.payouts import GIFTS, Method, Payout, PayoutState, WhyReturned
from starbid.i18n import Language


def method_name(method: Method, words: Language) -> str:
    """What the money becomes, or how it goes."""
    gift = GIFTS.get(method)
    if gift is None:
        return words._("by payment details")
    return words.ngettext("Telegram Premium for {n} month", "Telegram Premium for {n} months", gift.months)


def stands(payout: Payout, words: Language) -> str:
    """How it stands, for the person who asked for it."""
    _ = words._
    match payout.state:
        case PayoutState.REQUESTED:
            return _("under review")
        case PayoutState.APPROVED:
            return _("approved, will be paid soon")
        case PayoutState.SENDING:
            return _("being sent")
        case PayoutState.PAID:
            return _("paid")
        case PayoutState.CANCELLED:
            return _("cancelled, the money is back in the wallet")
        case PayoutState.REFUSED:
            return _("refused, the money is back in the wallet. Reason: {reason}", reason=payout.reason)
        case PayoutState.RETURNED:
            return why_returned(payout.reason, words)


def why_returned(reason: str, words: Language) -> str:
    """`reason` as in `payouts.WhyReturned`."""
    if reason == WhyReturned.DEBT:
        return words._("not paid: the money went to a debt from a refunded payment, the rest is back in the wallet")
    return words._("not paid: Telegram did not accept the gift, the Stars are back in the wallet")


def later_line(freed: Freed, words: Language) -> str:
    """What can be paid out from when on."""
    amount, moment = words.money(freed.amount), words.moment(freed.at)
    return words._("{amount} more from {moment}", amount=amount, moment=moment)


def why_wait(hold_days: int, words: Language) -> str:
    """Why money waits before it can be paid out."""
    return words.ngettext(
        "Money can be paid out {n} day after it was paid in: until then that payment can still be taken back.",
        "Money can be paid out {n} days after it was paid in: until then that payment can still be taken back.",
        hold_days,
    )


def offered(payable: Payable) -> tuple[Method, ...]:
    """The gifts that the Stars are enough for."""
    return tuple(method for method, gift in GIFTS.items() if gift.price <= payable.now)


def least_gift() -> Money:
    """Stars below it cannot be paid out."""
    return min(gift.price for gift in GIFTS.values())
