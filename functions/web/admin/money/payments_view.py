"""Charges and bills as operators read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starbid.domain.bills import Bill, BillState
from starbid.domain.errors import InDebt, InsufficientFunds, StarbidError
from starbid.domain.ledger import Transfer
from starbid.domain.money import Money
from starbid.domain.payment_errors import NotRefundable, SpentAlready
from starbid.domain.payments import Charge, ChargeState, Provider, Purpose
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.ledger_words import movement
from starbid.payout_words import stands
from starbid.receipt_words import paid_by, purpose
from starbid.services.ports import StarTransaction
from web.kernel.exceptions import NoSuchPage
from web.shared.refusals import message_of

_LONGEST_ID = 16


@dataclass(frozen=True)
class PaymentRow:
    """A line of a list: a charge, a bill or a payout."""

    url: str
    at: datetime
    user_id: int
    name: str
    provider: str
    what: str
    amount: Money
    state: str
    tone: str


@dataclass(frozen=True)
class TransferRow:
    """A movement of the ledger that a charge made, account by account."""

    at: datetime
    name: str
    id: str
    entries: tuple[tuple[str, Money], ...]


@dataclass(frozen=True)
class ListedRow:
    """What Telegram says of it."""

    at: datetime
    what: str
    stars: int


def person_id(typed: str) -> int:
    """Raises NoSuchPage for what is no id."""
    if not typed.isdecimal() or len(typed) > _LONGEST_ID:
        raise NoSuchPage
    return int(typed)


def payment_url(payment_id: str) -> str:
    return f"/admin/payments/{quote(payment_id, safe='')}"


def rows(found: Iterable[Charge | Bill | Payout], people: Mapping[int, Person], words: Language) -> list[PaymentRow]:
    return [_row(one, people, words) for one in found]


def _row(one: Charge | Bill | Payout, people: Mapping[int, Person], words: Language) -> PaymentRow:
    person = people.get(one.user_id)
    name = person.name if person else str(one.user_id)
    match one:
        case Charge():
            provider, what = paid_by(one.provider, words), purpose(one.purpose, words)
            state, tone = charge_state(one.state, words)
            return PaymentRow(
                payment_url(one.id), one.paid_at, one.user_id, name, provider, what, one.amount, state, tone
            )
        case Bill():
            state, tone = bill_state(one, words)
            provider, what = paid_by(one.provider, words), words._("Bill")
            return PaymentRow(
                payment_url(one.id), one.created_at, one.user_id, name, provider, what, one.amount, state, tone
            )
        case Payout():
            url, state = f"/admin/payouts/{one.id}", stands(one, words)
            return PaymentRow(url, one.created_at, one.user_id, name, "", words._("Payout"), one.amount, state, "")


def charge_state(state: ChargeState, words: Language) -> tuple[str, str]:
    """In words, with its tone."""
    _ = words._
    names = {
        ChargeState.CREDITED: (_("credited"), "good"),
        ChargeState.REFUNDING: (_("refund under way"), "warn"),
        ChargeState.REFUNDED: (_("refunded"), "quiet"),
    }
    return names[state]


def bill_state(bill: Bill, words: Language) -> tuple[str, str]:
    _ = words._
    match bill.state:
        case BillState.PAID:
            return _("paid and credited"), "good"
        case BillState.DIFFERENT:
            return _("{paid} paid in place of it", paid=bill.paid), "bad"
        case BillState.RETURNED:
            return _("{paid} paid in place of it, returned", paid=bill.paid), "quiet"
        case BillState.REJECTED:
            return _("declined or cancelled"), "quiet"
        case BillState.EXPIRED:
            return _("expired unpaid"), "quiet"
        case BillState.FAILED:
            return _("not made: the provider failed"), "quiet"
        case _:
            return _("waits for the payment"), ""


def why_not(obstacle: StarbidError, charge: Charge, words: Language) -> str:
    """Why a charge cannot go back now, to an operator."""
    told, _ = _about_wallet(obstacle, words), words._
    if told:
        return told
    if charge.state is ChargeState.REFUNDED:
        return _("It has been refunded.")
    if charge.state is ChargeState.REFUNDING:
        return _("Its refund is booked here, and Telegram has not confirmed it yet. It is tried again automatically.")
    if charge.provider is not Provider.STARS:
        provider = paid_by(charge.provider, words)
        return _("Money of {provider} goes back at {provider}; mark the bill as charged back then.", provider=provider)
    if charge.purpose is Purpose.PACK:
        return _("Answers of the pack that it bought have been used, or one is reserved right now.")
    return _("The days that it bought have begun or have passed, or answers that came with them were used.")


def not_refunded(error: StarbidError, words: Language) -> str:
    """Why it was not refunded just now, to an operator."""
    if isinstance(error, NotRefundable | InsufficientFunds | InDebt):
        return _about_wallet(error, words) or words._("It was not refunded: see how it stands below.")
    return message_of(error, words)


def _about_wallet(obstacle: StarbidError, words: Language) -> str:
    """Empty where the wallet is not to blame."""
    _, money = words._, words.money
    match obstacle:
        case SpentAlready():
            return _("The person has spent part of what they paid in: {amount} can still go back.",
                     amount=money(obstacle.refundable))  # fmt: skip
        case InsufficientFunds():
            return _("The wallet has {available} available: {missing} is missing, spent or frozen in bids.",
                     available=money(obstacle.available), missing=money(obstacle.missing))  # fmt: skip
        case InDebt():
            return _("The person owes {owed} after another payment was taken back.", owed=money(obstacle.owed))
        case _:
            return ""


def transfer_rows(transfers: Iterable[Transfer], words: Language) -> list[TransferRow]:
    return [
        TransferRow(one.at, movement(one.kind, words), one.id, tuple((e.account, e.change) for e in one.entries))
        for one in transfers
    ]


def listed_rows(listed: Iterable[StarTransaction], words: Language) -> list[ListedRow]:
    paid, back = words._("paid"), words._("went back")
    return [ListedRow(one.at, paid if one.incoming else back, one.amount) for one in listed]
