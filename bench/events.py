"""Events as the HTTP API and Telegram send them."""

from __future__ import annotations

import json
from typing import Any

from bench.market import Market


def http_event(method: str, path: str, headers: dict[str, str] | None = None, body: str = "") -> dict[str, Any]:
    """Payload format 2.0. A query may follow the path."""
    path, _, query = path.partition("?")
    about = {"method": method, "path": path, "sourceIp": "192.0.2.1"}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(headers or {}),
        "requestContext": {"http": about, "requestId": "bench", "stage": "$default"},
        "body": body,
        "isBase64Encoded": False,
    }


def api_headers(market: Market, user_id: int) -> dict[str, str]:
    """A JSON POST of somebody with a session."""
    from web.kernel.session import SESSION_COOKIE, Session, csrf_token, write_session

    session, secret = Session.begin(user_id, market.now()), market.settings.secret_key
    return {
        "cookie": f"{SESSION_COOKIE}={write_session(session, secret)}",
        "x-csrf-token": csrf_token(session.nonce, secret),
        "content-type": "application/json",
    }


def command(market: Market, text: str, user_id: int | None = None) -> dict[str, Any]:
    """A message to the bot, by default from somebody new."""
    sender = _sender(user_id or 5_000_000_000 + market.number())
    chat = {"id": sender["id"], "type": "private"}
    return _update(market, message={"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text})


def callback(market: Market, data: str, user_id: int) -> dict[str, Any]:
    """A press of a button under a card with a picture."""
    message = {"message_id": 1, "date": 1, "chat": {"id": user_id, "type": "private"}, "caption": "-", "photo": []}
    return _update(market, callback_query={"id": "1", "from": _sender(user_id), "message": message, "data": data})


def _sender(user_id: int) -> dict[str, Any]:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": "Анна Новак",
        "username": "anna_novak",
        "language_code": "ru",
    }


def _update(market: Market, **content: Any) -> dict[str, Any]:
    headers = {"x-telegram-bot-api-secret-token": market.settings.webhook_secret}
    body = json.dumps({"update_id": market.number(), **content})
    return http_event("POST", "/telegram/webhook", headers, body)
