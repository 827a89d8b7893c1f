"""A debt on the page of a lot: a deal that is paused, a bid that did not count, an offer without its price."""

from __future__ import annotations

import pytest

from starbid.services.deals import second_chance
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, text


def take_back(app: FakeApp, who: int) -> None:
    (charge,) = app.store.charges_of(who)
    app.refunding.taken_back(who, charge.id, "", charge.amount.amount, "XTR", app.now())
    app.follow_debts()


def frozen() -> tuple[FakeApp, str]:
    app, _ = market(stars=1_000)
    lot = put_up(app, buy_now_price=300).auction.id
    app.bidding.buy(lot, ANNA, 300, app.now())
    take_back(app, ANNA)
    return app, lot


def test_a_paused_deal_tells_both_what_to_do_and_until_when() -> None:
    app, lot = frozen()
    buyer, seller = (Client(app).log_in(who).get(f"/auction/{lot}") for who in (ANNA, SELLER))
    assert "this deal is paused. Top up to settle the debt. Otherwise the deal ends automatically" in text(buyer)
    assert f'<input type="hidden" name="next" value="/auction/{lot}">' in buyer.text
    assert "Top up ⭐\u202f300" in buyer.text
    assert "Do not send anything yet: the deal is paused, and so is your time to send it." in text(seller)
    assert f'action="/auction/{lot}/deliver"' not in seller.text
    refused = Client(app).log_in(SELLER).post_form(f"/auction/{lot}/deliver", text="the code")
    assert (refused.status, "send anything yet" in text(refused)) == (409, True)


def test_a_deal_that_goes_on_says_nothing_of_it() -> None:
    app, lot = frozen()
    _, payload = app.paying.order_stars(ANNA, 300, app.now())
    app.paying.credit(ANNA, "later", payload, 300, "XTR", app.now())
    app.follow_debts()
    shown = Client(app).log_in(ANNA).get(f"/auction/{lot}")
    assert "Top up" not in text(shown)
    assert "Waiting for the seller to send it" in text(shown)


def test_who_would_have_won_is_told_why_not_and_the_next_one_what_it_costs() -> None:
    app, lot = market(stars=1_000, bid_step=10)
    for who, amount in ((BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    take_back(app, ANNA)
    app.clock.forward(hours=1, seconds=2)
    path = f"/auction/{lot.auction.id}"
    assert "taken back and not settled before the end, so your bid did not count" in text(
        Client(app).log_in(ANNA).get(path)
    )
    assert "Buy the lot for ⭐ 100" in text(Client(app).log_in(BORIS).get(path))
    seller = text(Client(app).log_in(SELLER).get(path))
    assert "A payment of the highest bidder was taken back, so their bid did not count." in seller
    assert "Offered to the next bidder for ⭐ 100" in seller


def test_the_seller_of_a_long_lot_offers_it_without_being_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    app, lot = market(stars=1_000, bid_step=10)
    for who, amount in ((BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.clock.forward(days=14)
    app.dealing.advance(lot.auction.id, app.now())
    path, seller = f"/auction/{lot.auction.id}", Client(app).log_in(SELLER)
    assert "Offer it to the next bidder for ⭐ 100" in text(seller.get(path))
    monkeypatch.setattr(second_chance, "FEW_BIDS", 1)
    shown = text(seller.get(path))
    assert "They have 48 hours to buy it for what it would have cost them without this buyer." in shown
    assert "next bidder for" not in shown
    assert seller.post_form(f"{path}/second_chance").status == 303
    assert "Offered to the next bidder for ⭐ 100" in text(seller.get(path))
