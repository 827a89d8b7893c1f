"""Receipts: every payment a person made, what it was for, its charge, and how it stands."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.payments import Charge
from starbid.domain.refund_requests import mark_of
from starbid.receipt_words import paid_by, purpose, state
from starbid.refund_words import stands
from starbid.services.stamping import stamp
from starbid.services.statements import Place, following
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.activity import paging, read_place

PAGE = 8


@screens.press("rc")
def press(chat: Conversation, args: list[str]) -> None:
    """`list`, `list:<ms>:<seen>`, `look:<ms>:<mark>`."""
    match args:
        case ["list"]:
            _list(chat, None)
        case ["list", moment, seen]:
            _list(chat, read_place(moment, seen))
        case ["look", moment, mark]:
            _look(chat, read_place(moment, "0").until, mark)
        case _:
            raise callback_data.Garbled


def _list(chat: Conversation, place: Place | None) -> None:
    words, seen = chat.words, place.seen if place else 0
    until = place.until if place else None
    found = chat.app.store.payments_of(chat.person.id, limit=seen + PAGE + 1, until=until).items
    rows = [_row(chat, charge) for charge in found[seen : seen + PAGE]]
    head = words._("<b>Payments</b>\nPress one for its receipt.")
    if not rows:
        head = words._("<b>Payments</b>\nWhat you pay in will be here, with a receipt for each payment.")
    onward = following([charge.paid_at for charge in found], seen, PAGE)
    chat.show(head, *rows, paging(place, onward, "rc:list", words), (keyboards.go(words._("Wallet"), "balance"),))


def _row(chat: Conversation, charge: Charge) -> Row:
    words = chat.words
    label = f"{words.money(charge.amount)} · {words.moment(charge.paid_at)} · {purpose(charge.purpose, words)}"
    return (Button(label, f"rc:look:{stamp(charge.paid_at)}:{mark_of(charge.id)}"),)


def _look(chat: Conversation, until: datetime, mark: str) -> None:
    """Raises Garbled where the person has no such payment: to others it does not exist."""
    charge = chat.app.refund_requests.payment_at(chat.person.id, until, mark)
    if charge is None:
        raise callback_data.Garbled
    words, asked = chat.words, chat.app.refund_requests.find(chat.person.id, mark, chat.now)
    lines = [
        words._("<b>Receipt</b>: {amount}", amount=words.money(charge.amount)),
        escape(purpose(charge.purpose, words)),
        words._("Paid {moment}", moment=words.moment(charge.paid_at)),
        words._("Paid with {provider}", provider=escape(paid_by(charge.provider, words))),
        words._("State: {state}", state=escape(state(charge, words))),
        words._("Charge: {id}", id=f"<code>{escape(charge.id)}</code>"),
    ]
    if asked:
        lines.append(words._("Refund: {state}", state=escape(stands(asked, charge, words))))
    back = (Button(words._("Payments"), "rc:list"), keyboards.go(words._("Refunds"), "paysupport"))
    chat.show("\n".join(lines), back)
