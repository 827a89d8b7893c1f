"""An operator takes a lot down: on its page, and by a program."""

from __future__ import annotations

import pytest

from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up, xtr
from tests.support.fakes import FakeApp
from tests.support.web import Client, lot_in_words

ADMIN = 900


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(start_price=100)
    join(app, ADMIN, stars=1000)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    auction_id = put_up(app, start_price=100).auction.id
    app.bidding.bid(auction_id, ANNA, 500, app.now())
    return auction_id


def status(app: FakeApp, lot: str) -> str:
    return app.store.auction(lot, consistent=True).status(app.now()).value


def free(app: FakeApp, user_id: int) -> bool:
    wallet = app.store.wallet(user_id, "XTR", consistent=True)
    return (wallet.available, wallet.held) == (xtr(10_000), xtr(0))


def test_an_operator_takes_a_lot_with_bids_down_and_all_are_told_why(app: FakeApp, lot: str) -> None:
    app.run_streams()
    admin = Client(app).log_in(ADMIN)
    assert "Withdraw the lot" in lot_in_words(app, lot, ADMIN)
    assert admin.post_form(f"/auction/{lot}/cancel", reason="It is stolen").status == 303
    assert status(app, lot) == "cancelled"
    assert free(app, ANNA)
    assert {notice.user_id for notice in app.run_streams() if notice.facts.get("reason") == "It is stolen"} == {
        ANNA,
        SELLER,
    }
    assert "Reason: It is stolen" in lot_in_words(app, lot, BORIS)
    assert "Withdraw the lot" not in lot_in_words(app, lot, ADMIN)


@pytest.mark.parametrize("who", [None, ANNA, SELLER, BORIS])
def test_nobody_else_is_offered_that(app: FakeApp, lot: str, who: int | None) -> None:
    assert "Withdraw the lot" not in lot_in_words(app, lot, who)


@pytest.mark.parametrize(("who", "code"), [(BORIS, 403), (SELLER, 409)])
def test_a_reason_makes_nobody_an_operator(app: FakeApp, lot: str, who: int, code: int) -> None:
    assert Client(app).log_in(who).post_form(f"/auction/{lot}/cancel", reason="I say so").status == code
    assert Client(app).log_in(who).post(f"/api/v1/auctions/{lot}/cancel", {"reason": "-"}).status == code
    assert status(app, lot) == "live"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "\x00"])
def test_a_reason_that_says_nothing_or_too_much_takes_nothing_down(app: FakeApp, lot: str, reason: str) -> None:
    answer = Client(app).log_in(ADMIN).post_form(f"/auction/{lot}/cancel", reason=reason)
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert status(app, lot) == "live"


def test_a_program_of_an_operator_takes_a_lot_down_with_a_reason_or_without(app: FakeApp, lot: str) -> None:
    admin, other = Client(app).log_in(ADMIN), put_up(app).auction.id
    assert admin.post(f"/api/v1/auctions/{lot}/cancel", {"reason": 7}).status == 422
    assert admin.post(f"/api/v1/auctions/{lot}/cancel", {"reason": "Stolen"}).json["status"] == "cancelled"
    assert admin.post(f"/api/v1/auctions/{other}/cancel", None).json["status"] == "cancelled"
    assert "Reason: Stolen" in lot_in_words(app, lot)
    assert "Reason: —" in lot_in_words(app, other)


def test_an_operator_who_sells_cancels_as_sellers_do_unless_they_give_a_reason() -> None:
    app, _ = market()
    own = put_up(app, seller_id=ADMIN).auction.id
    app.bidding.bid(own, ANNA, 500, app.now())
    admin = Client(app).log_in(ADMIN)
    assert admin.post(f"/api/v1/auctions/{own}/cancel", None).code == "has_bids"
    assert admin.post(f"/api/v1/auctions/{own}/cancel", {"reason": "Broken"}).status == 200
    assert free(app, ANNA)


def test_a_lot_that_is_over_cannot_be_taken_down(app: FakeApp, lot: str) -> None:
    app.clock.forward(days=2)
    answer = Client(app).log_in(ADMIN).post_form(f"/auction/{lot}/cancel", reason="Late")
    assert answer.status == 409
    assert status(app, lot) != "cancelled"
