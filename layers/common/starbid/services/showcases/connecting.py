"""Connecting groups and channels: who may, what is posted there, and what becomes of it when the bot is sent away.

Who connects or changes one has to be an admin of it at that moment: Telegram is asked each time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.showcases import MOST, NotAdmin, NotConnected, Showcase, ShowcasesFull, Venue
from starbid.services.notices.registry import Kind
from starbid.services.notices.showcases import SHUT_OUT, TOPIC_GONE, to_keepers
from starbid.services.ports import Contended, Outgoing, Showcases, Venues

TRIES = 4
"""At a showcase that two change at once."""


@dataclass(frozen=True, slots=True)
class Admin:
    """Who connects a chat. Posts begin in their `language` and `zone` (an IANA name; None: UTC)."""

    id: int
    language: str
    zone: str | None


class Connecting:
    """Every method may raise TryLater and Contended."""

    def __init__(self, showcases: Showcases, venues: Venues, outgoing: Outgoing) -> None:
        self._showcases, self._venues, self._outgoing = showcases, venues, outgoing

    def of(self, person_id: int) -> list[Showcase]:
        """All that a person looks after, the oldest first."""
        return self._showcases.of(person_id)

    def one(self, chat_id: int, person_id: int) -> Showcase:
        """One of theirs, as it stands now: no news tells that a group lets its members post again. Raises
        NotConnected.
        """
        known = self._mine(chat_id, person_id)
        venue = self._regained(known)
        return self._put(chat_id, lambda found: _there(found).as_told(venue)) if venue else known

    def connect(
        self, chat_id: int, admin: Admin, now: datetime, venue: Venue | None = None, thread: int | None = None
    ) -> Showcase:
        """An admin comes with a group or channel; it may be connected already, and stays as it is set. `venue`: what
        Telegram has just told of it; `thread`: the topic that they come from. Raises NotAdmin, NotConnected where the
        bot is not in it, ShowcasesFull.
        """
        self._require_admin(chat_id, admin.id)
        found = venue or self._venues.venue(chat_id)
        if found is None:
            raise NotConnected
        self._require_room(chat_id, admin.id)

        def connected(known: Showcase | None) -> Showcase:
            fresh = Showcase(
                chat_id, found.title, found.is_channel, found.may_post, admin.language, admin.zone, now, (admin.id,)
            )
            return (known or fresh).as_told(found).kept_by(admin.id).in_topic(thread)

        return self._put(chat_id, connected)

    def change(self, chat_id: int, person_id: int, change: Callable[[Showcase], Showcase]) -> Showcase:
        """What a keeper wants. Raises NotConnected, NotAdmin."""
        known = self._mine(chat_id, person_id)
        self._require_admin(chat_id, person_id)
        venue = self._regained(known)
        return self._put(chat_id, lambda found: change(_there(found).as_told(venue) if venue else _there(found)))

    def disconnect(self, chat_id: int, person_id: int) -> Showcase:
        """Nothing is posted there any more. Raises NotConnected, NotAdmin."""
        known = self._mine(chat_id, person_id)
        self._require_admin(chat_id, person_id)
        self._showcases.drop(known)
        return known

    def leave(self, chat_id: int, person_id: int) -> Showcase:
        """A keeper who is no admin any more has it off their list; the last one takes it with them.

        Raises NotConnected.
        """
        known = self._mine(chat_id, person_id)
        self._put(chat_id, lambda found: _there(found).left_by(person_id))
        return known

    def told(self, venue: Venue) -> tuple[Showcase, Showcase] | None:
        """Telegram tells what the bot may do there now: the showcase as it was, and as it is; None where the chat is
        not connected. Safe to repeat. A right that changes is looked up: news comes in any order, and does not say
        what all members of a group may do.
        """
        before = self._showcases.one(venue.chat_id)
        if before is None:
            return None
        is_known = venue.may_post and before.may_post
        true = venue if is_known else self._venues.venue(venue.chat_id) or venue
        return before, self._put(venue.chat_id, lambda known: _there(known).as_told(true))

    def gone(self, chat_id: int) -> Showcase | None:
        """The bot was sent away. None where it was not connected, or is there again by now. Safe to repeat."""
        known = self._showcases.one(chat_id)
        if known is None or self._venues.venue(chat_id):
            return None
        self._showcases.drop(known)
        return known

    def barred(self, chat_id: int) -> bool:
        """The bot was refused there; its keepers are told once. False where it is not connected. Safe to repeat."""
        try:
            self._put(chat_id, lambda known: self._told_of(SHUT_OUT, _there(known), _there(known).without_rights()))
        except NotConnected:
            return False
        return True

    def outside(self, chat_id: int, thread: int | None) -> Showcase:
        """This topic of it is closed or gone: posts go outside of it, and its keepers are told once. Safe to repeat.
        Raises NotConnected.
        """

        def left(known: Showcase | None) -> Showcase:
            there = _there(known)
            return self._told_of(TOPIC_GONE, there, there.changed(thread=None)) if there.thread == thread else there

        return self._put(chat_id, left)

    def moved(self, old: int, new: int) -> Showcase | None:
        """A group has become a supergroup, which has topics of its own. None where it was not connected. Safe to
        repeat.
        """
        known, there = self._showcases.one(old), self._showcases.one(new)
        if known is None:
            return None
        if there and there.shows:  # somebody has set the new one up already
            self._showcases.drop(known)
            return there
        if there:
            self._showcases.drop(there)
        moved = known.changed(chat_id=new, thread=None)
        self._showcases.put(known, moved)
        return moved

    def _told_of(self, what: Kind, known: Showcase, changed: Showcase) -> Showcase:
        """`changed`, after its keepers were told why it differs: who dies between the two tells it once more, and a
        notice that is the same counts once.
        """
        if changed != known:
            self._outgoing.send(to_keepers(what, known))
        return changed

    def _mine(self, chat_id: int, person_id: int) -> Showcase:
        """Raises NotConnected."""
        showcase = self._showcases.one(chat_id)
        if showcase is None or person_id not in showcase.keepers:
            raise NotConnected
        return showcase

    def _regained(self, known: Showcase) -> Venue | None:
        """What Telegram says where the bot may post again."""
        venue = None if known.may_post else self._venues.venue(known.chat_id)
        return venue if venue and venue.may_post else None

    def _require_admin(self, chat_id: int, person_id: int) -> None:
        if person_id not in self._venues.admins_among(chat_id, (person_id,)):
            raise NotAdmin

    def _require_room(self, chat_id: int, person_id: int) -> None:
        mine = self._showcases.of(person_id)
        if len(mine) >= MOST and chat_id not in {each.chat_id for each in mine}:
            raise ShowcasesFull(MOST)

    def _put(self, chat_id: int, change: Callable[[Showcase | None], Showcase]) -> Showcase:
        """Read and write again where somebody else has changed it meanwhile. What nobody keeps is dropped."""
        for _ in range(TRIES):
            known = self._showcases.one(chat_id)
            changed = change(known)
            if changed == known:
                return changed
            try:
                if known and not changed.keepers:
                    self._showcases.drop(known)
                else:
                    self._showcases.put(known, changed)
            except Contended:
                continue
            return changed
        raise Contended


def _there(known: Showcase | None) -> Showcase:
    """Raises NotConnected for one that was disconnected meanwhile."""
    if known is None:
        raise NotConnected
    return known
