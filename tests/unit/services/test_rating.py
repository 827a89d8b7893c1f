"""Ratings, and what they and completed deals make of a person's name; each counts once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.deal_errors import AlreadyRated, NotSold, WrongDealState
from starbid.domain.errors import Invalid, NotFound, NotYours
from starbid.domain.leaving import left
from starbid.domain.people import Reputation
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, put_up
from tests.support.fakes import Alarm, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of


def delivered() -> tuple[FakeApp, str]:
    """A lot that ANNA bought from SELLER for 150."""
    app, lot = market(buy_now_price=150)
    app.bidding.buy(lot.auction.id, ANNA, 150, app.now())
    app.dealing.deliver(SELLER, lot.auction.id, "x", app.now())
    return app, lot.auction.id


def completed() -> tuple[FakeApp, str]:
    app, lot = delivered()
    app.dealing.confirm(ANNA, lot, app.now())
    app.scheduler.alarms.clear()
    return app, lot


def name_of(app: FakeApp, user_id: int) -> Reputation:
    return app.store.tables.people[user_id].reputation


def test_a_completed_deal_counts_for_both() -> None:
    app, _ = completed()
    assert (name_of(app, SELLER), name_of(app, ANNA)) == (Reputation(sold=1), Reputation(bought=1))
    assert_invariants(dump_of(app.store))


def test_a_deal_released_by_itself_counts_too() -> None:
    app, _ = delivered()
    app.clock.forward(days=7)
    app.scheduler.fire(app)
    assert (name_of(app, SELLER).sold, name_of(app, ANNA).bought) == (1, 1)


@pytest.mark.parametrize("comes_again", [True, False])
def test_a_rating_of_somebody_who_has_left_since_counts_for_nobody(*, comes_again: bool) -> None:
    app, lot = completed()
    app.dealing.rate(ANNA, lot, 1, "slow", app.now())
    app.people.change(SELLER, lambda person: left(person, "nobody", "p" * 13, app.now()))
    if comes_again:
        app.people.greet(SELLER, "Selma", None, "en", app.now())
    app.clock.forward(days=7)
    app.scheduler.fire(app)
    assert name_of(app, SELLER) == Reputation()
    assert app.store.deal(lot).due_at is None


def test_a_rating_of_a_newcomers_own_lot_counts() -> None:
    app, _ = completed()
    app.people.change(SELLER, lambda person: left(person, "nobody", "p" * 13, app.now()))
    app.people.greet(SELLER, "Selma", None, "en", app.now())
    app.people.change(SELLER, lambda person: replace(person, subscribed_until=app.now() + timedelta(days=1)))
    join(app, CLARA, stars=1000)
    lot = put_up(app, buy_now_price=150).auction.id
    app.bidding.buy(lot, CLARA, 150, app.now())
    app.dealing.deliver(SELLER, lot, "x", app.now())
    app.dealing.confirm(CLARA, lot, app.now())
    app.dealing.rate(CLARA, lot, 5, "", app.now())
    app.dealing.rate(SELLER, lot, 5, "", app.now())
    assert name_of(app, SELLER) == Reputation(sold=1, seller_stars=5, seller_ratings=1)


def test_a_hidden_rating_moves_no_counter_and_both_count_together() -> None:
    app, lot = completed()
    app.dealing.rate(ANNA, lot, 2, "slow", app.now())
    assert name_of(app, SELLER) == Reputation(sold=1)
    app.dealing.rate(SELLER, lot, 5, "", app.now())
    assert name_of(app, SELLER) == Reputation(sold=1, seller_stars=2, seller_ratings=1)
    assert name_of(app, ANNA) == Reputation(bought=1, buyer_stars=5, buyer_ratings=1)
    assert_invariants(dump_of(app.store))


def test_after_seven_days_a_single_rating_counts_by_itself() -> None:
    app, lot = completed()
    app.dealing.rate(ANNA, lot, 2, "slow", app.now())
    (alarm,) = app.scheduler.alarms
    assert alarm == Alarm("deal", lot, app.clock.forward(days=7))
    assert app.scheduler.fire(app) == 1
    assert name_of(app, SELLER).seller_stars == 2
    assert app.dealing.advance(lot, app.now()) is None
    app.dealing.rate(SELLER, lot, 4, "", app.now())
    assert (name_of(app, SELLER).seller_ratings, name_of(app, ANNA).buyer_ratings) == (1, 1)
    assert_invariants(dump_of(app.store))


def test_the_sweep_shows_what_a_schedule_missed() -> None:
    app, lot = completed()
    app.scheduler.fail_next(Death())
    with pytest.raises(Death):
        app.dealing.rate(ANNA, lot, 2, "slow", app.now())
    app.clock.forward(days=7)
    assert app.dealing.sweep(app.now()) == 1
    assert app.dealing.sweep(app.now()) == 0
    assert name_of(app, SELLER).seller_ratings == 1
    assert_invariants(dump_of(app.store))


def test_showing_and_rating_at_once_count_each_rating_once() -> None:
    app, lot = completed()
    app.dealing.rate(ANNA, lot, 2, "", app.now())
    app.clock.forward(days=7)
    app.store.meanwhile(lambda: app.dealing.advance(lot, app.now()))
    app.dealing.rate(SELLER, lot, 4, "", app.now())
    assert (name_of(app, SELLER).seller_ratings, name_of(app, ANNA).buyer_ratings) == (1, 1)
    assert_invariants(dump_of(app.store))


def test_both_rating_at_once_both_count() -> None:
    app, lot = completed()
    app.store.meanwhile(lambda: app.dealing.rate(ANNA, lot, 2, "", app.now()))
    app.dealing.rate(SELLER, lot, 4, "", app.now())
    assert (name_of(app, SELLER).seller_ratings, name_of(app, ANNA).buyer_ratings) == (1, 1)
    assert_invariants(dump_of(app.store))


def test_the_same_side_rating_twice_at_once_rates_once() -> None:
    app, lot = completed()
    app.store.meanwhile(lambda: app.dealing.rate(ANNA, lot, 2, "", app.now()))
    with pytest.raises(AlreadyRated):
        app.dealing.rate(ANNA, lot, 5, "", app.now())
    assert [rating.stars for rating in app.store.deal(lot).ratings] == [2]


@pytest.mark.parametrize("after", [False, True])
def test_a_rating_that_died_counts_once_on_the_next_try(after: bool) -> None:
    app, lot = completed()
    app.dealing.rate(ANNA, lot, 2, "", app.now())
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.dealing.rate(SELLER, lot, 4, "", app.now())
    if after:
        with pytest.raises(AlreadyRated):
            app.dealing.rate(SELLER, lot, 4, "", app.now())
    else:
        app.dealing.rate(SELLER, lot, 4, "", app.now())
    assert name_of(app, ANNA).buyer_stars == 4
    assert_invariants(dump_of(app.store))


def test_who_changes_their_name_at_that_moment_keeps_both() -> None:
    app, lot = delivered()

    def renamed() -> None:
        app.people.greet(ANNA, "Anna Ivanova", None, "en", app.now())

    app.store.meanwhile(renamed)
    app.dealing.confirm(ANNA, lot, app.now())
    app.store.meanwhile(lambda: app.dealing.rate(SELLER, lot, 4, "", app.now()))
    app.store.meanwhile(lambda: app.dealing.rate(ANNA, lot, 2, "", app.now()))
    app.people.set_language(ANNA, "ru")
    anna = app.store.tables.people[ANNA]
    assert (anna.name, anna.language) == ("Anna Ivanova", "ru")
    assert anna.reputation == Reputation(bought=1, buyer_stars=4, buyer_ratings=1)


def test_nobody_is_registered_by_a_deal() -> None:
    app, lot = delivered()
    del app.store.tables.people[SELLER]
    app.dealing.confirm(ANNA, lot, app.now())
    assert SELLER not in app.store.tables.people
    assert name_of(app, ANNA).bought == 1


def test_who_does_what_when() -> None:
    app, lot = delivered()
    with pytest.raises(WrongDealState):
        app.dealing.rate(ANNA, lot, 5, "", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    with pytest.raises(NotYours):
        app.dealing.rate(BORIS, lot, 5, "", app.now())
    with pytest.raises(Invalid):
        app.dealing.rate(ANNA, lot, 6, "", app.now())
    with pytest.raises(NotFound):
        app.dealing.rate(ANNA, "nothing", 5, "", app.now())
    with pytest.raises(NotSold):
        app.dealing.rate(ANNA, put_up(app).auction.id, 5, "", app.now())
    assert app.store.deal(lot).ratings == ()


def test_a_rating_is_told_to_the_other_side_without_its_stars() -> None:
    app, lot = completed()
    app.run_streams()
    app.messenger.told.clear()
    app.dealing.rate(ANNA, lot, 1, "secret", app.now())
    app.run_streams()
    ((person, notice, _),) = app.messenger.told
    assert (person.id, notice.kind, notice.facts) == (SELLER, "rated", {"visible": False})
    app.dealing.rate(SELLER, lot, 5, "", app.now())
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ["rated"]
    assert app.messenger.told[-1][1].facts == {"visible": True}


def test_a_rating_that_appears_by_itself_is_told_to_nobody_again() -> None:
    app, lot = completed()
    app.dealing.rate(ANNA, lot, 1, "", app.now())
    app.run_streams()
    app.messenger.told.clear()
    app.clock.forward(days=7)
    app.scheduler.fire(app)
    app.run_streams()
    assert app.messenger.told == []


def test_the_check_of_the_counters_finds_a_leak() -> None:
    app, lot = completed()
    app.dealing.rate(ANNA, lot, 1, "", app.now())
    people = app.store.tables.people
    people[SELLER] = replace(people[SELLER], reputation=Reputation(sold=1, seller_stars=1, seller_ratings=1))
    with pytest.raises(AssertionError, match="10:"):
        assert_invariants(dump_of(app.store))
