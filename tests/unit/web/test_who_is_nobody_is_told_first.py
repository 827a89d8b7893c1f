"""Whose session is over, or was never anybody's, is told that first, whatever else is wrong (spec, section 5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starbid.services.ports import Throttled
from tests.support.factories import ANNA, BORIS, market, put_up
from tests.support.fakes import FakeApp
from tests.support.memory_batch import MemoryBatch
from tests.support.web import Answer, Client
from tests.unit.web.test_identity_ended_sessions import copy_of, leads_to_login

Send = Callable[[Client, str], Answer]
BODIES: dict[str, Send] = {
    "nothing": lambda nobody, bids: nobody.post(bids, {"amount": 0}),
    "less than nothing": lambda nobody, bids: nobody.post(bids, {"amount": -5}),
    "too much": lambda nobody, bids: nobody.post(bids, {"amount": 10**30}),
    "no number": lambda nobody, bids: nobody.post(bids, {"amount": "5"}),
    "no field": lambda nobody, bids: nobody.post(bids, {}),
    "no object": lambda nobody, bids: nobody.post(bids, []),
    "no JSON": lambda nobody, bids: nobody.post(bids, b"{"),
    "another media type": lambda nobody, bids: nobody.post(bids, b"{}", headers={"content-type": "text/plain"}),
    "other words": lambda nobody, bids: nobody.post(bids, {"amount": 100, "card_version": "x"}),
    "a wrong token": lambda nobody, bids: nobody.post(bids, {"amount": 100}, headers={"x-csrf-token": "bad"}),
    "no lot": lambda nobody, _: nobody.post("/api/v1/auctions/zzzz/bids", {"amount": 0}),
    "a key": lambda nobody, bids: nobody.post(bids, {"amount": 100}, headers={"idempotency-key": "k"}),
    "a bad key": lambda nobody, bids: nobody.post(bids, {"amount": 0}, headers={"idempotency-key": ""}),
    "a purchase": lambda nobody, bids: nobody.post(bids.replace("bids", "buy"), {"seen_price": 0}),
}
FORM_TYPE = {"content-type": "multipart/form-data; boundary=x"}
FORMS: dict[str, Send] = {
    "nothing": lambda nobody, lot: nobody.post_form(f"{lot}/bid", amount=0),
    "no number": lambda nobody, lot: nobody.post_form(f"{lot}/bid", amount="abc"),
    "other words": lambda nobody, lot: nobody.post_form(f"{lot}/bid", amount=100, card_version="x"),
    "no lot": lambda nobody, _: nobody.post_form("/auction/zzzz/bid", amount="abc"),
    "no form": lambda nobody, lot: nobody.send(
        "POST", f"{lot}/bid", "", {"x-csrf-token": nobody.csrf_token, **FORM_TYPE}, b"garbage"
    ),
    "a purchase": lambda nobody, lot: nobody.post_form(f"{lot}/buy", seen_price=0),
}


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA, BORIS, start_price=100)[0]


@pytest.fixture(params=["a session that is over", "a cookie of nobody"])
def nobody(app: FakeApp, request: pytest.FixtureRequest) -> Client:
    if request.param == "a cookie of nobody":
        return Client(app).log_in(424_242)
    anna = Client(app).log_in(ANNA)
    copy = copy_of(anna)
    app.people.end_sessions(ANNA, app.now())
    return copy


@pytest.mark.parametrize("what", BODIES)
def test_the_api_answers_401(app: FakeApp, nobody: Client, what: str) -> None:
    lot = put_up(app).auction.id
    answer = BODIES[what](nobody, f"/api/v1/auctions/{lot}/bids")
    assert answer.status == 401, answer.text
    assert app.store.auction(lot).bids_count == 0


@pytest.mark.parametrize("what", FORMS)
def test_a_form_leads_to_the_login(app: FakeApp, nobody: Client, what: str) -> None:
    lot = put_up(app).auction.id
    assert leads_to_login(FORMS[what](nobody, f"/auction/{lot}"))


def test_a_read_that_fails_and_is_made_again_admits_nobody(
    app: FakeApp, nobody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot, read, asked = put_up(app).auction.id, app.store.fetch, []

    def failing_once(batch: MemoryBatch) -> None:
        asked.append(batch.name)
        if len(asked) == 1:
            raise Throttled("busy")
        read(batch)

    monkeypatch.setattr(app.store, "fetch", failing_once)
    assert nobody.post(f"/api/v1/auctions/{lot}/bids", {"amount": 100}).status == 401
    assert asked == ["auction+wallet+line+person"] * 2
    assert app.store.auction(lot).bids_count == 0
