"""Payouts in words for the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.money import Money
from starbid.domain.payable import Payable
from starbid.domain.payouts import GIFTS, Payout, PayoutState, Wish
from starbid.i18n import Language
from starbid.payout_words import method_name, stands


@dataclass(frozen=True)
class Offer:
    """A gift that Stars can become; `is_there`: they are enough for it now."""

    method: str
    name: str
    price: Money
    is_there: bool


@dataclass(frozen=True)
class Line:
    """A payout of the list; `may_cancel` while its owner may take it back."""

    id: str
    amount: Money
    name: str
    details: str
    at: datetime
    stands: str
    tone: str
    may_cancel: bool


_TONES = {
    PayoutState.PAID: "good",
    PayoutState.REFUSED: "bad",
    PayoutState.RETURNED: "bad",
    PayoutState.CANCELLED: "quiet",
}


def gifts(currency: str, payable: Payable, words: Language) -> tuple[Offer, ...]:
    """What money of the currency can become; nothing where an operator pays it."""
    return tuple(
        Offer(method.value, method_name(method, words), gift.price, gift.price <= payable.now)
        for method, gift in GIFTS.items()
        if gift.price.currency == currency
    )


def line(payout: Payout, words: Language) -> Line:
    return Line(
        id=payout.id,
        amount=payout.amount,
        name=method_name(payout.method, words),
        details=payout.details,
        at=payout.created_at,
        stands=stands(payout, words),
        tone=_TONES.get(payout.state, ""),
        may_cancel=payout.state is PayoutState.REQUESTED,
    )


def what_for(wish: Wish, words: Language) -> str:
    """How the money goes: the gift, or what was typed."""
    return wish.details or method_name(wish.method, words)
