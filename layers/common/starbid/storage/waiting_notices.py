"""What waits for the end of people's quiet hours, among the small records."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from starbid.services.ports import Notice, WaitingNotice
from starbid.storage.recorded import DAY, Recorded
from starbid.storage.rows import at, ms

KEEP_SECONDS = 3 * DAY


class RecordedWaiting(Recorded):
    """Implements `ports.WaitingNotices`."""

    def put(self, user_id: int, subject: str, notice: Notice, now: datetime) -> None:
        value = {"notice": asdict(notice), "since": ms(now)}
        self._records.put_member(_group(user_id), subject, value, KEEP_SECONDS, now)

    def of(self, user_id: int, now: datetime) -> list[WaitingNotice]:
        kept = self._records.members(_group(user_id), now)
        waiting = (WaitingNotice(name, Notice(**each["notice"]), at(each["since"])) for name, each in kept.items())
        return sorted(waiting, key=lambda each: (each.since, each.subject))

    def drop(self, user_id: int, subject: str) -> None:
        self._records.drop_member(_group(user_id), subject)


def _group(user_id: int) -> str:
    return f"waits#{user_id}"
