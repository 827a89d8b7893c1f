"""Cards of Dutch lots in chats follow the price through the local clock, as Telegram sees it."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.e2e.client import Person
from tests.e2e.test_kinds_in_the_chat import STAR, buttons_of, phones, words_of
from tests.e2e.town import Town

DUTCH = {"type": "dutch", "bid_step": None, "start_price": 1_000, "floor_price": 700, "drop_amount": 100}


def edits(town: Town, person: Person, title: str, mark: int) -> list[str]:
    """What the buy button of the person's card said at each edit after the first `mark` calls."""
    made = [f for method, f in town.calls_since(mark) if method == "editMessageCaption" and title in words_of(f)]
    mine = [fields for fields in made if str(fields["chat_id"]) == str(person.id)]
    return [next((text for text in buttons_of(fields) if STAR in text), "none") for fields in mine]


def test_a_card_shows_each_price_as_it_falls_until_the_floor(town: Town) -> None:
    title, mark = "A lamp that gets cheaper", len(town.bot.calls)
    lot = town.publish(title=title, drop_seconds=100, **DUTCH)
    for person in (town.anna, town.boris):
        person.says(f"/auction_{lot}")
    town.stack.advance(40)
    assert edits(town, town.anna, title, mark) == []
    town.stack.advance(100)
    assert edits(town, town.anna, title, mark) == [f"Buy the lot for {STAR}900"]
    town.stack.advance(390)
    prices = [900, 800, 700]
    assert edits(town, town.anna, title, mark) == [f"Buy the lot for {STAR}{price}" for price in prices]
    assert edits(town, town.boris, title, mark) == [f"Купить лот за {STAR}{price}" for price in prices]


def test_a_card_of_a_lot_that_was_sold_falls_no_further(town: Town) -> None:
    title, mark, (_, anna, boris) = "A lamp that is bought", len(town.bot.calls), phones(town)
    lot = town.publish(title=title, drop_seconds=60, **DUTCH)
    for phone in (anna, boris):
        phone.says(f"/auction_{lot}")
    town.stack.advance(70)
    boris.presses(f"Купить лот за {STAR}900", on=title)
    town.stack.advance(200)
    assert edits(town, town.anna, title, mark) == [f"Buy the lot for {STAR}900", "none"]
    assert "sold" in anna.about(title)["caption"]


def test_a_fast_price_is_drawn_every_half_a_minute(town: Town) -> None:
    title, mark = "A lamp in a hurry", len(town.bot.calls)
    lot = town.publish(title=title, drop_seconds=1, **(DUTCH | {"drop_amount": 2}))
    town.anna.says(f"/auction_{lot}")
    town.stack.advance(155)
    drawn = edits(town, town.anna, title, mark)
    assert 4 <= len(drawn) <= 5
    assert drawn == sorted(drawn, reverse=True)


def test_a_card_opened_before_the_start_becomes_one_that_sells(town: Town) -> None:
    title, mark = "A lamp for the evening", len(town.bot.calls)
    starts_at = datetime.fromtimestamp(town.anna.now() + 2_000, UTC).isoformat()
    lot = town.publish(title=title, starts_at=starts_at, drop_seconds=60, **(DUTCH | {"start_price": 900}))
    town.anna.says(f"/auction_{lot}")
    town.stack.advance(1_900)
    assert edits(town, town.anna, title, mark) == []
    town.stack.advance(165)
    assert edits(town, town.anna, title, mark) == [f"Buy the lot for {STAR}{price}" for price in (900, 800)]
