"""Providers of bills that misbehave when told to, on real sockets.

Written from the spec (section 7, "Providers") and the providers' own pages; nothing of our adapters is in it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .patient_server import PatientServer
from .provider_faults import SPOILS, Fault


@dataclass
class Kept:
    """A bill at the provider; `value` and `currency` as it was asked for, or as somebody changed it since."""

    id: str
    number: int
    value: str
    currency: str
    status: str
    made_at: str = "2030-01-01T12:00:00.000Z"
    asked: dict[str, Any] = field(default_factory=dict)


class ProviderServer(ABC):
    """`fail` spoils the next answers, before or after the request is carried out. `seen` are the requests."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.bills: list[Kept] = []
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.slow_seconds = 1.0
        self._faults: deque[tuple[Fault, bool]] = deque()
        self._server = PatientServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fail(self, fault: Fault, *, done: bool) -> None:
        """`done`: the request is carried out all the same."""
        self._faults.append((fault, done))

    def take_fault(self) -> tuple[Fault | None, bool]:
        return self._faults.popleft() if self._faults else (None, True)

    def of(self, bill_id: str) -> Kept:
        (found,) = (bill for bill in self.bills if bill.id == bill_id)
        return found

    @abstractmethod
    def answer(self, method: str, path: str, query: Mapping[str, str], headers: Any, body: bytes) -> tuple[int, Any]:
        """Carries a request out."""

    @abstractmethod
    def shown(self, kept: Kept) -> dict[str, Any]:
        """A bill as its API and its callbacks show it."""

    @abstractmethod
    def pay(self, bill_id: str) -> None: ...

    @abstractmethod
    def expire(self, bill_id: str) -> None: ...

    @abstractmethod
    def callback(self, bill_id: str, **changes: Any) -> tuple[dict[str, str], bytes]:
        """The headers and the body that report a bill, with other fields where `changes` say so."""

    @abstractmethod
    def signed(self, body: bytes) -> dict[str, str]:
        """The headers of any body of a callback."""


class QiwiServer(ProviderServer):
    site = "9hh4jb-00"

    def answer(self, method: str, path: str, query: Mapping[str, str], headers: Any, body: bytes) -> tuple[int, Any]:
        if headers.get("Authorization") != f"Bearer {self.secret}":
            return 401, _qiwi_error("auth.unauthorized")
        parts = path.split("/")
        if parts[:5] != ["", "partner", "bill", "v1", "bills"]:
            return 404, _qiwi_error("http.url.not.found")
        kept = next((bill for bill in self.bills if bill.id == parts[5]), None)
        match (method, parts[6:]):
            case ("PUT", []):
                asked = json.loads(body)
                if kept is not None:
                    return 409, _qiwi_error("invoice.already.exists")
                amount = asked["amount"]
                self.bills.append(Kept(parts[5], 0, amount["value"], amount["currency"], "WAITING", asked=asked))
                return 200, self.shown(self.bills[-1])
            case ("GET", []) if kept:
                return 200, self.shown(kept)
            case ("POST", ["reject"]) if kept:
                if kept.status == "PAID":
                    return 422, _qiwi_error("invoice.already.paid")
                kept.status = "REJECTED" if kept.status == "WAITING" else kept.status
                return 200, self.shown(kept)
        return 404, _qiwi_error("api.invoice.not.found")

    def shown(self, kept: Kept) -> dict[str, Any]:
        return {
            "siteId": self.site,
            "billId": kept.id,
            "amount": {"currency": kept.currency, "value": kept.value},
            "status": {"value": kept.status, "changedDateTime": "2030-01-01T15:00:00+03:00"},
            "customer": kept.asked.get("customer", {}),
            "comment": kept.asked.get("comment", ""),
            "creationDateTime": "2030-01-01T15:00:00+03:00",
            "expirationDateTime": kept.asked.get("expirationDateTime", ""),
            "payUrl": f"https://oplata.qiwi.com/form/?invoice_uid={kept.id}",
        }

    def pay(self, bill_id: str) -> None:
        self.of(bill_id).status = "PAID"

    def expire(self, bill_id: str) -> None:
        self.of(bill_id).status = "EXPIRED"

    def callback(self, bill_id: str, **changes: Any) -> tuple[dict[str, str], bytes]:
        shown = self.shown(self.of(bill_id))
        amount = {name: changes.get(name, value) for name, value in shown["amount"].items()}
        bill = {**shown, "amount": amount, "status": {"value": changes.get("status", shown["status"]["value"])}}
        body = json.dumps({"bill": bill, "version": "1"}).encode()
        return self.signed(body), body

    def signed(self, body: bytes) -> dict[str, str]:
        try:
            bill = json.loads(body)["bill"]
            value = f"{float(bill['amount']['value']):.2f}"
            fields = (bill["amount"]["currency"], value, bill["billId"], bill["siteId"], bill["status"]["value"])
            text = "|".join(str(field) for field in fields)
        except (ArithmeticError, KeyError, RecursionError, TypeError, ValueError):
            text = "||||"
        return {"x-api-signature-sha256": hmac.new(self.secret.encode(), text.encode(), "sha256").hexdigest()}


class CryptoPayServer(ProviderServer):
    """`newest_first` is the order of its list; `pages` whether it lists by `count` and `offset`."""

    newest_first = True

    def answer(self, method: str, path: str, query: Mapping[str, str], headers: Any, body: bytes) -> tuple[int, Any]:
        if headers.get("Crypto-Pay-API-Token") != self.secret:
            return 401, _crypto_error(401, "UNAUTHORIZED")
        match (method, path):
            case ("POST", "/api/createInvoice"):
                asked = json.loads(body)
                number = 1000 + len(self.bills)
                kept = Kept(asked["payload"], number, asked["amount"], asked["fiat"], "active", asked=asked)
                self.bills.append(kept)
                return 200, {"ok": True, "result": self.shown(kept)}
            case ("GET", "/api/getInvoices"):
                return 200, {"ok": True, "result": {"items": [self.shown(kept) for kept in self._listed(query)]}}
            case ("POST", "/api/deleteInvoice"):
                kept_or_none = next((b for b in self.bills if b.number == json.loads(body)["invoice_id"]), None)
                if kept_or_none is None or kept_or_none.status != "active":
                    return 400, _crypto_error(400, "INVOICE_NOT_FOUND")
                self.bills.remove(kept_or_none)
                return 200, {"ok": True, "result": True}
        return 404, _crypto_error(404, "METHOD_NOT_FOUND")

    def _listed(self, query: Mapping[str, str]) -> list[Kept]:
        bills = self.bills[::-1] if self.newest_first else self.bills
        if "invoice_ids" in query:
            wanted = query["invoice_ids"].split(",")
            return [bill for bill in bills if str(bill.number) in wanted]
        first = int(query.get("offset", 0))
        return bills[first : first + int(query.get("count", 100))]

    def shown(self, kept: Kept) -> dict[str, Any]:
        return {
            "invoice_id": kept.number,
            "hash": f"IV{kept.number}",
            "currency_type": "fiat",
            "fiat": kept.currency,
            "amount": kept.value,
            "bot_invoice_url": f"https://t.me/CryptoBot?start=IV{kept.number}",
            "status": kept.status,
            "created_at": kept.made_at,
            "payload": kept.id,
            **({"paid_asset": "USDT", "paid_amount": "5.51"} if kept.status == "paid" else {}),
        }

    def pay(self, bill_id: str) -> None:
        self.of(bill_id).status = "paid"

    def expire(self, bill_id: str) -> None:
        self.of(bill_id).status = "expired"

    def callback(self, bill_id: str, **changes: Any) -> tuple[dict[str, str], bytes]:
        names = {"value": "amount", "currency": "fiat"}
        invoice = self.shown(self.of(bill_id)) | {names.get(name, name): value for name, value in changes.items()}
        body = json.dumps({"update_id": 1, "update_type": "invoice_paid", "payload": invoice}).encode()
        return self.signed(body), body

    def signed(self, body: bytes) -> dict[str, str]:
        key = hashlib.sha256(self.secret.encode()).digest()
        return {"crypto-pay-api-signature": hmac.new(key, body, "sha256").hexdigest()}


def _qiwi_error(code: str) -> dict[str, str]:
    return {"serviceName": "invoicing-api", "errorCode": code, "description": "words", "userMessage": "words"}


def _crypto_error(code: int, name: str) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "name": name}}


def _spoilt(answer: Any) -> Any:
    """The same object about another bill."""
    written = json.dumps(answer)
    for name in ('"billId": "', '"payload": "'):
        written = written.replace(name, f"{name}of-another-")
    return json.loads(written)


def _handler(server: ProviderServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            server.seen.append((self.command, self.path, dict(self.headers)))
            fault, is_done = server.take_fault()
            status, said = 200, dict[str, Any]()
            if is_done:
                status, said = server.answer(self.command, parts.path, query, self.headers, body)
            spoil = SPOILS.get(fault) if fault else None
            if spoil:
                spoil(self, server.slow_seconds, json.dumps(said).encode())
            elif fault and fault.isdigit():
                self.reply(int(fault), b'{"errorCode": "words.of.theirs", "ok": false}')
            elif fault is Fault.OTHER_BILL:
                self.reply(200, json.dumps(_spoilt(said)).encode())
            else:
                self.reply(status, json.dumps(said).encode())

        def do_GET(self) -> None:
            self.handle_one()

        def do_POST(self) -> None:
            self.handle_one()

        def do_PUT(self) -> None:
            self.handle_one()

        def reply(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) if length is None else length))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
