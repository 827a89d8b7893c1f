"""The pace of calls to Telegram: places that all processes share, turns of chats, and a bot that rests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from bench.crowd.virtual import VirtualTime
from starbid.services.call_pace import CHAT_SECONDS, LINE_SECONDS, NEWS, PARTS, REST, CallPace, Rank
from starbid.services.ports import Crowded, Paced
from starbid.storage.recorded import RecordedRest
from tests.support.fakes import START, FakeScratch

Refused = list[tuple[float, int]]


class Processes:
    """Several over one scratch table, in virtual time."""

    def __init__(self) -> None:
        self.time, self.scratch = VirtualTime(START), FakeScratch()
        self.went: list[tuple[float, int]] = []
        self.refused: Refused = []

    def another(self) -> CallPace:
        return CallPace(self.scratch, self.scratch, RecordedRest(self.scratch), self.time)

    def call(self, pace: CallPace, chat_id: int, rank: Rank = NEWS) -> None:
        try:
            pace.take(chat_id, rank)
        except Paced as later:
            self.refused.append((self.time.elapsed(), later.seconds))
        else:
            self.went.append((self.time.elapsed(), chat_id))

    def do(self, work: Callable[[], object], at: float = 0) -> None:
        self.time.at(at, work)
        self.time.run()


def test_a_fifth_of_a_second_has_four_places_for_all_processes_together() -> None:
    world = Processes()
    for number in range(40):
        world.time.at(0, lambda chat=number + 1: world.call(world.another(), chat))  # type: ignore[misc]
    world.time.run()
    slots = [int(at * 5 + 1e-6) for at, _ in world.went]
    assert len(slots) == 40
    assert max(slots.count(slot) for slot in slots) == 4


def test_cards_leave_two_places_to_news_however_many_they_are() -> None:
    world = Processes()
    for number in range(4):
        world.do(lambda chat=number + 1: world.call(world.another(), chat, REST))  # type: ignore[misc]
    assert [at for at, _ in world.went[2:]] == pytest.approx([0.2, 0.2])
    world = Processes()
    for number in range(2):
        world.time.at(0, lambda chat=number + 1: world.call(world.another(), chat, REST))  # type: ignore[misc]
    for number in range(2):
        world.time.at(0.1, lambda chat=number + 11: world.call(world.another(), chat))  # type: ignore[misc]
    world.time.run()
    assert [at for at, _ in world.went] == pytest.approx([0, 0, 0.1, 0.1])


def test_who_waits_for_a_place_gives_up_soon_and_the_next_of_its_rank_at_once() -> None:
    world = Processes()
    pace = world.another()
    for slot in range(20):
        key = f"calls#{round(START.timestamp() * 1000) // 200 + slot}"
        world.scratch.count(key, 4, 4, 60, START)

    def work() -> None:
        world.call(pace, 1, REST)
        world.call(pace, 2, REST)
        world.call(pace, 3)

    world.do(work)
    (first, _), (second, _), (third, _) = world.refused
    assert first <= REST.patience
    assert second == first
    assert first < third <= first + NEWS.patience


def test_a_chat_has_one_call_at_a_time_and_its_place_is_given_back() -> None:
    world = Processes()
    one, other = world.another(), world.another()

    def work() -> None:
        world.call(one, 7)
        for _ in range(5):
            world.call(other, 7)
        world.call(other, 8)

    world.do(work)
    assert [chat for _, chat in world.went] == [7, 8]
    assert [seconds for _, seconds in world.refused] == [CHAT_SECONDS, 1, 1, 1, 1], "the first one is next in line"


def test_news_that_found_its_chat_taken_goes_before_the_cards_in_it() -> None:
    world = Processes()
    news, cards = world.another(), world.another()
    world.do(lambda: world.call(cards, 7, REST))
    world.do(lambda: world.call(news, 7), at=0.5)
    world.do(lambda: world.call(cards, 7, REST), at=2.2)
    world.do(lambda: world.call(news, 7), at=2.5)
    assert [round(at, 1) for at, _ in world.went] == [0, 2.5]
    assert [(round(at, 1), seconds) for at, seconds in world.refused] == [(0.5, CHAT_SECONDS), (2.2, 1)]


def test_a_turn_that_is_kept_for_news_that_never_comes_again_is_free_for_cards_soon() -> None:
    world = Processes()
    world.do(lambda: world.call(world.another(), 7, REST))
    world.do(lambda: world.call(world.another(), 7), at=0.5)
    world.do(lambda: world.call(world.another(), 7, REST), at=0.5 + LINE_SECONDS)
    assert [chat for _, chat in world.went] == [7, 7]


def test_a_post_whose_chat_had_one_a_moment_ago_waits_for_that_chat_alone_and_its_place_is_given_back() -> None:
    world = Processes()
    one, other = world.another(), world.another()
    waits: list[Crowded] = []

    def work() -> None:
        one.take_post(-7)
        for _ in range(5):
            with pytest.raises(Crowded) as crowded:
                other.take_post(-7)
            waits.append(crowded.value)
        other.take_post(-8)
        world.went.append((world.time.elapsed(), -8))
        world.time.sleep(1)
        one.take_post(-7)

    world.do(work)
    assert world.went == [(0, -8)]
    assert [(wait.seconds, isinstance(wait, Paced)) for wait in waits] == [(1, False)] * 5


def test_posts_wait_for_a_bot_that_rests() -> None:
    world = Processes()
    pace = world.another()

    def work() -> None:
        for chat in (-1, -2, -3):
            pace.take_post(chat)
            pace.flooded(chat, 20)
        with pytest.raises(Paced) as paced:
            pace.take_post(-4)
        world.refused.append((world.time.elapsed(), paced.value.seconds))

    world.do(work)
    assert world.refused == [(0.2, 20)]


def test_a_message_of_several_parts_waits_for_its_own_chat() -> None:
    world = Processes()
    pace = world.another()

    def work() -> None:
        for _ in range(3):
            world.call(pace, 7, PARTS)

    world.do(work)
    times = [at for at, _ in world.went]
    assert len(times) == 3
    assert all(later - sooner > 1 for sooner, later in pairwise(times))


def test_the_parts_of_a_message_to_a_group_wait_for_their_turn_too() -> None:
    world = Processes()
    pace = world.another()

    def work() -> None:
        for _ in range(3):
            world.call(pace, -7, PARTS)

    world.do(work)
    assert len(world.went) == 3
    assert all(later - sooner > 3 for (sooner, _), (later, _) in pairwise(world.went))


def test_a_chat_that_was_flooded_rests_and_others_do_not() -> None:
    world = Processes()
    one, other = world.another(), world.another()

    def work() -> None:
        world.call(one, 7)
        one.flooded(7, 30)
        world.call(other, 8)
        world.time.sleep(29)
        world.call(other, 7)
        world.time.sleep(1)
        world.call(other, 7)

    world.do(work)
    assert [chat for _, chat in world.went] == [7, 8, 7]
    assert len(world.refused) == 1


def test_a_chat_that_is_flooded_again_and_again_rests_alone() -> None:
    world = Processes()
    pace = world.another()

    def work() -> None:
        for _ in range(3):
            pace.flooded(-7, 20)
        world.call(pace, 8)
        with pytest.raises(Crowded):
            pace.take_post(-7)

    world.do(work)
    assert [chat for _, chat in world.went] == [8]


def test_three_refusals_in_a_row_let_the_bot_rest_in_all_processes_for_as_long_as_telegram_says() -> None:
    world = Processes()
    one, other = world.another(), world.another()

    def work() -> None:
        world.call(other, 100)
        for chat in (1, 2, 3):
            world.call(one, chat)
            one.flooded(chat, 20)
        world.call(one, 4)
        world.time.sleep(1)
        world.call(other, 5)
        world.time.sleep(20)
        world.call(other, 5)

    world.do(work)
    assert world.refused == [(0, 20), (1, 19)]
    assert [chat for _, chat in world.went] == [100, 1, 2, 3, 5]


def test_refusals_with_a_success_between_them_are_matters_of_their_chats() -> None:
    world = Processes()
    pace = world.another()

    def work() -> None:
        for chat in range(1, 9):
            world.call(pace, chat)
            pace.flooded(chat, 5) if chat % 3 else pace.went()

    world.do(work)
    assert world.refused == []


def test_a_rest_ends_with_its_record() -> None:
    rest = RecordedRest(FakeScratch())
    assert rest.until(START) is None
    rest.begin(START + timedelta(seconds=2.5), START)
    assert rest.until(START + timedelta(seconds=2)) == START + timedelta(seconds=2.5)
    assert rest.until(START + timedelta(seconds=3)) is None
