"""The API's own description, OpenAPI 3.1. A test compares its paths with the routes there are."""

from __future__ import annotations

from starbid.domain.lots import CATEGORIES
from starbid.domain.money import MINOR_UNITS
from web.api.schemas import Schema, one_of, schemas, text, whole
from web.kernel.http import Request, Response, to_json, with_etag
from web.kernel.routing import Router
from web.shared.search_query import MOST_LIMIT, SORTS, TYPES

router = Router()


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
        "components": {"schemas": schemas(), "securitySchemes": _SECURITY_SCHEMES},
    }


_SECURITY_SCHEMES: Schema = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token from /settings or POST /tokens. It makes no others.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "starbid_session",
        "description": "The session of the site; whatever changes something needs the header X-CSRF-Token beside it.",
    },
}


def _paths() -> Schema:
    lot_id = _parameter("auction_id", text(pattern="^[a-z0-9]{1,20}$"), where="path")
    paging = [_parameter("cursor", text()), _parameter("limit", whole(1, 50))]
    return {
        "/auctions": {
            "get": _read("Lots on sale", "Listings", [*_filters(), _parameter("cursor", text())], public=True),
            "post": _act("Put a lot up", "NewLot", "Lot"),
        },
        "/auctions/{auction_id}": {"get": _read("One lot", "Lot", [lot_id], public=True)},
        "/auctions/{auction_id}/bids": {
            "get": _read("Its bids, newest first", "Bids", [lot_id, *paging], public=True),
            "post": _act("Bid up to an amount", "NewBid", "OwnBid", [lot_id]),
        },
        "/auctions/{auction_id}/log": {
            "get": _read(
                "Its hash-chained bid log, after the end (before: 409; while it is written: 503 with Retry-After; "
                "a large one: 303 to the file)",
                "BidLog",
                [lot_id],
                public=True,
            )
        },
        "/auctions/{auction_id}/buy": {"post": _act("Buy at the price seen", "NewPurchase", "Purchase", [lot_id])},
        "/auctions/{auction_id}/cancel": {
            "post": _act(
                "Cancel one's lot without bids; an admin may cancel any, with a reason",
                "Cancellation",
                "Cancelled",
                [lot_id],
                status="200",
                needs_body=False,
            )
        },
        "/me": {"get": _read("The caller", "Person")},
        "/me/wallet": {"get": _read("Money by currency", "Wallets")},
        "/me/ledger": {
            "get": _read(
                "Movements of money, newest first", "Ledger", [_parameter("currency", one_of(MINOR_UNITS)), *paging]
            )
        },
        "/tokens": {
            "get": _read("The caller's tokens", "Tokens"),
            "post": {
                **_act("Make a token; its secret is told once. By a session alone", "NewToken", "MadeToken"),
                "security": [{"session": []}],
            },
        },
        "/tokens/{token_id}": {
            "delete": {
                "summary": "Delete a token",
                "parameters": [_parameter("token_id", text(), where="path")],
                "security": [{"token": []}, {"session": []}],
                "responses": {"204": {"description": "Deleted"}, "default": _ERROR},
            }
        },
        "/openapi.json": {"get": _read("This document", None, public=True)},
    }


def _filters() -> list[Schema]:
    return [
        _parameter("q", text()),
        _parameter("category", one_of(CATEGORIES)),
        _parameter("type", one_of(TYPES)),
        _parameter("currency", one_of(MINOR_UNITS)),
        _parameter("min_price", whole(0)),
        _parameter("max_price", whole(0)),
        _parameter("sort", {**one_of(SORTS), "default": "ending"}),
        _parameter("limit", whole(1, MOST_LIMIT)),
    ]


_ERROR: Schema = {
    "description": "Refused",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}


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
    summary: str,
    body: str,
    schema: str,
    parameters: list[Schema] | None = None,
    *,
    status: str = "201",
    needs_body: bool = True,
) -> Schema:
    key = _parameter("Idempotency-Key", text(minLength=1, maxLength=255), where="header")
    described: Schema = {
        "summary": summary,
        "parameters": [*(parameters or []), key],
        "security": [{"token": []}, {"session": []}],
        "responses": _answers(schema, status),
    }
    shape = {"$ref": f"#/components/schemas/{body}"}
    described["requestBody"] = {"required": needs_body, "content": {"application/json": {"schema": shape}}}
    return described
