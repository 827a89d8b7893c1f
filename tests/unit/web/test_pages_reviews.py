"""Reviews of a seller on the site: on the profile, on the public page, and all of them page by page."""

from __future__ import annotations

import pytest

from tests.support.factories import ANNA, SELLER, join, market, public_id, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, text

PAGE = f"/u/{public_id(SELLER)}/reviews"


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA)[0]


def reviewed(app: FakeApp, buyer: int, stars: int, said: str) -> None:
    join(app, buyer, stars=10_000, name=f"Buyer{buyer}")
    lot = put_up(app, title=f"Lot of {buyer}", buy_now_price=500).auction.id
    app.bidding.buy(lot, buyer, 500, app.now())
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.confirm(buyer, lot, app.now())
    app.clock.forward(seconds=1)
    app.dealing.rate(buyer, lot, stars, said, app.now())
    app.dealing.rate(SELLER, lot, 5, "", app.now())


def test_a_page_has_ten_reviews_and_the_way_to_the_others(app: FakeApp) -> None:
    for number in range(12):
        reviewed(app, 500 + number, 5, f"review-{number:02}")
    first = Client(app).get(PAGE)
    assert [f"review-{number:02}" in first.text for number in range(12)] == [False] * 2 + [True] * 10
    more = first.text.split('id="more"><a class="button plain full more" href="')[1].split('"')[0]
    path, _, query = more.replace("&amp;", "&").partition("?")
    rest = Client(app).send("GET", path, query)
    assert [f"review-{number:02}" in rest.text for number in range(12)] == [True] * 2 + [False] * 10
    assert 'id="more"' not in rest.text


def test_who_wrote_a_review_is_not_told(app: FakeApp) -> None:
    reviewed(app, 500, 4, "fine")
    for path in (PAGE, f"/u/{public_id(SELLER)}"):
        page = Client(app).get(path).text
        assert "fine" in page
        assert "Buyer500" not in page
        assert public_id(500) not in page


def test_the_stars_are_spread_with_a_name_for_each_row(app: FakeApp) -> None:
    for number, stars in enumerate((5, 5, 1)):
        reviewed(app, 500 + number, stars, "")
    page = Client(app).get(PAGE).text
    assert '<progress value="2" max="3" aria-label="5 stars">' in page
    assert '<progress value="1" max="3" aria-label="1 star">' in page
    assert '<progress value="0" max="3" aria-label="3 stars">' in page


def test_a_text_of_a_review_is_text(app: FakeApp) -> None:
    reviewed(app, 500, 1, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in Client(app).get(PAGE).text


def test_the_own_profile_shows_the_latest_and_leads_to_all(app: FakeApp) -> None:
    for number in range(5):
        reviewed(app, 500 + number, 5, f"review-{number}")
    page = Client(app).log_in(SELLER).get("/profile").text
    assert [f"review-{number}" in page for number in range(5)] == [False, False, True, True, True]
    assert f'href="{PAGE}"' in page


@pytest.mark.parametrize("who", [ANNA, SELLER])
def test_of_who_was_never_rated_there_is_no_such_page(app: FakeApp, who: int) -> None:
    assert Client(app).get(f"/u/{public_id(who)}/reviews").status == 404
    assert Client(app).get("/u/nobody/reviews").status == 404


def test_a_cursor_that_is_not_ours_is_refused_and_no_fault(app: FakeApp) -> None:
    reviewed(app, 500, 5, "fine")
    assert Client(app).get(PAGE, cursor="x").status < 500


def test_a_sale_of_long_ago_is_a_few_reads_away_behind_lots_that_found_no_buyer(app: FakeApp) -> None:
    reviewed(app, 500, 5, "fine")
    for number in range(30):
        app.clock.forward(seconds=1)
        lot = put_up(app, title=f"Nobody wants {number}", duration_seconds=3600).auction.id
        app.publishing.cancel(SELLER, lot, app.now())
    page = text(Client(app).get(f"/u/{public_id(SELLER)}"))
    assert "Lot of 500" in page
    assert "Nobody wants" not in page
