"""Payments: what an invoice promises, and what a charge did (spec, section 4, "Stars payments")."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from starbid.domain.debts import repayment
from starbid.domain.ledger import (
    REVENUE,
    Transfer,
    TransferKind,
    bought_part,
    move,
    receivable_account,
    source_account,
    user_account,
)
from starbid.domain.money import Money, stars
from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.unfinished import Unfinished
from starbid.domain.wallet import Wallet

SIGNATURE_LENGTH = 20
_PAYLOAD = re.compile(
    rf"([a-z]+):([1-9][0-9]{{0,18}}):([1-9][0-9]{{0,18}}):([0-9a-f]{{16}}):[0-9a-f]{{{SIGNATURE_LENGTH}}}"
)
LEAST_STARS_PAYOUT = stars(1000)
"""Less cannot leave as Stars: it is the price of Telegram's smallest gift of Premium (spec, section 7, "Payouts")."""


class Provider(StrEnum):
    """Who takes people's money for us, and gives it back. Each has an account in the ledger (`source_account`)."""

    STARS = "stars"
    QIWI = "qiwi"
    CRYPTOPAY = "cryptopay"
    TELEGRAM = "telegram"


class Purpose(StrEnum):
    """What a payment is for. `topup`: money of a fiat currency, paid on a bill (domain.bills). `pack`: credits of the
    helper.
    """

    STARS = "stars"
    SUBSCRIPTION = "subscription"
    TOP_UP = "topup"
    PACK = "pack"

    @property
    def is_direct(self) -> bool:
        """Whether it buys a thing without passing a wallet."""
        return self in (Purpose.SUBSCRIPTION, Purpose.PACK)


class ChargeState(StrEnum):
    """A charge is credited once and refunded at most once. `refunding`: booked here, Telegram is yet to be told."""

    CREDITED = "credited"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Order:
    """An invoice we sent. `id` is unique; the payload that travels through Telegram is made from all of it but the act
    that waits for the money and the `credits` of a pack, which are only stored: an order is the same with them and
    without.
    """

    id: str
    provider: Provider
    purpose: Purpose
    user_id: int
    amount: Money
    unfinished: Unfinished | None = field(default=None, compare=False)
    credits: int = field(default=0, compare=False)

    def payload(self, secret: str) -> str:
        """`purpose:user:amount:id:signature`, under Telegram's 128 bytes."""
        body = f"{self.purpose}:{self.user_id}:{self.amount.amount}:{self.id}"
        return f"{body}:{_sign(body, secret)}"


def read_payload(payload: str) -> Order:
    """The order that a payload claims to stand for: all payloads are of invoices in Stars. Raises
    PaymentRefused("payload") for what no payload of ours is.
    """
    claimed = _PAYLOAD.fullmatch(payload)
    if claimed is None or claimed[1] not in set(Purpose):
        raise PaymentRefused("payload")
    return Order(claimed[4], Provider.STARS, Purpose(claimed[1]), int(claimed[2]), stars(int(claimed[3])))


def is_signed(order: Order, payload: str, secret: str) -> bool:
    """Whether a payload that was read as `order` was made with this secret."""
    return hmac.compare_digest(order.payload(secret), payload)


def check_order(order: Order, payer_id: int, amount: int, currency: str) -> None:
    """Before the money moves: the right person, amount (minor units) and currency. Raises PaymentRefused."""
    if payer_id != order.user_id:
        raise PaymentRefused("person")
    if currency != order.amount.currency:
        raise PaymentRefused("currency")
    if amount != order.amount.amount:
        raise PaymentRefused("amount")


def check_renewal(order: Order, user_id: int) -> None:
    """A report of a renewal is about a subscription, and that person's own. Raises PaymentRefused."""
    if order.purpose is not Purpose.SUBSCRIPTION:
        raise PaymentRefused("payload")
    if order.user_id != user_id:
        raise PaymentRefused("person")


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment that a provider reported. `id` is the provider's own (Telegram's `telegram_payment_charge_id`)."""

    id: str
    provider: Provider
    user_id: int
    amount: Money
    purpose: Purpose
    order_id: str | None
    paid_at: datetime
    state: ChargeState = ChargeState.CREDITED
    version: int = 1


def credit_id(charge: Charge) -> str:
    """The id of the transfer that booked the charge, whatever it was for."""
    return f"{charge.provider}:{charge.id}"


def credit(charge: Charge) -> Transfer:
    """What was paid becomes money in the person's wallet, or revenue where it bought a thing directly."""
    if charge.purpose.is_direct:
        parts = {_source(charge): -charge.amount, REVENUE: charge.amount}
        is_pack = charge.purpose is Purpose.PACK
        kind = TransferKind.NATIVE_PACK if is_pack else TransferKind.NATIVE_SUBSCRIPTION
        return move(credit_id(charge), kind, charge.user_id, charge.paid_at, parts)
    parts = {_source(charge): -charge.amount, user_account(charge.user_id): charge.amount}
    kind = TransferKind.TOP_UP if charge.purpose is Purpose.TOP_UP else TransferKind.STARS
    return move(credit_id(charge), kind, charge.user_id, charge.paid_at, parts, bought=str(charge.amount.amount))


def transfer_ids(charge: Charge) -> tuple[str, ...]:
    """The ids of all transfers that the charge can have made by now, whether they are there or not, oldest first."""
    tries = range(1, charge.version + 1)
    of_tries = (f"{what}:{charge.id}:{number}" for number in tries for what in ("refund", "refund-undone"))
    return (credit_id(charge), f"offset:{charge.id}", *of_tries)


def refund_whole(charge: Charge, now: datetime) -> Transfer:
    """A refund of ours, only ever of a whole charge: the wallet bears it, or the revenue of what it bought directly."""
    if charge.purpose.is_direct:
        return move(_refund_id(charge), TransferKind.REFUND, charge.user_id, now, _from_revenue(charge))
    parts = {user_account(charge.user_id): -charge.amount, _source(charge): charge.amount}
    return move(_refund_id(charge), TransferKind.REFUND, charge.user_id, now, parts, bought=str(-charge.amount.amount))


def undo_refund(charge: Charge, now: datetime) -> Transfer:
    """The provider would not refund: what `refund_whole` moved goes back."""
    refund = refund_whole(charge, now)
    parts = {entry.account: -entry.change for entry in refund.entries}
    bought = {"bought": str(-bought_part(refund).amount)}
    return move(
        f"refund-undone:{charge.id}:{charge.version}", TransferKind.REFUND_UNDONE, charge.user_id, now, parts, **bought
    )


def taken_back(charge: Charge, wallet: Wallet, now: datetime, used: Money | None = None) -> Transfer:
    """The provider took a payment back: what the wallet cannot bear becomes the person's debt (spec, section 2).

    `used`: what was used of a thing that it bought directly, which is all that the person bears; the rest was never
    earned. What they bear has come back to them, so it counts against what they bought: as if that part had been paid
    in, spent, and taken back.
    """
    cost = charge.amount if used is None else used
    borne = min(wallet.available, cost)
    parts = {
        user_account(charge.user_id): -borne,
        receivable_account(charge.user_id): borne - cost,
        REVENUE: cost - charge.amount,
        _source(charge): charge.amount,
    }
    return move(_refund_id(charge), TransferKind.REFUND, charge.user_id, now, parts, bought=str(-cost.amount))


def shortfall(charge: Charge, transfer: Transfer) -> Money:
    """What of a taken-back charge the wallet did not bear."""
    mine = receivable_account(charge.user_id)
    return sum((-e.change for e in transfer.entries if e.account == mine), Money.zero(charge.amount.currency))


def offset_debt(charge: Charge, wallet: Wallet) -> Transfer | None:
    """A new payment, with what is available, first settles what the person owes; None where nothing is owed."""
    part = min(wallet.owed, wallet.available + charge.amount)
    return repayment(f"offset:{charge.id}", charge.user_id, part, charge.paid_at) if part else None


def _from_revenue(charge: Charge) -> dict[str, Money]:
    """What was paid for a thing directly never passed a wallet."""
    return {REVENUE: -charge.amount, _source(charge): charge.amount}


def _source(charge: Charge) -> str:
    return source_account(charge.provider)


def _refund_id(charge: Charge) -> str:
    """New for each try: one that the provider refused was undone, and the charge's version went on."""
    return f"refund:{charge.id}:{charge.version}"


def _sign(body: str, secret: str) -> str:
    return hmac.new(f"invoice:{secret}".encode(), body.encode(), hashlib.sha256).hexdigest()[:SIGNATURE_LENGTH]
