"""Lines of the ledger in words, for the person whom they concern."""

from __future__ import annotations

from typing import Literal, assert_never

from starbid.domain.ledger import TransferKind
from starbid.domain.money import Money
from starbid.i18n import Language


def movement_about(kind: TransferKind, title: str, words: Language) -> str:
    """The same with the title of the lot, as the surface writes it; empty where there is none."""
    _ = words._
    match kind:
        case TransferKind.SALE if title:
            return _("Bought: {title}", title=title)
        case TransferKind.RELEASE if title:
            return _("Sold: {title}", title=title)
        case TransferKind.RETURN if title:
            return _("Money back: {title}", title=title)
        case _:
            return movement(kind, words)


def price_and_fee(price: Money, fee: Money, words: Language) -> str:
    """What a seller gets less; empty where there was no fee."""
    return words._("{price} − fee {fee}", price=words.money(price), fee=words.money(fee)) if fee else ""


def movement(kind: TransferKind, words: Language) -> str:
    """What a line of the ledger is, for the person whom it concerns."""
    _ = words._
    match kind:
        case TransferKind.STARS:
            return _("Stars bought")
        case TransferKind.TOP_UP:
            return _("Top-up")
        case (
            TransferKind.SUBSCRIPTION | TransferKind.NATIVE_SUBSCRIPTION | TransferKind.PACK | TransferKind.NATIVE_PACK
        ):
            return _of_purchase(kind, words)
        case TransferKind.SALE:
            return _("Paid for a lot")
        case TransferKind.RELEASE:
            return _("Sold a lot")
        case TransferKind.RETURN:
            return _("Money back for a lot")
        case TransferKind.REFUND:
            return _("Payment refunded")
        case TransferKind.REFUND_UNDONE:
            return _("Refund cancelled")
        case TransferKind.OFFSET_DEBT:
            return _("Debt settled")
        case TransferKind.ADJUSTMENT:
            return _("Correction by the operator")
        case TransferKind.GIVEN_UP:
            return _("Given up with the account")
        case TransferKind.PAYOUT | TransferKind.PAYOUT_RETURNED | TransferKind.PAYOUT_SENT:
            return _of_payout(kind, words)
        case _:
            assert_never(kind)


def _of_payout(
    kind: Literal[TransferKind.PAYOUT, TransferKind.PAYOUT_RETURNED, TransferKind.PAYOUT_SENT], words: Language
) -> str:
    match kind:
        case TransferKind.PAYOUT:
            return words._("Payout")
        case TransferKind.PAYOUT_RETURNED:
            return words._("Payout returned")
        case TransferKind.PAYOUT_SENT:
            return words._("Payout sent")


def _of_purchase(
    kind: Literal[
        TransferKind.SUBSCRIPTION, TransferKind.NATIVE_SUBSCRIPTION, TransferKind.PACK, TransferKind.NATIVE_PACK
    ],
    words: Language,
) -> str:
    """What was bought of Starbid itself."""
    match kind:
        case TransferKind.SUBSCRIPTION:
            return words._("Subscription, 30 days")
        case TransferKind.NATIVE_SUBSCRIPTION:
            return words._("Subscription, paid in Telegram")
        case TransferKind.PACK:
            return words._("Helper answers")
        case TransferKind.NATIVE_PACK:
            return words._("Helper answers, paid in Telegram")
