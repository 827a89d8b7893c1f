"""A person with a Telegram account: sends updates as Telegram does, logs in on the web, uses the API."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime
from itertools import count
from typing import Any

import httpx

from tests.support.bot_contract import check_update
from tests.support.bot_server import BOT, TOKEN, BotServer
from tests.support.stack import Stack

SECRET = "e2e-webhook-secret"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ENVIRONMENT = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "TELEGRAM_BOT_USERNAME": "starbid_bot"}
_updates = count(1000)
_TIMEOUT = 60


def web_client(url: str = "", cookies: dict[str, str] | None = None) -> httpx.Client:
    """A browser of nobody, or with somebody's cookies. It trusts no authority, since all is plain HTTP here: their
    certificates take longer to read than most requests.
    """
    return httpx.Client(base_url=url, cookies=cookies, timeout=_TIMEOUT, verify=False)


_telegram = web_client()
_CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


def deliver(stack: Stack, body: str | bytes, headers: dict[str, str]) -> httpx.Response:
    """What Telegram sends to the webhook, or somebody else."""
    return _telegram.post(f"{stack.url}/telegram/webhook", content=body, headers=headers)


class Person:
    """One person in chat and browser."""

    def __init__(self, stack: Stack, bot: BotServer, user_id: int, name: str, language: str = "en") -> None:
        self.id, self.name, self.bot, self.stack = user_id, name, bot, stack
        self.account = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language}
        self.web = web_client(stack.url)
        self._token: tuple[str | None, str] = (None, "")

    def now(self) -> int:
        """The local run's clock, seconds since 1970."""
        clock = self.web.get("/_local/clock").json()["now"]
        return int(datetime.fromisoformat(clock).timestamp())

    def send_update(self, update: dict[str, Any], secret: str = SECRET) -> httpx.Response:
        body = {"update_id": next(_updates)} | update
        check_update(body)
        return deliver(self.stack, json.dumps(body), {SECRET_HEADER: secret, "Content-Type": "application/json"})

    def message(self, **content: Any) -> dict[str, Any]:
        chat = {"id": self.id, "type": "private", "first_name": self.name}
        return {"message": {"message_id": next(_updates), "from": self.account, "chat": chat, "date": 1} | content}

    def refunded(self, charge: str, amount: int, payload: str = "") -> dict[str, Any]:
        """Telegram gave a payment back: told by the bot itself, in the payer's chat."""
        payment = {"currency": "XTR", "total_amount": amount, "invoice_payload": payload}
        charges = {"telegram_payment_charge_id": charge, "provider_payment_charge_id": ""}
        told = self.message(refunded_payment=payment | charges)
        return {"message": told["message"] | {"from": BOT}}

    def says(self, text: str) -> None:
        entities = (
            [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}] if text[0] == "/" else []
        )
        assert self.send_update(self.message(text=text, entities=entities)).status_code == 200

    def presses(self, data: str, message_id: int = 1) -> None:
        chat = {"id": self.id, "type": "private", "first_name": self.name}
        message = {"message_id": message_id, "chat": chat, "date": 1, "from": BOT, "text": "…"}
        query = {
            "id": str(next(_updates)),
            "from": self.account,
            "chat_instance": "1",
            "message": message,
            "data": data,
        }
        assert self.send_update({"callback_query": query}).status_code == 200

    def buys_stars(self, amount: int, charge_id: str) -> None:
        """The whole way: command, invoice, pre-checkout, successful payment."""
        self.says(f"/buy_stars {amount}")
        invoice = self.bot.wait_for(lambda m, f: m == "sendInvoice" and str(f["chat_id"]) == str(self.id))
        payment = {"currency": "XTR", "total_amount": amount, "invoice_payload": invoice["payload"]}
        query = {"id": charge_id, "from": self.account} | payment
        assert self.send_update({"pre_checkout_query": query}).status_code == 200
        answer = self.bot.wait_for(lambda m, f: m == "answerPreCheckoutQuery")
        assert answer["ok"] in (True, "true")
        charge = {"telegram_payment_charge_id": charge_id, "provider_payment_charge_id": ""}
        paid = self.message(successful_payment=payment | charge)
        for _ in range(2):
            assert self.send_update(paid).status_code == 200

    def logs_in(self) -> None:
        """The Login Widget's signed query."""
        query = {"id": str(self.id), "first_name": self.name, "auth_date": str(self.now())}
        check = "\n".join(f"{key}={query[key]}" for key in sorted(query))
        key = hashlib.sha256(TOKEN.encode()).digest()
        signature = hmac.new(key, check.encode(), hashlib.sha256).hexdigest()
        answer = self.web.get("/login/telegram", params=query | {"hash": signature})
        assert answer.status_code == 303, answer.text

    def token_of(self, path: str = "/") -> str:
        """The page's CSRF token."""
        found = _CSRF.search(self.web.get(path).text)
        assert found, f"{path} has no csrf-token"
        return found[1]

    @property
    def token(self) -> str:
        """The CSRF token of the present session."""
        session = self.web.cookies.get("starbid_session")
        if self._token[0] != session:
            self._token = (session, self.token_of("/terms"))
        return self._token[1]

    def posts(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """A form of a page."""
        return self.web.post(path, data={"csrf_token": self.token} | (data or {}), **options)

    def calls(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """A POST of the API."""
        headers = {"X-CSRF-Token": self.token} | headers
        return self.web.post(f"/api/v1{path}", json=body or {}, headers=headers)

    def wallet(self) -> dict[str, int]:
        answer: dict[str, dict[str, int]] = self.web.get("/api/v1/me/wallet").json()
        return answer["XTR"]

    def lot(self, auction_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.web.get(f"/api/v1/auctions/{auction_id}").json()
        return answer
