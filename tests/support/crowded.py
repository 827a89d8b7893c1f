"""A lot with a crowd of bidders, the stream of its bids, the notice queue and the sender, in virtual time.

    hall = Hall(64)
    hall.runs(seconds=10, bids=200)
    hall.settles()

The functions are the real ones. Stream and queue are as in template.yaml: records wait for `window` seconds, a message
that has to come again is hidden for as long as the sender asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import notifier.app
import notifier.projection
import notifier.sender
from starbid.domain.auction import Auction, Bid, Status
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.ports import BELOW, Look, Notice, ShownCard, Spot, TryLater

from .factories import market
from .failing import Death
from .fake_telegram import FakeMessenger
from .records import Context, auction_record, batch, bid_record, event_record, failures, message

TICK = 0.1
SENDERS, BATCH = 3, 10
"""MaximumConcurrency and BatchSize of the sender."""
HIDDEN = 360
"""VisibilityTimeout of the notice queue."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of Telegram for one chat. `what` is the notice's kind, or `card`."""

    at: datetime
    chat_id: int
    what: str
    lot: Auction | None
    is_new: bool


@dataclass(slots=True)
class Waiting:
    record: dict[str, Any]
    visible_at: datetime
    receives: int = 0


class WatchedMessenger(FakeMessenger):
    """Notes when it was called; Telegram refuses at random where there are `dice`, and the process dies at random."""

    def __init__(self, now: Callable[[], datetime], dice: Random | None = None) -> None:
        super().__init__()
        self._time, self._dice = now, dice
        self.calls: list[Call] = []

    def tell(self, person: Person, notice: Notice, lot: Lot | None, spot: Spot = BELOW) -> int | None:
        self._falter()
        number = super().tell(person, notice, lot, spot)
        self._note(person, notice.kind, lot, is_new=True)
        self._die()
        return number

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        self._falter()
        self._note(person, notice.kind, lot)
        return super().edit(person, notice, lot, message_id)

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> bool:
        self._falter()
        self._note(person, "card", lot)
        return super().redraw(person, lot, card)

    def _falter(self) -> None:
        self._die()
        if self._dice and self._dice.random() < 0.1:
            raise TryLater(3)

    def _die(self) -> None:
        if self._dice and self._dice.random() < 0.02:
            raise Death

    def _note(self, person: Person, what: str, lot: Lot | None, *, is_new: bool = False) -> None:
        self.calls.append(Call(self._time(), person.id, what, lot.auction if lot else None, is_new))


@dataclass
class Hall:
    """`rough`: batches of the stream come twice or in pieces, messages in any order, and Telegram and senders fail."""

    people: int
    window: float = 1
    rough: bool = False
    seed: int = 1
    terms: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.app, lot = market(*self.bidders, stars=100_000, bid_step=1, **self.terms)
        self.id = lot.auction.id
        self.messenger = WatchedMessenger(self.app.now, self.dice if self.rough else None)
        self.app.__dict__["messenger"] = self.messenger
        self.rows: list[Bid] = []
        self.counts: Counter[str] = Counter()
        self._stream: list[dict[str, Any]] = []
        self._queue: list[Waiting] = []
        self._read_at = self.app.now()
        self._projected = lot.auction
        self.app.store.take_stream()

    @property
    def bidders(self) -> range:
        return range(1_001, 1_001 + self.people)

    @property
    def lot(self) -> Auction:
        return self.app.store.auction(self.id, consistent=True)

    def shows_cards(self) -> None:
        """Everybody has the lot's card in their chat."""
        for chat in self.bidders:
            self.app.shown_cards.put(ShownCard(self.id, chat, chat, self.lot.version, Look()), self.app.now())

    def runs(self, seconds: float, bids: float = 0) -> None:
        """Time passes, with so many bids a second."""
        due = 0.0
        for _ in range(round(seconds / TICK)):
            due += bids * TICK
            while due >= 1:
                due -= 1
                self._bid()
            self._pass_on()
            self.app.clock.forward(seconds=TICK)

    def settles(self) -> None:
        """Time passes until nothing is on its way."""
        self.runs(self.window + TICK)
        while self._queue or self._stream:
            self.runs(1)

    def closes(self) -> None:
        self.app.clock.now = self.lot.due_at
        self.app.closing.close(self.id, self.app.now())

    def calls(self, what: str, chat_id: int | None = None) -> list[Call]:
        return [call for call in self.messenger.calls if call.what == what and chat_id in (None, call.chat_id)]

    def _bid(self) -> None:
        """Somebody who does not lead bids a little more than the least."""
        lot = self.lot
        if lot.status(self.app.now()) is not Status.LIVE:
            return
        bidder = self.dice.choice([who for who in self.bidders if who != lot.leader_id])
        least = lot.price.amount + 1 if lot.bids_count else lot.price.amount
        self.app.bidding.bid(self.id, bidder, least + self.dice.randrange(4), self.app.now(), confirmed=True)

    def _pass_on(self) -> None:
        for row in self.app.store.take_stream():
            if isinstance(row, Bid):
                self.rows.append(row)
            self._stream.append(bid_record(row) if isinstance(row, Bid) else event_record(row))
        if self.app.now() - self._read_at >= timedelta(seconds=self.window):
            self._read_at = self.app.now()
            self._notify()
            self._project()
        self._send()

    def _notify(self) -> None:
        """Bids and events are two streams."""
        bids = [record for record in self._stream if "number" in record["dynamodb"]["Keys"]]
        events = [record for record in self._stream if record not in bids]
        self._stream = []
        for records in (bids, events):
            for piece in self._pieces(records):
                assert not failures(notifier.app.lambda_handler(batch(*piece), Context()))
        self._take()

    def _pieces(self, records: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        if not records or not self.rough:
            return [records] if records else []
        cut = self.dice.randrange(len(records))
        pieces = [records[:cut], records[cut:], *([records] if self.dice.random() < 0.3 else [])]
        return [self.dice.sample(piece, len(piece)) for piece in pieces if piece]

    def _project(self) -> None:
        lot = self.lot
        if lot.version != self._projected.version:
            notifier.projection.lambda_handler(batch(auction_record(lot, self._projected)), Context())
            self._projected = lot
            self._take()

    def _take(self) -> None:
        """What was sent is on the queue."""
        outgoing = self.app.outgoing
        bodies: list[Any] = [*outgoing.notices]
        bodies += [{"cards": lot, "version": version} for lot, version in outgoing.refreshed]
        assert not outgoing.wakes
        outgoing.notices.clear()
        outgoing.refreshed.clear()
        self.counts["messages"] += len(bodies)
        self._queue += [Waiting(message(body), self.app.now()) for body in bodies]

    def _send(self) -> None:
        for _ in range(SENDERS):
            if self.rough:
                self.dice.shuffle(self._queue)
            taken = [waiting for waiting in self._queue if waiting.visible_at <= self.app.now()][:BATCH]
            if taken:
                self._hand_in(taken)
        self.counts["most waiting"] = max(self.counts["most waiting"], len(self._queue))

    def _hand_in(self, taken: list[Waiting]) -> None:
        self.counts["receives"] += len(taken)
        for waiting in taken:
            waiting.receives += 1
            waiting.record["attributes"]["ApproximateReceiveCount"] = str(waiting.receives)
            waiting.visible_at = self.app.now() + timedelta(seconds=HIDDEN)
            self.counts["most receives"] = max(self.counts["most receives"], waiting.receives)
        postponed = self.app.outgoing.postponed
        postponed.clear()
        try:
            failed = failures(notifier.sender.lambda_handler(batch(*(each.record for each in taken)), Context()))
        except Death:
            failed = [each.record["messageId"] for each in taken]
        for waiting in taken:
            if waiting.record["messageId"] not in failed:
                self._queue.remove(waiting)
            elif seconds := postponed.get(waiting.record["receiptHandle"]):
                waiting.visible_at = self.app.now() + timedelta(seconds=seconds)
        self._take()
