"""What begins with a word, in memory, as `starbid.services.ports.Finds` says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from starbid.services.ports import Page
from starbid.storage.catalogue.terms import words_of

from .memory_lists import page_of

if TYPE_CHECKING:
    from .memory_store import FakeStore


class FakeFinds:
    """Over the tables of a FakeStore: nothing has to be kept."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(words_of(text))[:12]

    def people(self, word: str, *, limit: int = 50, cursor: str | None = None) -> Page[int]:
        people = self._store.tables.people.values()
        named = ((each, words_of(each.name), words_of(each.username or "")) for each in people)
        rows = [(w, each.id) for each, name, user_name in named for w in (*name, *user_name) if w.startswith(word)]
        page = page_of(set(rows), lambda row: row, limit, cursor)
        return Page(tuple(user_id for _, user_id in page.items), page.cursor)

    def lots(self, word: str, *, limit: int = 50, cursor: str | None = None) -> Page[str]:
        cards = self._store.tables.cards.values()
        rows = [(w, card.auction_id) for card in cards for w in words_of(card.title) if w.startswith(word)]
        page = page_of(set(rows), lambda row: row, limit, cursor)
        return Page(tuple(auction_id for _, auction_id in page.items), page.cursor)

    def keep_lot(self, auction_id: str, title: str, former: Iterable[str] = ()) -> None:
        """It is found as it is."""

    def keep_person(self, user_id: int) -> None:
        """They are found as they are."""
