"""The chat of the admins (`ADMIN_CHAT_ID`): what each admin would be told alone is told there, once for all of them.

Alerts of one kind are gathered: a few in a minute are messages, the others are counted and told with the next one; the
panel has them all. Where the chat takes none (the bot was thrown out, the id is wrong), each admin is told in their own
chat as without one, and once that it is so. Where alone its topic for alerts is gone, they go to the general one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from starbid.domain.admin_place import AdminPlace
from starbid.domain.people import Person
from starbid.services.desk.ticket_telling import room_of
from starbid.services.notices.registry import Kind
from starbid.services.notices.tickets import ADMIN_CHAT_LOST, ADMIN_TOPIC_LOST
from starbid.services.ports import Claims, Desk, DeskRow, Notice, Outgoing, Store, TryLater

SOUNDS, MINUTE = 3, timedelta(minutes=1)
"""So many alerts of a kind in a minute; Telegram lets a bot send 20 messages a minute to a group, of all kinds."""
GIVEN_UP = timedelta(minutes=30)
"""An alert that has waited for longer was lost: the next one tells of it."""
LOST_SECONDS = 7 * 86_400
"""So often admins hear that the chat, or the topic, does not take alerts, as long as it does not."""
HELD = "and_more"
"""The fact of an alert that tells of so many others of its kind."""


class AdminChat:
    """`operators` are those who are told where the chat takes nothing."""

    def __init__(
        self,
        place: AdminPlace,
        operators: tuple[int, ...],
        store: Store,
        desk: Desk,
        claims: Claims,
        outgoing: Outgoing,
    ) -> None:
        self.id, self.topic = place.chat_id, place.topic
        self._operators, self._store, self._desk = operators, store, desk
        self._claims, self._outgoing = claims, outgoing

    def as_person(self, now: datetime) -> Person:
        """Whom the words are for: the chat, in the language and time zone of the first admin who is known."""
        people = self._store.people(self._operators)
        first = next((people[each] for each in self._operators if each in people), None)
        if first is None:
            return Person(self.id, "", None, "en", now)
        return Person(self.id, "", None, first.language, now, zone=first.zone)

    def gathered(self, notice: Notice, now: datetime) -> Notice | None:
        """The alert as it is told now, with how many others; None where another one tells of it. Raises TryLater where
        it is the one that tells of the others in a moment.
        """
        member = f"alerts#{notice.kind}"
        row = self._desk.row(room_of(self.id), member, now)
        facts: dict[str, Any] = dict(row.facts) if row else {"sounds": [], "waits": "", "since": 0, "held": 0}
        sounds = [int(each) for each in facts["sounds"] if _ms(now) - int(each) < MINUTE.total_seconds() * 1000]
        waits = facts["waits"] if _ms(now) - int(facts["since"]) < GIVEN_UP.total_seconds() * 1000 else ""
        if waits not in ("", notice.id):
            self._save(row, member, facts | {"held": int(facts["held"]) + 1})
            return None
        if len(sounds) >= SOUNDS:
            if not waits:
                self._save(row, member, facts | {"waits": notice.id, "since": _ms(now)})
            raise TryLater(max(1, round(MINUTE.total_seconds() - (_ms(now) - sounds[0]) / 1000)))
        self._save(row, member, {"sounds": [*sounds, _ms(now)], "waits": "", "since": 0, "held": 0})
        return replace(notice, facts={**notice.facts, HELD: int(facts["held"])}) if facts["held"] else notice

    def hand_over(self, notice: Notice, now: datetime) -> None:
        """To each admin's own chat; what comes twice has one id."""
        self._outgoing.send([replace(notice, id=f"{notice.id}:{each}", user_id=each) for each in self._operators])
        self._complain(ADMIN_CHAT_LOST, f"{self.id}", now)

    def topic_lost(self, now: datetime) -> None:
        """Each admin hears it in their own chat, once."""
        self._complain(ADMIN_TOPIC_LOST, f"{self.id}/{self.topic}", now)

    def _complain(self, kind: Kind, about: str, now: datetime) -> None:
        if self._claims.claim(f"{kind.name}#{about}", LOST_SECONDS, now):
            name = f"{kind.name}:{about}:{now:%Y-%m-%d}"
            self._outgoing.send([kind.notice(f"{name}:{each}", each, None) for each in self._operators])

    def _save(self, row: DeskRow | None, member: str, facts: dict[str, Any]) -> None:
        """Raises TryLater where another alert was faster."""
        if not self._desk.save(DeskRow(room_of(self.id), member, facts, row.version + 1 if row else 1)):
            raise TryLater(1)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
