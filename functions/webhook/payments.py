"""Payments in Stars as Telegram reports them. Everybody's count, a blocked person's too."""

from __future__ import annotations

from datetime import datetime

from starbid.bootstrap import App
from starbid.domain.errors import PaymentRefused
from starbid.domain.people import Person
from starbid.i18n import language
from starbid.telegram.updates import Paid, PreCheckout
from starbid.wording import refusal
from webhook.log import log


def approve(app: App, person: Person, query: PreCheckout) -> None:
    """Answers within Telegram's 10 s: yes, or no with words. Raises TryLater where the answer did not get through."""
    try:
        app.paying.approve(person.id, query.payload, query.amount, query.currency)
    except PaymentRefused as error:
        log().info("pre-checkout refused: %s", error.reason)
        app.bot.answer_pre_checkout(query.query_id, refusal(error, language(person.language)))
    else:
        app.bot.answer_pre_checkout(query.query_id)


def book(app: App, paid: Paid, now: datetime) -> None:
    """Credits a payment, or books that Telegram gave one back. Nothing is said here: a notice will tell the person.

    Safe to repeat. Raises Conflict and Contended, where a retry helps.
    """
    act = app.refunding.taken_back if paid.refunded else app.paying.credit
    try:
        act(paid.sender.id, paid.charge_id, paid.payload, paid.amount, paid.currency, now)
    except PaymentRefused as error:
        log().exception("a payment could not be booked: %s, charge %s", error.reason, paid.charge_id)
