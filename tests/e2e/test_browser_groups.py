"""A channel from its connection to the result of its first lot, in a browser at the stand-in's page of groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.client import web_client
from tests.support.browser import WAIT_MS
from tests.support.stack import Stack

PHONE = {"width": 390, "height": 844}
LOT = {
    "title": "A lamp of the sea", "description": "Gives light.", "start_price": 100, "bid_step": 10,
    "duration_seconds": 900,
}  # fmt: skip
_CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("groups"))
    yield running
    running.stop()


class Somebody:
    """A person at the stand-in; everything that streams and queues bring has arrived after `settled`."""

    def __init__(self, stack: Stack, name: str, stars: int = 0) -> None:
        self.stack, self.web = stack, web_client(stack.url)
        asked = {"first_name": name, "language_code": "en"}
        self.id = int(self.web.post("/_local/telegram/people", json=asked).json()["id"])
        if stars:
            self.does("messages", text="/start")
            self.does("messages", text=f"/buy_stars {stars}")
            invoice = next(each for each in reversed(self.messages()) if "invoice" in each)
            assert self.does("pay", message_id=invoice["message_id"]).status_code == 200
            self.settled()

    def settled(self) -> None:
        self.stack.advance(0)

    def does(self, what: str, **fields: Any) -> httpx.Response:
        answer = self.web.post(f"/_local/telegram/chats/{self.id}/{what}", json=fields)
        assert answer.is_success, answer.text
        self.settled()
        return answer

    def messages(self) -> list[dict[str, Any]]:
        return list(self.web.get(f"/_local/telegram/chats/{self.id}").json()["messages"])

    @property
    def words(self) -> str:
        last = self.messages()[-1]
        return str(last.get("text") or last.get("caption"))

    def publishes(self) -> str:
        self.web.get(f"/_local/telegram/open/{self.id}", follow_redirects=True)
        found = _CSRF.search(self.web.get("/terms").text)
        assert found
        self.web.post("/subscribe", data={"csrf_token": found[1], "request_id": "one"})
        made = self.web.post("/api/v1/auctions", json=LOT, headers={"X-CSRF-Token": found[1]})
        assert made.status_code == 201, made.text
        self.settled()
        return str(made.json()["id"])


def test_a_lot_in_a_channel_is_bid_on_by_taps_until_it_is_sold(browser: Any, stack: Stack) -> None:
    seller, buyer = Somebody(stack, "Sofia", stars=1000), Somebody(stack, "Boris", stars=1000)
    channel = seller.does("venue", do="create", kind="channel", title="Lamps").json()["id"]
    seller.does("venue", do="bot", chat_id=channel, status="administrator")
    assert "Nothing is posted yet" in seller.words
    seller.does("press", message_id=seller.messages()[-1]["message_id"], data=f"sc:{channel}:s:own")
    assert "your new lots" in seller.words
    lot = seller.publishes()
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{stack.url}/_local/telegram/venues?chat={channel}&person={buyer.id}")
    page.get_by_role("button", name="Bid ⭐\u202f100").click()
    told = page.get_by_role("dialog")
    told.get_by_text("Your bid of ⭐\u202f100 is in. You lead at ⭐\u202f100. ⭐\u202f100 is frozen.").wait_for()
    told.get_by_role("button", name="OK").click()
    stack.advance(30)
    page.get_by_role("button", name="Bid ⭐\u202f110").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stranger = Somebody(stack, "Vera")
    page.goto(f"{stack.url}/_local/telegram/venues?chat={channel}&person={stranger.id}")
    with context.expect_page() as opened:
        page.get_by_role("button", name="Bid ⭐\u202f110").click()
    inside = opened.value
    inside.get_by_role("button", name="Start", exact=True).click()
    inside.get_by_text("Back to the post").wait_for()
    assert any(str(LOT["title"]) in str(each.get("caption")) for each in stranger.messages())
    stack.advance(1000)
    page.get_by_text("sold").first.wait_for()
    stack.advance(60)
    page.get_by_text("sold").nth(1).wait_for()  # in answer to the post
    assert page.get_by_role("button", name=re.compile("Bid")).count() == 0
    seller.does("venue", do="bot", chat_id=channel, status="kicked")
    assert "I was removed from “Lamps”" in seller.words
    assert errors == []
    assert lot
