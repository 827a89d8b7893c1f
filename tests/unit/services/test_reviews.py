"""What buyers say of a seller: which reviews are shown, in which order, and how the stars are counted."""

from __future__ import annotations

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.leaving import left
from starbid.domain.people import Person
from starbid.services.deals.reviews import Reviews, Spread
from starbid.services.ports import Page
from starbid.services.sifting import READS, sifted
from tests.support.desk import deciding
from tests.support.factories import ANNA, SELLER, join, market, put_up
from tests.support.fakes import FakeApp

FIRST_BUYER = 500


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA)[0]


def bought(app: FakeApp, buyer: int, title: str = "A lamp", price: int = 500) -> str:
    """The lot of a completed deal."""
    if buyer not in app.store.tables.people:
        join(app, buyer, stars=10_000)
    lot = put_up(app, title=title, start_price=10, buy_now_price=price).auction.id
    app.bidding.buy(lot, buyer, price, app.now())
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.confirm(buyer, lot, app.now())
    return lot


def reviewed(app: FakeApp, buyer: int, stars: int = 5, text: str = "", title: str = "A lamp") -> str:
    lot = bought(app, buyer, title)
    app.clock.forward(seconds=1)
    app.dealing.rate(buyer, lot, stars, text, app.now())
    app.dealing.rate(SELLER, lot, 5, "a good buyer", app.now())
    return lot


def seller(app: FakeApp) -> Person:
    return app.store.tables.people[SELLER]


def said(app: FakeApp) -> list[tuple[int, str, str]]:
    return [(each.rating.stars, each.rating.text, each.title) for each in app.reviews.latest(seller(app)).items]


def test_the_latest_review_comes_first_with_the_lot_that_it_is_about(app: FakeApp) -> None:
    reviewed(app, 500, 4, "fine", "A lamp")
    reviewed(app, 501, 1, "broken", "A vase")
    assert said(app) == [(1, "broken", "A vase"), (4, "fine", "A lamp")]


def test_a_review_is_found_however_many_lots_came_after_it(app: FakeApp) -> None:
    reviewed(app, 500, 4, "fine")
    for number in range(60):
        app.clock.forward(seconds=1)
        put_up(app, title=f"Lot number {number}")
    assert said(app) == [(4, "fine", "A lamp")]


def test_a_hidden_review_is_shown_when_both_have_rated_or_after_seven_days(app: FakeApp) -> None:
    lot = bought(app, 500)
    app.dealing.rate(500, lot, 2, "slow", app.now())
    app.clock.forward(days=6, hours=23)
    app.dealing.sweep(app.now())
    assert said(app) == []
    app.clock.forward(hours=1)
    app.dealing.sweep(app.now())
    assert said(app) == [(2, "slow", "A lamp")]


def test_reviews_are_as_many_as_the_reputation_counts(app: FakeApp) -> None:
    """Of a pair of people the first deal counts, and none below 20 Stars."""
    reviewed(app, 500)
    reviewed(app, 500, 1, "again")
    small = bought(app, 501, price=19)
    app.dealing.rate(501, small, 1, "small", app.now())
    app.dealing.rate(SELLER, small, 1, "small", app.now())
    assert len(said(app)) == app.store.tables.people[SELLER].reputation.seller_ratings == 1
    assert app.reviews.spread(seller(app)).total == 1


def test_what_the_seller_said_of_a_buyer_is_no_review(app: FakeApp) -> None:
    lot = bought(app, 500)
    app.dealing.rate(SELLER, lot, 1, "pays late", app.now())
    app.clock.forward(days=7)
    app.dealing.sweep(app.now())
    assert said(app) == []


def test_of_a_lot_that_operators_hid_the_review_stays_and_names_no_lot(app: FakeApp) -> None:
    lot = reviewed(app, 500, 2, "forbidden thing")
    app.lot_acts.hide(deciding("forbidden", app.now()), lot)
    (review,) = app.reviews.latest(seller(app)).items
    assert (review.auction_id, review.title, review.rating.text) == (None, "", "forbidden thing")


def test_reviews_come_in_pages_without_a_gap_or_a_double(app: FakeApp) -> None:
    for number in range(25):
        reviewed(app, FIRST_BUYER + number, text=f"review {number}")
    seen, cursor = list[str](), None
    while True:
        page = app.reviews.latest(seller(app), cursor=cursor)
        seen += [review.rating.text for review in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == [f"review {number}" for number in reversed(range(25))]
    with pytest.raises(Invalid):
        app.reviews.latest(seller(app), cursor="of another list")


def test_who_left_and_came_again_has_only_the_reviews_from_then_on(app: FakeApp) -> None:
    for number in range(12):
        reviewed(app, FIRST_BUYER + number, 1, "before")
    app.people.change(SELLER, lambda person: left(person, "nobody", "p" * 13, app.now()))
    app.people.greet(SELLER, "Selma", None, "en", app.now())
    app.people.subscribe(SELLER, "again", app.now())
    assert app.reviews.latest(seller(app)) == Page(())
    assert app.reviews.spread(seller(app)).total == 0
    reviewed(app, FIRST_BUYER + 50, 4, "after")
    page = app.reviews.latest(seller(app))
    assert ([each.rating.text for each in page.items], page.cursor) == (["after"], None)
    assert app.reviews.spread(seller(app)) == Spread(((5, 0), (4, 1), (3, 0), (2, 0), (1, 0)), is_whole=True)


def test_stars_are_counted_five_first_over_the_latest(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, stars in enumerate((5, 5, 3, 1)):
        reviewed(app, FIRST_BUYER + number, stars)
    assert app.reviews.spread(seller(app)) == Spread(((5, 2), (4, 0), (3, 1), (2, 0), (1, 1)), is_whole=True)
    monkeypatch.setattr("starbid.services.deals.reviews.SPREAD_OVER", 2)
    assert Reviews(app.store).spread(seller(app)) == Spread(((5, 0), (4, 0), (3, 1), (2, 0), (1, 1)), is_whole=False)


# --- reading on until there is enough ---------------------------------------------------------------------------------


def numbers(cursor: str) -> Page[int]:
    """Ten numbers from the cursor on, up to a hundred."""
    start = int(cursor)
    return Page(tuple(range(start, start + 10)), str(start + 10) if start + 10 < 100 else None)


def test_reading_ends_with_the_page_that_has_enough() -> None:
    page = sifted(numbers("0"), numbers, lambda number: number % 2 == 0, 7)
    assert (page.items, page.cursor) == ((0, 2, 4, 6, 8, 10, 12, 14, 16, 18), "20")


def test_reading_ends_after_a_few_pages_and_the_rest_is_a_cursor_away() -> None:
    page = sifted(numbers("0"), numbers, lambda number: number == 95, 1)
    assert (page.items, page.cursor) == ((), str(10 * READS))


def test_reading_ends_at_the_end_of_the_list() -> None:
    assert sifted(numbers("80"), numbers, lambda _: True, 1000).cursor is None
