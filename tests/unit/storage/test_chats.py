"""What stands in chats is remembered whole, and read strictly."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.services.ports import CARD_SECONDS, DisputesMessage, LivingMessage, Look, Place, ShownCard
from starbid.storage.chats import RecordedCards, RecordedMessages
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, FakeScratch

CARD = ShownCard("lot1", ANNA, 7, 3, Look(Place(2, 5, more=True), bidding=True, watching=False, photo=1), START)
PLAIN = ShownCard("lot1", BORIS, 8, 1)
LIVING = LivingMessage("lot1", 7, 4, START, START + timedelta(seconds=5), fixed=True)
DISPUTES = DisputesMessage(7, ("lot1", "lot2"), ("lot1",), (START,), START)


def test_a_card_is_read_as_it_was_put() -> None:
    cards = RecordedCards(FakeScratch())
    for card in (CARD, replace(PLAIN, photos=("a", "b")), replace(PLAIN, photos=()), PLAIN):
        cards.put(card, START)
        assert cards.one("lot1", card.chat_id, START) == card
    assert cards.of_lot("lot1", START) == [CARD, PLAIN]
    cards.drop("lot1", ANNA)
    assert cards.of_lot("lot1", START) == [PLAIN]
    assert cards.of_lot("lot2", START) == []


def test_a_card_is_exchanged_for_the_one_that_is_known_only() -> None:
    cards = RecordedCards(FakeScratch())
    cards.put(CARD, START)
    newer = replace(CARD, version=4, until=None)
    assert not cards.exchange(newer, CARD, START)
    assert cards.exchange(CARD, newer, START)
    assert cards.one("lot1", ANNA, START + timedelta(seconds=CARD_SECONDS - 1)) == newer
    assert cards.exchange(newer, None, START)
    assert cards.of_lot("lot1", START) == []


def test_a_rich_card_may_become_a_plain_one_and_back() -> None:
    cards = RecordedCards(FakeScratch())
    cards.put(CARD, START)
    rich = replace(CARD, photos=("a",))
    assert cards.exchange(CARD, rich, START)
    assert not cards.exchange(CARD, None, START)
    assert cards.exchange(rich, CARD, START)
    assert cards.one("lot1", ANNA, START) == CARD


PLACE = {"number": 2, "total": 5, "more": True}
LOOK = {"place": PLACE, "bidding": True, "watching": False, "photo": 1}


def test_a_record_has_the_names_of_its_fields_and_moments_in_milliseconds() -> None:
    records = FakeScratch()
    RecordedCards(records).put(CARD, START)
    assert records.member("card#lot1", str(ANNA), START) == {
        "auction_id": "lot1",
        "chat_id": ANNA,
        "message_id": 7,
        "version": 3,
        "look": LOOK,
        "until": START.timestamp() * 1000,
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"message_id": "7"},
        {"message_id": True},
        {"version": None},
        {"look": None},
        {"look": LOOK | {"place": [2, 5, True]}},
        {"look": LOOK | {"place": PLACE | {"more": 1}}},
        {"look": LOOK | {"watching": "no"}},
        {"look": {"place": None}},
        {"until": 1.5},
        {"until": 10**20},
        {"of_a_later_version": 1},
    ],
)
def test_what_no_card_looks_like_counts_as_none(changed: dict[str, Any]) -> None:
    records = FakeScratch()
    cards = RecordedCards(records)
    cards.put(CARD, START)
    records.put_member("card#lot1", str(ANNA), records.members("card#lot1", START)[str(ANNA)] | changed, 60, START)
    assert cards.one("lot1", ANNA, START) is None
    assert cards.of_lot("lot1", START) == []


def test_living_messages_are_read_as_they_were_put() -> None:
    messages = RecordedMessages(FakeScratch())
    for message in (LIVING, replace(LIVING, message_id=None), DISPUTES):
        messages.put("1#lot1#new_bid", message, 60, START)
        assert messages.get("1#lot1#new_bid", type(message), START) == message
    assert messages.get("1#lot1#new_bid", DisputesMessage, START + timedelta(seconds=60)) is None


@pytest.mark.parametrize("value", [{}, {"message_id": 7}, {"message_id": 7, "shown": "x", "drawn": 1}])
def test_a_record_of_another_shape_counts_as_no_message(value: dict[str, Any]) -> None:
    records = FakeScratch()
    messages = RecordedMessages(records)
    records.put("living#a", value, 60, START)
    assert messages.get("a", LivingMessage, START) is None
    assert messages.get("a", DisputesMessage, START) is None


def test_a_message_is_not_taken_for_one_of_the_other_shape() -> None:
    messages = RecordedMessages(FakeScratch())
    messages.put("a", LIVING, 60, START)
    assert messages.get("a", DisputesMessage, START) is None
