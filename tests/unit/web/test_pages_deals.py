"""Disputes, ratings, second chances and relisting on the page of a lot."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, public_id, put_up
from tests.support.fakes import FakeApp
from tests.support.there import there
from tests.support.web import Client, text


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    return app


def sold(app: FakeApp, **changes: Any) -> str:
    """Won by ANNA for 510, BORIS (500) is next to her."""
    lot_id = put_up(app, **{"start_price": 100, "bid_step": 10, "duration_seconds": 3600} | changes).auction.id
    app.bidding.bid(lot_id, BORIS, 500, app.now())
    app.bidding.bid(lot_id, ANNA, 900, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot_id, app.now())
    return lot_id


def people(app: FakeApp) -> tuple[Client, Client, Client]:
    return Client(app).log_in(SELLER), Client(app).log_in(ANNA), Client(app).log_in(BORIS)


def refund(app: FakeApp, lot_id: str) -> None:
    app.clock.forward(days=14)
    app.dealing.advance(lot_id, app.now())


# --- disputes ---------------------------------------------------------------------------------------------------------


def test_the_buyer_may_object_from_the_sale_on_and_is_told_what_happens_then(app: FakeApp) -> None:
    lot_id = sold(app)
    seller, buyer, stranger = people(app)
    assert "An operator reads what you and the seller say" in text(buyer.get(f"/auction/{lot_id}"))
    for other in (seller, stranger):
        assert "Open a dispute" not in text(other.get(f"/auction/{lot_id}"))
    answer = buyer.post_form(f"/auction/{lot_id}/dispute", text="It is <b>broken</b>")
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot_id}")
    shown = buyer.get(f"/auction/{lot_id}")
    assert "An operator looks at this deal. Until they decide, ⭐ 510 stays with Starbid" in text(shown)
    assert "It is &lt;b&gt;broken&lt;/b&gt;" in shown.text
    assert "The buyer opened a dispute." in text(seller.get(f"/auction/{lot_id}"))
    assert "broken" not in stranger.get(f"/auction/{lot_id}").text


def test_an_empty_or_endless_objection_is_refused_beside_its_field(app: FakeApp) -> None:
    lot_id = sold(app)
    _, buyer, _ = people(app)
    for typed in ("", "x" * 2001):
        answer = buyer.post_form(f"/auction/{lot_id}/dispute", text=typed)
        assert answer.status == 422
        assert 'id="objection-fault"' in answer.text
    assert typed in answer.text


@pytest.mark.parametrize("who", [SELLER, BORIS])
def test_nobody_else_may_object(app: FakeApp, who: int) -> None:
    lot_id = sold(app)
    assert Client(app).log_in(who).post_form(f"/auction/{lot_id}/dispute", text="x").status == 403


def test_a_dispute_after_the_release_is_too_late(app: FakeApp) -> None:
    lot_id = sold(app)
    _, buyer, _ = people(app)
    app.dealing.deliver(SELLER, lot_id, "Here", app.now())
    app.dealing.confirm(ANNA, lot_id, app.now())
    answer = buyer.post_form(f"/auction/{lot_id}/dispute", text="Too late")
    assert answer.status == 409
    assert "this step is no longer possible" in answer.text


@pytest.mark.parametrize(("release", "buyers", "sellers"), [
    (True, "The operator decided for the seller, who has been paid.", "The operator decided for you: ⭐ 485"),
    (False, "The operator decided for you: ⭐ 510 is back", "The operator decided for the buyer"),
])  # fmt: skip
def test_a_settled_dispute_shows_both_the_decision_and_its_reason(
    app: FakeApp, release: bool, buyers: str, sellers: str
) -> None:
    lot_id = sold(app)
    seller, buyer, _ = people(app)
    app.dealing.dispute(ANNA, lot_id, "Broken", app.now())
    app.dealing.resolve(deciding("The photos show it", app.now()), lot_id, release)
    for client, sentence in ((buyer, buyers), (seller, sellers)):
        shown = text(client.get(f"/auction/{lot_id}"))
        assert sentence in shown
        assert "The photos show it" in shown


# --- ratings ----------------------------------------------------------------------------------------------------------


def completed(app: FakeApp) -> str:
    lot_id = sold(app)
    app.dealing.deliver(SELLER, lot_id, "Here", app.now())
    app.dealing.confirm(ANNA, lot_id, app.now())
    return lot_id


def test_ratings_are_blind_until_both_are_given(app: FakeApp) -> None:
    lot_id = completed(app)
    seller, buyer, _ = people(app)
    assert buyer.post_form(f"/auction/{lot_id}/rate", stars=4, text="Came <i>late</i>").status == 303
    assert "Your rating appears when the other side has rated too" in text(buyer.get(f"/auction/{lot_id}"))
    assert "Came" not in seller.get(f"/auction/{lot_id}").text
    assert "How was the buyer?" in text(seller.get(f"/auction/{lot_id}"))
    assert seller.post_form(f"/auction/{lot_id}/rate", stars=5, text="").status == 303
    shown = seller.get(f"/auction/{lot_id}")
    assert "The buyer about you" in text(shown)
    assert "Came &lt;i&gt;late&lt;/i&gt;" in shown.text
    assert "4.0" in text(Client(app).get(f"/u/{public_id(SELLER)}"))
    assert "1 rating · 1 sale" in text(Client(app).get(f"/u/{public_id(SELLER)}"))
    assert "Came &lt;i&gt;late&lt;/i&gt;" in Client(app).get(f"/u/{public_id(SELLER)}").text
    assert "1 rating · 1 purchase" in text(Client(app).log_in(ANNA).get("/profile"))
    assert "1 rating · 1 sale" in text(Client(app).get(f"/auction/{put_up(app).auction.id}"))
    assert "1 rating · 1 sale" in text(seller.get("/profile"))
    assert "Buyer: ★ 5.0 of 5 1 rating · 1 purchase" in text(seller.get(f"/auction/{lot_id}"))


def test_a_single_rating_appears_after_seven_days(app: FakeApp) -> None:
    lot_id = completed(app)
    seller, buyer, _ = people(app)
    buyer.post_form(f"/auction/{lot_id}/rate", stars=4, text="Came late")
    app.clock.forward(days=7)
    assert "Came late" in text(seller.get(f"/auction/{lot_id}"))


@pytest.mark.parametrize(("stars", "words"), [("", ""), ("0", ""), ("6", ""), ("x", ""), ("5", "x" * 1001)])
def test_a_rating_that_is_none_is_refused_and_kept_in_the_form(app: FakeApp, stars: str, words: str) -> None:
    lot_id = completed(app)
    _, buyer, _ = people(app)
    answer = buyer.post_form(f"/auction/{lot_id}/rate", stars=stars, text=words or "Kept")
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert (words or "Kept") in answer.text


def test_a_rating_twice_by_a_stranger_or_too_early_is_refused(app: FakeApp) -> None:
    early, lot_id = sold(app), completed(app)
    _, buyer, stranger = people(app)
    assert buyer.post_form(f"/auction/{early}/rate", stars=5).status == 409
    assert stranger.post_form(f"/auction/{lot_id}/rate", stars=5).status == 403
    assert buyer.post_form(f"/auction/{lot_id}/rate", stars=5).status == 303
    again = buyer.post_form(f"/auction/{lot_id}/rate", stars=1)
    assert again.status == 409
    assert "You have already rated this deal." in again.text


# --- after a refund ---------------------------------------------------------------------------------------------------


def test_the_runner_up_is_offered_a_refunded_lot_and_takes_it(app: FakeApp) -> None:
    lot_id = sold(app)
    seller, buyer, runner_up = people(app)
    refund(app, lot_id)
    assert "Offer it to the next bidder for ⭐ 100" in text(seller.get(f"/auction/{lot_id}"))
    assert "Offer it to the next bidder" not in text(buyer.get(f"/auction/{lot_id}"))
    assert seller.post_form(f"/auction/{lot_id}/second_chance").status == 303
    assert "Offered to the next bidder for ⭐ 100" in text(seller.get(f"/auction/{lot_id}"))
    assert "Relist" not in text(seller.get(f"/auction/{lot_id}"))
    assert "It can still be yours" in text(runner_up.get(f"/auction/{lot_id}"))
    assert "Buy the lot for ⭐ 100" in text(runner_up.get(f"/auction/{lot_id}"))
    assert "Look at the offer" in text(runner_up.get("/my/bids"))
    answer = runner_up.post_form(f"/auction/{lot_id}/second_chance/accept")
    assert answer.status == 303
    assert answer.headers["location"] != f"/auction/{lot_id}"
    assert "You bought it" in text(runner_up.get(answer.headers["location"]))
    assert "The next bidder bought it for ⭐ 100." in text(seller.get(f"/auction/{lot_id}"))


def test_a_refunded_deal_looks_sold_to_strangers_alone(app: FakeApp) -> None:
    lot_id = sold(app)
    seller, buyer, runner_up = people(app)
    refund(app, lot_id)
    for party in (seller, buyer):
        shown = text(party.get(f"/auction/{lot_id}"))
        assert "⭐ 510 the sale fell through" in shown
        assert "sold for" not in shown
        assert ">won<" not in party.get(f"/auction/{lot_id}").text
    for stranger in (runner_up, Client(app)):
        shown = text(stranger.get(f"/auction/{lot_id}"))
        assert "⭐ 510 sold for" in shown
        assert "fell through" not in shown
    assert "the sale fell through" in text(seller.get("/my/auctions"))
    bought = text(buyer.get("/my/bids"))
    assert "money returned" in bought
    assert "<h2>Won</h2>" not in buyer.get("/my/bids").text
    told = text(buyer.get(f"/auction/{lot_id}"))
    assert "The sale fell through The money is back in your wallet." in told
    assert "You won" not in told


def test_a_lot_that_is_offered_to_the_runner_up_bears_their_price_in_their_list(app: FakeApp) -> None:
    lot_id = sold(app)
    seller, _, runner_up = people(app)
    refund(app, lot_id)
    assert "⭐ 510 sold for" in text(runner_up.get("/my/bids"))
    seller.post_form(f"/auction/{lot_id}/second_chance")
    offered = text(runner_up.get("/my/bids"))
    assert "⭐ 100 the price for you" in offered
    assert "sold for" not in offered


def test_the_runner_up_may_decline_and_the_seller_puts_it_up_again(app: FakeApp) -> None:
    lot_id = sold(app)
    seller, _, runner_up = people(app)
    refund(app, lot_id)
    seller.post_form(f"/auction/{lot_id}/second_chance")
    assert runner_up.post_form(f"/auction/{lot_id}/second_chance/decline").status == 303
    assert "The next bidder declined." in text(seller.get(f"/auction/{lot_id}"))
    assert runner_up.post_form(f"/auction/{lot_id}/second_chance/accept").status == 409
    first = seller.post_form(f"/auction/{lot_id}/relist")
    second = seller.post_form(f"/auction/{lot_id}/relist")
    assert (first.status, second.status) == (303, 303)
    assert first.headers["location"] == second.headers["location"] != f"/auction/{lot_id}"


@pytest.mark.parametrize("noticed", [False, True])
def test_an_offer_that_nobody_answered_is_over_for_both(app: FakeApp, noticed: bool) -> None:
    """As soon as its time has passed, whether or not the clock has been heard."""
    lot_id = sold(app)
    seller, _, runner_up = people(app)
    refund(app, lot_id)
    seller.post_form(f"/auction/{lot_id}/second_chance")
    assert "Relist" not in text(seller.get("/my/auctions"))
    app.clock.forward(hours=48)
    if noticed:
        app.scheduler.fire(app)
    assert (there(app.store.auction(lot_id).offer).state == "expired") is noticed
    theirs = text(runner_up.get(f"/auction/{lot_id}"))
    assert "The offer has expired." in theirs
    assert "You did not win this one" in theirs
    assert "still be yours" not in theirs
    assert "Take it" not in theirs
    assert runner_up.post_form(f"/auction/{lot_id}/second_chance/accept").status == 409
    mine = text(seller.get(f"/auction/{lot_id}"))
    assert "The next bidder did not answer in time." in mine
    assert "Relist" in mine
    assert "Relist" in text(seller.get("/my/auctions"))
    assert seller.post_form(f"/auction/{lot_id}/relist").status == 303


def test_a_runner_up_without_the_money_is_told_what_is_missing(app: FakeApp) -> None:
    lot_id = sold(app)
    seller, _, runner_up = people(app)
    refund(app, lot_id)
    seller.post_form(f"/auction/{lot_id}/second_chance")
    other = put_up(app, SELLER, start_price=9940, duration_seconds=86400 * 3).auction.id
    app.bidding.bid(other, BORIS, 9940, app.now())
    assert "Top up ⭐ 50 and buy" in text(runner_up.get(f"/auction/{lot_id}"))
    answer = runner_up.post_form(f"/auction/{lot_id}/second_chance/accept")
    assert answer.status == 409
    assert "more" in text(answer)


def test_an_unsold_lot_is_put_up_again_with_one_click_by_its_seller_alone(app: FakeApp) -> None:
    lot_id = put_up(app, duration_seconds=3600).auction.id
    app.clock.forward(hours=1, seconds=2)
    seller, stranger = Client(app).log_in(SELLER), Client(app).log_in(CLARA)
    assert stranger.post_form(f"/auction/{lot_id}/relist").status == 403
    answer = seller.post_form(f"/auction/{lot_id}/relist")
    assert answer.status == 303
    assert "Your lot is published." in text(seller.get(answer.headers["location"]))
    app.clock.forward(minutes=5)
    again = seller.post_form(f"/auction/{lot_id}/relist")
    assert again.headers["location"] == answer.headers["location"]
    assert "Your lot is published." not in text(seller.get(answer.headers["location"]))
    assert f'action="/auction/{lot_id}/relist"' not in seller.get("/my/auctions").text, "it is up already"


def test_a_lot_that_runs_is_not_put_up_again(app: FakeApp) -> None:
    lot_id = put_up(app).auction.id
    assert Client(app).log_in(SELLER).post_form(f"/auction/{lot_id}/relist").status == 409
