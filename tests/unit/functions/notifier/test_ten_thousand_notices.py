"""Ten thousand notices, three senders and a Telegram that counts: within its limits, all told, none twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from local.cloudformation import read_yaml
from local.template import TEMPLATE
from starbid.domain.auction import Auction
from starbid.services.call_pace import CHAT_SECONDS
from starbid.services.ports import Look, Notice, Paced, ShownCard, ShownPost
from tests.support.crowded import BATCH
from tests.support.factories import SELLER, join, put_up
from tests.support.fakes import FakeApp
from tests.support.notice_storm import PROCESSES, Faults, Storm

IN_ALL, OF_A_CHAT, OF_A_GROUP = 30, 1, 20
"""What Telegram takes: a second, a second, a minute."""
TROUBLE = Faults(floods=0.05, failures=0.01, lost=0.001)
CALM = Faults()
GROUP = -1_001_234
MINUTE = timedelta(minutes=1)
PATIENT = 1
"""Seconds from an outbid to the call that tells it, while all places but those for news are taken."""
BEHIND_THE_CARD = PATIENT + CHAT_SECONDS
"""The same where the lot's card stands in the person's own chat: its edit may just have taken the turn of the chat."""


@pytest.fixture
def enter(put_in_place: Callable[[FakeApp], FakeApp], monkeypatch: pytest.MonkeyPatch) -> Callable[[Storm], Storm]:
    """The same waits in every run."""
    monkeypatch.setattr("notifier.sender.random", Random(1))

    def enter(storm: Storm) -> Storm:
        put_in_place(storm.app)
        return storm

    return enter


def notices(storm: Storm, number: int) -> list[Notice]:
    dice = Random(number)
    return [news(f"e{each}", dice.choice(storm.people)) for each in range(number)]


def news(name: str, who: int) -> Notice:
    return Notice(name, who, "credited", None, {})


def require_limits(storm: Storm) -> None:
    assert storm.telegram.worst(1) <= IN_ALL
    assert storm.telegram.worst_of_a_chat(1) <= OF_A_CHAT


def test_the_storm_has_the_senders_of_the_template() -> None:
    events = read_yaml(TEMPLATE)["Resources"]["SenderFunction"]["Properties"]["Events"]
    for name, queue in (("Notices", "NoticeQueue"), ("Cards", "CardQueue")):
        source = events[name]["Properties"]
        assert (source["ScalingConfig"]["MaximumConcurrency"], source["BatchSize"]) == (PROCESSES[queue], BATCH)


def test_ten_thousand_notices_with_429s_and_500s_are_all_told_within_the_limits(
    enter: Callable[[Storm], Storm],
) -> None:
    storm = enter(Storm(4_000, TROUBLE))
    sent = notices(storm, 10_000)
    storm.queue(sent)
    storm.run()
    require_limits(storm)
    assert set(storm.telegram.told) == {notice.id for notice in sent}
    assert storm.telegram.lost > 0
    assert sum(storm.telegram.told.values()) - len(sent) == storm.telegram.lost
    assert storm.most_receives < 15, "none is near to the queue of dead letters"
    assert storm.time.elapsed() < 15 * 60


def test_without_the_pace_the_limits_would_not_be_kept(enter: Callable[[Storm], Storm]) -> None:
    storm = enter(Storm(400, CALM, paced=False))
    storm.queue(notices(storm, 1_000))
    storm.run()
    assert storm.telegram.worst(1) > IN_ALL
    assert storm.telegram.worst_of_a_chat(1) > OF_A_CHAT


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_notices_for_one_person_come_one_by_one_and_hold_nobody_up(
    enter: Callable[[Storm], Storm], seed: int
) -> None:
    storm = enter(Storm(500, CALM, seed=seed))
    one, *rest = storm.people
    flood = [news(f"one{each}", one) for each in range(200)]
    others = [news(f"other{who}", who) for who in rest]
    storm.queue(flood + others)
    storm.run()
    require_limits(storm)
    assert set(storm.telegram.told) == {notice.id for notice in flood + others}
    assert max(storm.telegram.told_at[notice.id] for notice in others) < 90
    assert storm.most_receives < 18


def test_a_chat_of_admins_hears_twenty_a_minute_at_most(enter: Callable[[Storm], Storm]) -> None:
    storm = enter(Storm(1, CALM))
    pace = storm.app.messenger
    done: list[int] = []

    def post() -> None:
        while len(done) < 60:
            try:
                pace.photos(GROUP, [b"x"])
                done.append(1)
            except Paced as later:
                storm.time.sleep(later.seconds)

    for _ in range(3):
        storm.time.at(0, post)
    storm.time.run()
    assert storm.telegram.worst_of_a_chat(60) <= OF_A_GROUP
    assert storm.time.elapsed() < 60 * 6


def test_when_telegram_refuses_all_the_bot_rests_and_goes_on(enter: Callable[[Storm], Storm]) -> None:
    storm = enter(Storm(2_000, CALM))
    storm.telegram.out_until = 30
    sent = notices(storm, 1_000)
    storm.queue(sent)
    storm.run()
    refused = [at for at, _ in storm.telegram.calls if at < 30]
    assert len(refused) <= 10, "three of each sender in a row, and what was on its way"
    assert len(storm.telegram.told) == len(sent)
    assert storm.time.elapsed() < 150
    require_limits(storm)


class HotLots:
    """Two lots that move every second for a minute, while five people each second are told something.

    Both have posts in `posts` groups, and one has cards in `cards` chats: of people who are told nothing, or, where it
    is `theirs`, of those who are told.
    """

    def __init__(self, storm: Storm, posts: int, cards: int, *, theirs: bool = False) -> None:
        self._storm = storm
        join(storm.app, SELLER, seller=True)
        self.lots = [put_up(storm.app, duration_seconds=3600).auction.id for _ in range(2)]
        now = storm.app.now()
        for chat in storm.people[len(storm.people) - cards :] if theirs else storm.people[:cards]:
            storm.app.shown_cards.put(ShownCard(self.lots[0], chat, chat, 0, Look()), now)
        for group in range(posts):
            for lot in self.lots:
                post = ShownPost(lot, GROUP - group, 1, 0, 0, "en", "", now - MINUTE)
                storm.app.shown_posts.put(post, now + MINUTE * 60, now)
        self._heard: dict[str, int] = {}
        for second in range(60):
            storm.time.at(second, self._move)
            moved = [
                {what: lot, "version": self._auctions[lot].version + second + 1}
                for lot in self.lots
                for what in ("cards", "posts")
            ]
            told = [news(f"outbid{who}", who) for who in storm.people[-5 * second - 5 :][:5]]
            storm.queue([*moved, *told], at=second)
            self._heard |= dict.fromkeys((notice.id for notice in told), second)
        storm.run()

    @property
    def _auctions(self) -> dict[str, Auction]:
        return self._storm.app.store.tables.auctions

    def _move(self) -> None:
        for lot in self.lots:
            self._auctions[lot] = replace(self._auctions[lot], version=self._auctions[lot].version + 1)

    def delays(self) -> list[float]:
        """From each notice to the call that tells it."""
        told = self._storm.telegram.told_at
        return [told[name] - second for name, second in self._heard.items()]

    def require_the_last_state_everywhere(self) -> None:
        app = self._storm.app
        for lot in self.lots:
            posts = {post.version for post in app.shown_posts.of_lot(lot, app.now())}
            cards = {card.version for card in app.shown_cards.of_lot(lot, app.now())}
            assert posts | cards <= {self._auctions[lot].version}


@pytest.mark.parametrize("theirs", [False, True])
@pytest.mark.parametrize(("posts", "cards"), [(0, 0), (100, 0), (0, 100), (0, 300), (300, 300)])
def test_lots_that_move_every_second_in_hundreds_of_chats_delay_no_notice_by_more_than_the_pace(
    enter: Callable[[Storm], Storm], posts: int, cards: int, theirs: bool
) -> None:
    storm = enter(Storm(600, CALM))
    hot = HotLots(storm, posts, cards, theirs=theirs)
    assert max(hot.delays()) < (BEHIND_THE_CARD if cards and theirs else PATIENT)
    assert storm.telegram.worst(1) <= IN_ALL
    assert storm.telegram.worst_of_a_chat(1, lambda chat: chat > 0) <= OF_A_CHAT
    assert storm.telegram.worst_of_a_chat(60, lambda chat: chat < 0) <= OF_A_GROUP
    hot.require_the_last_state_everywhere()
    assert storm.time.elapsed() < 4 * 60


def test_with_one_queue_for_both_notices_would_wait_behind_cards(enter: Callable[[Storm], Storm]) -> None:
    assert max(HotLots(enter(Storm(600, CALM, apart=False)), 0, 300).delays()) > 4 * PATIENT
