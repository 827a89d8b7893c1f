"""A lot before anybody knows of it: its id, how it begins, and which form it came from."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime

from starbid.domain.alt_texts import alts_of
from starbid.domain.auction import Auction
from starbid.domain.errors import FormReused
from starbid.domain.lots import Card, Draft, Lot, on_card
from starbid.domain.people import Person

ID_LENGTH = 13


def lot_id(seller: str, request_id: str) -> str:
    """13 characters of [a-z2-7], the same for the same request. `seller` is the public id: who guesses the request
    can tell by trying what else went in.
    """
    digest = hashlib.sha256(f"{seller}:{request_id}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:ID_LENGTH]


def lot_id_of(seller: Person, request_id: str) -> str:
    """Of a request of this seller's to put a lot up."""
    return lot_id(seller.public_id or str(seller.id), request_id)


def lot_id_after(old: Lot, step: str) -> str:
    """The id of the lot that follows on `old` by a step. No request of its seller's has it: a public id has no `/`."""
    return lot_id(f"{old.card.seller_public_id or old.card.seller_id}/{step}", old.auction.id)


def new_lot(seller: Person, draft: Draft, pictures: tuple[str, ...], request_id: str, now: datetime, form: str) -> Lot:
    """As it is put up at `now`; `form` is a mark of all that was typed."""
    seller_id, auction_id = seller.id, lot_id_of(seller, request_id)
    starts_at = draft.starts_at or now
    auction = Auction(
        id=auction_id,
        seller_id=seller_id,
        terms=draft.terms,
        starts_at=starts_at,
        ends_at=starts_at + draft.duration,
        scheduled_end=starts_at + draft.duration,
        price=draft.terms.start_price,
        salt=secrets.token_hex(16),
    )
    card = Card(
        auction_id,
        seller_id,
        draft.title,
        draft.description,
        draft.category,
        draft.goods,
        pictures,
        created_at=now,
        form=form,
        alts=alts_of(draft.alts, pictures),
    )
    return Lot(on_card(auction, card), card)


def of_form(lot: Lot, form: str) -> Lot:
    """The lot, where this form put it up or nobody knows which did. Raises FormReused."""
    if lot.card.form not in ("", form):
        raise FormReused(lot.auction.id, lot.card.title)
    return lot
