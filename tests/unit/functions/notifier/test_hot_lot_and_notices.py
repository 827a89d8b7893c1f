"""A lot that hundreds of chats show, and that moves every second, delays nobody's notices: in simulated time.

Both queues and their processes are as template.yaml has them. A call of Telegram's takes a tenth of a second, and it
takes 30 of them a second, 20 a minute in a group; what is more it refuses.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from greenlet import getcurrent, greenlet

from notifier.sender import lambda_handler
from starbid.domain.lots import Lot
from starbid.services.call_pace import CallPace
from starbid.services.ports import Notice, ShownCard, ShownPost, TryLater
from starbid.telegram.paced_messenger import PacedMessenger
from starbid.telegram.paced_poster import PacedPoster
from tests.support.factories import join, put_up
from tests.support.fakes import START, FakeApp
from tests.support.records import Context, batch, failures, message
from tests.template.conftest import ROOT, Document

CALL_SECONDS = 0.1
MOST_A_SECOND, MOST_IN_A_GROUP = 30, 20
HURRY = 60
"""Seconds for which the lot moves every second, and a notice is sent five times in each."""
BATCH = 10


class Town:
    """Time, Telegram's limits, and processes that take turns wherever one of them waits for a call."""

    def __init__(self, app: FakeApp) -> None:
        self.app = app
        self.now = 0.0
        self.calls: list[float] = []
        self.in_groups: dict[int, list[float]] = {}
        self.refused = 0
        self._order = 0
        self._loop = getcurrent()
        self._due: list[tuple[float, int, greenlet]] = []

    def start(self, work: Callable[[], None], at: float = 0.0) -> None:
        self._push(at, greenlet(work, self._loop))

    def wait(self, seconds: float) -> None:
        self._push(self.now + seconds, getcurrent())
        self._loop.switch()

    def call(self, chat_id: int) -> None:
        """One call of the Bot API. Raises TryLater where it is one too many."""
        recent = sum(at > self.now - 1 for at in self.calls[-MOST_A_SECOND:])
        group = self.in_groups.setdefault(chat_id, [])
        crowded = chat_id < 0 and sum(at > self.now - 60 for at in group) >= MOST_IN_A_GROUP
        if recent >= MOST_A_SECOND or crowded:
            self.refused += 1
            self.wait(CALL_SECONDS)
            raise TryLater(1)
        self.calls.append(self.now)
        group.append(self.now)
        self.wait(CALL_SECONDS)

    def run(self, until: float) -> None:
        self._loop = getcurrent()
        while self._due and self._due[0][0] <= until:
            self.now, _, process = heapq.heappop(self._due)
            self.app.clock.now = START + timedelta(milliseconds=round(self.now * 1000))
            process.parent = self._loop
            process.switch()

    def _push(self, at: float, process: greenlet) -> None:
        self._order += 1
        heapq.heappush(self._due, (at, self._order, process))


class TownPace:
    """Implements `ports.Pace`."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def now(self) -> datetime:
        return START + timedelta(milliseconds=round(self._town.now * 1000))

    def elapsed(self) -> float:
        return self._town.now

    def sleep(self, seconds: float) -> None:
        self._town.wait(seconds)


class Queue:
    """A queue, and the processes that empty it: so many at once."""

    def __init__(self, town: Town, name: str, workers: int) -> None:
        self._town, self._name = town, name
        self.waiting: deque[tuple[float, dict[str, Any]]] = deque()
        for _ in range(workers):
            town.start(self._work)

    def put(self, body: Any, delay: float = 0.0) -> None:
        self.waiting.append((self._town.now + delay, message(body, queue=self._name)))

    def _work(self) -> None:
        while True:
            taken = list(self._take())
            if taken:
                answer = lambda_handler(batch(*taken), Context(60_000))
                again = set(failures(answer))
                for each in taken:
                    if each["messageId"] in again:
                        wait = self._town.app.outgoing.postponed.get(each["receiptHandle"], 5)
                        self.waiting.append((self._town.now + wait, each))
            self._town.wait(0.05)

    def _take(self) -> Iterator[dict[str, Any]]:
        ready = [entry for entry in self.waiting if entry[0] <= self._town.now][:BATCH]
        for entry in ready:
            self.waiting.remove(entry)
            yield entry[1]


class Simulation:
    """`posts` groups and `cards` private chats show one lot that moves every second."""

    def __init__(self, app: FakeApp, template: Document, posts: int, cards: int) -> None:
        self.app, self.town = app, Town(app)
        self.lot = put_up(app, duration_seconds=3600)
        for number in range(posts):
            post = ShownPost(
                self.lot.auction.id, -1000 - number, number, 1, 1, "en", "", app.now() - timedelta(minutes=1)
            )
            app.shown_posts.put(post, app.now() + timedelta(days=1), app.now())
        for number in range(cards):
            join(app, 5000 + number)
            app.shown_cards.put(ShownCard(self.lot.auction.id, 5000 + number, number, 1), app.now())
        for number in range(300):
            join(app, 9000 + number)
        self.sent: dict[str, float] = {}
        self.told: dict[str, float] = {}
        self._watch()
        events = template.functions["SenderFunction"]["Events"]

        def workers(name: str) -> int:
            return int(events[name]["Properties"]["ScalingConfig"]["MaximumConcurrency"])

        self.notices = Queue(self.town, "NoticeQueue", workers("Notices"))
        self.cards = Queue(self.town, "CardQueue", workers("Cards"))
        self.town.start(self._hurry)

    def _watch(self) -> None:
        app, town = self.app, self.town
        tell, redraw, draw = app.messenger.tell, app.messenger.redraw, app.poster.redraw

        def told(person: Any, notice: Notice, *rest: Any) -> Any:
            town.call(person.id)
            self.told[notice.id] = town.now
            return tell(person, notice, *rest)

        def redrawn(person: Any, lot: Lot, card: ShownCard) -> bool:
            town.call(card.chat_id)
            return redraw(person, lot, card)

        def drawn(post: ShownPost, lot: Lot, now: Any) -> bool:
            town.call(post.chat_id)
            return draw(post, lot, now)

        app.messenger.__dict__ |= {"tell": told, "redraw": redrawn}
        app.poster.__dict__["redraw"] = drawn
        pace = CallPace(app.counters, app.claims, app.bot_rest, TownPace(town))
        app.__dict__ |= {
            "messenger": PacedMessenger(app.messenger, pace),
            "poster": PacedPoster(app.poster, pace),
        }
        app.outgoing.__dict__["wake_posts"] = lambda lot, seconds: self.cards.put({"posts": lot}, seconds)
        app.outgoing.__dict__["refresh_cards"] = self._refresh

    def _refresh(self, auction_id: str, version: int) -> None:
        self.cards.put({"cards": auction_id, "version": version})
        self.cards.put({"posts": auction_id, "version": version})

    def _hurry(self) -> None:
        for second in range(HURRY):
            auctions = self.app.store.tables.auctions
            known = auctions[self.lot.auction.id]
            auctions[known.id] = replace(known, version=known.version + 1)
            self._refresh(known.id, known.version + 1)
            for number in range(5):
                notice = Notice(f"n{second}.{number}", 9000 + second * 5 + number, "subscription_ended", None, {})
                self.sent[notice.id] = self.town.now
                self.notices.put(notice)
            self.town.wait(1)

    def delays(self) -> list[float]:
        return sorted(self.told[each] - at for each, at in self.sent.items())


@pytest.fixture
def template() -> Document:
    from local.cloudformation import read_yaml

    return Document(read_yaml(ROOT / "template.yaml"))


@pytest.mark.parametrize(("posts", "cards"), [(0, 0), (100, 0), (300, 0), (0, 300), (300, 300)])
def test_a_hot_lot_in_hundreds_of_chats_delays_no_notice(
    fake: FakeApp, template: Document, posts: int, cards: int
) -> None:
    simulation = Simulation(fake, template, posts, cards)
    simulation.town.run(HURRY * 3)
    delays = simulation.delays()
    assert len(delays) == HURRY * 5, "all were told"
    assert delays[-1] <= 2.5, f"the latest of them after {delays[-1]:.1f} s"
    assert delays[len(delays) // 2] <= 1.0
    made = simulation.town.calls
    assert max(sum(at <= other < at + 1 for other in made) for at in made) <= MOST_A_SECOND
    for calls in simulation.town.in_groups.values():
        assert all(sum(at <= other < at + 60 for other in calls) <= MOST_IN_A_GROUP for at in calls)
    last = fake.store.tables.auctions[simulation.lot.auction.id].version
    assert {post.version for post in fake.shown_posts.of_lot(simulation.lot.auction.id, fake.now())} <= {last}


def test_the_simulation_would_see_notices_that_wait_behind_cards(fake: FakeApp, template: Document) -> None:
    """With one queue for both, as it was, they do."""
    simulation = Simulation(fake, template, 0, 300)
    simulation.cards.waiting = simulation.notices.waiting
    with suppress(KeyError):
        simulation.town.run(HURRY * 3)
    delays = simulation.delays()
    assert delays[-1] > 4
