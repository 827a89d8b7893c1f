"""AWS around the store, in memory: small records, schedules, the queue before the sender, pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starbid.bootstrap import App
from starbid.domain.channels import Channel
from starbid.domain.errors import Invalid
from starbid.domain.events import AnyEvent
from starbid.domain.limits import Draw
from starbid.services.ports import DRAFT_LIFE, UPLOAD_LIFE, Audience, Heard, Notice

from .failing import Failing
from .fake_clock import FakeClock

MOST_UPLOAD = 5 * 1024 * 1024


class FakeScratch:
    """Claims, small records and groups, with their expiry."""

    def __init__(self) -> None:
        self._claims: dict[str, tuple[bool, datetime]] = {}
        self._receipts: dict[str, tuple[datetime, datetime]] = {}
        self._records: dict[str, tuple[dict[str, Any], datetime]] = {}
        self._groups: dict[str, dict[str, tuple[dict[str, Any], datetime]]] = {}
        self._owners: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._buckets: dict[str, int] = {}
        self.heard: dict[str, tuple[Heard, datetime]] = {}

    def claim(self, key: str, seconds: int, now: datetime) -> bool:
        _, until = self._claims.get(key, (False, now))
        if now < until:
            return False
        self._claims[key] = (False, now + timedelta(seconds=seconds))
        return True

    def take(self, key: str, owner: str, seconds: int, now: datetime) -> bool:
        if not self.claim(key, seconds, now) and self._owners.get(key) != owner:
            return False
        self._owners[key] = owner
        return True

    def receive(self, key: str, lease: int, keep: int, at: datetime, now: datetime) -> datetime | None:
        if not self.claim(key, lease, now):
            return None
        first, until = self._receipts.get(key, (at, now))
        first = first if now < until else at
        self._receipts[key] = (first, now + timedelta(seconds=keep))
        return first

    def give_back(self, key: str, now: datetime) -> None:
        if key in self._receipts:
            self._claims[key] = (False, now)

    def finish(self, key: str, seconds: int, now: datetime) -> None:
        self._receipts.pop(key, None)
        self._claims[key] = (True, now + timedelta(seconds=seconds))

    def finish_heard(self, key: str, seconds: int, now: datetime, heard: Heard, first: datetime) -> None:
        self.finish(key, seconds, now)
        self.heard[key] = (heard, first)

    def finished(self, key: str) -> bool:
        return self._claims.get(key, (False, None))[0]

    def forget(self, key: str) -> None:
        self._claims.pop(key, None)
        self._receipts.pop(key, None)
        self._records.pop(key, None)

    def put(self, key: str, value: dict[str, Any], seconds: int, now: datetime) -> None:
        self._records[key] = (value, now + timedelta(seconds=seconds))

    def get(self, key: str, now: datetime) -> dict[str, Any] | None:
        value, until = self._records.get(key, (None, now))
        return value if now < until else None

    def put_member(self, group: str, member: str, value: dict[str, Any], seconds: int, now: datetime) -> None:
        self._groups.setdefault(group, {})[member] = (value, now + timedelta(seconds=seconds))

    def member(self, group: str, member: str, now: datetime) -> dict[str, Any] | None:
        return self.members(group, now).get(member)

    def members(self, group: str, now: datetime) -> dict[str, dict[str, Any]]:
        return {m: value for m, (value, until) in self._groups.get(group, {}).items() if now < until}

    def exchange_member(
        self, group: str, member: str, known: dict[str, Any], value: dict[str, Any], seconds: int, now: datetime
    ) -> bool:
        if self._groups.get(group, {}).get(member, (None,))[0] != known:
            return False
        self.put_member(group, member, value, seconds, now)
        return True

    def drop_member(self, group: str, member: str) -> None:
        self._groups.get(group, {}).pop(member, None)

    def count(self, key: str, number: int, most: int, seconds: int, now: datetime) -> bool:
        if self._counts.get(key, 0) + number > most:
            return False
        self._counts[key] = self._counts.get(key, 0) + number
        return True

    def draw(self, key: str, draw: Draw) -> int:
        wait = draw.wait(self._buckets.get(key))
        if not wait:
            self._buckets[key] = draw.after(self._buckets.get(key))
        return wait


@dataclass(frozen=True)
class Alarm:
    """A wake-up that was asked for. `what` is `close`, `drain`, `deal`, `remind`, `start`; or `quiet`, of a person."""

    what: str
    auction_id: str
    at: datetime


class FakeScheduler(Failing):
    """Records what it was asked for; `due` returns what is due, and `fire` wakes the use cases."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self.alarms: list[Alarm] = []
        self.bills: dict[str, datetime] = {}
        """Until when each is looked at every minute."""
        self.comparisons: list[datetime] = []
        self.again: dict[str, tuple[str, str]] = {}
        """Jobs that were asked for once more, by name: whose, and what."""

    def close_at(self, auction_id: str, at: datetime) -> None:
        self._ask(Alarm("close", auction_id, at))

    def close_in(self, auction_id: str, seconds: int) -> None:
        self._ask_in("close", auction_id, seconds)

    def drain_in(self, auction_id: str, seconds: int) -> None:
        self._ask_in("drain", auction_id, seconds)

    def advance_deal_at(self, auction_id: str, at: datetime) -> None:
        self._ask(Alarm("deal", auction_id, at))

    def look_at_bill(self, bill_id: str, until: datetime) -> None:
        with self._deed():
            self.bills[bill_id] = until

    def forget_bill(self, bill_id: str) -> None:
        with self._deed():
            self.bills.pop(bill_id, None)

    def compare_at(self, at: datetime) -> None:
        with self._deed():
            self.comparisons.append(at)

    def do_again(self, name: str, job: str, at: datetime, *, is_payment: bool) -> None:
        with self._deed():
            self.again[name] = ("payments" if is_payment else "closer", job)

    def remind_at(self, auction_id: str, at: datetime) -> None:
        self._ask_once(Alarm("remind", auction_id, at))

    def tell_start_at(self, auction_id: str, at: datetime) -> None:
        self._ask_once(Alarm("start", auction_id, at))

    def wake_at(self, user_id: int, at: datetime) -> None:
        self._ask_once(Alarm("quiet", str(user_id), at))

    def due(self) -> list[Alarm]:
        """Removes and returns the due alarms, in order."""
        due = sorted((a for a in self.alarms if a.at <= self._clock.now), key=lambda alarm: alarm.at)
        self.alarms = [alarm for alarm in self.alarms if alarm not in due]
        return due

    def fire(self, app: App) -> int:
        """Wake what is due, like the closer and the deal job; returns the number of alarms."""
        fired = self.due()
        wakes: dict[str, Callable[[str, datetime], object]] = {
            "close": app.closing.wake,
            "drain": app.closing.drain,
            "deal": app.dealing.advance,
            "remind": app.watching.remind,
            "start": app.watching.tell_start,
            "quiet": lambda user_id, now: app.quiet.wake(int(user_id), now),
        }
        for alarm in fired:
            wakes[alarm.what](alarm.auction_id, app.now())
            if alarm.what == "deal":
                app.second_chance.lapse_due(alarm.auction_id, app.now())
        return len(fired)

    def _ask_in(self, what: str, auction_id: str, seconds: int) -> None:
        assert 0 <= seconds <= 900, "a delayed message waits 15 minutes at most"
        self._ask(Alarm(what, auction_id, self._clock.now + timedelta(seconds=seconds)))

    def _ask_once(self, alarm: Alarm) -> None:
        """A schedule of the same name is the same schedule."""
        self.alarms = [known for known in self.alarms if known != alarm]
        self._ask(alarm)

    def _ask(self, alarm: Alarm) -> None:
        with self._deed():
            self.alarms.append(alarm)


class FakeDeskWork(Failing):
    """The clerk's queue."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, Any], int]] = []

    def ask(self, job: str, facts: Mapping[str, Any], seconds: int = 0) -> None:
        assert 0 <= seconds <= 900, "a delayed message waits 15 minutes at most"
        with self._deed():
            self.asked.append((job, dict(facts), seconds))


class FakeOutgoing(Failing):
    """The sender's queue."""

    def __init__(self) -> None:
        super().__init__()
        self.notices: list[Notice] = []
        self.further: list[tuple[Notice, Channel]] = []
        self.rests: list[tuple[AnyEvent, Audience]] = []
        self.finders: list[tuple[str, str, str]] = []
        self.refreshed: list[tuple[str, int]] = []
        self.wakes: list[tuple[str, datetime, int]] = []
        self.post_wakes: list[tuple[str, int]] = []
        self.shows: list[tuple[str, str, str]] = []
        self.posts: list[tuple[str, int]] = []
        self.postponed: dict[str, int] = {}

    def send(self, notices: Iterable[Notice]) -> None:
        with self._deed():
            self.notices.extend(notices)

    def send_further(self, notice: Notice, channel: Channel) -> None:
        with self._deed():
            self.further.append((notice, channel))

    def tell_rest(self, event: AnyEvent, audience: Audience) -> None:
        with self._deed():
            self.rests.append((event, audience))

    def tell_finders(self, auction_id: str, steps: Iterable[tuple[str, str]]) -> None:
        with self._deed():
            self.finders.extend((auction_id, place, after) for place, after in steps)

    def refresh_cards(self, auction_id: str, version: int) -> None:
        with self._deed():
            self.refreshed.append((auction_id, version))

    def wake_cards(self, auction_id: str, at: datetime, seconds: int) -> None:
        assert 0 <= seconds <= 900, "a delayed message waits 15 minutes at most"
        with self._deed():
            self.wakes.append((auction_id, at, seconds))

    def wake_posts(self, auction_id: str, seconds: int) -> None:
        assert 0 <= seconds <= 900, "a delayed message waits 15 minutes at most"
        with self._deed():
            self.post_wakes.append((auction_id, seconds))

    def show_lot(self, auction_id: str, steps: Iterable[tuple[str, str]]) -> None:
        with self._deed():
            self.shows.extend((auction_id, place, after) for place, after in steps)

    def post_lot(self, auction_id: str, chats: Iterable[int]) -> None:
        with self._deed():
            self.posts.extend((auction_id, chat_id) for chat_id in chats)

    def postpone(self, receipt_handle: str, seconds: int, queue: str) -> None:
        with self._deed():
            self.postponed[receipt_handle] = seconds


class FakePictures(Failing):
    """Pictures in dicts: `uploads` by browsers, `drafts` by owner and id, `saved` the linked ones, `evidence` by lot
    and id, photos of `tickets` by person and id, those of `talks` by lot and id.

    An upload that a test puts in directly never expires.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uploads: dict[str, bytes] = {}
        self.drafts: dict[tuple[int, str], dict[str, bytes]] = {}
        self.saved: dict[str, dict[str, bytes]] = {}
        self.evidence: dict[tuple[str, str], dict[str, bytes]] = {}
        self.tickets: dict[tuple[int, str], dict[str, bytes]] = {}
        self.talks: dict[tuple[str, str], dict[str, bytes]] = {}
        self._ends: dict[object, datetime] = {}
        self._forms = 0

    def upload_form(self, user_id: int, now: datetime) -> dict[str, Any]:
        self._forms += 1
        key = f"incoming/{user_id}/{self._forms:032x}"
        self._ends[key] = now + UPLOAD_LIFE
        return {"url": "https://pictures.example", "fields": {"key": key}, "key": key}

    def keep_upload(self, user_id: int, data: bytes, now: datetime) -> str:
        key = str(self.upload_form(user_id, now)["key"])
        self.uploads[key] = data
        return key

    def fetch_upload(self, user_id: int, key: str, now: datetime) -> bytes:
        data = self.uploads.get(key) if key.startswith(f"incoming/{user_id}/") else None
        if data is None or self._is_over(key, now):
            raise Invalid("images", "upload_gone")
        if len(data) > MOST_UPLOAD:
            raise Invalid("images", "picture_size")
        return data

    def save_draft(self, user_id: int, picture_id: str, sizes: Mapping[str, bytes], now: datetime) -> None:
        self.drafts[user_id, picture_id] = dict(sizes)
        self._ends[user_id, picture_id] = now + DRAFT_LIFE

    def load_draft(self, user_id: int, picture_id: str, name: str, now: datetime) -> bytes | None:
        key = (user_id, picture_id)
        return None if self._is_over(key, now) else self.drafts.get(key, {}).get(name)

    def drafts_among(self, user_id: int, picture_ids: Iterable[str], now: datetime) -> frozenset[str]:
        own = (each for each in picture_ids if (user_id, each) in self.drafts)
        return frozenset(each for each in own if not self._is_over((user_id, each), now))

    def link(self, user_id: int, picture_ids: Iterable[str]) -> frozenset[str]:
        gone = []
        for picture_id in picture_ids:
            with self._deed():
                if (user_id, picture_id) in self.drafts:
                    self.saved[picture_id] = self.drafts[user_id, picture_id]
                else:
                    gone.append(picture_id)
        return frozenset(gone)

    def unlink(self, user_id: int, picture_ids: Iterable[str], now: datetime) -> None:
        for picture_id in picture_ids:
            with self._deed():
                if picture_id in self.saved:
                    self.save_draft(user_id, picture_id, self.saved.pop(picture_id), now)

    def load(self, picture_id: str, name: str) -> bytes | None:
        return self.saved.get(picture_id, {}).get(name)

    def save_evidence(self, auction_id: str, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        with self._deed():
            self.evidence[auction_id, picture_id] = dict(sizes)

    def load_evidence(self, auction_id: str, picture_id: str, name: str) -> bytes | None:
        return self.evidence.get((auction_id, picture_id), {}).get(name)

    def save_ticket_photo(self, person_id: int, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        with self._deed():
            self.tickets[person_id, picture_id] = dict(sizes)

    def load_ticket_photo(self, person_id: int, picture_id: str, name: str) -> bytes | None:
        return self.tickets.get((person_id, picture_id), {}).get(name)

    def save_talk_photo(self, auction_id: str, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        with self._deed():
            self.talks[auction_id, picture_id] = dict(sizes)

    def load_talk_photo(self, auction_id: str, picture_id: str, name: str) -> bytes | None:
        return self.talks.get((auction_id, picture_id), {}).get(name)

    def save(self, picture_id: str, sizes: dict[str, bytes]) -> None:
        """Adds a picture as if it had been linked."""
        self.saved[picture_id] = sizes

    def _is_over(self, key: object, now: datetime) -> bool:
        return key in self._ends and now >= self._ends[key]
