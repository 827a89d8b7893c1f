"""A run of the product with three people in it, and what they do most."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.client import ENVIRONMENT, Person, web_client
from tests.support.bot_server import BotServer
from tests.support.stack import Stack

LOT = {"title": "A lamp of the sea", "description": "Gives light.", "start_price": 100, "bid_step": 10}


class Town:
    """Sofia sells, Anna and Boris (who reads Russian) bid; each has 20 000 Stars paid in."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.bot = BotServer()
        self.environment = ENVIRONMENT | {"TELEGRAM_API_BASE_URL": self.bot.url} | environment
        self.stack = Stack(data_dir, self.environment)
        self.seller = Person(self.stack, self.bot, 11, "Sofia")
        self.anna = Person(self.stack, self.bot, 12, "Anna")
        self.boris = Person(self.stack, self.bot, 13, "Boris", "ru")
        try:
            self._move_in()
        except BaseException:
            self.stop()
            raise

    def _move_in(self) -> None:
        for person in (self.seller, self.anna, self.boris):
            person.says("/start")
            person.buys_stars(20_000, f"charge-{person.id}")
            person.logs_in()
        assert self.seller.posts("/subscribe", {"request_id": "first"}).status_code == 303
        self.stack.advance(0)

    def publish(self, **changes: Any) -> str:
        answer = self.seller.calls("/auctions", LOT | {"duration_seconds": 600} | changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def visitor(self) -> httpx.Client:
        """A browser of nobody."""
        return web_client(self.stack.url)

    def told(self, person: Person, about: str) -> list[str]:
        """What the person was told about a lot with this title, once everything is told."""
        self.stack.advance(0)
        return [text for text in self.bot.messages_to(person.id) if about in text]

    def calls_since(self, mark: int) -> list[tuple[str, dict[str, Any]]]:
        """The Bot API calls after the first `mark` of them."""
        return self.bot.calls[mark:]

    def move_to(self, stack: Stack) -> None:
        """Another run on the same data: everybody goes on with the cookies they have."""
        self.stack = stack
        for person in (self.seller, self.anna, self.boris):
            person.stack = stack
            person.web = web_client(stack.url, dict(person.web.cookies))

    def stop(self) -> None:
        self.stack.stop()
        self.bot.stop()


def bid(person: Person, lot: str, amount: int, **headers: str) -> httpx.Response:
    return person.calls(f"/auctions/{lot}/bids", {"amount": amount}, **headers)


def error_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal of the API."""
    return answer.status_code, answer.json()["error"]["code"]


def amounts_in(text: str, *amounts: int) -> set[int]:
    """Those of some amounts that a page or an answer names, with or without a space between the thousands.

    They should have an 8, a 9, a 0 or a 1: ids of lots have none. In hashes, where any digits occur, they do not count.
    """
    return {
        one for one in amounts if re.search(rf"(?<![0-9a-f]){one // 1000}\s?{one % 1000:03}(?![0-9a-f])", text)
    }  # fmt: skip


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page holds: its CSRF token, its forms, and script that is written into it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.token, self.forms, self.inline = "", list[Form](), list[str]()
        self._open: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inline += [name for name in given if name.startswith("on")]
        if tag == "meta" and given.get("name") == "csrf-token":
            self.token = given["content"]
        elif tag == "script" and "src" not in given:
            self.inline.append(tag)
        elif tag == "form":
            self._open = Form(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._open)
        elif self._open and given.get("name"):
            self._open.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
