"""Dead-letter queues in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from starbid.domain.letters import LetterQueue
from starbid.services.ports import Given

from .failing import Failing
from .fake_clock import FakeClock

AT_ONCE = 10


class FakeLetterQueues(Failing):
    """`given_up` are those that wait, `sent` are the bodies that were sent again."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock, self._numbers = clock, count(1)
        self.given_up: dict[LetterQueue, dict[str, Given]] = {queue: {} for queue in LetterQueue}
        self.sent: list[tuple[LetterQueue, str]] = []
        self._hidden: set[str] = set()

    def give_up(self, queue: LetterQueue, body: str, **attributes: str) -> str:
        """A message that has had all its tries; its id."""
        message_id = f"message-{next(self._numbers)}"
        self.given_up[queue][message_id] = Given(message_id, body, self._clock.now, message_id, attributes)
        return message_id

    def appear_again(self) -> None:
        """Those that were taken and not deleted."""
        self._hidden.clear()

    def lengths(self) -> Mapping[LetterQueue, int]:
        with self._deed():
            return {queue: len(there) for queue, there in self.given_up.items()}

    def take(self, queue: LetterQueue) -> Sequence[Given]:
        with self._deed():
            seen = [given for given in self.given_up[queue].values() if given.id not in self._hidden][:AT_ONCE]
            self._hidden |= {given.id for given in seen}
            return seen

    def delete(self, queue: LetterQueue, receipt: str) -> None:
        with self._deed():
            self.given_up[queue].pop(receipt, None)

    def send_again(self, queue: LetterQueue, body: str) -> None:
        with self._deed():
            self.sent.append((queue, body))
