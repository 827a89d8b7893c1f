"""What a person has set up for themselves: favourites, searches, drafts, groups, achievements, the helper's answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.assistant.question import first_id_after
from starbid.domain.showcases import NotConnected
from starbid.services.assistant.asking import Asking
from starbid.services.own_data.kind import AT_ONCE, Entry, Erased, entry, whole
from starbid.services.ports import Achievements, Contended, Page, Questions, Searches, SellDrafts, Watches
from starbid.services.showcases.connecting import Connecting


class Favourites(Erased):
    """Lots that the person watches."""

    key, families = "favourites", ("watches",)

    def __init__(self, watches: Watches) -> None:
        self._watches = watches

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(entry(auction_id=mark.auction_id) for mark in self._watches.marks_of(user_id, now))

    def erase(self, user_id: int, now: datetime) -> bool:
        for mark in self._watches.marks_of(user_id, now):
            self._watches.drop(user_id, mark.auction_id)
        return True


class SearchesSaved(Erased):
    """What they look for; prices in minor units of the currency."""

    key, families = "saved_searches", ("searches",)

    def __init__(self, searches: Searches) -> None:
        self._searches = searches

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(
            entry(
                text=each.criteria.text, category=each.criteria.category, type=each.criteria.kind,
                currency=each.criteria.currency, min_price=each.criteria.min_price, max_price=each.criteria.max_price,
                saved_at=each.saved_at,
            )
            for each in self._searches.of(user_id)
        )  # fmt: skip

    def erase(self, user_id: int, now: datetime) -> bool:
        for search in self._searches.of(user_id):
            self._searches.drop(search)
        return True


class LotDrafts(Erased):
    """Lots that were never put up. Their photos are erased with other drafts that nobody finished."""

    key, families = "drafts", ("drafts#<person>",)

    def __init__(self, drafts: SellDrafts) -> None:
        self._drafts = drafts

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(
            entry(fields=each.fields, pictures=each.pictures, lot=each.lot or None, saved_at=each.saved_at)
            for each in self._drafts.all(user_id, now)
        )

    def erase(self, user_id: int, now: datetime) -> bool:
        for draft in self._drafts.all(user_id, now):
            self._drafts.drop(user_id, draft.id)
        return True


class Groups(Erased):
    """Groups and channels that the person looks after: they leave it to the others, or it is disconnected."""

    key, families = "groups", ("showcases",)

    def __init__(self, connecting: Connecting) -> None:
        self._connecting = connecting

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(
            entry(chat_id=each.chat_id, title=each.title, shows=each.shows, connected_at=each.connected_at)
            for each in self._connecting.of(user_id)
        )

    def erase(self, user_id: int, now: datetime) -> bool:
        for showcase in self._connecting.of(user_id):
            try:
                self._connecting.leave(showcase.chat_id, user_id)
            except NotConnected:
                continue
        return True


class Earned(Erased):
    """Achievements, and what counted towards those that are yet to come."""

    key, families = "achievements", ("achievements",)

    def __init__(self, achievements: Achievements) -> None:
        self._achievements = achievements

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        earned = self._achievements.of(user_id).earned
        return whole(entry(achievement=key, earned_at=at) for key, at in earned.items())

    def erase(self, user_id: int, now: datetime) -> bool:
        """Raises Contended."""
        known = self._achievements.of(user_id)
        if not known.earned and not known.marks:
            return True
        if not self._achievements.save(replace(known, earned={}, marks={}, version=known.version + 1)):
            raise Contended
        return True


class HelperHistory(Erased):
    """Questions to the AI helper and its answers. What is left of packs and of the trial stays with the payments."""

    key, families = "assistant", ("assistant", "answer#<person>#<question>")

    def __init__(self, questions: Questions, asking: Asking) -> None:
        self._questions, self._asking = questions, asking

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page, _ = self._asking.history(user_id, limit=AT_ONCE, cursor=cursor)
        return Page(
            tuple(
                entry(question=each.text, answer=each.answer or None, state=each.state, asked_at=each.asked_at)
                for each in page.items
            ),
            page.cursor,
        )

    def erase(self, user_id: int, now: datetime) -> bool:
        """Without the consent, an answer that is being written stops, and finds no question to be kept with."""
        self._asking.consent(user_id, now, given=False)
        return self._questions.drop_asked(user_id, first_id_after(now), AT_ONCE) < AT_ONCE
