"""Incoming updates, read leniently: what we do not know or cannot read is Unknown, never an exception.

The library's own reading of updates is not used here: an update that it refused would be a payment lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_ID = 2**52
MAX_UPDATE_ID = 2**63
MAX_TEXT = 4096
MAX_KEY = 256
"""Payloads, charge ids, query ids: longer ones are not Telegram's."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The person behind an update."""

    id: int
    name: str
    username: str | None
    language_code: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A message to the bot. `text` is empty where there is none (a picture, a sticker)."""

    sender: Sender
    text: str
    has_photo: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed. `message_id` is None where the message can no longer be edited.

    `has_photo` is told of every message without a text: it cannot be edited as one.
    `buttons` are (text, data) of all buttons of the message.
    """

    sender: Sender
    query_id: str
    data: str
    message_id: int | None
    has_photo: bool
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PreCheckout:
    """Telegram asks whether a payment may go through. `amount` in minor units."""

    sender: Sender
    query_id: str
    currency: str
    amount: int
    payload: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment went through (`refunded` False), or was given back."""

    sender: Sender
    charge_id: str
    currency: str
    amount: int
    payload: str
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """The person blocked the bot or let it in again."""

    sender: Sender
    blocked: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing for us."""


Content = Said | Pressed | PreCheckout | Paid | Membership | Unknown


@dataclass(frozen=True, slots=True)
class Update:
    """`id` is None where it is missing or no number."""

    id: int | None
    content: Content


class _Wrong(Exception):
    """A field is not there or not of its type."""


def read_update(raw: dict[str, Any]) -> Update:
    """Never raises, whatever the shape."""
    update_id = raw.get("update_id")
    known = update_id if type(update_id) is int and 0 <= update_id < MAX_UPDATE_ID else None
    for kind, read in _KINDS.items():
        if kind in raw:
            try:
                return Update(known, read(_object(raw, kind)))
            except _Wrong:
                break
    return Update(known, Unknown())


def _message(body: dict[str, Any]) -> Content:
    sender = _sender(body)
    for field, refunded in (("successful_payment", False), ("refunded_payment", True)):
        if field in body:
            return _payment(sender, _object(body, field), refunded)
    if not _is_private(body):
        return Unknown()
    text = body.get("text")
    return Said(sender, _clean(text)[:MAX_TEXT] if isinstance(text, str) else "", "photo" in body)


def _payment(sender: Sender, payment: dict[str, Any], refunded: bool) -> Paid:
    """An odd payload is no reason to lose a payment: it is passed on as it is."""
    payload = payment.get("invoice_payload")
    return Paid(
        sender,
        charge_id=_text(payment, "telegram_payment_charge_id", MAX_KEY),
        currency=_text(payment, "currency", 8),
        amount=_number(payment, "total_amount"),
        payload=_clean(payload) if isinstance(payload, str) else "",
        refunded=refunded,
    )


def _callback(body: dict[str, Any]) -> Content:
    sender, query_id = _sender(body), _text(body, "id", MAX_KEY)
    data = body.get("data")
    message = body.get("message")
    message = message if isinstance(message, dict) else {}
    if not _is_private(message):
        return Unknown()
    message_id = message.get("message_id")
    editable = type(message_id) is int and 0 < message_id < MAX_ID and message.get("date") != 0
    return Pressed(
        sender,
        query_id,
        data=_clean(data) if isinstance(data, str) else "",
        message_id=message_id if editable else None,
        has_photo="text" not in message,
        buttons=_buttons(message),
    )


def _buttons(message: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    flat = [button for row in rows if isinstance(row, list) for button in row] if isinstance(rows, list) else []
    both = [(b.get("text"), b.get("callback_data")) for b in flat if isinstance(b, dict)]
    return tuple((text, data) for text, data in both if isinstance(text, str) and isinstance(data, str))


def _pre_checkout(body: dict[str, Any]) -> Content:
    payload = body.get("invoice_payload")
    return PreCheckout(
        _sender(body),
        query_id=_text(body, "id", MAX_KEY),
        currency=_text(body, "currency", 8),
        amount=_number(body, "total_amount"),
        payload=_clean(payload) if isinstance(payload, str) else "",
    )


def _membership(body: dict[str, Any]) -> Content:
    if not _is_private(body):
        return Unknown()
    status = _text(_object(body, "new_chat_member"), "status", 32)
    return Membership(_sender(body), blocked=status in ("kicked", "left"))


_KINDS = {
    "message": _message,
    "callback_query": _callback,
    "pre_checkout_query": _pre_checkout,
    "my_chat_member": _membership,
}


def _sender(body: dict[str, Any]) -> Sender:
    person = _object(body, "from")
    number = person.get("id")
    if type(number) is not int or not 0 < number < MAX_ID or person.get("is_bot") is True:
        raise _Wrong
    names = (person.get("first_name"), person.get("last_name"))
    name = " ".join(_clean(part) for part in names if isinstance(part, str))
    username, language = person.get("username"), person.get("language_code")
    return Sender(
        number,
        name[:MAX_KEY],
        _clean(username)[:MAX_KEY] if isinstance(username, str) and username else None,
        _clean(language)[:35] if isinstance(language, str) else None,
    )


def _is_private(body: dict[str, Any]) -> bool:
    """Groups and channels are not spoken to."""
    chat = body.get("chat", {})
    if not isinstance(chat, dict):
        raise _Wrong
    return bool(chat.get("type", "private") == "private")


def _object(body: dict[str, Any], field: str) -> dict[str, Any]:
    value = body.get(field)
    if not isinstance(value, dict):
        raise _Wrong
    return value


def _text(body: dict[str, Any], field: str, most: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise _Wrong
    return _clean(value)


def _number(body: dict[str, Any], field: str) -> int:
    value = body.get(field)
    if type(value) is not int or abs(value) >= MAX_ID:
        raise _Wrong
    return value


def _clean(text: str) -> str:
    """Half a surrogate pair is no text: neither the store nor Telegram would take it."""
    return text.encode("utf-8", "replace").decode()
