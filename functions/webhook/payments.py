"""Payments as Telegram reports them: in Stars, and those of bills in other money. Everybody's count, a blocked person's
too.

What of them cannot be booked is counted, and an alarm rings: Telegram will not bring it again.
"""

from __future__ import annotations

from datetime import datetime

from starbid import observability
from starbid.bootstrap import App
from starbid.domain.money import XTR
from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.payments import Charge
from starbid.domain.people import Person
from starbid.i18n import language
from starbid.telegram.updates import Paid, PreCheckout, Refunded, Renewed
from starbid.wording import refusal
from webhook.log import SERVICE, log


def approve(app: App, person: Person, query: PreCheckout) -> None:
    """Answers within Telegram's 10 s: yes, or no with words. Raises TryLater where the answer did not get through."""
    try:
        if query.currency == XTR:
            app.paying.approve(person.id, query.payload, query.amount, query.currency)
        else:
            app.telegram_top_ups.approve(person.id, query.payload, query.amount, query.currency, app.now())
    except PaymentRefused as error:
        log().info("pre-checkout refused: %s", error.reason)
        app.bot.answer_pre_checkout(query.query_id, refusal(error, language(person.language)))
    else:
        app.bot.answer_pre_checkout(query.query_id)


def book(app: App, paid: Paid, update_id: int | None, now: datetime) -> Charge | None:
    """Credits a payment; None where nothing is credited. Nothing is said here: a notice will tell the person.

    Safe to repeat. Raises Conflict and Contended, where a retry helps.
    """
    told = (paid.sender.id, paid.charge_id, paid.payload, paid.amount, paid.currency, now)
    try:
        if paid.currency != XTR:
            return app.telegram_top_ups.credit(*told)
        return app.paying.credit(*told, update_id=update_id)
    except PaymentRefused as error:
        observability.passed_over(SERVICE, "a payment could not be booked: %s, charge %s", error.reason, paid.charge_id)
        return None


def take_back(app: App, refund: Refunded, now: datetime) -> None:
    """Books that Telegram gave a payment back; a notice will tell the person. Safe to repeat, raises as `book` does."""
    payer_id = refund.payer.id if refund.payer else None
    try:
        app.refunding.taken_back(payer_id, refund.charge_id, refund.payload, refund.amount, refund.currency, now)
    except PaymentRefused as error:
        observability.passed_over(
            SERVICE, "a refund could not be booked: %s, charge %s", error.reason, refund.charge_id
        )


def renew(app: App, report: Renewed, update_id: int, now: datetime) -> None:
    """Keeps what Telegram says of a renewal; a notice will tell the person. Raises as `book` does."""
    try:
        app.paying.hear_of_renewal(report.sender.id, report.payload, report.state, update_id, now)
    except PaymentRefused as error:
        observability.passed_over(SERVICE, "a report of a subscription counts for nothing: %s", error.reason)
