"""Very many notices on the queue, the senders that Lambda runs beside each other, and a Telegram that counts.

    storm = Storm(people=2_000)
    storm.queue(notices)
    storm.run()
    storm.telegram.worst(1)

Sender, claims and pace are the real ones; time is virtual. The queues are as in template.yaml.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

import notifier.sender
from bench.crowd.virtual import VirtualTime
from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.call_pace import CallPace
from starbid.services.ports import BELOW, Notice, ShownCard, ShownPost, Spot, TryLater
from starbid.telegram.bot_api import AnswerLost, ServerTrouble
from starbid.telegram.paced_messenger import PacedMessenger
from starbid.telegram.paced_poster import PacedPoster

from .crowded import BATCH, HIDDEN, SENDERS
from .factories import join
from .fake_showcases import FakePoster
from .fakes import START, FakeApp
from .records import batch, failures, message

PROCESSES = {"NoticeQueue": SENDERS, "CardQueue": 2}
"""How many of a queue's messages are worked on at once, as template.yaml has it."""

WAY = (0.02, 0.06)
"""Seconds to Telegram, and back."""
TIMEOUT_MS = 60_000


@dataclass(frozen=True)
class Faults:
    """Shares of calls: told to wait, failed, and done with an answer that was lost."""

    floods: float = 0
    failures: float = 0
    lost: float = 0


@dataclass
class CountingTelegram:
    """Implements ports.Messenger. Everything that arrives is a call, also what is refused then.

    `out_until`: it refuses all chats until that second of its time.
    """

    time: VirtualTime
    dice: Random
    faults: Faults
    calls: list[tuple[float, int]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    told_at: dict[str, float] = field(default_factory=dict)
    edited_at: dict[int, float] = field(default_factory=dict)
    lost: int = 0
    out_until: float = 0

    def tell(self, person: Person, notice: Notice, lot: Lot | None, spot: Spot = BELOW) -> int | None:
        def done() -> None:
            self.told[notice.id] += 1
            self.told_at[notice.id] = self.time.elapsed()

        self.call(person.id, done)
        return len(self.calls)

    def headline(self, person: Person, notice: Notice, lot: Lot | None) -> str:
        return f"{notice.kind} for {person.id} of {lot.auction.id if lot else 'no lot'}"

    def photos(self, chat_id: int, photos: Sequence[bytes], spot: Spot = BELOW) -> None:
        self.call(chat_id, lambda: None)

    def files(self, chat_id: int, files: Sequence[DeliveredFile]) -> None:
        self.call(chat_id, lambda: None)

    def file(self, chat_id: int, data: bytes, name: str) -> None:
        self.call(chat_id, lambda: None)

    def open_topic(self, chat: Person, name: str) -> int | None:
        self.call(chat.id, lambda: None)
        return None

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        self.call(person.id, lambda: None)
        return True

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> bool:
        self.call(card.chat_id, lambda: self.edited_at.__setitem__(card.chat_id, self.time.elapsed()))
        return True

    def call(self, chat_id: int, done: Callable[[], None]) -> None:
        self.time.sleep(self.dice.uniform(*WAY))
        self.calls.append((self.time.elapsed(), chat_id))
        if self.time.elapsed() < self.out_until:
            raise TryLater(max(1, round(self.out_until - self.time.elapsed())))
        fate = self.dice.random()
        if fate < self.faults.floods:
            raise TryLater(self.dice.randint(1, 3))
        if fate < self.faults.floods + self.faults.failures:
            raise ServerTrouble(5)
        done()
        self.time.sleep(self.dice.uniform(*WAY))
        if self.dice.random() < self.faults.lost:
            self.lost += 1
            raise AnswerLost(5)

    def worst(self, seconds: float, chat: Callable[[int], bool] = lambda _: True) -> int:
        """The most calls in any `seconds`, for all chats of a kind together."""
        return _most([at for at, chat_id in self.calls if chat(chat_id)], seconds)

    def worst_of_a_chat(self, seconds: float, chat: Callable[[int], bool] = lambda _: True) -> int:
        times: dict[int, list[float]] = defaultdict(list)
        for at, chat_id in self.calls:
            if chat(chat_id):
                times[chat_id].append(at)
        return max((_most(each, seconds) for each in times.values()), default=0)


def _most(times: list[float], seconds: float) -> int:
    return max((at + 1 - bisect_left(times, time - seconds + 1e-9) for at, time in enumerate(times)), default=0)


class CountedPoster(FakePoster):
    """Its edits are calls of the same Telegram."""

    def __init__(self, telegram: CountingTelegram) -> None:
        super().__init__()
        self._telegram = telegram

    def redraw(self, post: ShownPost, lot: Lot, now: datetime) -> bool:
        self._telegram.call(post.chat_id, lambda: None)
        return super().redraw(post, lot, now)


class StormApp(FakeApp):
    """By the clock of the storm."""

    def now(self) -> Any:
        return self.pace.now()


@dataclass
class _Waiting:
    record: dict[str, Any]
    visible_at: float
    receives: int = 0


class _Invocation:
    """The context of a run, in virtual time."""

    def __init__(self, time: VirtualTime) -> None:
        self._time, self._began = time, time.elapsed()

    def get_remaining_time_in_millis(self) -> int:
        return TIMEOUT_MS - round((self._time.elapsed() - self._began) * 1000)


class Storm:
    """`people` have let the bot in, from number 1 001 on. `paced`: False for senders that call Telegram as fast as they
    can. `apart`: False for cards and posts that wait in one queue with notices.
    """

    def __init__(
        self, people: int, faults: Faults = Faults(), *, paced: bool = True, apart: bool = True, seed: int = 1
    ) -> None:
        self.time = VirtualTime(START)
        self.app = StormApp(pace=self.time)
        self.telegram = CountingTelegram(self.time, Random(seed), faults)
        pace = CallPace(self.app.counters, self.app.claims, self.app.bot_rest, self.time)
        self.app.__dict__["messenger"] = PacedMessenger(self.telegram, pace) if paced else self.telegram
        self.app.__dict__["poster"] = PacedPoster(CountedPoster(self.telegram), pace)
        self.people = range(1_001, 1_001 + people)
        for who in self.people:
            join(self.app, who)
        self.most_receives = 0
        self.dead: list[str] = []
        self._apart = apart
        self._queues: dict[str, dict[str, _Waiting]] = {"NoticeQueue": {}, "CardQueue": {}}

    def queue(self, bodies: Iterable[Notice | dict[str, Any]], at: float = 0) -> None:
        """Notices on their queue, edits of cards and posts on theirs."""
        for body in bodies:
            draws = isinstance(body, dict) and ("cards" in body or "posts" in body)
            name = "CardQueue" if draws and self._apart else "NoticeQueue"
            record = message(body, queue=name)
            self._queues[name][record["messageId"]] = _Waiting(record, at)

    def run(self, seconds: float = 100_000) -> None:
        """Until the queues are empty, or so many seconds of its time have passed."""
        until = self.time.elapsed() + seconds
        for name, senders in PROCESSES.items():
            for _ in range(senders):
                self.time.at(self.time.elapsed(), partial(self._poll, self._queues[name], until))
        self.time.run()

    def _poll(self, queue: dict[str, _Waiting], until: float) -> None:
        while any(self._queues.values()) and self.time.elapsed() < until:
            now = self.time.elapsed()
            taken = []
            for waiting in queue.values():
                if waiting.visible_at <= now:
                    taken.append(waiting)
                    if len(taken) == BATCH:
                        break
            if taken:
                self._hand_in(queue, taken)
            else:
                self.time.sleep(0.1)
            self._take_what_was_sent()

    def _hand_in(self, queue: dict[str, _Waiting], taken: list[_Waiting]) -> None:
        for waiting in taken:
            waiting.receives += 1
            self.most_receives = max(self.most_receives, waiting.receives)
            waiting.record["attributes"]["ApproximateReceiveCount"] = str(waiting.receives)
            waiting.visible_at = self.time.elapsed() + HIDDEN
        answer = notifier.sender.lambda_handler(batch(*(each.record for each in taken)), _Invocation(self.time))
        failed = set(failures(answer))
        for waiting in taken:
            name = waiting.record["messageId"]
            if name not in failed:
                del queue[name]
            else:
                seconds = self.app.outgoing.postponed.get(waiting.record["receiptHandle"], HIDDEN)
                del queue[name]
                queue[name] = waiting
                waiting.visible_at = self.time.elapsed() + seconds

    def _take_what_was_sent(self) -> None:
        outgoing, now = self.app.outgoing, self.time.elapsed()
        for lot, version in outgoing.refreshed:
            self.queue([{what: lot, "version": version} for what in ("cards", "posts")], now)
        for lot, seconds in outgoing.post_wakes:
            self.queue([{"posts": lot}], now + seconds)
        outgoing.refreshed.clear()
        outgoing.post_wakes.clear()
