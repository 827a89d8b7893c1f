"""Operators settle what differs between Telegram's list and the ledger: `dx:…`; and what the bot has at Telegram."""

from __future__ import annotations

import hashlib

from starbid.difference_words import fault_words
from starbid.domain.roles import Right
from starbid.services.billing.differences import DifferenceState, Found
from starbid.services.ports import TryLater
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.deciding import decision
from webhook.registry import screens
from webhook.screens import admin
from webhook.screens.admin import Section

SHOWN = 10
SEARCHED = 50


@admin.section(Right.FINANCE)
def differences(chat: Conversation) -> Section:
    words = chat.words
    found = len(chat.app.differences.listed(DifferenceState.OPEN, chat.now, limit=SHOWN + 1).items)
    own = chat.app.own_stars.of_bot()
    has = words._("Bot's own Stars: Telegram gives no answer now.")
    if own is not None:
        has = words._("Bot's own Stars: {amount}.", amount=words.money(own))
    line = words._("Differences to Telegram: {n}.", n=admin.number(found, SHOWN))
    return Section(f"{line}\n{has}", _list_button(chat))


@screens.press("dx")
def press(chat: Conversation, args: list[str]) -> None:
    """`list`, or `<verb>:<mark>`: look, ok, OK (sure). Nobody else knows of it."""
    admin.require_operator(chat)
    if args == ["list"]:
        _list(chat)
        return
    verb, mark = callback_data.parts(args, 2)
    step = _STEPS.get(verb)
    if step is None:
        raise callback_data.Garbled
    step(chat, callback_data.lot_id(mark))


def _list(chat: Conversation) -> None:
    words = chat.words
    page = chat.app.differences.listed(DifferenceState.OPEN, chat.now, limit=SHOWN)
    rows = [(Button(_short(chat, found), f"dx:look:{_mark(found)}"),) for found in page.items]
    head = words._("<b>Differences to Telegram</b>, newest first")
    empty = words._("<b>Differences to Telegram</b>\nNothing differs.")
    site = keyboards.site(words._("Reconciliation"), "/admin/reconciliation", chat.app.settings)
    admin.show_list(chat, head, empty, rows, site)


def _look(chat: Conversation, mark: str) -> None:
    """What it is and, where Telegram's list proves what to book, the button that books it."""
    found, words = _find(chat, mark), chat.words
    difference = found.difference
    lines = [
        f"<b>{escape(fault_words(difference.fault, difference.kind, words))}</b>",
        words._(
            "Transaction {n} of Telegram's list, found {moment}", n=difference.number, moment=words.moment(found.at)
        ),
    ]
    lines += [f"<code>{escape(difference.charge_id)}</code>"] if difference.charge_id else []
    book: list[Row] = []
    if found.state in (DifferenceState.SETTLED, DifferenceState.MENDED):
        lines.append(words._("It is booked."))
    elif found.is_open and not found.is_bookable:
        lines.append(words._("Nothing can be booked of it: say why in the panel."))
    elif found.is_bookable and admin.may(chat, Right.FINANCE):
        book = [(Button(words._("Book it"), f"dx:ok:{mark}"),)]
    chat.show("\n".join(lines), *book, (_list_button(chat),))


def _ask(chat: Conversation, mark: str) -> None:
    words = chat.words
    text = words._(
        "Book it as Telegram lists it? A payment goes into the wallet of the person whom Telegram names; one that was "
        "refunded is booked with its refund. This cannot be undone."
    )
    back = Button(words._("Cancel"), f"dx:look:{mark}")
    chat.show(text, (Button(words._("Yes, book it"), f"dx:OK:{mark}"),), (back,), back=False)


def _settle(chat: Conversation, mark: str) -> None:
    """Where Telegram gives no answer it can be pressed again."""
    found = _find(chat, mark)
    try:
        chat.app.difference_booking.settle(found.id, decision(chat))
    except TryLater:
        chat.toast(chat.words._("Telegram gives no answer now. Try again in a moment."), alert=True)
        return
    chat.acted = True
    _look(chat, mark)


def _find(chat: Conversation, mark: str) -> Found:
    """Among the newest that are open or were booked. Raises Garbled."""
    for state in (DifferenceState.OPEN, DifferenceState.SETTLED):
        for found in chat.app.differences.listed(state, chat.now, limit=SEARCHED).items:
            if _mark(found) == mark:
                return chat.app.differences.of(found.id, chat.now)
    raise callback_data.Garbled


def _short(chat: Conversation, found: Found) -> str:
    return f"{chat.words.moment(found.at)} · {fault_words(found.difference.fault, found.difference.kind, chat.words)}"


def _mark(found: Found) -> str:
    """Ids of differences are longer than a button's data."""
    return hashlib.sha256(found.id.encode()).hexdigest()[:16]


def _list_button(chat: Conversation) -> Button:
    return Button(chat.words._("Differences to Telegram"), "dx:list")


_STEPS = {"look": _look, "ok": _ask, "OK": _settle}
