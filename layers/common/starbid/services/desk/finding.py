"""Finding people and lots as operators do: by lists, by an id, by the beginnings of words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.operators import Operators
from starbid.services.ports import Finds, Page, PeopleList, Store
from starbid.services.settings import Business

LONGEST_QUERY = 200
"""Characters. Ids of payments are shorter, and nobody's name is as long."""
_ID_DIGITS = 16


class State(StrEnum):
    """What a list of people is filtered by."""

    ALL = "all"
    ACTIVE = "active"
    BLOCKED = "blocked"
    RESTRICTED = "restricted"
    SELLERS = "sellers"
    ROLE = "role"


_LISTS = {
    State.ALL: PeopleList.ALL,
    State.ACTIVE: PeopleList.ALL,
    State.BLOCKED: PeopleList.BLOCKED,
    State.RESTRICTED: PeopleList.RESTRICTED,
    State.SELLERS: PeopleList.SELLING,
    State.ROLE: PeopleList.ROLE,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list of people: `text` is an id, a user name or half a name; the order is by when they joined, and by the word
    that was found where there is a text.
    """

    text: str = ""
    state: State = State.ALL
    backward: bool = True


class Finding:
    """A bounded number of rows is read for a page, however many people and lots there are; a short one may go on."""

    def __init__(self, store: Store, finds: Finds, operators: Operators, business: Business) -> None:
        self._store, self._finds, self._operators, self._business = store, finds, operators, business

    def people(self, wanted: Wanted, now: datetime, *, limit: int = 50, cursor: str | None = None) -> Page[Person]:
        """Raises Invalid for a cursor of another list."""
        if wanted.text.strip():
            found = self._by_text(wanted.text, limit, cursor)
        else:
            found = self._store.people_listed(
                _LISTS[wanted.state], backward=wanted.backward, limit=limit, cursor=cursor
            )
            if wanted.state is State.ROLE and cursor is None:
                found = Page((*sorted(self._business.admin_ids), *found.items), found.cursor)
        people = self._people(found.items)
        words = self._finds.words(wanted.text)
        fitting = (person for person in people if self._is(person, wanted.state, now) and self._has(person, words))
        return Page(tuple(fitting), found.cursor)

    def lots(self, text: str, *, limit: int = 20, cursor: str | None = None) -> Page[Lot]:
        """Lots of any state with words in their title that begin as those of the text. Raises Invalid."""
        words = self._finds.words(text[:LONGEST_QUERY])
        if not words:
            return Page(())
        page = self._finds.lots(max(words, key=len), limit=limit, cursor=cursor)
        ids = tuple(dict.fromkeys(page.items))
        lots = self._store.lots(ids)
        found = (lots[auction_id] for auction_id in ids if auction_id in lots)
        return Page(tuple(lot for lot in found if _begin(self._finds.words(lot.card.title), words)), page.cursor)

    def remake_people(self, cursor: str | None, limit: int) -> str | None:
        """Write the words of so many people again, the first who joined first; answers where to go on."""
        page = self._store.people_listed(PeopleList.ALL, backward=False, limit=limit, cursor=cursor)
        for user_id in page.items:
            self._finds.keep_person(user_id)
        return page.cursor

    def remake_lots(self, cursor: str | None, limit: int, now: datetime) -> str | None:
        """The same for the titles of lots, the newest first."""
        page = self._store.lots_by_creation(None, now, limit=limit, cursor=cursor)
        for lot in page.items:
            self._finds.keep_lot(lot.auction.id, lot.card.title)
        return page.cursor

    def _by_text(self, text: str, limit: int, cursor: str | None) -> Page[int]:
        bare = text.strip()
        words = self._finds.words(bare.removeprefix("@")) if len(bare) <= LONGEST_QUERY else ()
        if not words:
            return Page(())
        page = self._finds.people(max(words, key=len), limit=limit, cursor=cursor)
        own = (int(bare),) if cursor is None and bare.isascii() and bare.isdigit() and len(bare) <= _ID_DIGITS else ()
        return Page((*own, *page.items), page.cursor)

    def _people(self, ids: tuple[int, ...]) -> list[Person]:
        order = tuple(dict.fromkeys(ids))
        known = self._store.people(order)
        return [known[user_id] for user_id in order if user_id in known]

    def _has(self, person: Person, words: tuple[str, ...]) -> bool:
        """Whether each word begins one of theirs, or is their id."""
        theirs = (*self._finds.words(person.name), *self._finds.words(person.username or ""), str(person.id))
        return _begin(theirs, words)

    def _is(self, person: Person, state: State, now: datetime) -> bool:
        """As they are now: an index is a moment behind, and a restriction ends by itself."""
        rules: dict[State, Callable[[], bool]] = {
            State.ALL: lambda: True,
            State.ACTIVE: lambda: not person.blocked,
            State.BLOCKED: lambda: person.blocked,
            State.RESTRICTED: lambda: person.restrictions.are_on(now),
            State.SELLERS: lambda: person.may_sell(now),
            State.ROLE: lambda: (self._operators.role_of(person) or person.role) is not None,
        }
        return rules[state]()


def _begin(theirs: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether each of `words` begins one of theirs."""
    return all(any(own.startswith(word) for own in theirs) for word in words)
