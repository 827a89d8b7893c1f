"""Which pictures a lot may show: those it has already, and drafts of the person who puts it up.

What an edit takes off becomes a draft again, unless another lot of the seller shows it: a relisted lot shares its
pictures with the lot before.
"""

from __future__ import annotations

from datetime import datetime

from starbid.domain.errors import Invalid
from starbid.domain.lots import MAX_PICTURES
from starbid.services.ports import Lots, Pictures

PAGE, PAGES = 100, 30
"""Lots of a seller that are looked through. Of one who has more the pictures stay: they may be another lot's."""


class PicturesGone(Invalid):
    """`ids` are neither pictures of the lot nor drafts of the person (any more); `numbers` say which, from 1."""

    def __init__(self, ids: frozenset[str], pictures: tuple[str, ...]) -> None:
        numbers = ", ".join(str(number) for number, each in enumerate(pictures, start=1) if each in ids)
        super().__init__("images", "picture_gone", numbers=numbers)
        self.ids = ids


class LotPictures:
    """Pictures on their way into a lot. `own` are those that it has."""

    def __init__(self, pictures: Pictures, store: Lots) -> None:
        self._pictures, self._store = pictures, store

    def require_usable(self, person_id: int, pictures: tuple[str, ...], own: tuple[str, ...], now: datetime) -> None:
        """Raises Invalid: `too_many`, PicturesGone."""
        require_few(len(pictures))
        new = _without(pictures, own)
        gone = frozenset(new) - self._pictures.drafts_among(person_id, new, now) if new else frozenset()
        if gone:
            raise PicturesGone(gone, pictures)

    def link(self, person_id: int, pictures: tuple[str, ...], own: tuple[str, ...], now: datetime) -> None:
        """Make the drafts among them everybody's, before a lot refers to them. May be repeated. Raises as above.

        The drafts stay until they expire: a process that dies before the lot is there finds them again.
        """
        self.require_usable(person_id, pictures, own, now)
        gone = self._pictures.link(person_id, _without(pictures, own))
        if gone:
            raise PicturesGone(gone, pictures)

    def drop(self, auction_id: str, seller_id: int, before: tuple[str, ...], now: datetime) -> None:
        """What the lot showed `before` an edit, and no lot of its seller shows now, is theirs alone again, and expires.

        May be repeated. The edit counts whatever happens here; raises Unavailable.
        """
        lot = self._store.lot(auction_id, consistent=True)
        dropped = _without(before, lot.card.pictures)
        cursor: str | None = None
        for _ in range(PAGES if dropped else 0):
            page = self._store.lots_of_seller(seller_id, limit=PAGE, cursor=cursor)
            for other in page.items:
                if other.auction.id != auction_id:
                    dropped = _without(dropped, other.card.pictures)
            cursor = page.cursor
            if cursor is None or not dropped:
                break
        if dropped and cursor is None:
            self._pictures.unlink(seller_id, dropped, now)


def require_few(number: int) -> None:
    """Raises Invalid for more pictures than a lot may have."""
    if number > MAX_PICTURES:
        raise Invalid("images", "too_many", most=MAX_PICTURES)


def _without(pictures: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in pictures if each not in own))
