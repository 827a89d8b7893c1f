"""Photos that the two sides of a dispute show: stored first, then referred to by the deal.

What a process that dies in between has stored is seen by nobody and expires. A photo is named by its content, so the
same one that comes again is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from starbid.domain import disputes, evidence
from starbid.domain.deal_errors import NotSold, WrongDealState
from starbid.domain.deals import Deal
from starbid.domain.errors import NotFound
from starbid.domain.evidence import MAX_EVIDENCE, joined, own_pictures, picture_name
from starbid.domain.limits import Deed
from starbid.domain.roles import Right
from starbid.services.deals.dealing import Dealing
from starbid.services.limits import Limits
from starbid.services.operators import Operators
from starbid.services.ports import EVIDENCE_SIZES, Decode, PhotosAside, Pictures


class Evidence:
    """Takes photos with the words of a dispute, or ahead of them, and hands them to those who may see them."""

    def __init__(
        self,
        dealing: Dealing,
        pictures: Pictures,
        aside: PhotosAside,
        limits: Limits,
        operators: Operators,
        decode: Decode,
    ) -> None:
        self._dealing, self._pictures, self._aside = dealing, pictures, aside
        self._limits, self._operators, self._decode = limits, operators, decode

    def dispute(self, person_id: int, auction_id: str, text: str, files: Sequence[bytes], now: datetime) -> Deal:
        """As `Dealing.dispute`, with photos as they came. Also raises TooOften."""
        names = _names(person_id, auction_id, files)
        if files:  # refused before anything is decoded
            disputes.dispute(self._dealing.deal(auction_id), person_id, text, now, names)
            self._keep(person_id, auction_id, files, now)
        return self._dealing.dispute(person_id, auction_id, text, now, names)

    def answer(self, person_id: int, auction_id: str, text: str, files: Sequence[bytes], now: datetime) -> Deal:
        """As `Dealing.answer`, with photos as they came. Also raises TooOften."""
        names = _names(person_id, auction_id, files)
        if files:
            disputes.answer(self._dealing.deal(auction_id), person_id, text, names)
            self._keep(person_id, auction_id, files, now)
        return self._dealing.answer(person_id, auction_id, text, now, names)

    def add(self, person_id: int, auction_id: str, files: Sequence[bytes], now: datetime) -> Deal:
        """As `Dealing.add_pictures`, with photos as they came. Also raises TooOften."""
        names = _names(person_id, auction_id, files)
        evidence.add(self._dealing.deal(auction_id), person_id, names)
        self._keep(person_id, auction_id, files, now)
        return self._dealing.add_pictures(person_id, auction_id, names, now)

    def require_showing(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """Whether a photo of this person's can be of use: they may object or answer, or have done so.

        Raises NotFound, NotYours, WrongDealState, AlreadyDisputed.
        """
        deal = self._dealing.deal(auction_id)
        if not deal.is_disputed:
            disputes.require_dispute(deal, person_id, now)
        elif person_id != deal.buyer_id:
            disputes.require_answer(deal, person_id)
        return deal

    def put_aside(self, person_id: int, auction_id: str, data: bytes, number: int, now: datetime) -> None:
        """Keep a photo whose words are yet to come, or came in another message; `number` puts several in order.

        Raises what `require_showing` does, Invalid and TooOften.
        """
        known = own_pictures(self.require_showing(person_id, auction_id, now), person_id)
        waiting = self._aside.of(person_id, auction_id, now)
        name = picture_name(auction_id, person_id, data)
        joined(known, (*waiting, name))
        if name not in (*known, *waiting):
            self._keep(person_id, auction_id, (data,), now)
            self._aside.keep(person_id, auction_id, name, number, now)

    def drop_aside(self, person_id: int, auction_id: str, now: datetime) -> None:
        """The person starts again: what was put aside belongs to words that never came."""
        self._aside.drop(person_id, auction_id, self._aside.of(person_id, auction_id, now))

    def dispute_with_aside(self, person_id: int, auction_id: str, text: str, now: datetime) -> Deal:
        """As `Dealing.dispute`, with the photos that were put aside."""
        names = self._aside.of(person_id, auction_id, now)[:MAX_EVIDENCE]
        deal = self._dealing.dispute(person_id, auction_id, text, now, names)
        return self.attach_aside(person_id, auction_id, now) or deal

    def answer_with_aside(self, person_id: int, auction_id: str, text: str, now: datetime) -> Deal:
        """As `Dealing.answer`, with the photos that were put aside."""
        known = self._dealing.deal(auction_id).answer_pictures
        names = _fitting(known, self._aside.of(person_id, auction_id, now))
        deal = self._dealing.answer(person_id, auction_id, text, now, names)
        return self.attach_aside(person_id, auction_id, now) or deal

    def attach_aside(self, person_id: int, auction_id: str, now: datetime) -> Deal | None:
        """Show what was put aside with words that were said; None, and it stays aside, where they were not.

        Who puts a photo aside attaches afterwards, who says the words attaches after that: whichever comes first, the
        other finds it.
        """
        names = self._aside.of(person_id, auction_id, now)
        if not names:
            return None
        known = own_pictures(self._dealing.deal(auction_id), person_id)
        try:
            deal = self._dealing.add_pictures(person_id, auction_id, _fitting(known, names), now)
        except WrongDealState:
            return None
        self._aside.drop(person_id, auction_id, names)
        return deal

    def seen_by(self, viewer_id: int, auction_id: str, picture_id: str, size: str, now: datetime) -> bytes | None:
        """A photo as JPEG in one of EVIDENCE_SIZES, for the two sides and operators; None for everybody else."""
        with suppress(NotFound, NotSold):
            deal = self._dealing.deal(auction_id)
            allowed = viewer_id in (deal.buyer_id, deal.seller_id) or self._operators.may(viewer_id, Right.SEE)
            if allowed and picture_id in evidence.shown(deal, now) and size in EVIDENCE_SIZES:
                return self._pictures.load_evidence(auction_id, picture_id, size)
        return None

    def of(self, auction_id: str, picture_ids: Sequence[str]) -> list[bytes]:
        """These photos in their large size, as far as they are there still."""
        loaded = (self._pictures.load_evidence(auction_id, picture_id, "large") for picture_id in picture_ids)
        return [data for data in loaded if data is not None]

    def _keep(self, person_id: int, auction_id: str, files: Sequence[bytes], now: datetime) -> None:
        self._limits.require(Deed.PICTURE, person_id, now, len(files))
        for data, sizes in zip(files, self._decode(files), strict=True):
            name = picture_name(auction_id, person_id, data)
            self._pictures.save_evidence(auction_id, name, {size: sizes[size] for size in EVIDENCE_SIZES})


def _names(person_id: int, auction_id: str, files: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(picture_name(auction_id, person_id, data) for data in files)


def _fitting(known: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are new, as many as there is room for; two that came at once may have been one too many."""
    return tuple(name for name in names if name not in known)[: MAX_EVIDENCE - len(known)]
