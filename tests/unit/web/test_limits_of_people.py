"""Costly requests of one person end in 429, with words and `Retry-After`; bids never do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starbid.domain import limits
from starbid.domain.limits import Deed, Limit
from starbid.domain.lots import Lot
from tests.support import factories
from tests.support.factories import ANNA, SELLER, market
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client, png

NONE_LEFT = Limit(0, 3600)
WORDS = "short time"


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> tuple[FakeApp, Lot]:
    for deed in Deed:
        monkeypatch.setitem(limits.LIMITS, deed, NONE_LEFT)
    return market(start_price=100)


@pytest.fixture
def app(stand: tuple[FakeApp, Lot]) -> FakeApp:
    return stand[0]


@pytest.fixture
def lot(stand: tuple[FakeApp, Lot]) -> str:
    return stand[1].auction.id


@pytest.fixture
def seller(app: FakeApp) -> Client:
    return Client(app).log_in(SELLER)


REQUESTS: dict[str, Callable[[Client, str], Answer]] = {
    "API lot": lambda person, _: person.post("/api/v1/auctions", factories.fields()),
    "form": lambda person, _: person.post_form("/new_auction", **factories.fields()),
    "edit": lambda person, lot: person.post_form(f"/auction/{lot}/edit", **factories.fields()),
    "relist": lambda person, lot: person.post_form(f"/auction/{lot}/relist"),
    "upload": lambda person, _: person.post_form("/new_auction/uploads"),
    "picture": lambda person, _: person.post_form("/new_auction/pictures", key="incoming/1/x"),
    "invoice": lambda person, _: person.post_form("/buy_stars", amount=5),
    "token": lambda person, _: person.post_form("/settings/tokens", name="mine"),
    "API token": lambda person, _: person.post("/api/v1/tokens", {"name": "mine"}),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_too_often_is_told_with_words_and_the_time_to_wait(lot: str, seller: Client, what: str) -> None:
    answer = REQUESTS[what](seller, lot)
    assert answer.status == 429
    assert WORDS in answer.text
    assert 1 <= int(answer.headers["retry-after"]) <= 3600


def test_the_api_names_the_refusal_and_its_seconds(seller: Client) -> None:
    refused = seller.post("/api/v1/auctions", factories.fields())
    assert refused.code == "too_many_requests"
    assert str(refused.json["error"]["details"]["seconds"]) == refused.headers["retry-after"]


def test_a_refusal_is_not_remembered_for_the_key_that_comes_again(
    app: FakeApp, seller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields, key = factories.fields(), {"idempotency-key": "k"}
    assert seller.post("/api/v1/auctions", fields, headers=key).status == 429
    monkeypatch.setitem(limits.LIMITS, Deed.LOT, Limit(1, 3600))
    assert seller.post("/api/v1/auctions", fields, headers=key).status == 201


BY_KEY = {"/api/v1/auctions": factories.fields(), "/api/v1/tokens": {"name": "mine"}}


@pytest.mark.parametrize("path", BY_KEY)
def test_who_asks_again_for_a_lost_answer_gets_it_at_the_limit_too_and_is_not_counted(
    app: FakeApp, seller: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for deed in Deed:
        monkeypatch.setitem(limits.LIMITS, deed, Limit(2, 3600))

    def post(key: str) -> Answer:
        return seller.post(path, BY_KEY[path], headers={"idempotency-key": key})

    first = post("a")
    assert [post("a").json for _ in range(3)] == [first.json] * 3
    assert [post(key).status for key in ("b", "c", "a")] == [201, 429, 201]


def test_pictures_of_a_form_are_counted_before_they_are_decoded(
    app: FakeApp, seller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.LOT, Limit(9, 3600))
    monkeypatch.setattr("web.sell.intake.accept_picture", None)
    refused = seller.post_files("/new_auction", [("a.png", png())], **factories.fields(title="My lamp"))
    assert refused.status == 429
    assert "My lamp" in refused.text


def test_bids_are_not_counted(app: FakeApp, lot: str) -> None:
    bid = Client(app).log_in(ANNA).post(f"/api/v1/auctions/{lot}/bids", {"amount": 100})
    assert bid.status == 201


def test_what_was_typed_with_too_many_photos_stays(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starbid.imaging.decoding._resized", None)
    lot = factories.put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    buyer = Client(app).log_in(ANNA)
    refused = buyer.post_files(f"/auction/{lot}/dispute", [("a.png", png())], "pictures", text="Broken")
    assert refused.status == 429
    assert ">\nBroken</textarea>" in refused.text
    assert app.store.deal(lot).dispute is None
