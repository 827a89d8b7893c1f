"""QIWI's bills for people, the reference contract of a provider (spec, section 7, "Providers")."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from typing import Any

from starbid.billing import wire
from starbid.billing.provider_http import CONNECT_SECONDS, READ_SECONDS, ProviderHttp, Refused
from starbid.domain.bills import Bill, ProviderStatus, Reported
from starbid.services.ports import BadCallback, ProviderTrouble

SIGNATURE = "x-api-signature-sha256"
MOST_CALLBACK = 65_536
"""Bytes. A bill has less than a thousand."""
MOST_COMMENT = 255
_STATUSES = {
    "WAITING": ProviderStatus.WAITING,
    "PAID": ProviderStatus.PAID,
    "REJECTED": ProviderStatus.REJECTED,
    "EXPIRED": ProviderStatus.EXPIRED,
}
_CENTS = Decimal("0.01")
_NOTHING_TO_CANCEL = (400, 404, 409, 410, 422)


class QiwiBills:
    """Implements BillGateway. QIWI knows a bill by our own id."""

    def __init__(
        self,
        secret: Callable[[], str],
        base_url: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._secret = secret
        self._http = ProviderHttp(base_url, self._proof, connect_seconds, read_seconds)

    def create(self, bill: Bill, comment: str) -> Reported:
        body = {
            "amount": {"currency": bill.amount.currency, "value": wire.written(bill.amount)},
            "comment": comment[:MOST_COMMENT],
            "expirationDateTime": bill.expires_at.astimezone(UTC).isoformat(timespec="seconds"),
            "customer": {"account": str(bill.user_id)},
        }
        reported = _answered(self._http.ask("PUT", _path(bill), body=body), bill)
        if not reported.pay_url:
            raise ProviderTrouble("a bill without an address to pay it", is_open=True)
        return reported

    def find(self, bill: Bill) -> Reported | None:
        try:
            return _answered(self._http.ask("GET", _path(bill)), bill)
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise

    def cancel(self, bill: Bill) -> None:
        try:
            self._http.ask("POST", f"{_path(bill)}/reject")
        except Refused as refusal:
            if refusal.status not in _NOTHING_TO_CANCEL:
                raise

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> Reported:
        """The signature covers five fields, so nothing else of a callback is believed, and no address to pay at."""
        if len(body) > MOST_CALLBACK:
            raise BadCallback("too long")
        try:
            reported, signed = _signed(body)
        except (KeyError, ValueError) as error:
            raise BadCallback("nothing that could be signed") from error
        wanted = hmac.new(self._secret().encode(), signed.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), wire.header(headers, SIGNATURE)):
            raise BadCallback("another signature")
        return reported

    def _proof(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._secret()}"}


def _path(bill: Bill) -> str:
    return f"/partner/bill/v1/bills/{bill.id}"


def _answered(answer: dict[str, Any], bill: Bill) -> Reported:
    """What an answer says of the bill that was asked about; raises ProviderTrouble where it says nothing of it."""
    try:
        reported = _read(answer)
        address = answer.get("payUrl")
        pay_url = wire.address(address) if address else ""
    except (KeyError, ValueError) as error:
        raise ProviderTrouble("an answer of another shape", is_open=True) from error
    if reported.bill_id != bill.id:
        raise ProviderTrouble("an answer about another bill", is_open=True)
    return replace(reported, pay_url=pay_url)


def _signed(body: bytes) -> tuple[Reported, str]:
    """What a callback says, and the text that its signature must be of. Raises KeyError, ValueError."""
    told = wire.nested(wire.parsed(body)["bill"])
    reported = _read(told)
    if reported.value != reported.value.quantize(_CENTS):
        raise ValueError("an amount that no signature has")
    fields = (reported.currency, f"{reported.value:.2f}", reported.bill_id, wire.text(told["siteId"]), reported.said)
    return reported, "|".join(fields)


def _read(told: dict[str, Any]) -> Reported:
    """Raises KeyError, ValueError."""
    amount, said = wire.nested(told["amount"]), wire.text(wire.nested(told["status"])["value"])
    return Reported(
        bill_id=wire.text(told["billId"]),
        status=_STATUSES.get(said, ProviderStatus.UNKNOWN),
        value=wire.amount(amount["value"]),
        currency=wire.text(amount["currency"]),
        said=said,
    )
