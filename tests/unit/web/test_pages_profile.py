"""Public profiles: of sellers, by an address that tells nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, market, public_id, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, text


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(ANNA, BORIS, title="A brass lamp", category="home")
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def test_a_public_profile_shows_the_name_and_the_lots_and_nothing_else(app: FakeApp) -> None:
    vera = join(app, 7_700_000_077, name="Vera", username="vera_secret", stars=12_345, seller=True)
    put_up(app, vera.id, title="A vase")
    page = Client(app).get(f"/u/{vera.public_id}").text
    assert "Vera" in page
    assert "A vase" in page
    assert "vera_secret" not in page
    assert "7700000077" not in page
    assert "12" + "\u202f" + "345" not in page
    assert "A brass lamp" in Client(app).get(f"/u/{public_id(SELLER)}").text


def test_a_public_profile_shows_what_was_sold() -> None:
    app, lot = market(ANNA, title="A sold lamp", buy_now_price=500)
    app.bidding.buy(lot.auction.id, ANNA, 500, app.now())
    app.dealing.deliver(SELLER, lot.auction.id, "the key", app.now())
    app.dealing.confirm(ANNA, lot.auction.id, app.now())
    page = Client(app).get(f"/u/{public_id(SELLER)}").text
    assert "A sold lamp" in page
    assert "sold for" in page


def sale(app: FakeApp, title: str) -> str:
    lot = put_up(app, title=title, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    return lot


def confirmed(app: FakeApp, lot: str) -> None:
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.confirm(ANNA, lot, app.now())


def released(app: FakeApp, lot: str) -> None:
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.clock.forward(days=7)
    app.dealing.advance(lot, app.now())


def waiting(app: FakeApp, lot: str) -> None:
    """Nothing has been delivered yet."""


def delivered(app: FakeApp, lot: str) -> None:
    app.dealing.deliver(SELLER, lot, "the key", app.now())


def disputed(app: FakeApp, lot: str) -> None:
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.dispute(ANNA, lot, "no", app.now())


def returned(app: FakeApp, lot: str) -> None:
    app.clock.forward(days=14)
    app.dealing.advance(lot, app.now())


def decided(release: bool) -> Callable[[FakeApp, str], None]:
    def settle(app: FakeApp, lot: str) -> None:
        disputed(app, lot)
        app.dealing.resolve(deciding("seen", app.now()), lot, release)

    return settle


@pytest.mark.parametrize(
    ("happens", "counts"),
    [
        (confirmed, True), (released, True), (decided(True), True), (waiting, False), (delivered, False),
        (disputed, False), (returned, False), (decided(False), False),
    ],
)  # fmt: skip
def test_a_sale_counts_once_the_seller_has_been_paid_and_never_if_the_money_went_back(
    app: FakeApp, happens: Callable[[FakeApp, str], None], counts: bool
) -> None:
    happens(app, sale(app, "A sold vase"))
    page = text(Client(app).get(f"/u/{public_id(SELLER)}"))
    assert ("A sold vase" in page) is counts
    assert ("1 sale" if counts else "no sales yet") in page
    other = put_up(app, title="Another").auction.id
    assert ("1 sale" if counts else "no sales yet") in text(Client(app).get(f"/auction/{other}"))
    bought = "1 purchase" if counts else "no purchases yet"
    assert bought in text(Client(app).log_in(ANNA).get("/profile"))
    assert app.store.tables.people[SELLER].reputation.sold == counts
    assert app.store.tables.people[ANNA].reputation.bought == counts


@pytest.mark.parametrize(
    "address", [str(SELLER), str(ANNA), "999", "9" * 19, "0", "a" * 13, "A" * 13, "я" * 13, "a" * 14]
)
def test_a_profile_of_nobody_is_not_found_and_no_number_of_telegrams_is_an_address(app: FakeApp, address: str) -> None:
    assert Client(app).get(f"/u/{quote(address)}").status == 404


def test_who_never_put_anything_up_has_no_public_profile_and_is_told_why(app: FakeApp, anna: Client) -> None:
    own = f"/u/{public_id(ANNA)}"
    app.people.subscribe(ANNA, "r1", app.now())
    assert Client(app).get(own).status == 404
    assert Client(app).get(own, cursor="[0]").headers["location"] == own
    told = anna.get(own)
    assert told.status == 404
    assert "as soon as you publish your first lot" in told.text
    put_up(app, ANNA)
    assert Client(app).get(own).status == 200


def test_a_seller_whose_lots_are_all_over_still_has_a_profile(app: FakeApp) -> None:
    app.clock.forward(hours=2)
    for lot_id in app.store.tables.auctions:
        app.closing.close(lot_id, app.now())
    assert "Nothing on sale right now" in Client(app).get(f"/u/{public_id(SELLER)}").text


def test_the_next_page_of_a_profile_tells_nothing_of_the_person_either(app: FakeApp) -> None:
    for number in range(30):
        put_up(app, title=f"Lot number {number}")
    address = f"/u/{public_id(SELLER)}"
    more = Client(app).get(address).text.split('class="button plain full" href="')[1].split('"')[0]
    assert more.startswith(f"{address}?cursor=")
    assert Client(app).send("GET", address, more.partition("?")[2].replace("&amp;", "&")).status == 200
