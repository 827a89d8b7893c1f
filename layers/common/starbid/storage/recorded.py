"""What each use keeps among the small records, under which key and for how long."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime

from starbid.domain.assistant.formatted import Formatted
from starbid.domain.money import Money
from starbid.domain.payouts import Method, Wish
from starbid.services.ports import (
    LOGIN_SECONDS,
    BrowsedList,
    GivenPin,
    LoginAttempt,
    Publication,
    ReconciledPlace,
    Records,
    mute_of,
    photo_of,
)
from starbid.storage.assistant_rows import formatted_facts, formatted_from
from starbid.storage.packing import pack, read

DAY = 86_400
PLACE_SECONDS = 400 * DAY
FILE_ID_SECONDS = 30 * DAY
LIST_SECONDS = 3600
PUBLICATION_SECONDS = 2 * DAY
"""Longer than an act waits for its money."""
LIVE_SECONDS = 180
_PLACE = "reconciled"
_REST = "calls-rest"


class Recorded:
    """A port over the small records."""

    def __init__(self, records: Records) -> None:
        self._records = records


class RecordedLogins(Recorded):
    """Implements `ports.LoginAttempts`."""

    def begin(self, code: str, attempt: LoginAttempt, now: datetime) -> None:
        facts = {"browser": attempt.browser, "device": attempt.device, "began_at": attempt.began_at.isoformat()}
        self._records.put(f"login-attempt#{code}", facts, LOGIN_SECONDS, now)

    def find(self, code: str, now: datetime) -> LoginAttempt | None:
        facts = self._records.get(f"login-attempt#{code}", now)
        if facts is None:
            return None
        return LoginAttempt(facts["browser"], facts["device"], datetime.fromisoformat(facts["began_at"]))

    def refuse(self, code: str) -> None:
        self._records.forget(f"login-attempt#{code}")

    def give_pin(self, code: str, given: GivenPin, now: datetime) -> bool:
        if not self._records.claim(f"login-confirmed#{code}", LOGIN_SECONDS, now):
            return False
        facts = {"pin": given.pin, "person": given.person_id}
        self._records.put(f"login-pin#{code}", facts, LOGIN_SECONDS, now)
        return True

    def given_pin(self, code: str, now: datetime) -> GivenPin | None:
        facts = self._records.get(f"login-pin#{code}", now)
        return GivenPin(facts["pin"], facts["person"]) if facts else None

    def use_up(self, code: str, now: datetime) -> bool:
        return self._records.claim(f"login-used#{code}", LOGIN_SECONDS, now)


class RecordedPlaces(Recorded):
    """Implements `ports.ReconciledPlaces`."""

    def find(self, now: datetime) -> ReconciledPlace | None:
        facts = self._records.get(_PLACE, now)
        if facts is None or "number" not in facts:  # what an older version kept, nothing vouches for
            return None
        until = datetime.fromisoformat(facts["until"]).astimezone(UTC) if facts["until"] else None
        others = {name: (count, moved) for name, (count, moved) in facts["others"].items()}
        return ReconciledPlace(facts["number"], facts["last"], until, others)

    def keep(self, place: ReconciledPlace, now: datetime) -> None:
        until = place.until.isoformat() if place.until else None
        facts = {"number": place.number, "last": place.last, "until": until, "others": dict(place.others)}
        self._records.put(_PLACE, facts, PLACE_SECONDS, now)


class RecordedRest(Recorded):
    """Implements `ports.BotRest`."""

    def begin(self, until: datetime, now: datetime) -> None:
        seconds = math.ceil((until - now).total_seconds())
        self._records.put(_REST, {"until": until.isoformat()}, seconds, now)

    def until(self, now: datetime) -> datetime | None:
        facts = self._records.get(_REST, now)
        return datetime.fromisoformat(facts["until"]).astimezone(UTC) if facts else None

    def keep_for_news(self, chat_id: int, seconds: int, now: datetime) -> None:
        self._records.put(_next_of(chat_id), {}, seconds, now)

    def is_kept_for_news(self, chat_id: int, now: datetime) -> bool:
        return self._records.get(_next_of(chat_id), now) is not None


class RecordedFileIds(Recorded):
    """Implements `ports.FileIds`."""

    def find(self, picture_id: str | None, now: datetime) -> str | None:
        facts = self._records.get(photo_of(picture_id), now)
        return facts["file_id"] if facts else None

    def keep(self, picture_id: str | None, file_id: str, now: datetime) -> None:
        self._records.put(photo_of(picture_id), {"file_id": file_id}, FILE_ID_SECONDS, now)


class RecordedMutes(Recorded):
    """Implements `ports.Mutes`."""

    def put(self, person_id: int, auction_id: str, until: datetime, now: datetime) -> None:
        seconds = int((until - now).total_seconds())
        self._records.put_member(*mute_of(person_id, auction_id), {}, seconds, now)

    def drop(self, person_id: int, auction_id: str) -> None:
        self._records.drop_member(*mute_of(person_id, auction_id))

    def is_muted(self, person_id: int, auction_id: str, now: datetime) -> bool:
        return self._records.member(*mute_of(person_id, auction_id), now) is not None


class RecordedLists(Recorded):
    """Implements `ports.BrowsedLists`."""

    def find(self, person_id: int, now: datetime) -> BrowsedList | None:
        return read(BrowsedList, self._records.get(f"browse#{person_id}", now))

    def keep(self, person_id: int, browsed: BrowsedList, now: datetime) -> None:
        self._records.put(f"browse#{person_id}", pack(browsed), LIST_SECONDS, now)


class RecordedPublications(Recorded):
    """Implements `ports.Publications`."""

    def find(self, order_id: str, now: datetime) -> Publication | None:
        facts = self._records.get(f"publication#{order_id}", now)
        return Publication(facts["fields"], tuple(facts["pictures"]), facts["form"]) if facts else None

    def keep(self, order_id: str, publication: Publication, now: datetime) -> None:
        facts = {
            "fields": dict(publication.fields),
            "pictures": list(publication.pictures),
            "form": publication.form,
        }
        self._records.put(f"publication#{order_id}", facts, PUBLICATION_SECONDS, now)


class RecordedWishes(Recorded):
    """Implements `ports.PayoutWishes`."""

    def find(self, person_id: int, request_id: str, now: datetime) -> Wish | None:
        facts = self._records.get(_wish(person_id, request_id), now)
        if facts is None:
            return None
        return Wish(Money(facts["amount"], facts["currency"]), Method(facts["method"]), facts["details"])

    def keep(self, person_id: int, request_id: str, wish: Wish, now: datetime) -> None:
        facts = {
            "amount": wish.amount.amount,
            "currency": wish.amount.currency,
            "method": wish.method.value,
            "details": wish.details,
        }
        self._records.put(_wish(person_id, request_id), facts, DAY, now)

    def drop(self, person_id: int, request_id: str) -> None:
        self._records.forget(_wish(person_id, request_id))


class RecordedPhotos(Recorded):
    """Implements `ports.PhotosAside`."""

    def keep(self, person_id: int, auction_id: str, picture_id: str, number: int, now: datetime) -> None:
        self._records.put_member(_aside(person_id, auction_id), picture_id, {"number": number}, DAY, now)

    def of(self, person_id: int, auction_id: str, now: datetime) -> tuple[str, ...]:
        kept = self._records.members(_aside(person_id, auction_id), now)
        return tuple(sorted(kept, key=lambda picture_id: (kept[picture_id]["number"], picture_id)))

    def drop(self, person_id: int, auction_id: str, picture_ids: Iterable[str]) -> None:
        for picture_id in picture_ids:
            self._records.drop_member(_aside(person_id, auction_id), picture_id)


class RecordedAlbums(Recorded):
    """Implements `ports.Albums`."""

    def begin(self, person_id: int, album: str, auction_id: str, now: datetime) -> None:
        self._records.put(f"album#{person_id}#{album}", {"lot": auction_id}, DAY, now)

    def lot_of(self, person_id: int, album: str, now: datetime) -> str | None:
        facts = self._records.get(f"album#{person_id}#{album}", now)
        return facts["lot"] if facts else None


def _aside(person_id: int, auction_id: str) -> str:
    return f"aside#{person_id}#{auction_id}"


def _wish(person_id: int, request_id: str) -> str:
    return f"payout#{person_id}#{request_id}"


class RecordedLiveAnswers(Recorded):
    """Implements `ports.LiveAnswers`."""

    def put(self, user_id: int, question_id: str, text: Formatted, now: datetime) -> None:
        self._records.put(_live(user_id, question_id), formatted_facts(text), LIVE_SECONDS, now)

    def find(self, user_id: int, question_id: str, now: datetime) -> Formatted | None:
        facts = self._records.get(_live(user_id, question_id), now)
        return formatted_from(facts) if facts else None


def _live(user_id: int, question_id: str) -> str:
    return f"answer#{user_id}#{question_id}"


def _next_of(chat_id: int) -> str:
    return f"next-call-of#{chat_id}"
