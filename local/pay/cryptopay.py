"""Crypto Pay's API, as far as the product uses it, and its callbacks."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from local.pay.bills import CRYPTOPAY, DELETED, EXPIRED, PAID, WAITING, LocalBill, LocalBills
from local.stand_in import Refusal
from local.telegram.params import loads

MOST_LISTED = 1000
MOST_SECONDS = 2_678_400
_STATUSES = {WAITING: "active", PAID: "paid", EXPIRED: "expired"}
Answer = tuple[int, Any]


def answer(bills: LocalBills, method: str, fields: Mapping[str, Any], page: str) -> Answer:
    """A call of `api/<method>` by the shop. `page` is where bills are paid, before their number."""
    try:
        match method:
            case "createInvoice":
                return _yes(shown(_made(bills, fields), page))
            case "getInvoices":
                return _yes({"items": [shown(bill, page) for bill in _listed(bills, fields)]})
            case "deleteInvoice":
                bills.move(int(fields["invoice_id"]), DELETED, since=(WAITING,))
                return _yes(True)
    except Refusal:
        return _no(400, "INVOICE_NOT_FOUND" if method == "deleteInvoice" else "AMOUNT_INVALID")
    except (KeyError, TypeError, ValueError):
        return _no(400, "PARAMS_INVALID")
    return _no(404, "METHOD_NOT_FOUND")


def fields_of(query: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The parameters of a call, from its query or its JSON. Raises ValueError."""
    found = loads(body) if body else {}
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return {**query, **found}


def _made(bills: LocalBills, fields: Mapping[str, Any]) -> LocalBill:
    seconds = int(fields.get("expires_in", MOST_SECONDS))
    if fields["currency_type"] != "fiat" or not 1 <= seconds <= MOST_SECONDS:
        raise ValueError("no invoice that is made here")
    until, words = bills.now() + timedelta(seconds=seconds), str(fields.get("description", ""))
    return bills.add(
        CRYPTOPAY, str(fields["payload"]), str(fields["amount"]), str(fields["fiat"]), until, comment=words
    )


def _listed(bills: LocalBills, fields: Mapping[str, Any]) -> list[LocalBill]:
    if "invoice_ids" in fields:
        numbers = [int(number) for number in str(fields["invoice_ids"]).split(",")]
        found = [bill for number in numbers if (bill := bills.find(number))]
        found = [bill for bill in found if bill.provider == CRYPTOPAY]
    else:
        count, offset = int(fields.get("count", 100)), int(fields.get("offset", 0))
        if not 1 <= count <= MOST_LISTED or offset < 0:
            raise ValueError("no page")
        found = bills.newest(count, offset, CRYPTOPAY)
    return [bill for bill in found if bill.status != DELETED]


def shown(bill: LocalBill, page: str) -> dict[str, Any]:
    """An invoice as the API and the callbacks show it."""
    paid = {"paid_asset": "USDT", "paid_amount": "5.5"} if bill.status == PAID else {}
    return {
        "invoice_id": bill.number,
        "hash": f"local{bill.number}",
        "currency_type": "fiat",
        "fiat": bill.currency,
        "amount": bill.amount,
        "bot_invoice_url": f"{page}{bill.number}",
        "description": bill.comment,
        "status": _STATUSES.get(bill.status, bill.status),
        "created_at": bill.made_at.isoformat(),
        "expiration_date": bill.expires_at.isoformat(),
        "payload": bill.order_id,
        **paid,
    }


def callback(bill: LocalBill, token: str, page: str) -> tuple[dict[str, str], bytes]:
    """The headers and the body that report a paid invoice; Crypto Pay reports nothing else."""
    update = {"update_id": bill.number, "update_type": "invoice_paid", "payload": shown(bill, page)}
    body = json.dumps(update).encode()
    key = hashlib.sha256(token.encode()).digest()
    return {"crypto-pay-api-signature": hmac.new(key, body, hashlib.sha256).hexdigest()}, body


def proof(token: str) -> tuple[str, str]:
    """The header that the shop's calls have."""
    return "Crypto-Pay-API-Token", token


def _yes(result: Any) -> Answer:
    return 200, {"ok": True, "result": result}


def _no(code: int, name: str) -> Answer:
    return code, {"ok": False, "error": {"code": code, "name": name}}


STRANGER = _no(401, "UNAUTHORIZED")
