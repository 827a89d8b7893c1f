"""Ten thousand notices, three senders and a Telegram that counts: within its limits, all told, none twice."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from local.cloudformation import read_yaml
from local.template import TEMPLATE
from starbid.services.ports import Look, Notice, Paced, ShownCard
from tests.support.crowded import BATCH
from tests.support.factories import SELLER, join, put_up
from tests.support.fakes import FakeApp
from tests.support.notice_storm import PROCESSES, Faults, Storm

IN_ALL, OF_A_CHAT, OF_A_GROUP = 30, 1, 20
"""What Telegram takes: a second, a second, a minute."""
TROUBLE = Faults(floods=0.05, failures=0.01, lost=0.001)
CALM = Faults()
GROUP = -1_001_234
PATIENT = 2
"""Seconds from an outbid to the call that tells it, while all places but those for news are taken."""


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


def delays(storm: Storm, cards: int) -> list[float]:
    """Seconds until each of 60 is told something, one each second, while a lot with so many cards is bid on."""
    join(storm.app, SELLER, seller=True)
    lot = put_up(storm.app)
    for chat in storm.people[:cards]:
        storm.app.shown_cards.put(ShownCard(lot.auction.id, chat, chat, 0, Look()), storm.app.now())
    for second in range(0, 60, 5):
        storm.queue([{"cards": lot.auction.id, "version": lot.auction.version}], at=second)
    heard = storm.people[-60:]
    for second, who in enumerate(heard):
        storm.queue([news(f"outbid{who}", who)], at=second)
    storm.run()
    require_limits(storm)
    assert len(storm.telegram.edited_at) == cards
    return [storm.telegram.told_at[f"outbid{who}"] - second for second, who in enumerate(heard)]


@pytest.mark.parametrize("cards", [0, 100, 300])
def test_a_hot_lot_with_cards_in_many_chats_delays_no_notice_by_more_than_the_pace(
    enter: Callable[[Storm], Storm], cards: int
) -> None:
    assert max(delays(enter(Storm(400, CALM)), cards)) < PATIENT
