"""The main job from end to end, as Telegram and a browser see it: Stars in, a lot, bids, the close, the money."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import ENVIRONMENT, Person
from tests.support.bot_server import BotServer
from tests.support.stack import Stack

LOT = {"title": "A lamp of the sea", "description": "Gives light.", "start_price": 100, "bid_step": 10}


class Town:
    """A run of the product with three people."""

    def __init__(self, data_dir: Path) -> None:
        self.bot = BotServer()
        self.stack = Stack(data_dir, ENVIRONMENT | {"TELEGRAM_API_BASE_URL": self.bot.url})
        self.seller = Person(self.stack, self.bot, 11, "Sofia")
        self.anna = Person(self.stack, self.bot, 12, "Anna")
        self.boris = Person(self.stack, self.bot, 13, "Boris", "ru")

    def stop(self) -> None:
        self.stack.stop()
        self.bot.stop()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("town"))
    for number, person in enumerate((running.seller, running.anna, running.boris)):
        person.says("/start")
        person.buys_stars(1000, f"charge-{number}")
        person.logs_in()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def seller(town: Town) -> Person:
    answer = town.seller.posts("/subscribe", {"request_id": "first"})
    assert answer.status_code == 303
    assert town.seller.wallet() == {"available": 900, "held": 0}
    return town.seller


def publish(seller: Person, **changes: Any) -> str:
    answer = seller.calls("/auctions", LOT | {"duration_seconds": 600} | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_payment_that_arrives_twice_is_credited_once_and_told_once(town: Town) -> None:
    nina = Person(town.stack, town.bot, 14, "Nina")
    nina.says("/start")
    nina.buys_stars(1000, "charge-twice")
    nina.logs_in()
    assert nina.wallet() == {"available": 1000, "held": 0}
    town.stack.advance(0)
    told = [text for text in town.bot.messages_to(nina.id) if "was added to your wallet" in text]
    assert len(told) == 1, town.bot.messages_to(nina.id)


def test_the_whole_story(town: Town, seller: Person) -> None:
    lot = publish(seller)
    before, annas, boris = (person.wallet()["available"] for person in (seller, town.anna, town.boris))
    assert town.anna.calls(f"/auctions/{lot}/bids", {"amount": 500}).status_code == 201
    assert town.anna.wallet() == {"available": annas - 500, "held": 500}
    assert town.boris.posts(f"/auction/{lot}/bid", {"amount": "300"}).status_code == 303
    assert town.boris.wallet() == {"available": boris, "held": 0}
    seen = town.anna.lot(lot)
    assert (seen["price"], seen["next_min_bid"], seen["you_lead"], seen["your_maximum"]) == (310, 320, True, 500)
    town.stack.advance(602)
    assert town.anna.lot(lot)["status"] == "sold"
    assert town.anna.wallet() == {"available": annas - 310, "held": 0}
    assert seller.posts(f"/auction/{lot}/deliver", {"text": "The code is 42"}).status_code == 303
    assert "The code is 42" in town.anna.web.get(f"/auction/{lot}").text
    assert "The code is 42" not in town.boris.web.get(f"/auction/{lot}").text
    assert town.anna.posts(f"/auction/{lot}/confirm").status_code == 303
    assert seller.wallet()["available"] == before + 310 - 15
    town.stack.advance(0)
    assert any("A lamp of the sea" in text for text in town.bot.messages_to(seller.id))


def test_a_bid_in_the_last_minutes_moves_the_end(town: Town, seller: Person) -> None:
    lot = publish(seller, extend_seconds=120)
    town.stack.advance(550)
    before = town.anna.lot(lot)["ends_at"]
    assert town.anna.calls(f"/auctions/{lot}/bids", {"amount": 100}).status_code == 201
    assert town.anna.lot(lot)["ends_at"] > before
    town.stack.advance(60)
    assert town.anna.lot(lot)["status"] == "live"
    town.stack.advance(62)
    assert town.anna.lot(lot)["status"] == "sold"


def test_what_is_delivered_and_not_disputed_is_released_by_itself(town: Town, seller: Person) -> None:
    lot = publish(seller)
    assert town.boris.calls(f"/auctions/{lot}/bids", {"amount": 100}).status_code == 201
    town.stack.advance(602)
    before = seller.wallet()["available"]
    assert seller.posts(f"/auction/{lot}/deliver", {"text": "Here"}).status_code == 303
    town.stack.advance(7 * 86_400 - 60)
    assert seller.wallet()["available"] == before
    town.stack.advance(120)
    assert seller.wallet()["available"] == before + 95


def test_a_wrong_secret_gets_403_and_nothing_else(town: Town) -> None:
    calls = len(town.bot.calls)
    answer = town.anna.send_update(town.anna.message(text="/start"), secret="wrong")
    assert answer.status_code == 403
    assert len(town.bot.calls) == calls
