"""The stage of `tests.support.dialogues` over the local run: the stand-in of Telegram, as its page uses it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import httpx

from tests.support.dialogues import Shown
from tests.support.stack import Stack
from tests.support.web import png


class StandInStage:
    """Implements `dialogues.Stage`. Each script needs people of its own names and a run without a demo."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._page = httpx.Client(base_url=f"{stack.url}/_local/telegram", timeout=60)
        self._people: dict[str, int] = {}
        self._toasts: dict[str, list[str]] = {}
        self._seen: dict[str, int] = {}
        self._pictures = 0

    def enter(self, who: str, language: str) -> None:
        created = self._post("/people", {"first_name": who, "language_code": language})
        self._people[who] = created["id"]
        self._toasts[who] = []
        self._seen[who] = self._chat(who)["seq"]

    def say(self, who: str, text: str) -> None:
        self._do(who, "messages", text=text)

    def press(self, who: str, message_id: int, button: str) -> None:
        message = next(each for each in self._chat(who)["messages"] if each["message_id"] == message_id)
        rows = message["reply_markup"]["inline_keyboard"]
        data = next(one["callback_data"] for row in rows for one in row if one["text"] == button)
        self._do(who, "press", message_id=message_id, data=data)

    def send_photos(self, who: str, number: int, caption: str) -> None:
        pictures = [self._picture() for _ in range(number)]
        content: dict[str, Any] = {"photos": pictures} if number > 1 else {"photo": pictures[0]}
        self._do(who, "messages", **content, caption=caption)

    def pay(self, who: str, message_id: int) -> None:
        self._do(who, "pay", message_id=message_id)

    def look(self, who: str, query: str) -> list[tuple[str, str]]:
        found = self._post(f"/chats/{self._people[who]}/inline", {"query": query})
        return [(each["title"], each["description"]) for each in found["results"]]

    def wait(self, seconds: int) -> None:
        self._stack.advance(seconds)

    def settle(self) -> None:
        """The run answers when its queues are empty; twice, as what arrives may lead to more."""
        self._stack.advance(0)
        self._stack.advance(0)

    def messages(self, who: str) -> Mapping[int, Shown]:
        said = (each for each in self._chat(who)["messages"] if each["from"]["is_bot"])
        return {each["message_id"]: _shown(each) for each in said}

    def toasts(self, who: str) -> list[str]:
        state = self._chat(who, self._seen[who])
        self._toasts[who] += [str(each["text"]) for each in state.get("answers", [])]
        self._seen[who] = state["seq"]
        return self._toasts[who]

    def person(self, who: str) -> int:
        """Their id."""
        return self._people[who]

    def chat(self, who: str) -> list[dict[str, Any]]:
        """All messages of their chat with the bot, as the page shows them, the oldest first."""
        return list(self._chat(who)["messages"])

    def send(self, who: str, **content: Any) -> None:
        """A message of any content, and what comes of it."""
        self._do(who, "messages", **content)
        self.settle()

    def _picture(self) -> str:
        self._pictures += 1
        return base64.b64encode(png((400 + self._pictures, 300))).decode()

    def _chat(self, who: str, since: int = 0) -> dict[str, Any]:
        state: dict[str, Any] = self._page.get(f"/chats/{self._people[who]}", params={"since": since}).json()
        return state

    def _do(self, who: str, action: str, **body: Any) -> None:
        self._post(f"/chats/{self._people[who]}/{action}", body)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._page.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()


def _shown(card: dict[str, Any]) -> Shown:
    words = str(card.get("text") or card.get("caption") or "")
    if invoice := card.get("invoice"):
        words = f"(invoice) {invoice['title']}"
    rows = (card.get("reply_markup") or {}).get("inline_keyboard", [])
    return Shown(words, "photo" in card, tuple(tuple(str(one["text"]) for one in row) for row in rows))
