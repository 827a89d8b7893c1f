"""The queues of what was given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from starbid.domain.letters import LetterQueue


@dataclass(frozen=True, slots=True)
class Given:
    """A message that was given up, taken out of its queue until it is deleted, or for some minutes. `receipt` deletes
    it. `attributes` are those that its sender wrote.
    """

    id: str
    body: str = field(repr=False)
    sent_at: datetime
    receipt: str
    attributes: Mapping[str, str]


class LetterQueues(Protocol):
    """All of them raise Unavailable."""

    def lengths(self) -> Mapping[LetterQueue, int]:
        """About how many messages wait in each. Raises Unavailable, also where a queue is gone or barred."""

    def take(self, queue: LetterQueue) -> Sequence[Given]:
        """Ten at most; none where there are none at the moment."""

    def delete(self, queue: LetterQueue, receipt: str) -> None:
        """Safe to repeat."""

    def send_again(self, queue: LetterQueue, body: str) -> None:
        """To the queue whose messages are given up to `queue`; not for jobs, which come from no queue."""
