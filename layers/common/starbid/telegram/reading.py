"""Incoming updates, read leniently: what we do not know or cannot read is Unknown, never an exception.

The library's own reading of updates is not used here: an update that it refused would be a payment lost.
"""

from __future__ import annotations

from typing import Any

from starbid import links
from starbid.domain.renewals import RenewalState
from starbid.telegram.attached import document_of, media_of, photo_of
from starbid.telegram.fields import MAX_KEY, Wrong, clean, count_of, number_of, object_of, text_of
from starbid.telegram.forms import form_of, is_notice
from starbid.telegram.pressed_keyboard import keyboard_of
from starbid.telegram.reading_groups import call, in_group, migration, placed
from starbid.telegram.senders import sender_of
from starbid.telegram.slides import slides_of
from starbid.telegram.updates import (
    Connected,
    Content,
    InlineQuery,
    Membership,
    Paid,
    PreCheckout,
    Pressed,
    Refunded,
    Renewed,
    Said,
    Sender,
    Stopped,
    Unknown,
    Unreadable,
    Update,
)

MAX_UPDATE_ID = 2**63
MAX_TEXT = 4096
_RENEWAL_STATES = tuple(RenewalState)


def read_update(raw: dict[str, Any]) -> Update:
    """Never raises, whatever the shape."""
    update_id = raw.get("update_id")
    known = update_id if type(update_id) is int and 0 <= update_id < MAX_UPDATE_ID else None
    for kind, read in _KINDS.items():
        if kind in raw:
            try:
                return Update(known, read(object_of(raw, kind)))
            except Wrong:
                return Update(known, _unread(kind, raw[kind]))
    return Update(known, Unknown())


def _unread(kind: str, body: Any) -> Content:
    fields = (kind, *body) if isinstance(body, dict) else (kind,)
    return next((Unreadable(field) for field in fields if field in _ABOUT_MONEY), Unknown())


def _message(body: dict[str, Any]) -> Content:
    if "successful_payment" in body:
        return _paid(body)
    if "refunded_payment" in body:
        return _refunded(body)
    if not _is_private(body):
        return migration(body) or call(body) or in_group(body, _said(body))
    if is_notice(body):
        return Membership(sender_of(body), blocked=False)
    said = _said(body)
    return _chosen(body, said) or said


def _said(body: dict[str, Any]) -> Said:
    sender = sender_of(body)
    text = body.get("text")
    is_text = isinstance(text, str)
    words = text if is_text else body.get("caption")
    album = body.get("media_group_id")
    return Said(
        sender,
        clean(words)[:MAX_TEXT] if isinstance(words, str) else "",
        is_text,
        _message_id(body.get("reply_to_message")),
        photo_of(body),
        document_of(body),
        clean(album)[:MAX_KEY] if isinstance(album, str) and album else None,
        _message_id(body) or 0,
        _reply_data(body.get("reply_to_message")),
        form_of(body),
        "forward_origin" in body,
        media_of(body),
    )


def _chosen(body: dict[str, Any], said: Said) -> Said | None:
    """A card of inline mode that somebody chose in the chat with the bot itself opens its lot, as its button does; None
    for whatever else was said.
    """
    if not isinstance(body.get("via_bot"), dict):
        return None
    addresses = (one.url for row in keyboard_of(body) for one in row if one.url)
    lot_id = next((found for found in map(links.lot_of, addresses) if found), None)
    return Said(said.sender, f"/auction_{lot_id}", message_id=said.message_id) if lot_id else None


def _reply_data(message: Any) -> tuple[str, ...]:
    keyboard = keyboard_of(message) if isinstance(message, dict) else ()
    return tuple(one.data for row in keyboard for one in row if one.data is not None)


def _message_id(message: Any) -> int | None:
    """None where there is no message, or none that can be named."""
    return count_of(message, "message_id") if isinstance(message, dict) else None


def _paid(body: dict[str, Any]) -> Paid:
    payer = _payer(body)
    if payer is None:
        raise Wrong
    return Paid(payer, **_payment(object_of(body, "successful_payment")))


def _refunded(body: dict[str, Any]) -> Refunded:
    return Refunded(_payer(body), **_payment(object_of(body, "refunded_payment")))


def _payer(body: dict[str, Any]) -> Sender | None:
    """Who paid: the sender, or the person whose chat it is.

    The Bot API server passes a refund on as an outgoing message: it is from the bot itself, in the payer's chat.
    """
    author = body.get("from")
    if isinstance(author, dict) and author.get("is_bot") is not True:
        return sender_of(body)
    chat = body.get("chat")
    if not isinstance(chat, dict) or chat.get("type") != "private":
        return None
    if isinstance(author, dict) and author.get("id") == chat.get("id"):
        return None  # a bot in a chat of its own: never a person
    return sender_of(body, "chat")


def _payment(payment: dict[str, Any]) -> dict[str, Any]:
    """An odd payload is no reason to lose a payment: it is passed on as it is."""
    payload = payment.get("invoice_payload")
    return {
        "charge_id": text_of(payment, "telegram_payment_charge_id", MAX_KEY),
        "currency": text_of(payment, "currency", 8),
        "amount": number_of(payment, "total_amount"),
        "payload": clean(payload) if isinstance(payload, str) else "",
    }


def _renewed(body: dict[str, Any]) -> Renewed:
    state = text_of(body, "state", 32)
    if state not in _RENEWAL_STATES:
        raise Wrong
    return Renewed(sender_of(body, "user"), text_of(body, "invoice_payload", MAX_KEY), RenewalState(state))


def _connected(body: dict[str, Any]) -> Connected:
    """What does not clearly give the right gives none."""
    rights = body.get("rights")
    may_view = isinstance(rights, dict) and rights.get("can_view_gifts_and_stars") is True
    connection_id = text_of(body, "id", MAX_KEY)
    return Connected(sender_of(body, "user"), connection_id if may_view and body.get("is_enabled") is True else "")


def _callback(body: dict[str, Any]) -> Content:
    sender, query_id = sender_of(body), text_of(body, "id", MAX_KEY)
    data = body.get("data")
    message = body.get("message")
    message = message if isinstance(message, dict) else {}
    pressed = Pressed(
        sender,
        query_id,
        data=clean(data) if isinstance(data, str) else "",
        message_id=_message_id(message) if message.get("date") != 0 else None,
        has_no_text="text" not in message,
        keyboard=keyboard_of(message),
        slides=slides_of(message),
    )
    return pressed if _is_private(message) else in_group(message, pressed)


def _pre_checkout(body: dict[str, Any]) -> Content:
    payload = body.get("invoice_payload")
    return PreCheckout(
        sender_of(body),
        query_id=text_of(body, "id", MAX_KEY),
        currency=text_of(body, "currency", 8),
        amount=number_of(body, "total_amount"),
        payload=clean(payload) if isinstance(payload, str) else "",
    )


def _inline_query(body: dict[str, Any]) -> Content:
    """What is too long is cut, and a place that is none is the beginning: nothing of it is kept."""
    text, place = body.get("query"), body.get("offset")
    return InlineQuery(
        sender_of(body),
        text_of(body, "id", MAX_KEY),
        clean(text[:MAX_TEXT]) if isinstance(text, str) else "",
        place[:MAX_KEY] if isinstance(place, str) else "",
    )


def _stopped(body: dict[str, Any]) -> Content:
    """The update names the chat, which a private one shares with its person."""
    return Stopped(sender_of(body, "chat"), number_of(body, "draft_id")) if _is_private(body) else Unknown()


def _membership(body: dict[str, Any]) -> Content:
    if not _is_private(body):
        return placed(body)
    status = text_of(object_of(body, "new_chat_member"), "status", 32)
    return Membership(sender_of(body), blocked=status in ("kicked", "left"))


_KINDS = {
    "message": _message,
    "callback_query": _callback,
    "inline_query": _inline_query,
    "pre_checkout_query": _pre_checkout,
    "my_chat_member": _membership,
    "subscription": _renewed,
    "business_connection": _connected,
    "stopped_message_generation": _stopped,
}
_ABOUT_MONEY = ("successful_payment", "refunded_payment", "pre_checkout_query", "subscription")


def _is_private(body: dict[str, Any]) -> bool:
    """Not a group or channel."""
    chat = body.get("chat", {})
    if not isinstance(chat, dict):
        raise Wrong
    return bool(chat.get("type", "private") == "private")
