"""The seller's side of a dispute: kept until it is settled, told to the admins, never in the way of the money."""

import pytest

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import DealState
from starbid.domain.events import DisputeAnswered
from tests.support.desk import deciding
from tests.support.factories import ANNA, SELLER, join, market
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.there import there

ADMIN = 900
"""As tests' ADMIN_IDS have it."""


def disputed() -> tuple[FakeApp, str]:
    """A lot sold to ANNA for 310, delivered, and objected to. One admin is registered."""
    app, lot = market(buy_now_price=310)
    join(app, ADMIN)
    app.bidding.buy(lot.auction.id, ANNA, 310, app.now())
    app.dealing.deliver(SELLER, lot.auction.id, "the key: 42", app.now())
    app.dealing.dispute(ANNA, lot.auction.id, "it does not work", app.now())
    return app, lot.auction.id


def available(app: FakeApp, user_id: int) -> int:
    return app.store.wallet(user_id, "XTR", consistent=True).available.amount


def test_every_admin_hears_what_the_seller_answers_and_the_buyer_does_not() -> None:
    app, lot = disputed()
    app.run_streams()
    app.messenger.told.clear()
    version = app.dealing.answer(SELLER, lot, "it <does> work", app.now()).version
    assert app.store.tables.events[f"answered:{lot}:{version}"] == DisputeAnswered(
        f"answered:{lot}:{version}", app.now(), lot, SELLER, ANNA, "it <does> work", version
    )
    app.run_streams()
    ((person, notice, _),) = app.messenger.told
    assert (person.id, notice.kind, notice.facts) == (
        ADMIN,
        "dispute_answered",
        {"text": "it <does> work", "version": version},
    )


def test_a_changed_answer_is_told_in_the_place_of_the_first_and_the_same_one_again_is_not() -> None:
    app, lot = disputed()
    for text in ("one", "one", "two"):
        app.dealing.answer(SELLER, lot, text, app.now())
        app.run_streams()
        app.clock.forward(seconds=10)
    answers = [
        there(there(shown).deal).answer for _, notice, shown in app.messenger.told if notice.kind == "dispute_answered"
    ]
    answers += [there(there(shown).deal).answer for _, _, shown, _ in app.messenger.edited]
    assert answers == ["one", "two"]
    assert app.store.deal(lot).answer == "two"
    assert [deal.answer for deal in app.dealing.open_disputes()] == ["two"]


def test_answering_moves_no_money_and_a_settled_dispute_takes_no_answer() -> None:
    app, lot = disputed()
    app.dealing.answer(SELLER, lot, "it works", app.now())
    assert (available(app, SELLER), available(app, ANNA)) == (0, 9_690)
    app.dealing.resolve(deciding("the key works", app.now()), lot, True)
    with pytest.raises(WrongDealState):
        app.dealing.answer(SELLER, lot, "thank you", app.now())
    assert app.store.deal(lot).answer == "it works"
    assert_invariants(dump_of(app.store))


def test_an_answer_that_meets_the_settlement_comes_too_late() -> None:
    app, lot = disputed()
    app.store.meanwhile(lambda: app.dealing.resolve(deciding("no", app.now()), lot, False))
    with pytest.raises(WrongDealState):
        app.dealing.answer(SELLER, lot, "wait", app.now())
    assert (app.store.deal(lot).state, app.store.deal(lot).answer) == (DealState.REFUNDED, None)


def test_a_settlement_that_meets_an_answer_keeps_it() -> None:
    app, lot = disputed()
    app.store.meanwhile(lambda: app.dealing.answer(SELLER, lot, "wait", app.now()))
    deal = app.dealing.resolve(deciding("no", app.now()), lot, False)
    assert (deal.state, deal.answer) == (DealState.REFUNDED, "wait")


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_died_is_told_once_by_the_next_try(after: bool) -> None:
    app, lot = disputed()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.dealing.answer(SELLER, lot, "it works", app.now())
    app.dealing.answer(SELLER, lot, "it works", app.now())
    app.run_streams()
    assert app.messenger.kinds_for(ADMIN).count("dispute_answered") == 1
