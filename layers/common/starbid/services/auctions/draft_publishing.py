"""Drafts of lots are read, put up once, or saved as an edit, from the site and from the chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from starbid.domain.alt_texts import ALTS, alts_of, typed_alts
from starbid.domain.editing import require_kept_terms
from starbid.domain.limits import Deed
from starbid.domain.lot_form import along, draft_fields, filled, named_end
from starbid.domain.lots import Draft, Lot, read_draft
from starbid.domain.unfinished import subscription_with
from starbid.services.auctions.drafts import Drafts, mark_of
from starbid.services.auctions.publishing import Publishing
from starbid.services.limits import Limits
from starbid.services.people import People
from starbid.services.ports import Publication, Publications, SellDraft, Store
from starbid.services.settings import Business
from starbid.zones import zone_called


class DraftPublishing:
    """What is done with a form once it is filled in."""

    def __init__(
        self, drafts: Drafts, publications: Publications, store: Store, publishing: Publishing, people: People,
        limits: Limits, business: Business,
    ) -> None:  # fmt: skip
        self._drafts, self._publications, self._store = drafts, publications, store
        self._publishing, self._people, self._limits, self._business = publishing, people, limits, business

    def read(self, draft: SellDraft, now: datetime) -> Draft:
        """What it says. Raises InvalidFields with every fault."""
        lot = self._store.lot(draft.lot, consistent=True) if draft.lot else None
        return self._read(draft, lot, now)

    def _read(self, draft: SellDraft, lot: Lot | None, now: datetime) -> Draft:
        zone = zone_called(draft.fields.get("starts_zone")) or UTC
        return self.read_form(filled(draft.fields) | along(draft.fields), lot, zone, now)

    def read_form(self, form: Mapping[str, str], lot: Lot | None, zone: tzinfo, now: datetime) -> Draft:
        """What a form says of the `lot` that it edits, or of a new one; `zone` is that of its start. Raises
        InvalidFields with every fault.
        """
        said = read_draft(
            draft_fields(form),
            now,
            self._business.min_auction_seconds,
            zone,
            told_start=lot.auction.starts_at if lot else None,
            currencies=(lot.auction.currency,) if lot else self._business.currencies,
            ends_at=named_end(form),
        )
        if lot:
            require_kept_terms(lot.auction, said)
        return said

    def publish(self, person_id: int, draft: SellDraft, now: datetime, *, subscribing: bool = False) -> Lot:
        """Put it up, or save the lot that it edits: once, however often and from wherever it comes.

        `subscribing`: pay for the subscription on the way, where one is missing. Raises InvalidFields, FormReused,
        TooOften, and what `Publishing.publish`, `Publishing.edit` and `People.subscribe` do.
        """
        lot = self._save(person_id, draft, now) if draft.lot else self._publish(person_id, draft, now, subscribing)
        self._drafts.drop(person_id, draft.id)
        return lot

    def _publish(self, person_id: int, draft: SellDraft, now: datetime, subscribing: bool) -> Lot:
        form, publishing = mark_of(draft), self._publishing
        if known := publishing.published(person_id, draft.request_id, form):
            return known
        self._limits.require(Deed.LOT, person_id, now)
        said = self._read(draft, None, now)
        if subscribing:
            self.subscribe(person_id, draft.request_id, now)
        return publishing.publish(person_id, said, draft.pictures, draft.request_id, now, form=form)

    def subscribe(self, person_id: int, request_id: str, now: datetime) -> None:
        """Pay for the subscription on the way, where one is missing: once for a request. Raises what
        `Publishing.needs_subscription`, `Publishing.require_running` and `People.subscribe` do.
        """
        if self._publishing.needs_subscription(person_id, now):
            self._publishing.require_running(now)
            self._people.subscribe(person_id, subscription_with(request_id), now, extends=False)

    def _save(self, person_id: int, draft: SellDraft, now: datetime) -> Lot:
        lot = self._publishing.require_editor(person_id, draft.lot, now)
        self._limits.require(Deed.LOT, person_id, now)
        said = self._read(draft, lot, now)
        return self._publishing.edit(person_id, draft.lot, said, draft.pictures, now, draft.card_version)

    def publication(self, draft: SellDraft, now: datetime) -> Publication:
        """What is put up once its money is there, as it is confirmed now. Raises InvalidFields."""
        form = filled(draft.fields) | along(draft.fields)
        return publication_of(form, self._read(draft, None, now), draft.pictures, mark_of(draft))

    def await_money(self, order_id: str, publication: Publication, now: datetime) -> None:
        """It is put up when the order is paid."""
        self._publications.keep(order_id, publication, now)


def publication_of(form: Mapping[str, str], said: Draft, pictures: tuple[str, ...], mark: str) -> Publication:
    """A form that is confirmed, as `said` was read from it: its start stays whatever zone the person chooses later."""
    start = said.starts_at.isoformat() if said.starts_at else ""
    alts = {ALTS: typed_alts(alts_of(said.alts, pictures))} if said.alts else {}
    return Publication(draft_fields(form) | {"starts_at": start} | along(form) | alts, pictures, mark)
