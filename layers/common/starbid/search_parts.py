"""What concerns finding lots, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.selling_parts import SellingParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.auctions.paging import Paging
    from starbid.services.auctions.related import Related
    from starbid.services.auctions.shelves import Shelves
    from starbid.services.auctions.suggesting import Suggesting
    from starbid.services.found_telling import FoundTelling
    from starbid.services.ports import Messenger
    from starbid.services.searches import Announcing, SavedSearches
    from starbid.services.watch_calendars import WatchCalendars


class SearchParts(SellingParts):
    """Lists in the chat, what helps to find lots, and saved searches. Each part is made when it is first asked for."""

    @property
    @abstractmethod
    def messenger(self) -> Messenger: ...

    @cached_property
    def paging(self) -> Paging:
        from starbid.services.auctions.paging import Paging

        return Paging(self.browsing, self.browsed_lists)

    @cached_property
    def shelves(self) -> Shelves:
        from starbid.services.auctions.shelves import Shelves

        return Shelves(self.browsing, self.lot_words)

    @cached_property
    def suggesting(self) -> Suggesting:
        from starbid.services.auctions.suggesting import Suggesting

        return Suggesting(self.lot_words, self.catalogue)

    @cached_property
    def related(self) -> Related:
        from starbid.services.auctions.related import Related

        return Related(self.browsing, self.catalogue, self.store)

    @cached_property
    def watch_calendars(self) -> WatchCalendars:
        from starbid.services.watch_calendars import WatchCalendars

        return WatchCalendars(self.people, self.store, self.watching, lambda: self.settings.secret_key)

    @cached_property
    def saved_searches(self) -> SavedSearches:
        from starbid.services.searches import SavedSearches

        return SavedSearches(self.searches, self.catalogue)

    @cached_property
    def announcing(self) -> Announcing:
        from starbid.services.found_pace import FoundPace
        from starbid.services.searches import Announcing

        return Announcing(self.store, self.catalogue, self.searches, self.outgoing, FoundPace(self.counters))

    @cached_property
    def found_telling(self) -> FoundTelling:
        from starbid.services.found_telling import FoundTelling

        return FoundTelling(
            self.store, self.catalogue, self.searches, self.claims, self.living_messages, self.messenger
        )
