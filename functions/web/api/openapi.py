"""The API's own description, OpenAPI 3.1. A test compares its paths with the routes there are."""

from __future__ import annotations

from typing import Any

from starbid.domain.lots import CATEGORIES, DESCRIPTION_LENGTH, GOODS, TITLE_LENGTH
from starbid.domain.money import MAX_AMOUNT, MINOR_UNITS
from web.filters import MOST_LIMIT, SORTS, TYPES
from web.http import Request, Response, to_json, with_etag
from web.routing import Router

router = Router()
Schema = dict[str, Any]


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    return with_etag(request, to_json(document(request.app.settings.base_url)))


def document(base_url: str) -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Starbid",
            "version": "1",
            "description": (
                "Amounts are whole numbers in minor units of the currency (Stars, XTR, have none); "
                "times are ISO 8601 in UTC."
            ),
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "securitySchemes": _SECURITY_SCHEMES},
    }


_SECURITY_SCHEMES: Schema = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token from /settings or POST /tokens."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "starbid_session",
        "description": "The session of the site; whatever changes something needs the header X-CSRF-Token beside it.",
    },
}


def _paths() -> Schema:
    lot_id = _parameter("auction_id", _text(pattern="^[a-z0-9]{1,20}$"), where="path")
    paging = [_parameter("cursor", _text()), _parameter("limit", _whole(1, 50))]
    return {
        "/auctions": {
            "get": _read("Lots on sale", "Listings", [*_filters(), _parameter("cursor", _text())], public=True),
            "post": _act("Put a lot up", "NewLot", "Lot"),
        },
        "/auctions/{auction_id}": {"get": _read("One lot", "Lot", [lot_id], public=True)},
        "/auctions/{auction_id}/bids": {
            "get": _read("Its bids, newest first", "Bids", [lot_id, *paging], public=True),
            "post": _act("Bid up to an amount", "NewBid", "OwnBid", [lot_id]),
        },
        "/auctions/{auction_id}/log": {
            "get": _read("Its hash-chained bid log, after the end (before: 409)", "BidLog", [lot_id], public=True)
        },
        "/auctions/{auction_id}/buy": {"post": _act("Buy at the price seen", "NewPurchase", "Purchase", [lot_id])},
        "/auctions/{auction_id}/cancel": {
            "post": _act("Cancel one's lot without bids", None, "Cancelled", [lot_id], status="200")
        },
        "/me": {"get": _read("The caller", "Person")},
        "/me/wallet": {"get": _read("Money by currency", "Wallets")},
        "/me/ledger": {
            "get": _read(
                "Movements of money, newest first", "Ledger", [_parameter("currency", _one_of(MINOR_UNITS)), *paging]
            )
        },
        "/tokens": {
            "get": _read("The caller's tokens", "Tokens"),
            "post": _act("Make a token; its secret is told once", "NewToken", "MadeToken"),
        },
        "/tokens/{token_id}": {
            "delete": {
                "summary": "Delete a token",
                "parameters": [_parameter("token_id", _text(), where="path")],
                "security": [{"token": []}, {"session": []}],
                "responses": {"204": {"description": "Deleted"}, "default": _ERROR},
            }
        },
        "/openapi.json": {"get": _read("This document", None, public=True)},
    }


def _filters() -> list[Schema]:
    return [
        _parameter("q", _text()),
        _parameter("category", _one_of(CATEGORIES)),
        _parameter("type", _one_of(TYPES)),
        _parameter("currency", _one_of(MINOR_UNITS)),
        _parameter("min_price", _whole(0)),
        _parameter("max_price", _whole(0)),
        _parameter("sort", {**_one_of(SORTS), "default": "ending"}),
        _parameter("limit", _whole(1, MOST_LIMIT)),
    ]


def _schemas() -> Schema:
    listed = {
        "id": _text(),
        "type": _one_of(TYPES),
        "status": _one_of(("scheduled", "live", "closing", "sold", "unsold", "cancelled")),
        "currency": _one_of(MINOR_UNITS),
        "goods": _one_of(GOODS),
        "title": _text(),
        "category": _one_of(CATEGORIES),
        "seller_id": _whole(),
        "price": _whole(),
        "bids_count": _whole(0),
        "buy_now_price": _maybe("integer"),
        "starts_at": _TIME,
        "ends_at": _TIME,
    }
    standing = {
        "next_min_bid": _maybe("integer"),
        "leader": {**_maybe("string"), "description": "A pseudonym that holds on this lot only."},
        "you_lead": _FLAG,
        "your_maximum": _maybe("integer"),
    }
    lot = {**listed, **standing, "description": _text(), "reserve_met": _maybe("boolean"), "version": _whole()}
    bid = {"number": _whole(1), "kind": _one_of(("bid", "raise", "buy")), "price": _whole(), "placed_at": _TIME}
    public_bid = {
        **bid,
        "bidder": _text(),
        "price": {**_maybe("integer"), "description": "Null where the amount stays secret."},
        "leader": {**_maybe("string"), "description": "Null where nobody led before the end."},
    }
    own_bid = {
        **{name: listed[name] for name in ("status", "currency", "bids_count", "buy_now_price", "ends_at")},
        **bid,
        **standing,
        "auction_id": _text(),
        "amount": _whole(1),
        "version": _whole(),
    }
    token = {"id": _text(), "name": _text(), "created_at": _TIME}
    return {
        "Lot": _object(lot),
        "Listings": _page_of({**listed, "picture": _maybe("string")}),
        "NewLot": _new_lot(),
        "Bids": _page_of(public_bid),
        "BidLog": _bid_log(),
        "NewBid": _object({"amount": _whole(1, MAX_AMOUNT)}),
        "NewPurchase": _object({"seen_price": _whole(1, MAX_AMOUNT)}),
        "OwnBid": _object({**own_bid, "extended": _FLAG}),
        "Purchase": _object({**own_bid, "deal": _maybe("string")}),
        "Cancelled": _object({"id": _text(), "status": _text(), "version": _whole()}),
        "Person": _object(
            {
                "id": _whole(),
                "name": _text(),
                "username": _maybe("string"),
                "language": _one_of(("en", "ru")),
                "joined_at": _TIME,
                "subscribed_until": _maybe("string"),
                "may_sell": _FLAG,
                "blocked": _FLAG,
            }
        ),
        "Wallets": {
            "type": "object",
            "additionalProperties": _object({"available": _whole(0), "held": _whole(0)}),
        },
        "Ledger": _page_of(
            {
                "id": _text(),
                "kind": _text(),
                "amount": _whole(),
                "currency": _one_of(MINOR_UNITS),
                "auction_id": _maybe("string"),
                "at": _TIME,
            }
        ),
        "NewToken": _object({"name": _text(minLength=1, maxLength=64)}),
        "Tokens": _object({"items": {"type": "array", "items": _object(token)}}),
        "MadeToken": _object({**token, "token": _text()}),
        "Error": _object(
            {"error": _object({"code": _text(), "message": _text(), "details": {"type": "object"}})},
        ),
    }


def _bid_log() -> Schema:
    """As `starbid.domain.audit` writes it."""
    entry = {
        "number": _whole(1),
        "at": _TIME,
        "bidder": _text(),
        "kind": _one_of(("bid", "raise", "buy")),
        "price": _maybe("integer"),
        "leader": _maybe("string"),
        "commitment": {**_maybe("string"), "description": "SHA-256 of `salt:amount`."},
        "previous": _text(),
        "hash": {**_text(), "description": "SHA-256 of the entry without it: keys sorted, no spaces, ASCII."},
    }
    opening = {"number": {**_whole(0), "description": "0 is the reserve."}, "amount": _whole(1), "salt": _text()}
    result = {"status": _text(), "price": _maybe("integer"), "winner": _maybe("string")}
    return _object(
        {
            "terms": {"type": "object", "description": "What the first entry stands on."},
            "entries": {"type": "array", "items": _object(entry)},
            "openings": {"type": "array", "items": _object(opening)},
            "result": _object(result),
            "head": _text(),
        }
    )


def _new_lot() -> Schema:
    """Which of the optional amounts and times mean something depends on `type`; others are refused."""
    fields = {
        "title": _text(minLength=TITLE_LENGTH[0], maxLength=TITLE_LENGTH[1]),
        "description": _text(minLength=DESCRIPTION_LENGTH[0], maxLength=DESCRIPTION_LENGTH[1]),
        "category": _one_of(CATEGORIES),
        "goods": _one_of(GOODS),
        "type": _one_of(TYPES),
        "currency": _one_of(MINOR_UNITS),
        "start_price": _whole(1, MAX_AMOUNT),
        "reserve_price": _whole(1, MAX_AMOUNT),
        "buy_now_price": _whole(1, MAX_AMOUNT),
        "bid_step": _whole(1, MAX_AMOUNT),
        "floor_price": _whole(1, MAX_AMOUNT),
        "drop_amount": _whole(1, MAX_AMOUNT),
        "drop_seconds": _whole(1),
        "extend_seconds": _whole(0),
        "max_extension_seconds": _whole(0),
        "starts_at": _TIME,
        "duration_seconds": _whole(1),
    }
    return {
        "type": "object",
        "properties": fields,
        "required": ["title", "description", "start_price", "duration_seconds"],
    }


_TIME: Schema = {"type": "string", "format": "date-time"}
_FLAG: Schema = {"type": "boolean"}
_ERROR: Schema = {
    "description": "Refused",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}


def _text(**limits: object) -> Schema:
    return {"type": "string", **limits}


def _whole(least: int | None = None, most: int | None = None) -> Schema:
    limits = {"minimum": least, "maximum": most}
    return {"type": "integer", **{name: limit for name, limit in limits.items() if limit is not None}}


def _maybe(kind: str) -> Schema:
    return {"type": [kind, "null"]}


def _one_of(values: Any) -> Schema:
    return {"type": "string", "enum": list(values)}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _page_of(item: Schema) -> Schema:
    return _object({"items": {"type": "array", "items": _object(item)}, "cursor": _maybe("string")})


def _parameter(name: str, schema: Schema, where: str = "query") -> Schema:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


def _answers(schema: str | None, status: str) -> Schema:
    shape = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    return {status: {"description": "Done", "content": {"application/json": {"schema": shape}}}, "default": _ERROR}


def _read(summary: str, schema: str | None, parameters: list[Schema] | None = None, *, public: bool = False) -> Schema:
    guest: list[Schema] = [{}] if public else []
    return {
        "summary": summary,
        "parameters": parameters or [],
        "security": [*guest, {"token": []}, {"session": []}],
        "responses": _answers(schema, "200"),
    }


def _act(
    summary: str, body: str | None, schema: str, parameters: list[Schema] | None = None, status: str = "201"
) -> Schema:
    key = _parameter("Idempotency-Key", _text(minLength=1, maxLength=255), where="header")
    described: Schema = {
        "summary": summary,
        "parameters": [*(parameters or []), key],
        "security": [{"token": []}, {"session": []}],
        "responses": _answers(schema, status),
    }
    if body:
        shape = {"$ref": f"#/components/schemas/{body}"}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": shape}}}
    return described
