"""The local provider as a WSGI application: both APIs, the pages of bills, and how to make it fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from werkzeug import Request, Response
from werkzeug.routing import Map, Rule

from local.pay import cryptopay, pages, qiwi
from local.pay.bills import CRYPTOPAY, DELETED, EXPIRED, PAID, QIWI, REJECTED, WAITING, LocalBill, LocalBills
from local.stand_in import Refusal, StandIn, as_html, as_json, whole
from local.state import State
from local.telegram.deliver import Transport, post
from local.troubles import MOST_CALLS

PREFIX = "/_local/pay"
SLOW_SECONDS = 9.0
"""Longer than the product waits."""
MOST_REPEATS = 5
_LISTED = 200


class Dialect(Protocol):
    """What the modules of both APIs have alike."""

    STRANGER: tuple[int, Any]

    def proof(self, secret: str, /) -> tuple[str, str]: ...


class LocalProvider(StandIn):
    """`wsgi` is to be mounted under PREFIX. `secrets` are the shop's, by provider.

    `callbacks` is the address of callbacks before the provider's name; `send` and `slow_seconds` are for tests.
    """

    urls = Map(
        [
            Rule("/", endpoint="index", methods=["GET"]),
            Rule("/bills", endpoint="list", methods=["GET"]),
            Rule("/bills/<int:number>", endpoint="bill", methods=["GET"]),
            Rule("/bills/<int:number>/<action>", endpoint="act", methods=["POST"]),
            Rule("/trouble", endpoint="trouble", methods=["POST"]),
            Rule("/qiwi/partner/bill/v1/bills/<path:rest>", endpoint="qiwi", methods=["GET", "PUT", "POST"]),
            Rule("/cryptopay/api/<method>", endpoint="cryptopay", methods=["GET", "POST"]),
        ]
    )

    def __init__(
        self,
        state: State,
        now: Callable[[], datetime],
        secrets: Mapping[str, str],
        *,
        site_url: str,
        callbacks: str,
        send: Transport = post,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        self.bills = LocalBills(state, now)
        self._secrets, self._site_url, self._callbacks = secrets, site_url, callbacks
        self._send, self._slow_seconds = send, slow_seconds
        self._page = f"{site_url}{PREFIX}/bills/"

    def _refused(self, request: Request, why: str, /) -> Response:
        return self._said(request, pages.sorry(why), {"message": why}, 409)

    def _index(self, _request: Request) -> Response:
        return as_html(pages.index(self.bills.newest(_LISTED), self.bills.troubles))

    def _list(self, _request: Request) -> Response:
        return as_json([_shown(bill) for bill in self.bills.newest(_LISTED)])

    def _bill(self, _request: Request, number: int) -> Response:
        bill = self.bills.find(number)
        if bill is None:
            return as_html(pages.sorry("There is no such bill."), 404)
        return as_html(pages.one(bill, self._site_url))

    def _act(self, request: Request, number: int, action: str) -> Response:
        repeats = whole(request, "callbacks", 1, MOST_REPEATS)
        bill = self._acted(request, number, action)
        for _ in range(repeats if self._is_reported(bill, action) else 0):
            bill = self._call_back(bill)
        return self._said(request, None, _shown(bill), 200, f"{PREFIX}/bills/{number}")

    def _acted(self, request: Request, number: int, action: str) -> LocalBill:
        match action:
            case "pay":
                return self.bills.move(number, PAID, since=(WAITING,))
            case "reject":  # Crypto Pay knows no rejection: there the invoice is gone
                gone = DELETED if self._known(number).provider == CRYPTOPAY else REJECTED
                return self.bills.move(number, gone, since=(WAITING,))
            case "expire":
                return self.bills.move(number, EXPIRED, since=(WAITING,))
            case "refund":
                return self.bills.refund(number)
            case "say":
                form, known = request.form, self._known(number)
                fields = ("status", "amount", "currency")
                return self.bills.say(number, *(form.get(name, "").strip() or getattr(known, name) for name in fields))
            case "callback":
                return self._known(number)
        raise Refusal("There is no such action.")

    def _known(self, number: int) -> LocalBill:
        """Raises Refusal."""
        bill = self.bills.find(number)
        if bill is None:
            raise Refusal("There is no such bill.")
        return bill

    def _is_reported(self, bill: LocalBill, action: str) -> bool:
        """Whether the provider would call back: about a refund none does, and Crypto Pay about paid invoices only."""
        return action != "refund" and (bill.provider == QIWI or bill.status == PAID)

    def _call_back(self, bill: LocalBill) -> LocalBill:
        """At once and once: who answers wrongly is not asked again, as the poll has to find it out as well."""
        sign = qiwi.callback if bill.provider == QIWI else cryptopay.callback
        headers, body = sign(bill, self._secrets[bill.provider], self._page)
        try:
            said = str(
                self._send(f"{self._callbacks}{bill.provider}", body, {**headers, "Content-Type": "application/json"})
            )
        except OSError as error:
            said = type(error).__name__
        return self.bills.note(bill.number, f"{self.bills.now():%H:%M:%S} {bill.status}: {said}")

    def _trouble(self, request: Request) -> Response:
        self.bills.troubles.let(request.form.get("what", ""), whole(request, "calls", 1, MOST_CALLS))
        what, calls = self.bills.troubles.expected()
        return self._said(request, None, {"what": what, "calls": calls}, 200, f"{PREFIX}/")

    def _qiwi(self, request: Request, rest: str) -> Response:
        body = request.get_data()
        return self._api(request, qiwi, QIWI, lambda: qiwi.answer(self.bills, request.method, rest, body, self._page))

    def _cryptopay(self, request: Request, method: str) -> Response:
        try:
            fields = cryptopay.fields_of(request.args, request.get_data())
        except ValueError:
            fields = {}
        return self._api(
            request, cryptopay, CRYPTOPAY, lambda: cryptopay.answer(self.bills, method, fields, self._page)
        )

    def _api(
        self, request: Request, dialect: Dialect, provider: str, answer: Callable[[], tuple[int, Any]]
    ) -> Response:
        """What a call is answered, or what is to become of it instead."""
        what = self.bills.troubles.take()
        if what == "refuse":
            return as_json({"ok": False, "errorCode": "local.refusal", "error": {"code": 400, "name": "LOCAL"}}, 400)
        name, value = dialect.proof(self._secrets[provider])
        status, said = answer() if request.headers.get(name) == value else dialect.STRANGER
        if what == "slow":
            time.sleep(self._slow_seconds)
        if what == "broken":
            return Response("<html>Bad Gateway</html>", status=502, mimetype="text/html")
        return as_json(said, status)

    def _said(self, request: Request, page: str | None, said: Any, status: int, location: str = "") -> Response:
        """As JSON to a program that asks for it; to people as a page."""
        if "application/json" in request.headers.get("Accept", ""):
            return as_json(said, status)
        return Response(status=303, headers={"Location": location}) if page is None else as_html(page, status)


def _shown(bill: LocalBill) -> dict[str, Any]:
    return {
        "number": bill.number,
        "provider": bill.provider,
        "bill_id": bill.order_id,
        "amount": bill.amount,
        "currency": bill.currency,
        "status": bill.status,
        "refunded": bill.is_refunded,
        "told": bill.told,
    }
