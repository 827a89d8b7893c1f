"""Second-chance offers: the runner-up takes what the winner gave back, in one transaction, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.deal_errors import NoRunnerUp, NotSold, WrongDealState, WrongOfferState
from starbid.domain.deals import Deal
from starbid.domain.errors import Blocked, InDebt, NotFound, NotYours
from starbid.domain.second_chance_offer import Offer, OfferState
from starbid.services.deals import second_chance
from starbid.services.deals.second_chance import Prospect
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, market, pay, put_up, xtr
from tests.support.invariants import assert_invariants, dump_of
from tests.support.refunds import offered, refunded, refuses, sold


def test_the_next_one_is_offered_the_lot_for_48_hours_at_what_it_would_have_cost_them() -> None:
    """CLARA bid 200, BORIS 300: without the buyer BORIS would have paid one step above CLARA."""
    app, lot = refunded()
    assert app.second_chance.price_to_offer(app.store.lot(lot), app.now()) == xtr(210)
    made = app.second_chance.offer(SELLER, lot, app.now())
    assert made == Offer(BORIS, xtr(210), app.now() + timedelta(hours=48), OfferState.OPEN)
    assert app.store.auction(lot).offer == made
    assert app.second_chance.price_to_offer(app.store.lot(lot), app.now()) is None
    app.run_streams()
    ((person, notice, _),) = [told for told in app.messenger.told if told[1].kind == "second_chance"]
    assert (person.id, notice.facts["price"]) == (BORIS, [210, "XTR"])
    assert_invariants(dump_of(app.store))


def test_an_offer_is_made_once() -> None:
    app, lot = offered()
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.offer(SELLER, lot, app.now()))
    assert refusal.details == {"state": "open"}
    app.clock.forward(hours=48)
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.offer(SELLER, lot, app.now()))
    assert refusal.details == {"state": "expired"}


def test_two_clicks_at_once_offer_once() -> None:
    app, lot = refunded()
    app.store.meanwhile(lambda: app.second_chance.offer(SELLER, lot, app.now()))
    with pytest.raises(WrongOfferState):
        app.second_chance.offer(SELLER, lot, app.now())
    assert [event for event in app.store.tables.events if event.startswith("second")] == [f"second-chance:{lot}"]


@pytest.mark.parametrize("person", [ANNA, BORIS, CLARA])
def test_only_the_seller_offers(person: int) -> None:
    app, lot = refunded()
    refuses(app, NotYours, lambda: app.second_chance.offer(person, lot, app.now()))


def test_nothing_is_offered_but_what_was_refunded() -> None:
    app, lot = sold()
    refuses(app, WrongDealState, lambda: app.second_chance.offer(SELLER, lot, app.now()))
    live = put_up(app).auction.id
    refuses(app, NotSold, lambda: app.second_chance.offer(SELLER, live, app.now()))
    refuses(app, NotFound, lambda: app.second_chance.offer(SELLER, "nothing", app.now()))


def test_without_a_runner_up_there_is_nobody_to_offer_to() -> None:
    app, lot = market(buy_now_price=150)
    app.bidding.buy(lot.auction.id, ANNA, 150, app.now())
    app.dealing.dispute(ANNA, lot.auction.id, "no", app.now())
    app.dealing.resolve(deciding("refund", app.now()), lot.auction.id, False)
    refuses(app, NoRunnerUp, lambda: app.second_chance.offer(SELLER, lot.auction.id, app.now()))


def test_a_refunded_second_chance_has_no_third() -> None:
    app, lot = offered()
    new = app.second_chance.accept(BORIS, lot, app.now()).auction.id
    app.dealing.dispute(BORIS, new, "no", app.now())
    app.dealing.resolve(deciding("refund", app.now()), new, False)
    refuses(app, NoRunnerUp, lambda: app.second_chance.offer(SELLER, new, app.now()))


def test_a_blocked_seller_offers_nothing() -> None:
    app, lot = refunded()
    app.store.block(SELLER)
    refuses(app, Blocked, lambda: app.second_chance.offer(SELLER, lot, app.now()))


def test_a_seller_who_owes_offers_nothing() -> None:
    app, lot = refunded()
    wallet = app.store.wallet(SELLER, "XTR", consistent=True)
    app.store.tables.wallets[SELLER, "XTR"] = replace(wallet, available=xtr(0), owed=xtr(5))
    refuses(app, InDebt, lambda: app.second_chance.offer(SELLER, lot, app.now()))


def test_a_declined_offer_is_over_and_the_seller_hears_of_it() -> None:
    app, lot = offered()
    app.run_streams()
    app.messenger.told.clear()
    app.second_chance.decline(BORIS, lot, app.now())
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"state": "declined"}
    refuses(app, WrongOfferState, lambda: app.second_chance.decline(BORIS, lot, app.now()))
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["second_chance_declined"]


def test_rating_the_first_buyer_is_not_possible_after_a_refund() -> None:
    app, lot = refunded()

    def rate() -> Deal:
        return app.dealing.rate(ANNA, lot, 1, "", app.now())

    refuses(app, WrongDealState, rate)


def test_who_was_left_out_for_a_debt_and_has_paid_it_since_is_next() -> None:
    app, lot = market(type="sealed")
    lot_id = lot.auction.id
    app.bidding.bid(lot_id, ANNA, 500, app.now())
    app.bidding.bid(lot_id, BORIS, 400, app.now())
    (charge,) = app.store.charges_of(ANNA)
    app.refunding.taken_back(ANNA, charge.id, "", charge.amount.amount, "XTR", app.now())
    app.clock.forward(hours=1, seconds=2)
    assert app.closing.close(lot_id, app.now()).leader_id == BORIS
    pay(app, ANNA, 2_000)
    app.follow_debts()
    app.dealing.dispute(BORIS, lot_id, "It never came.", app.now())
    app.dealing.resolve(deciding("Right.", app.now()), lot_id, False)
    made = app.second_chance.offer(SELLER, lot_id, app.now())
    assert (made.to_id, made.price) == (ANNA, xtr(500))


def test_a_page_is_not_kept_waiting_for_the_price_of_a_long_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    app, lot = refunded()
    assert app.second_chance.prospect(app.store.lot(lot), app.now()) == Prospect(xtr(210))
    monkeypatch.setattr(second_chance, "FEW_BIDS", 1)
    trips = len(app.store.trips)
    assert app.second_chance.prospect(app.store.lot(lot), app.now()) == Prospect(None)
    assert "bids" not in app.store.trips[trips:]
    app.second_chance.offer(SELLER, lot, app.now())
    assert app.second_chance.prospect(app.store.lot(lot), app.now()) is None


@pytest.mark.parametrize("step", ["second-chance", "relist"])
def test_a_lot_put_up_under_a_name_made_to_fit_stands_in_nobodys_way(step: str) -> None:
    """The id of a lot follows from its seller and the request: no request of a form is one of ours."""
    app, lot = offered() if step == "second-chance" else refunded()
    card = app.store.lot(lot).card
    for name in (f"{step}:{lot}", f"{step}/{lot}", f"/{step}:{lot}", step, lot):
        app.publishing.publish(SELLER, draft(app.now()), (), name, app.now())
    fresh = (
        app.second_chance.accept(BORIS, lot, app.now())
        if step == "second-chance"
        else app.publishing.relist(SELLER, lot, app.now())
    )
    assert fresh.card.title == card.title
    assert app.store.auction(lot).relisted == (step == "relist")
