"""The bot's Star transactions, read from the answer itself: what is new in one must not hide the others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starbid.services.ports import StarTransaction
from starbid.telegram.fields import clean

UNREADABLE = "unreadable"
LONGEST = 255
"""Characters of an id; of a kind, fewer."""
LONGEST_KIND = 60
NANOSTARS = 1_000_000_000
_ODD = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What reading something else than Telegram documents can end with; an OSError comes from a time out of range."""


def read_transactions(answer: Any) -> list[StarTransaction]:
    """Those of an answer to `getStarTransactions`, in its order. Raises ValueError where it is no list of them."""
    listed = answer.get("transactions") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no list of transactions")
    return [_read(told) for told in listed]


def _read(told: Any) -> StarTransaction:
    try:
        return _transaction(told)
    except _ODD:
        named = told.get("id") if isinstance(told, dict) else None
        id_ = clean(named[:LONGEST]) if isinstance(named, str) else ""
        return StarTransaction(id_, 0, datetime.fromtimestamp(0, UTC), incoming=True, kind=UNREADABLE)


def _transaction(told: dict[str, Any]) -> StarTransaction:
    id_, source, receiver = told["id"], told.get("source"), told.get("receiver")
    if not isinstance(id_, str) or not 0 < len(id_) <= LONGEST or clean(id_) != id_:
        raise ValueError
    if (source is None) == (receiver is None):
        raise ValueError
    partner = receiver if source is None else source
    return StarTransaction(
        id=id_,
        amount=_whole(told["amount"]),
        at=datetime.fromtimestamp(_whole(told["date"]), UTC),
        incoming=source is not None,
        kind=_kind(partner),
        nanostars=_whole(told.get("nanostar_amount", 0)),
        commission=_commission(partner),
        payer_id=_payer(partner),
        payload=_text(partner, "invoice_payload"),
        months=_months(partner),
    )


def _kind(partner: Any) -> str:
    """The type, with what a user paid for or how far a withdrawal is; `?` where Telegram does not say."""
    type_ = _text(partner, "type") or "?"
    if type_ == "user":
        type_ = f"user/{_text(partner, 'transaction_type') or '?'}"
    elif type_ == "fragment" and (state := _part(partner, "withdrawal_state")):
        type_ = f"fragment/{_text(state, 'type') or '?'}"
    return type_[:LONGEST_KIND]


def _commission(partner: Any) -> int:
    """Nanostars, negative where a refund takes them back; 0 where there is no affiliate, or none that can be read."""
    affiliate = _part(partner, "affiliate")
    try:
        return _whole(affiliate.get("amount", 0)) * NANOSTARS + _whole(affiliate.get("nanostar_amount", 0))
    except ValueError:
        return 0


def _months(partner: Any) -> int:
    """Of Premium that was given to a person; 0 where there is none, or nothing that can be read."""
    months = partner.get("premium_subscription_duration") if isinstance(partner, dict) else None
    return months if type(months) is int else 0


def _payer(partner: Any) -> int | None:
    payer = _part(partner, "user").get("id")
    return payer if isinstance(payer, int) else None


def _part(of: Any, name: str) -> dict[str, Any]:
    part = of.get(name) if isinstance(of, dict) else None
    return part if isinstance(part, dict) else {}


def _text(of: Any, name: str) -> str:
    text = of.get(name) if isinstance(of, dict) else None
    return clean(text) if isinstance(text, str) else ""


def _whole(number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError
    return number
