"""Drafts of lots, kept on the site and in the chat: the same fields, pictures and request, put up from either.

Several devices may write the same draft at once, and the photos of an album come as several updates: each change is
made of what is kept, and written in its place only.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from starbid.domain.auction import Status
from starbid.domain.errors import DraftGone, DraftsFull, FormReused, InvalidFields, NotYours
from starbid.domain.limits import Deed
from starbid.domain.lot_form import DEFAULTS, FIELDS, along, draft_fields, filled, values_of
from starbid.domain.lots import AMOUNTS, FIRST_VERSION, MAX_PICTURES, Lot, read_draft
from starbid.services.auctions.publishing import Publishing
from starbid.services.idempotency import fingerprint
from starbid.services.limits import Limits
from starbid.services.ports import Contended, SellDraft, SellDrafts, Store
from starbid.zones import name_of

MOST = 10
"""Of one person, besides empty ones and those of lots that are edited."""
OVERTAKEN = timedelta(seconds=10)
"""So long a save may be on its way when its form is put up."""
_TELLING = ("title", "description", *AMOUNTS)
"""The fields that are empty in a form that nobody has typed into."""
_TRIES = 12
"""More than an album has photos: each of them may come first once."""

Step = Callable[[SellDraft], SellDraft]


def is_empty(draft: SellDraft) -> bool:
    """Nobody has put anything into it."""
    has_words = any(draft.fields.get(name, "").strip() for name in _TELLING)
    return not (draft.pictures or draft.uploads or has_words)


def mark(fields: Mapping[str, str], *told: str | bytes) -> str:
    """Of all that a form would put up: the same for a form that is sent again as it was. `told` are its pictures."""
    said = (fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS)
    return fingerprint(*said, *told, *along(fields).values())


def mark_of(draft: SellDraft) -> str:
    """The mark of its form, as the site sends it."""
    fields = filled(draft.fields) | along(draft.fields)
    return mark(fields, "|".join(draft.pictures), "|".join(draft.uploads))


class Drafts:
    """Keeps what people fill in until it is put up (draft_publishing)."""

    def __init__(self, drafts: SellDrafts, store: Store, publishing: Publishing, limits: Limits) -> None:
        self._drafts, self._store, self._publishing, self._limits = drafts, store, publishing, limits

    def all(self, person_id: int, now: datetime) -> tuple[SellDraft, ...]:
        """Of new lots, the newest first, without empty ones. One that was put up a moment ago may be among them."""
        return tuple(draft for draft in self._drafts.all(person_id, now) if not draft.lot and not is_empty(draft))

    def newest(self, person_id: int, now: datetime) -> SellDraft | None:
        """Of a new lot that was not put up."""
        found = (self._settled(person_id, draft, now) for draft in self.all(person_id, now))
        return next((draft for draft in found if draft), None)

    def opened(self, person_id: int, draft_id: str, now: datetime) -> SellDraft:
        """What is kept. Raises DraftGone, with the lot that was put up of it."""
        draft = self._drafts.one(person_id, draft_id, now)
        if draft is None:
            lot = None if draft_id.startswith("e.") else self.put_up(person_id, draft_id)
            raise DraftGone(lot.auction.id if lot else "")
        settled = draft if draft.lot else self._settled(person_id, draft, now)
        if settled is None:
            lot = self.put_up(person_id, draft.request_id)
            raise DraftGone(lot.auction.id if lot else "")
        return settled

    def put_up(self, person_id: int, request_id: str) -> Lot | None:
        """What became of the request, with whatever words."""
        try:
            return self._publishing.published(person_id, request_id, "")
        except FormReused as told:
            return self._store.lot(told.auction_id, consistent=True)

    def _settled(self, person_id: int, draft: SellDraft, now: datetime) -> SellDraft | None:
        """The draft, unless it was put up. What was typed on after it had been confirmed is another lot, and its form
        another one: the same one for each who comes here.
        """
        lot = self.put_up(person_id, draft.request_id)
        if lot is None:
            return draft
        if not _is_put_up(draft, lot, now):
            another = replace(draft, request_id=fingerprint(draft.request_id, lot.auction.id)[:32])
            known = self._drafts.one(person_id, another.id, now)
            if known is None:
                self._drafts.keep(person_id, another, now)
            self._drafts.drop(person_id, draft.id)
            return known or another
        self._drafts.drop(person_id, draft.id)
        return None

    def begin(self, person_id: int, fields: Mapping[str, str], now: datetime) -> SellDraft:
        """A new one with these fields; an empty one that was begun before gives way. Raises DraftsFull, TooOften."""
        self._limits.require(Deed.DRAFT, person_id, now)
        kept = [draft for draft in self._drafts.all(person_id, now) if not draft.lot]
        empty = [draft for draft in kept if is_empty(draft)]
        if len(kept) - len(empty) >= MOST:
            raise DraftsFull(MOST)
        request_id = empty[0].request_id if empty else secrets.token_hex(16)
        draft = SellDraft(request_id, dict(fields), (), (), now)
        self._drafts.keep(person_id, draft, now)
        return draft

    def keep(self, person_id: int, draft: SellDraft, now: datetime, typed_at: datetime | None = None) -> None:
        """What a form says now; what came in the chat since it was shown stays. An empty form is no draft. `typed_at`:
        it comes late, and what was kept or put up since then counts. Raises DraftsFull, Contended.
        """
        if is_empty(draft):
            return
        for _ in range(_TRIES):
            known = self._drafts.one(person_id, draft.id, now)
            if typed_at and self._is_changed_since(typed_at, person_id, known, draft.request_id):
                return
            if known is None:
                if len(self.all(person_id, now)) >= MOST:
                    raise DraftsFull(MOST)
                self._drafts.keep(person_id, draft, now)
                return
            if self._drafts.exchange(person_id, known, _with_unseen(draft, known), now):
                return
        raise Contended

    def _is_changed_since(self, moment: datetime, person_id: int, known: SellDraft | None, request_id: str) -> bool:
        if known:
            return known.saved_at > moment
        lot = self.put_up(person_id, request_id)
        return lot is not None and lot.card.created_at > moment

    def shown(self, person_id: int, draft: SellDraft, now: datetime) -> None:
        """A form has all of its pictures now: one that is missing when the form comes back was taken away."""
        if draft.unseen:
            self._drafts.exchange(person_id, draft, replace(draft, unseen={}), now)

    def change(self, person_id: int, draft_id: str, step: Step, now: datetime) -> SellDraft:
        """Take a step from what is kept. Raises DraftGone, Contended, and what `step` does."""
        for _ in range(_TRIES):
            known = self._drafts.one(person_id, draft_id, now)
            if known is None:
                raise DraftGone
            changed = step(known)
            if changed == known:
                return known
            changed = replace(changed, saved_at=now)
            if self._drafts.exchange(person_id, known, changed, now):
                return changed
        raise Contended

    def drop(self, person_id: int, draft_id: str) -> None:
        """It was put up, or is not wanted any more."""
        self._drafts.drop(person_id, draft_id)

    def of_lot(self, person_id: int, auction_id: str, zone: tzinfo, now: datetime) -> SellDraft:
        """A draft that edits the lot: the one that was begun with these words of the lot, or a new one. Raises what
        `require_editor` does, TooOften.
        """
        lot = self._publishing.require_editor(person_id, auction_id, now)
        known = self._drafts.one(person_id, f"e.{auction_id}", now)
        if known and known.card_version == lot.card.version:
            return known
        self._limits.require(Deed.DRAFT, person_id, now)
        fields = values_of(lot, zone) | {"starts_zone": name_of(zone) or "UTC"}
        if lot.auction.status(now) is Status.LIVE:
            fields["starts_at"] = ""
        draft = SellDraft(
            f"e.{auction_id}", fields, lot.card.pictures, (), now, auction_id, card_version=lot.card.version
        )
        self._drafts.keep(person_id, draft, now)
        return draft

    def like(self, person_id: int, lot: Lot, turn: str, zone: tzinfo, now: datetime) -> SellDraft:
        """Another one like a lot of theirs, which begins when it is put up; one for each `turn`. Its pictures are not
        among it yet. Raises NotYours, DraftsFull, DraftGone, TooOften.
        """
        if lot.auction.seller_id != person_id:
            raise NotYours
        fields = values_of(lot, zone) | {"starts_at": "", "starts_zone": name_of(zone) or "UTC"}
        return self.begin_as(person_id, f"{lot.auction.id}:{turn}", fields, now)

    def begin_as(self, person_id: int, cause: str, fields: Mapping[str, str], now: datetime) -> SellDraft:
        """The draft with these fields that a `cause` has begun, as it is by now: one for each cause. Raises DraftsFull,
        TooOften; DraftGone where it was put up.
        """
        request_id = fingerprint(cause)[:32]
        if self._drafts.one(person_id, request_id, now) or self.put_up(person_id, request_id):
            return self.opened(person_id, request_id, now)
        self._limits.require(Deed.DRAFT, person_id, now)
        if len(self.all(person_id, now)) >= MOST:
            raise DraftsFull(MOST)
        draft = SellDraft(request_id, dict(fields), (), (), now)
        self._drafts.keep(person_id, draft, now)
        return draft


def _with_unseen(draft: SellDraft, known: SellDraft) -> SellDraft:
    """What a form says, with what it has not shown yet of what is known."""
    rest = {name: number for name, number in known.unseen.items() if name not in draft.pictures}
    pictures = (*draft.pictures, *(name for name in known.pictures if name in rest))[:MAX_PICTURES]
    uploads = draft.uploads[: MAX_PICTURES - len(pictures)]
    return replace(draft, pictures=pictures, uploads=uploads, unseen=rest)


def _is_put_up(draft: SellDraft, lot: Lot, now: datetime) -> bool:
    """Whether the lot is what the draft says, or a later word of it that the draft's save was overtaken by. Of a lot
    that was edited since nobody can tell.
    """
    card, fields = lot.card, draft_fields(filled(draft.fields))
    if card.form and card.form == mark_of(draft):
        return True
    if lot.auction.card_version != FIRST_VERSION or card.created_at <= draft.saved_at < card.created_at + OVERTAKEN:
        return True
    try:
        length = fields["duration_seconds"] or int(DEFAULTS["duration_seconds"])  # an end was named
        said = read_draft(fields | {"starts_at": "", "duration_seconds": length}, now, 1)
    except InvalidFields:
        return False
    told = (card.title, card.description, card.category, card.goods, lot.auction.terms)
    return (said.title, said.description, said.category, said.goods, said.terms) == told
