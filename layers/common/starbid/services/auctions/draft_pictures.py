"""Pictures of drafts that come without a form: photos that were sent to the bot, and those of another lot.

A photo is named by its content, so an update that comes again adds nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.alt_texts import ALTS, read_alts, renamed, typed_alts
from starbid.domain.errors import Invalid
from starbid.domain.evidence import picture_name
from starbid.domain.limits import Deed
from starbid.domain.lots import MAX_PICTURES
from starbid.domain.people import Person
from starbid.services.auctions.drafts import Drafts
from starbid.services.limits import Limits
from starbid.services.pictures import LotPictures
from starbid.services.ports import LOT_SIZES, PICTURE_VARIANTS, Decode, Pictures, SellDraft


class DraftPictures:
    """Puts pictures into drafts."""

    def __init__(
        self, drafts: Drafts, pictures: Pictures, lot_pictures: LotPictures, limits: Limits, decode: Decode
    ) -> None:
        self._drafts, self._pictures, self._lot_pictures = drafts, pictures, lot_pictures
        self._limits, self._decode = limits, decode

    def add(self, person: Person, draft: SellDraft, data: bytes, number: int, now: datetime) -> SellDraft:
        """A photo as it was sent; `number` puts those that come at once in order. Raises Invalid, TooOften, DraftGone,
        Contended.
        """
        name = picture_name(draft.id, person.id, data)
        if name in draft.pictures:
            return draft
        require_room(draft)
        self._limits.require(Deed.PICTURE if person.may_sell(now) else Deed.UNPAID_PICTURE, person.id, now)
        (sizes,) = self._decode((data,))
        self._pictures.save_draft(person.id, name, sizes, now)
        return self._drafts.change(person.id, draft.id, lambda kept: _with(kept, name, number), now)

    def take_uploads(self, person: Person, draft: SellDraft, now: datetime) -> SellDraft:
        """What a browser has sent and nobody looked at yet; what is no picture is left out. Raises TooOften."""
        names: dict[str, str] = {}
        for key in draft.uploads:
            self._limits.require(Deed.PICTURE if person.may_sell(now) else Deed.UNPAID_PICTURE, person.id, now)
            try:
                data = self._pictures.fetch_upload(person.id, key, now)
                (sizes,) = self._decode((data,))
            except Invalid:
                continue
            name = picture_name(draft.id, person.id, data)
            self._pictures.save_draft(person.id, name, sizes, now)
            names[key] = name

        def step(kept: SellDraft) -> SellDraft:
            left = tuple(key for key in kept.uploads if key not in draft.uploads)
            pictures = tuple(dict.fromkeys((*kept.pictures, *names.values())))[:MAX_PICTURES]
            alts = renamed(read_alts(kept.fields.get(ALTS, "")), names)
            fields = {**kept.fields, ALTS: typed_alts(alts)} if alts else kept.fields
            return replace(kept, fields=fields, pictures=pictures, uploads=left)

        return self._drafts.change(person.id, draft.id, step, now) if draft.uploads else draft

    def borrow(self, person_id: int, draft: SellDraft, shown: tuple[str, ...], now: datetime) -> SellDraft:
        """The pictures of another lot of theirs, under the same ids: they are the same for everybody."""
        there = []
        for name in shown[: MAX_PICTURES - len(draft.pictures)]:
            sizes = {size: data for size in PICTURE_VARIANTS if (data := self._pictures.load(name, size))}
            if sizes.keys() >= {*LOT_SIZES}:
                self._pictures.save_draft(person_id, name, sizes, now)
                there.append(name)

        def step(kept: SellDraft) -> SellDraft:
            return replace(kept, pictures=tuple(dict.fromkeys((*kept.pictures, *there)))[:MAX_PICTURES])

        return self._drafts.change(person_id, draft.id, step, now)

    def require_there(self, person_id: int, draft: SellDraft, now: datetime) -> None:
        """Whether all of them can still be shown. Raises Invalid."""
        self._lot_pictures.require_usable(person_id, draft.pictures, (), now)

    def load(self, person_id: int, draft: SellDraft, picture_id: str, size: str, now: datetime) -> bytes | None:
        """A picture of the person's draft, or of the lot that it edits."""
        mine = self._pictures.load_draft(person_id, picture_id, size, now)
        return mine or (self._pictures.load(picture_id, size) if draft.lot else None)


def require_room(draft: SellDraft) -> None:
    """Raises Invalid where a lot has as many photos as it may."""
    if len(draft.pictures) + len(draft.uploads) >= MAX_PICTURES:
        raise Invalid("images", "too_many", most=MAX_PICTURES)


def _with(draft: SellDraft, name: str, number: int) -> SellDraft:
    """Behind those that came before it. Raises Invalid where there is no room any more."""
    if name in draft.pictures:
        return draft
    require_room(draft)
    at = len(draft.pictures)
    while at and draft.unseen.get(draft.pictures[at - 1], -1) > number:
        at -= 1
    pictures = (*draft.pictures[:at], name, *draft.pictures[at:])
    return replace(draft, pictures=pictures, unseen={**draft.unseen, name: number})
