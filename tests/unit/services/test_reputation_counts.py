"""Spec, section 3, "Deal": a deal counts for reputation once per pair of people, and not below 20 whole units."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.factories import ANNA, BORIS, SELLER, join, pay, put_up
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of


def town() -> FakeApp:
    app = make_app()
    for who in (SELLER, ANNA, BORIS):
        join(app, who, seller=True)
        pay(app, who, 1_000)
    return app


def bought(app: FakeApp, price: int, seller: int = SELLER, buyer: int = ANNA) -> str:
    """Bought and delivered."""
    lot = put_up(app, seller, start_price=price, buy_now_price=price).auction.id
    app.bidding.buy(lot, buyer, price, app.now())
    app.dealing.deliver(seller, lot, "x", app.now())
    return lot


def done(app: FakeApp, price: int, seller: int = SELLER, buyer: int = ANNA, stars: int = 5) -> str:
    lot = bought(app, price, seller, buyer)
    app.dealing.confirm(buyer, lot, app.now())
    app.dealing.rate(buyer, lot, stars, "", app.now())
    app.dealing.rate(seller, lot, stars, "", app.now())
    assert_invariants(dump_of(app.store))
    return lot


def reputation(app: FakeApp, who: int) -> tuple[int, int, int]:
    """Deals sold, ratings as a seller, their sum."""
    counters = app.store.tables.people[who].reputation
    return counters.sold, counters.seller_ratings, counters.seller_stars


def test_five_sales_of_19_stars_to_oneself_are_worth_nothing() -> None:
    app = town()
    for _ in range(5):
        done(app, 19)
    assert reputation(app, SELLER) == (0, 0, 0)


def test_at_20_stars_a_deal_counts() -> None:
    app = town()
    done(app, 20)
    assert reputation(app, SELLER) == (1, 1, 5)


def test_of_five_deals_between_two_people_the_first_counts() -> None:
    app = town()
    for stars in (3, 5, 5, 5, 5):
        done(app, 50, stars=stars)
    assert reputation(app, SELLER) == (1, 1, 3)
    done(app, 50, buyer=BORIS, stars=4)
    assert reputation(app, SELLER) == (2, 2, 7)


def test_the_other_way_round_they_are_the_same_pair() -> None:
    app = town()
    done(app, 50)
    done(app, 50, seller=ANNA, buyer=SELLER)
    assert reputation(app, ANNA) == (0, 0, 0)


def test_a_small_deal_does_not_use_the_pair_up() -> None:
    app = town()
    done(app, 19)
    done(app, 50)
    assert reputation(app, SELLER) == (1, 1, 5)


def test_two_deals_confirmed_at_once_count_once() -> None:
    app = town()
    lots = [bought(app, 50) for _ in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda lot: app.dealing.confirm(ANNA, lot, app.now()), lots))
    assert reputation(app, SELLER)[0] == 1
    assert sum(app.store.deal(lot).counts for lot in lots) == 1
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("after", [False, True])
def test_a_confirmation_that_died_counts_once(after: bool) -> None:
    app = town()
    lot = bought(app, 50)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.dealing.confirm(ANNA, lot, app.now())
    if not after:
        app.dealing.confirm(ANNA, lot, app.now())
    assert reputation(app, SELLER)[0] == 1
    done(app, 50)
    assert reputation(app, SELLER)[0] == 1


def test_a_deal_released_by_time_counts_too() -> None:
    app = town()
    lot = bought(app, 50)
    app.clock.forward(days=7)
    app.dealing.advance(lot, app.now())
    assert reputation(app, SELLER)[0] == 1
