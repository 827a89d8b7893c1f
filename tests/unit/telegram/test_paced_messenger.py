"""Every call of the messenger goes by the pace, and the parts of a message stay together."""

from __future__ import annotations

import pytest

from starbid.services.call_pace import NEWS, PARTS, REST, Rank, Unlimited
from starbid.services.notices.broadcasts import BROADCAST
from starbid.services.ports import Notice, OutOfOrder, ShownCard, TryLater
from starbid.telegram.bot_api import AnswerLost, ServerTrouble
from starbid.telegram.paced_messenger import PacedMessenger
from tests.support.factories import ANNA, BORIS, person
from tests.support.fake_telegram import FakeMessenger

from .pieces import lot

NEWS_FOR_ANNA = Notice("e1", ANNA, "credited", None, {})


class WatchedPace(Unlimited):
    def __init__(self) -> None:
        self.taken: list[tuple[int, Rank]] = []
        self.floods: list[tuple[int, int]] = []

    def take(self, chat_id: int, rank: Rank = NEWS) -> None:
        self.taken.append((chat_id, rank))

    def flooded(self, chat_id: int, seconds: int) -> None:
        self.floods.append((chat_id, seconds))


@pytest.fixture
def pace() -> WatchedPace:
    return WatchedPace()


@pytest.fixture
def inner() -> FakeMessenger:
    return FakeMessenger()


@pytest.fixture
def messenger(pace: WatchedPace, inner: FakeMessenger) -> PacedMessenger:
    return PacedMessenger(inner, pace)


def test_news_goes_before_cards_and_broadcasts(messenger: PacedMessenger, pace: WatchedPace) -> None:
    anna = person(ANNA)
    messenger.tell(anna, NEWS_FOR_ANNA, None)
    messenger.tell(anna, Notice("b", ANNA, BROADCAST.name, None, {}), None)
    messenger.redraw(anna, lot(), ShownCard("lot1", ANNA, 7, 1))
    assert [rank for _, rank in pace.taken] == [NEWS, REST, REST]


def test_what_follows_the_first_part_of_a_message_is_a_part_and_the_next_message_is_not(
    messenger: PacedMessenger, pace: WatchedPace
) -> None:
    anna = person(ANNA)
    for _ in range(2):
        messenger.open_topic(anna, "A ticket")
        messenger.photos(ANNA, [b"x"])
        messenger.files(ANNA, [])
        messenger.tell(anna, NEWS_FOR_ANNA, None)
    messenger.tell(person(BORIS), Notice("e2", BORIS, "credited", None, {}), None)
    assert [rank for _, rank in pace.taken] == [NEWS, PARTS, PARTS, PARTS] * 2 + [NEWS]


@pytest.mark.parametrize("flood", [TryLater(7), OutOfOrder(700)])
def test_a_flood_is_told_to_the_pace(
    messenger: PacedMessenger, inner: FakeMessenger, pace: WatchedPace, flood: TryLater
) -> None:
    inner.fail_next(flood)
    with pytest.raises(type(flood)):
        messenger.tell(person(ANNA), NEWS_FOR_ANNA, None)
    assert pace.floods == [(ANNA, flood.seconds)]


@pytest.mark.parametrize("trouble", [ServerTrouble(5), AnswerLost(5)])
def test_a_trouble_of_the_server_is_no_flood(
    messenger: PacedMessenger, inner: FakeMessenger, pace: WatchedPace, trouble: TryLater
) -> None:
    inner.fail_next(trouble)
    with pytest.raises(type(trouble)):
        messenger.tell(person(ANNA), NEWS_FOR_ANNA, None)
    assert pace.floods == []
