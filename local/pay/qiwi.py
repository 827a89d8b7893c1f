"""QIWI's bill API, as far as the product uses it, and its callbacks."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from local.pay.bills import EXPIRED, PAID, QIWI, REJECTED, WAITING, LocalBill, LocalBills
from local.stand_in import Refusal
from local.telegram.params import loads

SITE_ID = "local-00"
_STATUSES = {WAITING: "WAITING", PAID: "PAID", REJECTED: "REJECTED", EXPIRED: "EXPIRED"}
Answer = tuple[int, Any]


def answer(bills: LocalBills, method: str, path: str, body: bytes, page: str) -> Answer:
    """A call of `partner/bill/v1/bills/<path>` by the shop. `page` is where bills are paid, before their number."""
    order_id, _, more = path.partition("/")
    bill = bills.named(QIWI, order_id)
    if method == "PUT" and not more:
        return (409, _error("invoice.already.exists", "Invoice exists")) if bill else _made(bills, order_id, body, page)
    if bill is None or (method, more) not in (("GET", ""), ("POST", "reject")):
        return 404, _error("api.invoice.not.found", "Invoice not found")
    if more:
        try:
            bill = bills.move(bill.number, REJECTED, since=(WAITING,))
        except Refusal:
            return 422, _error("invoice.final.status", "Invoice is in a final status")
    return 200, shown(bill, page)


def _made(bills: LocalBills, order_id: str, body: bytes, page: str) -> Answer:
    try:
        asked = loads(body)
        amount, until = asked["amount"], datetime.fromisoformat(asked["expirationDateTime"])
        customer = str(asked.get("customer", {}).get("account", ""))
        if until.tzinfo is None:
            raise ValueError("a time without a zone")
        comment = str(asked.get("comment", ""))
        bill = bills.add(
            QIWI, order_id, str(amount["value"]), str(amount["currency"]), until, customer=customer, comment=comment
        )
    except (AttributeError, KeyError, TypeError, ValueError, Refusal):
        return 400, _error("http.message.conversion.failed", "Bad request")
    return 200, shown(bill, page)


def shown(bill: LocalBill, page: str) -> dict[str, Any]:
    """A bill as the API and the callbacks show it."""
    return {
        "siteId": SITE_ID,
        "billId": bill.order_id,
        "amount": {"currency": bill.currency, "value": f"{float(bill.amount):.2f}"},
        "status": {"value": _STATUSES.get(bill.status, bill.status), "changedDateTime": bill.made_at.isoformat()},
        "customer": {"account": bill.customer},
        "comment": bill.comment,
        "creationDateTime": bill.made_at.isoformat(),
        "expirationDateTime": bill.expires_at.isoformat(),
        "payUrl": f"{page}{bill.number}",
    }


def callback(bill: LocalBill, secret: str, page: str) -> tuple[dict[str, str], bytes]:
    """The headers and the body that report a bill."""
    told = shown(bill, page)
    fields = (told["amount"]["currency"], told["amount"]["value"], told["billId"], SITE_ID, told["status"]["value"])
    signature = hmac.new(secret.encode(), "|".join(fields).encode(), hashlib.sha256).hexdigest()
    return {"X-Api-Signature-SHA256": signature}, json.dumps({"bill": told, "version": "1"}).encode()


def proof(secret: str) -> tuple[str, str]:
    """The header that the shop's calls have."""
    return "Authorization", f"Bearer {secret}"


def _error(code: str, words: str) -> dict[str, str]:
    return {"serviceName": "invoicing-api", "errorCode": code, "description": words, "userMessage": words}


STRANGER = 401, _error("auth.unauthorized", "Invalid credentials")
