"""Finding people and lots for operators: by lists, and by the beginnings of words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from starbid.services.ports.pages import Page


class PeopleList(StrEnum):
    """The lists that people stand in."""

    ALL = "person"
    BLOCKED = "blocked"
    RESTRICTED = "restricted"
    """Also those whose restrictions are over and were not lifted."""
    SELLING = "selling"
    """With a subscription; for minutes also those whose days are over."""
    ROLE = "role"
    """With a role of their own; those in `ADMIN_IDS` need none."""


class Finds(Protocol):
    """What begins with a word. A person is found by the words of their name and their user name from the transaction on
    that writes them; a lot, of any state, by those of its title, seconds later.
    """

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a text in the one spelling in which they are compared: without case and accents, ё as е."""

    def people(self, word: str, *, limit: int = 50, cursor: str | None = None) -> Page[int]:
        """Ids of those with a word that begins so; one who has several such words may come several times."""

    def lots(self, word: str, *, limit: int = 50, cursor: str | None = None) -> Page[str]:
        """Ids of those with a word that begins so; a title may have changed since."""

    def keep_lot(self, auction_id: str, title: str, former: Iterable[str] = ()) -> None:
        """Found by this title from now on, and no longer by what `former` ones had besides. Safe to repeat."""

    def keep_person(self, user_id: int) -> None:
        """Found by the words of their present name. Safe beside changes of it, which keep them by themselves."""
