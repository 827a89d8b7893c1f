"""A refused form is shown again without reading twice what its answer has, and never from a stale read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.factories import ANNA, BORIS, SELLER, join, market
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client

IN_PLACE = {"hx-request": "true"}
PAGE = ["lot", "person+wallet+watch_mark+is_muted", "bids"]
"""What the page of a lot reads for somebody who is logged in."""
STALE, FRESH = "auction+wallet+line+person", "auction+wallet+line"


class Case:
    """A market with one lot; `does` notes the trips to the store of a form alone."""

    def __init__(self) -> None:
        self.app, lot = market(ANNA, BORIS, start_price=100, buy_now_price=900)
        self.id = lot.auction.id
        self.trips: list[str] = []

    def leads(self, user_id: int) -> None:
        self.app.bidding.bid(self.id, user_id, 300, self.app.now())

    def does(self, user_id: int, what: str, *, in_place: bool = False, **fields: str) -> Answer:
        client = Client(self.app).log_in(user_id)
        client.get(f"/auction/{self.id}")
        return self.sends(client, f"/auction/{self.id}/{what}", headers=IN_PLACE if in_place else {}, **fields)

    def sends(self, client: Client, path: str, **fields: Any) -> Answer:
        self.app.store.trips.clear()
        answer = client.post_form(path, **fields)
        self.trips = list(self.app.store.trips)
        return answer


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.mark.parametrize("in_place", [False, True])
def test_a_refused_bid_reads_what_decides_and_then_the_page(case: Case, in_place: bool) -> None:
    case.leads(BORIS)
    for amount, tries in (("x", [STALE]), ("101", [STALE]), ("99999", [STALE, FRESH])):
        answer = case.does(ANNA, "bid", in_place=in_place, amount=amount, card_version="1")
        assert answer.status in (409, 422)
        assert case.trips == [*tries, *PAGE]


@pytest.mark.parametrize("in_place", [False, True])
def test_a_refused_purchase_reads_what_decides_and_then_the_page(case: Case, in_place: bool) -> None:
    assert case.does(ANNA, "buy", in_place=in_place, seen_price="800", card_version="1").status == 409
    assert case.trips == [STALE, FRESH, *PAGE]


def test_a_page_of_older_words_is_loaded_as_a_whole_without_being_made_first(case: Case) -> None:
    moved = case.does(ANNA, "bid", in_place=True, amount="300", card_version="7")
    assert moved.headers["hx-redirect"] == f"/auction/{case.id}"
    assert case.trips == [STALE, FRESH]
    wrong = case.does(ANNA, "bid", in_place=True, amount="x", card_version="7")
    assert wrong.headers["hx-redirect"] == f"/auction/{case.id}"
    assert "bids" not in case.trips


def test_a_refused_step_of_a_deal_reads_what_decides_and_then_the_page(case: Case) -> None:
    case.app.bidding.buy(case.id, ANNA, 900, case.app.now())
    assert case.does(SELLER, "deliver", text=" ").status == 422
    assert case.trips == ["person", "deal", *PAGE, "talk messages", "person"]  # the last is the buyer
    assert case.does(BORIS, "deliver", text="mine").status == 403
    assert case.trips == ["person", "deal", *PAGE]


def test_who_leads_is_told_so_by_a_read_that_is_not_behind(case: Case) -> None:
    case.app.store.lag = True
    case.leads(ANNA)
    answer = case.does(ANNA, "bid", amount="301", card_version="1")
    assert answer.status == 409
    assert "You lead. To raise your maximum, bid at least" in answer.text


def test_the_offer_of_a_subscription_takes_the_wallet_that_the_page_has(case: Case) -> None:
    join(case.app, 50, stars=10)
    client = Client(case.app).log_in(50)
    client.get("/new_auction")
    answer = case.sends(client, "/new_auction", title="x")
    assert answer.status == 403
    assert "wallet" not in case.trips
    assert case.trips.count("person+wallet") == 1
    assert missing(case.app, 10) in answer.text


def missing(app: FakeApp, stars: int) -> str:
    return f'name="top_up" value="{app.settings.business.subscription.amount - stars}"'
