"""Crypto Pay: invoices in a fiat currency that people pay in crypto (spec, section 7, "Providers")."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any, TypeVar

from starbid.billing import wire
from starbid.billing.provider_http import CONNECT_SECONDS, READ_SECONDS, ProviderHttp, Refused
from starbid.domain.bills import Bill, ProviderStatus, Reported
from starbid.services.ports import BadCallback, ProviderTrouble, Unreadable

T = TypeVar("T")

SIGNATURE = "crypto-pay-api-signature"
MOST_CALLBACK = 65_536
"""Bytes. An invoice has a few thousand."""
MOST_DESCRIPTION = 1024
PAGE = 100
OVERLAP = 10
"""Pages overlap by so many: an invoice that is deleted meanwhile moves those behind it forward."""
MOST_PAGES = 50
LONGEST_LOOK = 10.0
"""Seconds for all pages: who asks has a Lambda's time, and does other things, too."""
_SLACK = timedelta(minutes=10)
"""Clocks of Crypto Pay and ours differ by less."""
_STATUSES = {
    "active": ProviderStatus.WAITING,
    "paid": ProviderStatus.PAID,
    "expired": ProviderStatus.EXPIRED,
}
_NOTHING_TO_CANCEL = (400, 404, 409, 410, 422)


class CryptoPayBills:
    """Implements BillGateway. An invoice carries our id as its `payload`, and its own is the bill's `ref`."""

    def __init__(
        self,
        token: Callable[[], str],
        base_url: str,
        now: Callable[[], datetime],
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._token, self._now = token, now
        self._http = ProviderHttp(base_url, self._proof, connect_seconds, read_seconds)

    def create(self, bill: Bill, comment: str) -> Reported:
        """`createInvoice` knows no key of ours: called again, it makes another invoice."""
        body = {
            "currency_type": "fiat",
            "fiat": bill.amount.currency,
            "amount": wire.written(bill.amount),
            "payload": bill.id,
            "description": comment[:MOST_DESCRIPTION],
            "expires_in": max(1, ceil((bill.expires_at - self._now()).total_seconds())),
        }
        reported = _understood(_of_bill, self._call("POST", "createInvoice", body=body), bill)
        if not reported.pay_url:
            raise ProviderTrouble("an invoice without an address to pay it", is_open=True)
        return reported

    def find(self, bill: Bill) -> Reported | None:
        if bill.ref:
            listed = self._listed({"invoice_ids": bill.ref})
            mine = [invoice for invoice in listed if str(invoice.get("invoice_id")) == bill.ref]
        else:
            mine = self._with_payload(bill)
        found = [_understood(_of_bill, invoice, bill) for invoice in mine]
        return next((each for each in found if each.status is ProviderStatus.PAID), found[0] if found else None)

    def cancel(self, bill: Bill) -> None:
        found = bill if bill.ref else self.find(bill)
        if found is None or not found.ref:
            return
        try:
            self._call("POST", "deleteInvoice", body={"invoice_id": int(found.ref)})
        except Refused as refusal:
            if refusal.status not in _NOTHING_TO_CANCEL:
                raise

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> Reported:
        if len(body) > MOST_CALLBACK:
            raise BadCallback("too long")
        key = hashlib.sha256(self._token().encode()).digest()
        wanted = hmac.new(key, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), wire.header(headers, SIGNATURE)):
            raise BadCallback("another signature")
        try:
            update = wire.parsed(body)
            if update["update_type"] != "invoice_paid":
                raise ValueError("another kind of update")
            invoice = wire.nested(update["payload"])
            return _read(invoice, wire.text(invoice["payload"]))
        except (KeyError, ValueError) as error:
            raise Unreadable("nothing about an invoice of ours") from error

    def _with_payload(self, bill: Bill) -> list[dict[str, Any]]:
        """Paged through, as nothing finds an invoice by its payload. Raises ProviderTrouble where there is no end."""
        seen, until = set[str](), time.monotonic() + LONGEST_LOOK
        for page in range(MOST_PAGES):
            listed = self._listed({"count": PAGE, "offset": page * (PAGE - OVERLAP)})
            if mine := [invoice for invoice in listed if invoice.get("payload") == bill.id]:
                return mine
            fresh = {str(invoice.get("invoice_id")) for invoice in listed} - seen
            if len(listed) < PAGE or not fresh or _ends_before(listed, bill.created_at - _SLACK):
                return []
            if time.monotonic() > until:
                break
            seen |= fresh
        raise ProviderTrouble("more invoices than can be looked through", is_open=True)

    def _listed(self, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        result = self._call("GET", "getInvoices", query=query)
        items = result.get("items") if isinstance(result, dict) else result
        if not isinstance(items, list):
            raise _odd()
        return [_understood(wire.nested, item) for item in items]

    def _call(
        self, verb: str, method: str, *, body: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """`result` of an answer."""
        answer = self._http.ask(verb, f"/api/{method}", body=body, query=query)
        if answer.get("ok") is True and "result" in answer:
            return answer["result"]
        error = answer.get("error")
        if answer.get("ok") is False and isinstance(error, dict):
            code = error.get("code")
            if type(code) is int and 400 <= code < 500 and code != 429:
                raise Refused(code, error.get("name"))
        raise _odd()

    def _proof(self) -> dict[str, str]:
        return {"Crypto-Pay-API-Token": self._token()}


def _of_bill(invoice: Any, bill: Bill) -> Reported:
    """What an invoice says of the bill that was asked about. Raises KeyError, ValueError."""
    told = wire.nested(invoice)
    if told.get("payload", bill.id) != bill.id:
        raise ValueError("an invoice of another bill")
    return _read(told, bill.id)


def _read(invoice: dict[str, Any], bill_id: str) -> Reported:
    """`fiat` and `amount` are what was asked for; `paid_amount` is in crypto, and says nothing here. Raises KeyError,
    ValueError.
    """
    said, address = wire.text(invoice["status"]), invoice.get("bot_invoice_url")
    return Reported(
        bill_id=bill_id,
        status=_STATUSES.get(said, ProviderStatus.UNKNOWN),
        value=wire.amount(invoice["amount"]),
        currency=wire.text(invoice["fiat"]),
        pay_url=wire.address(address) if address else "",
        ref=wire.their_id(invoice["invoice_id"]),
        said=said,
    )


def _ends_before(listed: list[dict[str, Any]], moment: datetime) -> bool:
    """Whether all that follows is older, too: a list that goes back in time has come to before that moment."""
    numbers = [invoice.get("invoice_id") for invoice in listed]
    whole = [number for number in numbers if isinstance(number, int)]
    goes_back = numbers == sorted(whole, reverse=True)
    made = listed[-1].get("created_at")
    try:
        return goes_back and isinstance(made, str) and datetime.fromisoformat(made) < moment
    except (TypeError, ValueError):  # no time, or one without a zone
        return False


def _understood(read: Callable[..., T], *about: Any) -> T:
    try:
        return read(*about)
    except (KeyError, ValueError) as error:
        raise _odd() from error


def _odd() -> ProviderTrouble:
    return ProviderTrouble("an answer of another shape", is_open=True)
