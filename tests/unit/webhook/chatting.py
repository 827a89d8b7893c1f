"""A Telegram to chat in: records and checks what the bot sends, fails on demand, and speaks for people."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import count
from typing import Any

import urllib3

from local.telegram.markup import parse_html
from starbid.telegram.bot_api import BotApi
from tests.support.factories import join
from tests.support.fakes import ENVIRONMENT, FakeApp, make_app
from webhook.app import lambda_handler

TOKEN = ENVIRONMENT["TELEGRAM_BOT_TOKEN"]
SECRET = ENVIRONMENT["TELEGRAM_WEBHOOK_SECRET"]
LIMITS = {"text": 4096, "caption": 1024}
_update_ids = count(1000)


class Answer:
    """What an HTTP pool answers."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.data = body if isinstance(body, bytes) else json.dumps(body).encode()


class FakeTelegram:
    """Stands in for the connection pool under the Bot API. `calls` are (method, fields) in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.chats: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._ids = count(1)
        self._faults: dict[str, list[Answer | BaseException]] = defaultdict(list)

    def fail(self, method: str, fault: Answer | BaseException, times: int = 1) -> None:
        """Let the next calls of a method (`*`: of any) fail."""
        self._faults[method].extend([fault] * times)

    def heal(self) -> None:
        self._faults.clear()

    def called(self, method: str) -> list[dict[str, Any]]:
        return [fields for name, fields in self.calls if name == method]

    def request(self, verb: str, url: str, fields: dict[str, Any], encode_multipart: bool) -> Answer:
        assert verb == "POST"
        assert url.startswith(f"https://api.telegram.org/bot{TOKEN}/")
        method = url.rsplit("/", 1)[1]
        for name in (method, "*"):
            if self._faults[name]:
                fault = self._faults[name].pop(0)
                if isinstance(fault, BaseException):
                    raise fault
                return fault
        read = {name: _value(value) for name, value in fields.items()}
        self.calls.append((method, read))
        _check(method, read)
        handler = getattr(self, f"_{method}", None)
        return handler(read) if handler else Answer(200, {"ok": True, "result": True})

    def clear(self) -> None:
        pass

    def _sendMessage(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, text=fields["text"])

    def _sendPhoto(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, caption=fields["caption"], photo=_photo(fields["photo"]))

    def _sendInvoice(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, invoice=fields)

    def _editMessageText(self, fields: dict[str, Any]) -> Answer:
        return self._edit(fields, text=fields["text"])

    def _editMessageCaption(self, fields: dict[str, Any]) -> Answer:
        return self._edit(fields, caption=fields["caption"])

    def _editMessageMedia(self, fields: dict[str, Any]) -> Answer:
        return self._edit(fields, caption=fields["media"]["caption"], photo=_photo(fields["media"]["media"]))

    def _createInvoiceLink(self, fields: dict[str, Any]) -> Answer:
        return Answer(200, {"ok": True, "result": "https://t.me/$invoice"})

    def _new(self, fields: dict[str, Any], **content: Any) -> Answer:
        number, chat_id = next(self._ids), fields["chat_id"]
        body = {
            "message_id": number,
            "date": 1_700_000_000,
            "chat": {"id": chat_id, "type": "private"},
            "reply_markup": fields.get("reply_markup"),
            **content,
        }
        self.chats[chat_id][number] = body
        return _message(body)

    def _edit(self, fields: dict[str, Any], **content: Any) -> Answer:
        body = self.chats[fields["chat_id"]].get(fields["message_id"])
        if body is None:
            return bad_request("message to edit not found")
        changed = body | {"reply_markup": fields.get("reply_markup")} | content
        if changed == body:
            return bad_request("message is not modified: the same")
        body.update(changed)
        return _message(body)


def bad_request(reason: str) -> Answer:
    return Answer(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"})


def forbidden() -> Answer:
    return Answer(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})


def flood(seconds: int) -> Answer:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}
    return Answer(429, body)


def broken() -> Answer:
    return Answer(502, b"<html>Bad Gateway</html>")


def timeout() -> BaseException:
    return urllib3.exceptions.ReadTimeoutError(None, "", "read timed out")  # type: ignore[arg-type]


def bot(telegram: FakeTelegram) -> BotApi:
    """A real BotApi whose calls end at the fake."""
    api = BotApi(TOKEN, "https://api.telegram.org", test=False)
    api._request._pool = telegram  # type: ignore[assignment]
    return api


def chatting_app(telegram: FakeTelegram, **environment: str) -> FakeApp:
    return make_app(environment, bot=bot(telegram))


class Chat:
    """One person at the app. Every method that sends an update answers the HTTP status."""

    def __init__(
        self, app: FakeApp, telegram: FakeTelegram, user_id: int, language: str = "en", name: str = ""
    ) -> None:
        self.app, self.telegram, self.id = app, telegram, user_id
        self.user = {
            "id": user_id,
            "is_bot": False,
            "first_name": name or f"Person {user_id}",
            "language_code": language,
        }

    def join(self, **changes: Any) -> Chat:
        """Known already, with `stars` and other changes, as `factories.join` does."""
        join(self.app, self.id, language=str(self.user["language_code"]), name=str(self.user["first_name"]), **changes)
        return self

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.telegram.chats[self.id].values())

    @property
    def last(self) -> dict[str, Any]:
        return self.messages[-1]

    @property
    def words(self) -> str:
        """Text or caption of the last message."""
        return str(self.last.get("text") or self.last.get("caption") or "")

    def buttons(self, message: dict[str, Any] | None = None) -> dict[str, str]:
        """Data or address of each button by its text."""
        rows = ((message or self.last).get("reply_markup") or {}).get("inline_keyboard", [])
        return {b["text"]: b.get("callback_data") or b.get("url") or "" for row in rows for b in row}

    def say(self, text: str, update_id: int | None = None) -> int:
        return self.update({"message": self._message(text=text)}, update_id)

    def press(self, button: str, message: dict[str, Any] | None = None, update_id: int | None = None) -> int:
        """Press a button by its text, or by its data."""
        message = message or self.last
        return self.press_data(self.buttons(message).get(button, button), message, update_id)

    def press_data(self, data: str, message: dict[str, Any] | None, update_id: int | None = None) -> int:
        query = {"id": f"q{next(_update_ids)}", "from": self.user, "chat_instance": "1", "data": data}
        if message:
            query["message"] = json.loads(json.dumps(message))
        return self.update({"callback_query": query}, update_id)

    def pre_checkout(self, payload: str, amount: int, currency: str = "XTR") -> int:
        return self.update(
            {
                "pre_checkout_query": {
                    "id": "p1",
                    "from": self.user,
                    "currency": currency,
                    "total_amount": amount,
                    "invoice_payload": payload,
                }
            }
        )

    def paid(
        self, payload: str, amount: int, charge: str, *, refunded: bool = False, update_id: int | None = None
    ) -> int:
        payment = {
            "currency": "XTR",
            "total_amount": amount,
            "invoice_payload": payload,
            "telegram_payment_charge_id": charge,
            "provider_payment_charge_id": "",
        }
        field = "refunded_payment" if refunded else "successful_payment"
        return self.update({"message": self._message(**{field: payment})}, update_id)

    def member(self, status: str) -> int:
        change = {"chat": {"id": self.id, "type": "private"}, "from": self.user, "new_chat_member": {"status": status}}
        return self.update({"my_chat_member": change})

    def toasts(self) -> list[str]:
        return [str(fields.get("text", "")) for fields in self.telegram.called("answerCallbackQuery")]

    def update(self, content: dict[str, Any], update_id: int | None = None) -> int:
        return post({"update_id": next(_update_ids) if update_id is None else update_id, **content})

    def _message(self, **content: Any) -> dict[str, Any]:
        return {
            "message_id": 1,
            "date": 1_700_000_000,
            "chat": {"id": self.id, "type": "private"},
            "from": self.user,
            **content,
        }


def post(update: Any, secret: str | None = SECRET, body: str | None = None, **event: Any) -> int:
    """The webhook's status for an update."""
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    text = json.dumps(update) if body is None else body
    answer = lambda_handler({"headers": headers, "body": text, "isBase64Encoded": False, **event}, None)
    return int(answer["statusCode"])


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _photo(value: Any) -> list[dict[str, Any]]:
    name = value if isinstance(value, str) and not value.startswith("attach://") else "uploaded"
    return [
        {"file_id": f"{name}-s", "file_unique_id": "s", "width": 90, "height": 67},
        {"file_id": name, "file_unique_id": "l", "width": 800, "height": 600},
    ]


def _message(body: dict[str, Any]) -> Answer:
    shown = {key: value for key, value in body.items() if value is not None and key != "invoice"}
    return Answer(200, {"ok": True, "result": shown})


def _check(method: str, fields: dict[str, Any]) -> None:
    """What Telegram itself would refuse."""
    for part in (fields, fields.get("media") if isinstance(fields.get("media"), dict) else {}):
        for name, most in LIMITS.items():
            if name in part and method != "answerCallbackQuery":
                shown = parse_html(str(part[name])).text
                assert 0 < len(shown.encode("utf-16-le")) // 2 <= most, (method, shown)
    if method == "answerCallbackQuery":
        assert len(str(fields.get("text", ""))) <= 200
    if method == "sendInvoice":
        assert len(fields["title"]) <= 32
        assert len(fields["description"]) <= 255
        assert len(fields["payload"].encode()) <= 128
        assert fields["reply_markup"]["inline_keyboard"][0][0]["pay"] is True
        assert [price["amount"] for price in fields["prices"]]
        assert fields["currency"] == "XTR"
    for row in (fields.get("reply_markup") or {}).get("inline_keyboard", []):
        for button in row:
            assert button["text"].strip()
            assert len(button.get("callback_data", "").encode()) <= 64, button
            kinds = {"callback_data", "url", "pay", "web_app"} & set(button)
            assert len(kinds) == 1, button
