"""Every address with an id in it, asked for by somebody whose it is not: made from the routes, so that a new one is
tested as it comes. What is not named in PUBLIC or OPEN_TO_ALL belongs to its owner alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

import pytest

from starbid.domain.criteria import Criteria
from starbid.domain.payments import Provider
from tests.support.billed import open_bill
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, pay, put_up
from tests.support.fake_bills import FakeBills
from tests.support.fakes import START, FakeApp, make_app
from tests.support.handed import zipped
from tests.support.helped import OFFERED, asks, member
from tests.support.paying_out import ask_roubles, earned
from tests.support.there import there
from tests.support.web import Answer, Client, png, program
from web.app import _router
from web.kernel.routing import Route, variables_of
from web.shared.context import NOTE_COOKIE

PUBLIC = {
    "/auction/<auction_id>",
    "/auction/<auction_id>/live",
    "/auction/<auction_id>/verify",
    "/auction/<auction_id>/lot.ics",
    "/auction/<auction_id>/related",
    "/u/<public_id>",
    "/u/<public_id>/reviews",
    "/static/<path>",
    "/pictures/<picture_id>/<size>",
    "/api/v1/auctions/<auction_id>",
    "/api/v1/auctions/<auction_id>/bids",
    "/api/v1/auctions/<auction_id>/log",
}
"""Everybody may look."""
OPEN_TO_ALL = {
    "/auction/<auction_id>/bid",
    "/auction/<auction_id>/buy",
    "/auction/<auction_id>/watch",
    "/auction/<auction_id>/mute",
    "/auction/<auction_id>/report",
    "/auction/<auction_id>/share",
    "/api/v1/auctions/<auction_id>/bids",
    "/api/v1/auctions/<auction_id>/buy",
}
"""Everybody who is logged in may do it to somebody else's lot, for themselves."""
CALENDAR = "/calendar/<public_id>/starbid.ics"
"""Who has its key reads it: here it is met without one, and with keys that are not its own."""
AS_IF_GONE = {"/my/searches/<search_id>/tell", "/my/searches/<search_id>/delete"}
"""What is gone is no fault there, and what is somebody else's looks the same."""
NO_THINGS = {"act", "size", "path", "number"}
"""Variables that name nothing of anybody's."""
WATCHED = "A lot that the seller watches"
SECRETS = (
    "code-of-the-lamp",
    "it-came-broken",
    "it-was-whole",
    "letter-to-support",
    "question-to-the-helper",
    "card-1234",
    "said-in-the-deal",
    "looked-for-by-anna",
)
"""What the house holds, and strangers must not read."""


@dataclass(frozen=True)
class House:
    """Things of ANNA and SELLER, in every state; CLARA has none of them. `values`: of each variable, all there are."""

    app: FakeApp
    programs: dict[int, Client]
    values: dict[str, tuple[str, ...]]
    wrong_keys: tuple[str, ...]

    def kept(self) -> tuple[object, ...]:
        """What a request may change."""
        return self.app.store.tables.snapshot(), self.app.searches.of(ANNA), self.app.watches.marks_of(SELLER, START)

    def addresses(self, route: Route) -> list[str]:
        """A route with everything that is there put into it."""
        names = list(variables_of(route.path))
        found = [
            re.sub(r"<(\w+)>", lambda variable: chosen[names.index(variable[1])], route.path)  # noqa: B023
            for chosen in product(*(self.values[name] for name in names))
        ]
        if route.path != CALENDAR:
            return found
        return found + [f"{address}?key={key}" for address in found for key in self.wrong_keys]


def built() -> House:
    gateways = {Provider.QIWI: FakeBills(), Provider.CRYPTOPAY: FakeBills()}
    app = make_app(OFFERED | {"TOPUP_QIWI_SECRET_KEY": "q", "TOPUP_CRYPTOPAY_TOKEN": "c"}, bill_gateways=gateways)
    member(app, ANNA, stars=10_000)
    for person in (BORIS, CLARA):
        join(app, person, stars=10_000, seller=person == BORIS)
    earned(app, 50_000, "RUB", days_ago=22)
    join(app, SELLER, seller=True)
    anna, seller = (Client(app).log_in(person) for person in (ANNA, SELLER))

    live = put_up(app, reserve_price=5_000, pictures=("f" * 32,)).auction.id
    app.bidding.bid(live, ANNA, 400, app.now())
    sold = [put_up(app, buy_now_price=500).auction.id for _ in range(3)]
    for lot in sold:
        app.bidding.buy(lot, ANNA, 500, app.now())
    app.dealing.deliver(SELLER, sold[0], SECRETS[0], app.now(), (zipped(),))
    shown = [("broken.png", png())]
    assert anna.post_files(f"/auction/{sold[1]}/dispute", shown, "pictures", text=SECRETS[1]).status == 303
    app.dealing.answer(SELLER, sold[1], SECRETS[2], app.now())
    evidence = re.findall(r"/evidence/([0-9a-f]+)", seller.get(f"/auction/{sold[1]}").text)

    talk = f"/auction/{sold[0]}/message"
    assert anna.post_files(talk, shown, "pictures", text=SECRETS[6]).status == 303
    said = re.findall(r"/message/(\d+)/photos/([0-9a-z]+)", anna.get(f"/auction/{sold[0]}").text)
    search = app.saved_searches.save(ANNA, Criteria(SECRETS[7]), app.now())
    app.watching.watch(SELLER, put_up(app, BORIS, title=WATCHED).auction.id, app.now())

    ticket = anna.post_files("/support", shown, "pictures", text=SECRETS[3]).headers["location"]
    photo = re.findall(r"/photos/(\d+)/([0-9a-f]+)", anna.get(ticket).text)
    order, _ = app.paying.order_stars(ANNA, 100, app.now())
    pay(app, ANNA, 100)
    receipts = re.findall(r"/wallet/payments/([\w-]+)", anna.get("/wallet/payments").text)
    programs = {person: program(app, person) for person in (ANNA, SELLER, CLARA)}
    token = programs[ANNA].get("/api/v1/tokens").json["items"][0]["id"]
    return House(
        app,
        programs,
        {
            "auction_id": (live, *sold, put_up(app).auction.id),
            "picture_id": (*evidence, *(picture for _, picture in (*photo, *said)), "f" * 32),
            "number": ("1", *(number for number, _ in (*photo, *said))),
            "size": ("small",),
            "path": ("app.js",),
            "public_id": (there(app.store.person(SELLER)).public_id,),
            "search_id": (search.id,),
            "order_id": (order.id,),
            "bill_id": (open_bill(app).id,),
            "payout_id": (ask_roubles(app, 20_000).id,),
            "receipt": tuple(receipts),
            "ticket_id": (ticket.rpartition("/")[2],),
            "token_id": (token,),
            "question_id": (asks(app, text=SECRETS[4]),),
        },
        calendar_keys(app),
    )


def calendar_keys(app: FakeApp) -> tuple[str, ...]:
    """None of which opens the seller's calendar: a former one, and another person's."""
    former = there(app.watch_calendars.secret(app.watch_calendars.renew(SELLER, app.now())))
    other = there(app.watch_calendars.secret(app.watch_calendars.renew(ANNA, app.now())))
    app.clock.forward(seconds=1)
    app.watch_calendars.renew(SELLER, app.now())
    return former, other


ROUTES = [
    route
    for route in _router().routes
    if not route.path.startswith("/admin/") and set(variables_of(route.path)) - NO_THINGS
]
"""Those of the panel are tried by test_desk_rights.py."""
OWN = [route for route in ROUTES if route.path not in (PUBLIC if route.method == "GET" else OPEN_TO_ALL)]
OWN_PAGES = [route for route in OWN if route.method == "GET" and route.path != CALENDAR]
by_name = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
by_own_name = pytest.mark.parametrize("route", OWN, ids=lambda route: f"{route.method} {route.path}")


@pytest.fixture(scope="module")
def house() -> House:
    return built()


def ask(house: House, who: int | None, route: Route, address: str) -> Answer:
    """By a session, and in the API by a token; with a body that would do something where it is allowed."""
    if route.path.startswith("/api/"):
        client = house.programs[who] if who else Client(house.app)
        body = b"{}" if route.method == "POST" else b""
        return client.send(route.method, address, "", {"content-type": "application/json"}, body)
    client = Client(house.app).log_in(who) if who else Client(house.app)
    if route.method == "GET":
        path, _, query = address.partition("?")
        return client.send("GET", path, query)
    return client.post_form(address, text="x", stars=5, reason="spam", title="x")


def test_the_lists_above_name_routes_that_there_are() -> None:
    there_are = {(route.method == "GET", route.path) for route in ROUTES} | {(True, "/static/<path>")}
    assert {(True, path) for path in PUBLIC} | {(False, path) for path in OPEN_TO_ALL} <= there_are


@by_name
@pytest.mark.parametrize("who", [CLARA, None], ids=["stranger", "visitor"])
def test_others_read_no_secret(house: House, route: Route, who: int | None) -> None:
    for address in house.addresses(route):
        body = ask(house, who, route, address).body.decode("utf-8", "replace")
        assert [secret for secret in SECRETS if secret in body] == [], address


@by_own_name
@pytest.mark.parametrize("who", [CLARA, None], ids=["stranger", "visitor"])
def test_what_is_somebody_elses_is_not_there_and_stays_as_it_is(house: House, route: Route, who: int | None) -> None:
    for address in house.addresses(route):
        before = house.kept()
        answer = ask(house, who, route, address)
        to_a_login = answer.status == 303 and answer.headers["location"].startswith("/login")
        gone_already = answer.status == 204 and route.method == "DELETE"
        if route.path in AS_IF_GONE:
            gone_already = (answer.status, answer.headers.get("location")) == (303, route.page)
            assert answer.cookie(NOTE_COOKIE) is None, address
        assert 400 <= answer.status < 500 or gone_already or (who is None and to_a_login), (address, answer.status)
        assert house.kept() == before, address


@pytest.mark.parametrize("route", OWN_PAGES, ids=lambda route: str(route.path))
def test_its_owner_finds_it_there(house: House, route: Route) -> None:
    """So the tests above ask for things that there are."""
    addresses = house.addresses(route)
    assert any(ask(house, who, route, address).status < 400 for who in (ANNA, SELLER) for address in addresses)


def test_a_calendar_opens_by_its_own_secret(house: House) -> None:
    seller = there(house.app.store.person(SELLER))
    secret = there(house.app.watch_calendars.secret(seller))
    answer = Client(house.app).get(f"/calendar/{seller.public_id}/starbid.ics", key=secret)
    assert answer.status == 200
    assert WATCHED in answer.text


def test_its_owner_changes_what_looks_gone_to_others() -> None:
    house = built()
    for route in (route for route in ROUTES if route.path in AS_IF_GONE):
        before = house.kept()
        for address in house.addresses(route):
            assert ask(house, ANNA, route, address).status == 303
        assert house.kept() != before, route.path
