"""`POST /payments/callback/<provider>`: what providers of bills tell by themselves (spec, section 7, "Providers")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from payments import bills
from payments.log import SERVICE
from starbid import observability
from starbid.bootstrap import app
from starbid.domain.errors import Conflict
from starbid.domain.payments import Provider
from starbid.http_events import body_of, headers_of
from starbid.services.ports import BadCallback, Contended, Unavailable, Unreadable

PATH = "/payments/callback/"
LARGEST = 64 * 1024
"""Bytes; a bill takes less than one thousand."""
_TAKEN: Mapping[Provider, dict[str, Any]] = {Provider.QIWI: {"error": "0"}, Provider.CRYPTOPAY: {}}
"""Those that call back, and what they want to hear. Telegram reports payments as updates."""


def answer(event: dict[str, Any]) -> dict[str, Any]:
    """404 for a provider that is not on offer, 413 for a body that is no callback, 403 for a signature that is wrong:
    nothing has happened then. 503 where the provider should send it again; else 200, also for a bill of somebody else's
    shop, about which nothing is to be said again.
    """
    provider = _provider_of(event.get("rawPath", ""))
    gateway = app().bill_gateways.get(provider) if provider else None
    body = body_of(event)
    if provider is None or gateway is None:
        return _answer(404)
    if body is None or len(body) > LARGEST:
        return _answer(413)
    try:
        reported = gateway.read_callback(headers_of(event), body)
    except BadCallback:
        observability.failed(SERVICE, "a callback of %s is refused: another secret, or a stranger sent it", provider)
        return _answer(403)
    except Unreadable:
        observability.passed_over(SERVICE, "a callback of %s says nothing that can be read", provider)
        return _answer(200, _TAKEN[provider])
    try:
        bill = app().settling.hear(provider, reported, app().now())
    except (Conflict, Contended, Unavailable):
        return _answer(503)
    if bill is None:
        observability.logger(SERVICE).warning("a callback of %s is about no bill of ours", provider)
    else:
        bills.tell(bill)
    return _answer(200, _TAKEN[provider])


def _provider_of(path: str) -> Provider | None:
    name = path.removeprefix(PATH)
    return Provider(name) if name in _TAKEN else None


def _answer(status: int, said: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(said or {})}
