"""Finding lots, and what each viewer may see."""

import pytest

from starbid.domain.auction import Status
from starbid.domain.errors import NotFound
from starbid.services.auctions.live_rows import MOST_PAGES
from starbid.services.ports import Listing, Page, Search
from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up, xtr
from tests.support.fakes import FakeApp, make_app


def live(app: FakeApp, **search: object) -> list[str]:
    """Titles of the lots found."""
    app.store.project(app.now())
    return [row.title for row in app.browsing.live(Search(**search), app.now()).items]  # type: ignore[arg-type]


def shop() -> FakeApp:
    """Three lots: Lamp 300, Desk 100, Book 200, ending in this order; put up the other way round."""
    app = make_app()
    for hours, (title, price, category) in (
        (3, ("Book", 200, "books")),
        (2, ("Desk", 100, "home")),
        (1, ("Lamp", 300, "home")),
    ):
        put_up(app, title=title, start_price=price, category=category, duration_seconds=hours * 3600)
        app.clock.forward(seconds=1)
    return app


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("ending", ["Lamp", "Desk", "Book"]),
        ("newest", ["Lamp", "Desk", "Book"]),
        ("price_asc", ["Desk", "Book", "Lamp"]),
        ("price_desc", ["Lamp", "Book", "Desk"]),
    ],
)
def test_lots_come_in_the_order_asked_for(sort: str, titles: list[str]) -> None:
    assert live(shop(), sort=sort) == titles


def test_lots_are_filtered() -> None:
    app = shop()
    assert live(app, category="home", sort="price_asc") == ["Desk", "Lamp"]
    assert live(app, min_price=200, max_price=200) == ["Book"]
    assert live(app, currency="RUB") == []
    assert live(app, text="books") == ["Book"]


def test_a_list_looks_up_only_those_of_ones_bids_that_it_shows() -> None:
    app, _ = market()
    first, second = put_up(app), put_up(app)
    for lot in (first, second):
        app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
    mine = app.browsing.bids_of(ANNA, app.now(), among={first.auction.id}).items
    assert [bid.bid.auction_id for bid in mine] == [first.auction.id]
    app.store.trips.clear()
    assert app.browsing.bids_of(ANNA, app.now(), among=()).items == ()


def test_a_lot_that_is_over_is_closed_where_it_is_read_with_who_looks() -> None:
    app, _ = market()
    lot = put_up(app, duration_seconds=3600)
    app.clock.forward(hours=2)
    view, person, wallet = app.browsing.lot_and_person(lot.auction.id, ANNA, app.now())
    assert view.status is Status.UNSOLD
    assert (person, wallet.user_id) == (app.store.person(ANNA), ANNA)


def test_a_lot_of_this_moment_is_seen_with_who_looks() -> None:
    app, _ = market()
    app.store.lag = True
    lot = put_up(app)
    assert app.browsing.lot_and_person(lot.auction.id, ANNA, app.now())[0].lot == lot
    with pytest.raises(NotFound):
        app.browsing.lot_and_person("nothing", ANNA, app.now())


def test_a_lot_is_found_by_other_forms_of_its_words() -> None:
    app = make_app()
    put_up(app, title="Настольная лампа", description="Светит ярко, даёт тёплый свет")
    assert live(app, text="лампы") == ["Настольная лампа"]
    assert live(app, text="ТЕПЛАЯ лампу") == ["Настольная лампа"]
    assert live(app, text="стул") == []


class Sparse:
    """A catalogue whose pages are short, as each looks at a bounded number of lots."""

    def __init__(self, *pages: Page[Listing]) -> None:
        self.pages, self.asked = pages, list[str | None]()

    def find(self, search: Search) -> Page[Listing]:
        self.asked.append(search.cursor)
        return self.pages[len(self.asked) - 1]


def test_a_list_goes_on_over_empty_pages_until_there_is_something_to_show_but_not_without_end() -> None:
    app = shop()
    app.store.project(app.now())
    (lamp,) = app.catalogue.find(Search(text="lamp")).items

    sparse = app.browsing._rows._catalogue = Sparse(Page((), "2"), Page((lamp,), "3"), Page((lamp,), None))  # type: ignore[assignment]
    assert app.browsing.live(Search(text="lamp"), app.now()) == Page((lamp,), "3")
    assert sparse.asked == [None, "2"]

    sparse = app.browsing._rows._catalogue = Sparse(*(Page((), str(number)) for number in range(9)))  # type: ignore[assignment]
    assert app.browsing.live(Search(text="lamp"), app.now()) == Page((), "3")
    assert len(sparse.asked) == MOST_PAGES == 4


def test_lots_that_have_not_started_or_are_over_are_not_live_whatever_the_projection_says() -> None:
    app = shop()
    put_up(app, title="Later", starts_at="2026-05-02T12:00")
    assert "Later" not in live(app)
    app.clock.forward(hours=1)
    assert live(app) == ["Desk", "Book"]


def test_an_ended_lot_leaves_the_lists() -> None:
    app = shop()
    app.clock.forward(hours=1, seconds=2)
    assert app.closing.sweep(app.now()) == 1
    assert live(app) == ["Desk", "Book"]


def test_a_projection_that_comes_late_does_not_undo_a_later_one() -> None:
    app, lot = market()
    app.store.project(app.now())
    old = app.store.tables.listings[lot.auction.id]
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
    app.store.project(app.now())
    app.catalogue.put(old, "")
    assert app.store.tables.listings[lot.auction.id].bids_count == 1


def test_each_viewer_sees_their_own_maximum_only() -> None:
    app, lot = market(reserve_price=300, buy_now_price=700, bid_step=10)
    app.bidding.bid(lot.auction.id, ANNA, 250, app.now(), confirmed=True)
    seen = {who: app.browsing.lot(lot.auction.id, who, app.now()) for who in (ANNA, BORIS, SELLER, None)}

    assert {who: view.your_maximum for who, view in seen.items()} == {
        ANNA: xtr(250),
        BORIS: None,
        SELLER: None,
        None: None,
    }
    assert {who: view.you_lead for who, view in seen.items()} == {ANNA: True, BORIS: False, SELLER: False, None: False}
    assert {view.leader for view in seen.values()} == {lot.auction.pseudonym(ANNA)}
    assert {view.reserve_met for view in seen.values()} == {False}
    assert {view.buy_now_price for view in seen.values()} == {xtr(700)}
    assert [who for who, view in seen.items() if view.is_seller] == [SELLER]


def test_without_a_reserve_there_is_nothing_to_meet() -> None:
    app, lot = market()
    assert app.browsing.lot(lot.auction.id, None, app.now()).reserve_met is None


def test_an_ended_lot_shows_the_price_paid_and_no_next_bid() -> None:
    app, lot = market(buy_now_price=700)
    app.bidding.buy(lot.auction.id, ANNA, 700, app.now())
    view = app.browsing.lot(lot.auction.id, ANNA, app.now())
    assert (view.status, view.price, view.next_min_bid, view.buy_now_price) == (Status.SOLD, xtr(700), None, None)
    assert view.is_buyer


def test_an_own_act_is_seen_at_once_where_asked_for() -> None:
    app, lot = market()
    app.store.lag = True
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
    assert app.browsing.lot(lot.auction.id, ANNA, app.now(), fresh=True).you_lead
    assert not app.browsing.lot(lot.auction.id, ANNA, app.now()).you_lead


def test_a_lot_put_up_a_moment_ago_can_be_opened() -> None:
    app = make_app()
    app.store.lag = True
    lot = put_up(app)
    assert app.browsing.lot(lot.auction.id, None, app.now()).status is Status.LIVE
    with pytest.raises(NotFound):
        app.browsing.lot("nothing", None, app.now())


def test_own_lots_come_newest_first_page_by_page() -> None:
    app = make_app()
    for number in range(30):
        put_up(app, title=f"Lot {number}")
        app.clock.forward(seconds=1)
    first = app.browsing.lots_of(SELLER, SELLER, app.now())
    second = app.browsing.lots_of(SELLER, SELLER, app.now(), first.cursor)
    titles = [view.lot.card.title for view in first.items + second.items]
    assert titles == [f"Lot {number}" for number in reversed(range(30))]
    assert second.cursor is None


def test_own_bids_show_each_lot_once_with_the_latest_bid() -> None:
    app, lot = market()
    other = put_up(app)
    for amount, where in ((200, lot), (300, other), (400, lot)):
        app.clock.forward(seconds=1)
        app.bidding.bid(where.auction.id, ANNA, amount, app.now(), confirmed=True)
    mine = app.browsing.bids_of(ANNA, app.now()).items
    assert [(bid.view.lot.auction.id, bid.bid.maximum) for bid in mine] == [
        (lot.auction.id, xtr(400)),
        (other.auction.id, xtr(300)),
    ]


def test_the_bids_of_a_lot_come_newest_first() -> None:
    app, lot = market()
    join(app, 9, stars=1_000)
    for who, amount in ((ANNA, 200), (9, 300)):
        app.bidding.bid(lot.auction.id, who, amount, app.now(), confirmed=True)
    page = app.browsing.bids(lot.auction, limit=1)
    assert [bid.number for bid in page.items] == [2]
    assert [bid.number for bid in app.browsing.bids(lot.auction, 1, page.cursor).items] == [1]


def test_the_winners_own_entry_is_found_without_reading_the_bids_of_others() -> None:
    app, lot = market(stars=100_000, bid_step=1)
    app.bidding.bid(lot.auction.id, ANNA, 50_000, app.now(), confirmed=True)
    for number in range(120):
        app.bidding.bid(lot.auction.id, BORIS, 200 + 100 * number, app.now(), confirmed=True)
    app.clock.forward(hours=5)
    view = app.browsing.lot(lot.auction.id, ANNA, app.now(), fresh=True)
    app.store.trips.clear()
    opening = app.browsing.own_opening(view)
    assert opening is not None
    assert (opening["number"], opening["amount"]) == (1, 50_000)
    assert len(app.store.trips) == 1
