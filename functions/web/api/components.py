"""The shapes of the API's bodies, as its OpenAPI document describes them."""

from __future__ import annotations

from starbid.domain.auction import BidKind, Status
from starbid.domain.disputes import REASON_LENGTH
from starbid.domain.lots import CATEGORIES, DESCRIPTION_LENGTH, GOODS, TITLE_LENGTH
from starbid.domain.money import CURRENCIES, MAX_AMOUNT
from starbid.domain.payments import Provider
from starbid.domain.people import LANGUAGES
from web.api.assistant_components import of_assistant
from web.api.schemas import FLAG, TIME, Schema, maybe, obj, one_of, page_of, text, whole
from web.shared.search_query import TYPES

PUBLIC_ID = text(pattern="^[a-z2-7]{13}$", description="What others know a person by: the address of /u/<id>.")
_BILLED_BY = tuple(provider for provider in Provider if provider is not Provider.STARS)
_VERSIONS: Schema = {
    "version": whole(),
    "card_version": {**whole(1), "description": "Moves with title, text, pictures, goods and terms, not with bids."},
}
_STANDING: Schema = {
    "next_min_bid": maybe("integer"),
    "leader": {**maybe("string"), "description": "A pseudonym that holds on this lot only."},
    "you_lead": FLAG,
    "your_maximum": maybe("integer"),
}
_LISTED: Schema = {
    "id": text(),
    "type": one_of(TYPES),
    "status": one_of(Status),
    "currency": one_of(CURRENCIES),
    "goods": one_of(GOODS),
    "title": text(),
    "category": one_of(CATEGORIES),
    "seller_id": PUBLIC_ID,
    "price": whole(),
    "bids_count": whole(0),
    "buy_now_price": maybe("integer"),
    "starts_at": TIME,
    "ends_at": TIME,
}
_BID: Schema = {"number": whole(1), "kind": one_of(BidKind), "price": whole(), "placed_at": TIME}
_PERSON: Schema = {
    "id": {**whole(), "description": "In Telegram; nobody else is told."},
    "public_id": PUBLIC_ID,
    "name": text(),
    "username": maybe("string"),
    "language": one_of(LANGUAGES),
    "joined_at": TIME,
    "subscribed_until": maybe("string"),
    "may_sell": FLAG,
    "blocked": FLAG,
}


def components() -> Schema:
    """All of them, by the names that the routes give (`About`)."""
    error = {"code": text(), "message": text(), "details": {"type": "object"}}
    return {**_lots(), **_bids(), **_account(), **of_assistant(_PERSON), "Error": obj({"error": obj(error)})}


def _lots() -> Schema:
    lot = {**_LISTED, **_STANDING, "description": text(), "reserve_met": maybe("boolean"), **_VERSIONS}
    return {
        "Lot": obj(lot),
        "Listings": page_of({**_LISTED, "picture": maybe("string")}),
        "NewLot": _new_lot(),
        "Cancellation": {"type": "object", "properties": {"reason": text(minLength=1, maxLength=REASON_LENGTH)}},
        "Cancelled": obj({"id": text(), "status": text(), "version": whole()}),
    }


def _bids() -> Schema:
    public = {
        **_BID,
        "bidder": text(),
        "price": {**maybe("integer"), "description": "Null where the amount stays secret."},
        "leader": {**maybe("string"), "description": "Null where nobody led before the end."},
    }
    own = {
        **{name: _LISTED[name] for name in ("status", "currency", "bids_count", "buy_now_price", "ends_at")},
        **_BID,
        **_STANDING,
        "auction_id": text(),
        "amount": whole(1),
        **_VERSIONS,
    }
    return {
        "Bids": page_of(public),
        "BidLog": _bid_log(),
        "NewBid": _on_card({"amount": whole(1, MAX_AMOUNT)}),
        "NewPurchase": _on_card({"seen_price": whole(1, MAX_AMOUNT)}),
        "OwnBid": obj({**own, "extended": FLAG}),
        "Purchase": obj({**own, "deal": maybe("string")}),
    }


def _account() -> Schema:
    movement = {
        "id": text(),
        "kind": text(),
        "amount": whole(),
        "currency": one_of(CURRENCIES),
        "auction_id": maybe("string"),
        "at": TIME,
    }
    bill = {
        "id": text(pattern="^[0-9a-f]{32}$"),
        "provider": one_of(_BILLED_BY),
        "amount": whole(1),
        "currency": one_of(CURRENCIES),
        "status": one_of(("waiting", "paid", "rejected", "expired", "failed")),
        "pay_url": {**maybe("string"), "description": "Where it is paid; null while its provider has not answered."},
        "expires_at": TIME,
    }
    token = {"id": text(), "name": text(), "created_at": TIME}
    return {
        "Person": obj(_PERSON),
        "Wallets": {"type": "object", "additionalProperties": obj({"available": whole(0), "held": whole(0)})},
        "Ledger": page_of(movement),
        "NewTopUp": _new_top_up(),
        "TopUp": obj(bill),
        "TopUps": page_of(bill),
        "NewToken": obj({"name": text(minLength=1, maxLength=64)}),
        "Tokens": obj({"items": {"type": "array", "items": obj(token)}}),
        "MadeToken": obj({**token, "token": text()}),
    }


def _new_top_up() -> Schema:
    """Without a provider the only one is meant."""
    needed = {"amount": whole(1, MAX_AMOUNT), "currency": one_of(CURRENCIES)}
    return {**obj(needed), "properties": {**needed, "provider": one_of(_BILLED_BY)}}


def _bid_log() -> Schema:
    """As `starbid.domain.audit` writes it."""
    entry = {
        "number": whole(1),
        "at": TIME,
        "bidder": text(),
        "kind": one_of(BidKind),
        "price": maybe("integer"),
        "leader": maybe("string"),
        "commitment": {**maybe("string"), "description": "SHA-256 of `salt:amount`."},
        "previous": text(),
        "hash": {**text(), "description": "SHA-256 of the entry without it: keys sorted, no spaces, ASCII."},
    }
    opening = {"number": {**whole(0), "description": "0 is the reserve."}, "amount": whole(1), "salt": text()}
    left_out = {"type": "array", "items": text(), "description": "Bidders whose bids did not count, as they owed."}
    result = {"status": text(), "price": maybe("integer"), "winner": maybe("string"), "left_out": left_out}
    return obj(
        {
            "terms": {"type": "object", "description": "What the first entry stands on."},
            "entries": {"type": "array", "items": obj(entry)},
            "openings": {"type": "array", "items": obj(opening)},
            "result": obj(result),
            "head": text(),
        }
    )


def _new_lot() -> Schema:
    """Which of the optional amounts and times mean something depends on `type`; others are refused."""
    fields = {
        "title": text(minLength=TITLE_LENGTH[0], maxLength=TITLE_LENGTH[1]),
        "description": text(minLength=DESCRIPTION_LENGTH[0], maxLength=DESCRIPTION_LENGTH[1]),
        "category": one_of(CATEGORIES),
        "goods": one_of(GOODS),
        "type": one_of(TYPES),
        "currency": one_of(CURRENCIES),
        "start_price": whole(1, MAX_AMOUNT),
        "reserve_price": whole(1, MAX_AMOUNT),
        "buy_now_price": whole(1, MAX_AMOUNT),
        "bid_step": whole(1, MAX_AMOUNT),
        "floor_price": whole(1, MAX_AMOUNT),
        "drop_amount": whole(1, MAX_AMOUNT),
        "drop_seconds": whole(1),
        "extend_seconds": whole(0),
        "max_extension_seconds": whole(0),
        "starts_at": TIME,
        "duration_seconds": whole(1),
    }
    return {
        "type": "object",
        "properties": fields,
        "required": ["title", "description", "start_price", "duration_seconds"],
    }


def _on_card(fields: Schema) -> Schema:
    """A bid on the words of a `card_version`; without it, on whatever they are by then."""
    return {**obj(fields), "properties": {**fields, "card_version": whole(1)}}
