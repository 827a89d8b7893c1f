"""The end of a lot with very many bidders or watchers: told in steps that are short, however many they are."""

from __future__ import annotations

from collections import Counter

import pytest

from starbid.domain.auction import Bid
from starbid.domain.events import LotBegan, LotCancelled
from starbid.services import fan_out
from starbid.services.ports import Unavailable
from tests.support.factories import SELLER, market
from tests.support.fakes import FakeApp

PEOPLE = range(1, 12)


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("FIRST_BIDS", 10), ("BIDS", 25), ("WATCHERS", 3)):
        monkeypatch.setattr(fan_out, name, number)


def over(bids: int = 120) -> FakeApp:
    """A lot that has just ended; nobody has been told of the end."""
    app, lot = market(*PEOPLE, stars=100_000, bid_step=10)
    for number in range(bids):
        app.bidding.bid(lot.auction.id, 1 + number % len(PEOPLE), 100 + number * 60, app.now())
    app.run_streams()
    app.messenger.told.clear()
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    return app


def hand_on(app: FakeApp) -> None:
    """What the stream consumer does with each record."""
    for event in app.store.take_stream():
        assert not isinstance(event, Bid)
        app.fan_out.event(event)


def ends_told(app: FakeApp) -> Counter[tuple[str, int]]:
    app.run_streams()
    told = ((notice.kind, person.id) for person, notice, _ in app.messenger.told)
    return Counter((kind, who) for kind, who in told if kind in ("won", "sold", "lost"))


def expected() -> Counter[tuple[str, int]]:
    winner = 1 + 119 % len(PEOPLE)
    losers = Counter(("lost", who) for who in PEOPLE if who != winner)
    return losers + Counter({("won", winner): 1, ("sold", SELLER): 1})


def test_the_stream_reads_one_page_and_leaves_the_rest_to_the_queue() -> None:
    app = over()
    app.store.trips.clear()
    hand_on(app)
    assert app.store.trips.count("bids") == 1
    assert len(app.outgoing.rests) == 1
    assert {notice.kind for notice in app.outgoing.notices} == {"won", "sold", "lost"}


def test_everybody_is_told_once_in_the_end() -> None:
    app = over()
    assert ends_told(app) == expected()


def test_each_step_reads_one_page_and_sends_the_next() -> None:
    app = over()
    hand_on(app)
    steps = 0
    while app.outgoing.rests:
        app.store.trips.clear()
        app.fan_out.rest(*app.outgoing.rests.pop())
        assert app.store.trips == ["bids"]
        steps += 1
    assert steps == 5
    kinds = Counter(notice.kind for notice in app.outgoing.notices)
    assert (kinds["won"], kinds["sold"]) == (1, 1), "they are not told again with each step"


def test_a_step_that_comes_twice_or_dies_tells_nobody_twice() -> None:
    app = over()
    hand_on(app)
    (rest,) = app.outgoing.rests
    app.outgoing.fail_next(Unavailable("sqs"), after=True)
    with pytest.raises(Unavailable):
        app.fan_out.rest(*rest)
    app.fan_out.rest(*rest)
    assert ends_told(app) == expected()


def test_watchers_are_told_in_steps_too() -> None:
    app, lot = market()
    for who in PEOPLE:
        app.watching.watch(who, lot.auction.id, app.now())
    app.fan_out.event(LotBegan("began:1", app.now(), lot.auction.id, SELLER, lot.auction.ends_at))
    assert len(app.outgoing.notices) <= 3
    while app.outgoing.rests:
        app.fan_out.rest(*app.outgoing.rests.pop())
    assert sorted(notice.user_id for notice in app.outgoing.notices) == list(PEOPLE)


def test_of_a_cancelled_lot_bidders_and_watchers_hear_and_the_seller_once() -> None:
    app, lot = market(*PEOPLE, stars=100_000)
    for number in range(30):
        app.bidding.bid(lot.auction.id, 1 + number % 5, 100 + number * 60, app.now())
    for who in PEOPLE:
        app.watching.watch(who, lot.auction.id, app.now())
    app.fan_out.event(LotCancelled("cancelled:1", app.now(), lot.auction.id, SELLER, "a reason"))
    while app.outgoing.rests:
        app.fan_out.rest(*app.outgoing.rests.pop())
    assert {notice.user_id for notice in app.outgoing.notices} == {*PEOPLE, SELLER}
    assert [notice.user_id for notice in app.outgoing.notices].count(SELLER) == 1
