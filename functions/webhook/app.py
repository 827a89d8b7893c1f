"""`POST /telegram/webhook`: Telegram's updates."""

from __future__ import annotations

import json
from typing import Any

from starbid import observability
from starbid.arrival import arrived_at
from starbid.bootstrap import app
from starbid.http_events import body_of, headers_of
from starbid.telegram.webhook_secrets import Undecided
from webhook.dispatch import handle
from webhook.log import SERVICE

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """An HTTP API event (payload version 2) in, a status out.

    403 without the secret, 400 for what is no JSON object, 503 where Telegram should bring the update again, else 200.
    """
    del context
    starbid = app()
    try:
        is_telegram = starbid.webhook_secrets.accepts(headers_of(event).get(SECRET_HEADER, ""))
    except Undecided:
        return _answer(503)
    if not is_telegram:
        observability.failed(SERVICE, "an update is refused: setWebhook told another secret, or a stranger sent it")
        return _answer(403)
    update = _read(event)
    return _answer(400) if update is None else _answer(handle(starbid, update, arrived_at(event, starbid.now())))


def _read(event: dict[str, Any]) -> dict[str, Any] | None:
    """The JSON object of the body; None for anything else."""
    body = body_of(event)
    try:
        update = json.loads(body) if body is not None else None
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) else None


def _answer(status: int) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "text/plain"}, "body": ""}
