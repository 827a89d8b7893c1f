"""The stage of `tests.support.dialogues` over the real handler and fakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import count
from typing import Any

from local.telegram.markup import parse_html
from tests.support.achieved import logged
from tests.support.dialogues import Shown
from tests.support.fakes import FakeApp
from tests.support.web import png

from .chatting import Chat, FakeTelegram
from .inline_asking import ask


class ChatStage:
    """Implements `dialogues.Stage`; everything that streams carry arrives when it settles."""

    def __init__(self, app: FakeApp, telegram: FakeTelegram) -> None:
        self._app, self._telegram = app, telegram
        self._people: dict[str, Chat] = {}
        self._toasts: defaultdict[str, list[str]] = defaultdict(list)
        self._numbers = count(1)

    def enter(self, who: str, language: str) -> None:
        self._people[who] = Chat(self._app, self._telegram, 1000 + len(self._people), language, who)

    def say(self, who: str, text: str) -> None:
        assert self._people[who].say(text) == 200

    def press(self, who: str, message_id: int, button: str) -> None:
        chat = self._people[who]
        message = self._telegram.chats[chat.id][message_id]
        rows = message["reply_markup"]["inline_keyboard"]
        data = next(one["callback_data"] for row in rows for one in row if one["text"] == button)
        before = len(chat.toasts())
        assert chat.press_data(data, message) == 200
        self._toasts[who] += chat.toasts()[before:]

    def send_photos(self, who: str, number: int, caption: str) -> None:
        chat, album = self._people[who], f"album{next(self._numbers)}"
        for at in range(number):
            name = f"sent{next(self._numbers)}"
            self._telegram.files[name] = png((400 + next(self._numbers), 300))
            size = {"file_id": name, "file_unique_id": name, "width": 400, "height": 300}
            message: dict[str, Any] = chat._message(photo=[size]) | {"message_id": 10_000 + next(self._numbers)}
            message |= {"media_group_id": album} if number > 1 else {}
            message |= {"caption": caption} if caption and not at else {}
            assert chat.update({"message": message}) == 200

    def pay(self, who: str, message_id: int) -> None:
        chat = self._people[who]
        (asked,) = (fields for fields in self._telegram.called("sendInvoice")[-1:])
        assert asked["chat_id"] == chat.id
        amount = sum(price["amount"] for price in asked["prices"])
        assert chat.pre_checkout(asked["payload"], amount) == 200
        assert self._telegram.called("answerPreCheckoutQuery")[-1]["ok"]
        assert chat.paid(asked["payload"], amount, f"charge{message_id}") == 200

    def look(self, who: str, query: str) -> list[tuple[str, str]]:
        assert ask(self._people[who], query) == 200
        results = self._telegram.called("answerInlineQuery")[-1]["results"]
        return [(each["title"], each["description"]) for each in results]

    def wait(self, seconds: int) -> None:
        """Moves the clock, and what fell due happens."""
        self._app.clock.forward(seconds=seconds)
        self._app.scheduler.fire(self._app)

    def settle(self) -> None:
        """The streams reach notifier, projector, sender, recorder and achiever; what is told may lead to more."""
        while told := self._app.store.take_stream():
            self._app.store.bring_back(told)
            self._app.run_streams()
            self._app.achieving.count(logged(self._app, *told))
        self._app.run_streams()

    def messages(self, who: str) -> Mapping[int, Shown]:
        return {number: _shown(body) for number, body in self._telegram.chats[self._people[who].id].items()}

    def toasts(self, who: str) -> list[str]:
        return self._toasts[who]


def _shown(body: dict[str, Any]) -> Shown:
    html = str(body.get("text") or body.get("caption") or "")
    if invoice := body.get("invoice"):
        html = f"(invoice) {invoice['title']}"
    rows = (body.get("reply_markup") or {}).get("inline_keyboard", [])
    buttons = tuple(tuple(str(one["text"]) for one in row) for row in rows)
    return Shown(parse_html(html).text, "photo" in body, buttons)
