"""People who chat with the bot, over the Telegram of `tests.support.bot_pool`."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import count
from typing import Any

from starbid.i18n import language
from starbid.storage.rows import ms
from tests.support import billed
from tests.support.bot_judge import judge
from tests.support.bot_pool import Answer, FakeTelegram, bad_request, bot, broken, flood, forbidden, timeout
from tests.support.factories import join, xtr
from tests.support.fake_bills import FakeBills
from tests.support.fakes import ENVIRONMENT, FakeApp, make_app
from webhook.app import lambda_handler
from webhook.in_place import unmarked

__all__ = [
    "DOCUMENT",
    "PHOTO",
    "STICKER",
    "VOICE",
    "Answer",
    "Chat",
    "FakeTelegram",
    "bad_request",
    "bot",
    "broken",
    "chatting_app",
    "flood",
    "forbidden",
    "post",
    "price",
    "shop_app",
    "timeout",
]

BOT = {"id": 9_000_001, "is_bot": True, "first_name": "Starbid", "username": "starbid_bot"}
MEMBER = ("member", "kicked")
DOCUMENT = {"file_id": "d", "file_unique_id": "d"}
PHOTO = {"file_id": "p", "file_unique_id": "p", "width": 90, "height": 67}
STICKER = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 512, "height": 512,
           "is_animated": False, "is_video": False}  # fmt: skip
SECRET = ENVIRONMENT["TELEGRAM_WEBHOOK_SECRET"]
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3}
_update_ids = count(1000)


def chatting_app(telegram: FakeTelegram, **environment: str) -> FakeApp:
    return make_app(environment, bot=bot(telegram))


def shop_app(telegram: FakeTelegram, bills: FakeBills, **environment: str) -> FakeApp:
    """One where fiat money is topped up: at all three providers unless told otherwise (an empty secret takes one away),
    of which the two with bills are one and the same fake.
    """
    gateways = dict.fromkeys((billed.QIWI, billed.CRYPTOPAY, billed.TELEGRAM), bills)
    return make_app(billed.ENVIRONMENT | environment, bot=bot(telegram), bill_gateways=gateways)


class Chat:
    """One person at the app. Every method that sends an update answers the HTTP status. Updates arrive at `arrived`, or
    whenever they are handled.
    """

    arrived: datetime | None = None

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
        """What each button does, or its address, by its text."""
        rows = ((message or self.last).get("reply_markup") or {}).get("inline_keyboard", [])
        return {b["text"]: unmarked(b.get("callback_data") or b.get("url") or "") for row in rows for b in row}

    def say(self, text: str, update_id: int | None = None) -> int:
        return self.update({"message": self._message(text=text)}, update_id)

    def reply(self, text: str, to: dict[str, Any], **content: Any) -> int:
        """Answer a message of the bot; `content` in the place of the text where there is any."""
        said = content or {"text": text}
        return self.update({"message": self._message(**said, reply_to_message=json.loads(json.dumps(to)))})

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
        self,
        payload: str,
        amount: int,
        charge: str,
        currency: str = "XTR",
        *,
        refunded: bool = False,
        update_id: int | None = None,
    ) -> int:
        """A refund comes from the bot itself, in the payer's chat."""
        payment = {
            "currency": currency,
            "total_amount": amount,
            "invoice_payload": payload,
            "telegram_payment_charge_id": charge,
            "provider_payment_charge_id": "",
        }
        if refunded:
            return self.update({"message": self._message(**{"from": BOT, "refunded_payment": payment})}, update_id)
        return self.update({"message": self._message(successful_payment=payment)}, update_id)

    def renewal(self, payload: str, state: str, update_id: int | None = None) -> int:
        """What Telegram tells of a subscription that it renews."""
        report = {"user": self.user, "invoice_payload": payload, "state": state}
        return self.update({"subscription": report}, update_id)

    def member(self, status: str) -> int:
        """Blocked (`kicked`) or let in again (`member`)."""
        states = [{"user": BOT, "status": one} | ({"until_date": 0} if one == "kicked" else {}) for one in MEMBER]
        before, after = states if status == MEMBER[1] else reversed(states)
        chat = {"id": self.id, "type": "private"}
        change = {"chat": chat, "from": self.user, "date": 1, "old_chat_member": before, "new_chat_member": after}
        return self.update({"my_chat_member": change})

    def toasts(self) -> list[str]:
        return [str(fields.get("text", "")) for fields in self.telegram.called("answerCallbackQuery")]

    def update(self, content: dict[str, Any], update_id: int | None = None) -> int:
        ((kind, body),) = content.items()
        judge("update", kind, json.loads(json.dumps(body)))
        context = {"timeEpoch": ms(self.arrived)} if self.arrived else {}
        update_id = next(_update_ids) if update_id is None else update_id
        return post({"update_id": update_id, **content}, requestContext=context)

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


def price(amount: int) -> str:
    """An amount of Stars as an English chat shows it."""
    return language("en").money(xtr(amount))
