"""The shelves of the front page, what was seen, and where a lot's page leads on."""

from __future__ import annotations

import re

import pytest

from starbid.services.auctions.related import SHOWN
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client
from web.browse.seen import MOST
from web.browse.shelves_view import SHELF, SOONEST

HOUR, DAY = 3600, 86_400
ADMIN = 900


def filled(lots: int, seconds: int = HOUR) -> FakeApp:
    app = make_app()
    for number in range(lots):
        put_up(app, title=f"Lamp number {number}", duration_seconds=seconds + number)
        app.clock.forward(seconds=0.001)
    app.store.project(app.now())
    return app


def names(text: str) -> list[str]:
    return re.findall(r"Lamp number \d+(?=<)", text)


def test_with_no_more_than_a_shelf_of_lots_the_list_says_everything() -> None:
    page = Client(filled(SHELF)).get("/").text
    assert "Ending soon" not in page
    assert "New lots</h2>" not in page


def test_what_ends_first_stands_on_the_first_shelf_and_the_list_goes_on_behind_it() -> None:
    app = filled(SHELF + 3)
    page = Client(app).get("/").text
    ending, fresh, rest = re.split("New lots</h2>|All lots</h2>", page)
    assert names(ending) == [f"Lamp number {number}" for number in range(SOONEST)]
    assert names(rest) == [f"Lamp number {number}" for number in range(SOONEST, SHELF + 3)]
    assert names(fresh) == [f"Lamp number {number}" for number in range(SHELF + 2, SOONEST - 1, -1)][:SHELF]


def test_what_does_not_end_within_a_day_ends_not_soon() -> None:
    page = Client(filled(SHELF + 1, 2 * DAY)).get("/").text
    assert "Ending soon" not in page
    assert "New lots</h2>" in page


@pytest.mark.parametrize("query", [{"q": "lamp"}, {"category": "other"}, {"sort": "newest"}, {"min_price": "1"}])
def test_a_search_has_no_shelves(query: dict[str, str]) -> None:
    page = Client(filled(SHELF + 3)).get("/", **query).text
    assert "Ending soon" not in page
    assert "New lots</h2>" not in page


def test_what_is_new_is_read_once_for_all_pages_of_some_seconds() -> None:
    app = filled(SHELF + 3)
    client = Client(app)
    client.get("/")
    app.store.trips.clear()
    client.get("/")
    assert app.store.trips.count("listings") == 1
    app.clock.forward(seconds=16)
    app.store.trips.clear()
    client.get("/")
    assert app.store.trips.count("listings") == 2


def test_a_lot_that_is_over_leaves_the_shelf_at_once() -> None:
    app = filled(SHELF + 3, 2 * DAY)
    put_up(app, title="A quick lamp", duration_seconds=60)
    app.store.project(app.now())
    app.clock.forward(seconds=50)
    assert ">A quick lamp<" in Client(app).get("/").text
    app.clock.forward(seconds=11)
    assert ">A quick lamp<" not in Client(app).get("/").text


# --- seen recently


def test_what_was_seen_is_shown_as_it_stands_each_once() -> None:
    app = filled(2)
    one, two = app.store.tables.listings
    shelf = Client(app).get("/seen", ids=f"{two},{one},{two}").text
    assert names(shelf) == ["Lamp number 1", "Lamp number 0"]


@pytest.mark.parametrize("ids", ["", "nothing", ",,,", "<script>", "A B", "%00", "x" * 10_000, "1,2'--;"])
def test_what_is_no_lot_makes_no_shelf(ids: str) -> None:
    answer = Client(filled(1)).get("/seen", ids=ids)
    assert answer.status == 200
    assert answer.text.strip() == ""


def test_a_hidden_lot_was_never_seen() -> None:
    app = filled(1)
    (lot_id,) = app.store.tables.listings
    join(app, ADMIN)
    hidden = Client(app).log_in(ADMIN).post_form(f"/admin/lots/{lot_id}/hide", reason="It may be a fake")
    assert hidden.status == 303
    assert Client(app).get("/seen", ids=lot_id).text.strip() == ""


def test_no_more_lots_are_read_than_a_browser_remembers() -> None:
    app = filled(MOST + 4)
    shelf = Client(app).get("/seen", ids=",".join(app.store.tables.listings)).text
    assert len(names(shelf)) == MOST


# --- related lots


@pytest.fixture
def town() -> tuple[FakeApp, str]:
    """A lamp of SELLER's among other lots; BORIS sells too."""
    app = make_app()
    join(app, BORIS, seller=True)
    lamp = put_up(app, title="A brass table lamp", category="home")
    put_up(app, title="A brass bell", category="home")
    put_up(app, BORIS, title="A chair", category="home")
    put_up(app, BORIS, title="Table lamps", category="home", duration_seconds=7200)
    put_up(app, BORIS, title="A lamp in a book", category="books")
    app.store.project(app.now())
    return app, lamp.auction.id


def test_lots_of_the_same_category_that_share_words_come_first(town: tuple[FakeApp, str]) -> None:
    app, lamp = town
    page = Client(app).get(f"/auction/{lamp}/related").text
    own, similar = page.split("More like this")
    assert ">A brass bell<" in own
    assert ">A brass table lamp<" not in page
    assert re.findall(">(Table lamps|A chair|A lamp in a book|A brass bell)<", similar) == ["Table lamps", "A chair"]


def test_what_is_over_is_no_other_lot_of_the_seller(town: tuple[FakeApp, str]) -> None:
    app, lamp = town
    app.clock.forward(seconds=3601)
    assert "A brass bell" not in Client(app).get(f"/auction/{lamp}/related").text


def test_related_lots_cost_the_same_however_many_there_are(town: tuple[FakeApp, str]) -> None:
    app, lamp = town
    anna = Client(app)
    app.store.trips.clear()
    anna.get(f"/auction/{lamp}/related")
    few = sorted(app.store.trips)
    for number in range(60):
        put_up(app, title=f"Lamp {number}", category="home")
    app.store.project(app.now())
    app.store.trips.clear()
    page = anna.get(f"/auction/{lamp}/related").text
    assert sorted(app.store.trips) == few
    assert 0 < page.count('class="lot small"') <= 2 * SHOWN


def test_related_lots_of_what_is_not_there_are_not_there_either(town: tuple[FakeApp, str]) -> None:
    app, _ = town
    assert Client(app).get("/auction/nothing/related").status == 404


def test_a_lots_page_reads_nothing_for_them_and_leads_on_without_a_script(town: tuple[FakeApp, str]) -> None:
    app, lamp = town
    page = Client(app).get(f"/auction/{lamp}").text
    seller = app.store.tables.people[SELLER].public_id
    part = page.split('id="related"')[1].split("</nav>")[0]
    assert f'href="/u/{seller}"' in part
    assert 'href="/?category=home"' in part
    assert ANNA not in app.store.tables.people
