"""The OpenAPI document tells what there is."""

from __future__ import annotations

import json

from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, pay, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.schemas import assert_fits
from tests.support.web import Answer, Client, program
from web.api import openapi, router, routes
from web.api.about import About


def test_the_openapi_document_has_the_routes_that_there_are() -> None:
    document = Client(make_app()).get("/api/v1/openapi.json").json
    told = {(method, f"/api/v1{path}") for path, methods in document["paths"].items() for method in methods}
    real = {(route.method.lower(), route.path.replace("<", "{").replace(">", "}")) for route in router.routes}
    assert told == real


def test_every_route_of_the_api_tells_about_itself() -> None:
    assert [route.path for route in router.routes if not isinstance(route.about, About)] == []


def test_the_document_follows_the_routes() -> None:
    """What a reader of the contract relies on, told here in full for one route of each sort."""
    paths = openapi.document(routes.routes, "")["paths"]
    bid, tokens, deleted = paths["/auctions/{auction_id}/bids"]["post"], paths["/tokens"], paths["/tokens/{token_id}"]
    assert [(each["name"], each["in"], each["required"]) for each in bid["parameters"]] == [
        ("auction_id", "path", True),
        ("Idempotency-Key", "header", False),
    ]
    assert bid["parameters"][0]["schema"]["pattern"] == "^[a-z0-9]{1,20}$"
    assert bid["requestBody"]["required"]
    assert bid["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/NewBid")
    assert set(bid["responses"]) == {"201", "default"}
    assert not paths["/auctions/{auction_id}/cancel"]["post"]["requestBody"]["required"]
    assert paths["/auctions"]["get"]["security"] == [{}, {"token": []}, {"session": []}]
    assert tokens["get"]["security"] == [{"token": []}, {"session": []}]
    assert tokens["post"]["security"] == [{"session": []}]
    assert deleted["delete"]["responses"]["204"] == {"description": "Deleted"}


def test_every_schema_the_document_names_is_there() -> None:
    document = openapi.document(routes.routes, "http://127.0.0.1:8000")
    text = json.dumps(document)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named == set(document["components"]["schemas"])


def test_answers_are_what_the_document_says() -> None:
    app, lot = market(ANNA, BORIS, CLARA, buy_now_price=900)
    app.run_streams()
    schemas = openapi.document(routes.routes, "")["components"]["schemas"]
    join(app, SELLER)
    anna, boris, seller = (program(app, user) for user in (ANNA, BORIS, SELLER))
    path = f"/api/v1/auctions/{lot.auction.id}"
    second = put_up(app, buy_now_price=900).auction.id
    third = put_up(app).auction.id
    answers = {
        "Listings": anna.get("/api/v1/auctions"),
        "Lot": anna.get(path),
        "OwnBid": anna.post(f"{path}/bids", {"amount": 300}),
        "Purchase": boris.post(f"/api/v1/auctions/{second}/buy", {"seen_price": 900}),
        "Bids": anna.get(f"{path}/bids"),
        "BidLog": bid_log(app, anna),
        "Cancelled": seller.post(f"/api/v1/auctions/{third}/cancel"),
        "Person": anna.get("/api/v1/me"),
        "Ledger": anna.get("/api/v1/me/ledger"),
        "MadeToken": Client(app).log_in(ANNA).post("/api/v1/tokens", {"name": "another"}),
        "Tokens": anna.get("/api/v1/tokens"),
        "Error": anna.get("/api/v1/nothing"),
    }
    for name, answer in answers.items():
        assert_fits(answer.json, schemas[name], name)


def bid_log(app: FakeApp, anna: Client) -> Answer:
    """The log of a lot that ended, with an entry, an opening, and somebody who was left out."""
    lot_id = put_up(app, duration_seconds=60, type="sealed").auction.id
    debtor = 77
    join(app, debtor)
    charge = pay(app, debtor, 900)
    for person, amount in ((ANNA, 501), (BORIS, 502), (debtor, 900)):
        app.bidding.bid(lot_id, person, amount, app.now(), confirmed=True)
    app.refunding.taken_back(debtor, charge.id, "", 900, "XTR", app.now())
    app.clock.forward(seconds=62)
    return anna.get(f"/api/v1/auctions/{lot_id}/log")
