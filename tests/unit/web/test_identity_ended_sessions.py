"""Sessions that are over before their time: logged out of, ended from elsewhere, blocked, or nobody's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starbid.services.ports import Contended, Unavailable
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client, init_data, text, widget_query
from web.app import _router
from web.kernel.session import SESSION_COOKIE
from web.kernel.signed import signed

PAGES = ("/profile", "/my/auctions", "/my/bids", "/watchlist", "/wallet", "/settings", "/new_auction", "/subscribe")
FORMS = (
    "/settings", "/settings/tokens", "/settings/sessions", "/buy_stars", "/topup", "/subscribe", "/new_auction",
    "/new_auction/uploads", "/new_auction/pictures",
)  # fmt: skip
ENDS = ("logout", "all", "block")


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(ANNA, BORIS, start_price=100)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def copy_of(browser: Client) -> Client:
    """What a thief has: the cookie as it was, and with it all that a page of that session knew."""
    thief = Client(browser.app)
    thief.cookies, thief.session = dict(browser.cookies), browser.session
    return thief


def end(app: FakeApp, browser: Client, how: str) -> None:
    match how:
        case "logout":
            assert browser.post_form("/logout").status == 303
        case "all":
            app.people.end_sessions(ANNA, app.now())
        case _:
            block(app, ANNA)


def leads_to_login(answer: Answer) -> bool:
    return answer.status == 303 and answer.headers["location"].startswith("/login?next=")


@pytest.mark.parametrize("how", ENDS)
def test_a_copy_of_the_cookie_is_worth_nothing_afterwards(app: FakeApp, anna: Client, how: str) -> None:
    thief = copy_of(anna)
    lot = put_up(app).auction.id
    assert thief.get("/wallet").status == 200
    end(app, anna, how)
    for path in PAGES:
        assert leads_to_login(thief.get(path)), path
    for path in FORMS:
        assert leads_to_login(thief.post_form(path, amount=5, name="x", language="en")), path
    for act in ("bid", "buy", "watch", "deliver", "confirm", "dispute", "rate", "relist", "cancel", "edit"):
        assert leads_to_login(thief.post_form(f"/auction/{lot}/{act}", amount=100)), act
    for answer in (
        thief.get("/api/v1/me"),
        thief.get("/api/v1/me/wallet"),
        thief.get("/api/v1/tokens"),
        thief.post(f"/api/v1/auctions/{lot}/bids", {"amount": 100}),
        thief.post("/api/v1/tokens", {"name": "x"}),
        thief.post("/api/v1/auctions", {}),
        thief.delete("/api/v1/tokens/abcdef"),
    ):
        assert (answer.status, answer.code) == (401, "unauthenticated")
    assert app.store.auction(lot).bids_count == 0
    assert not app.store.tables.tokens


@pytest.mark.parametrize("how", ENDS[1:])
def test_the_session_that_follows_an_end_of_all_works_and_ends_with_the_next_one_at_once(
    app: FakeApp, anna: Client, how: str
) -> None:
    anna.post_form("/settings/sessions")
    other = Client(app).log_in(ANNA)
    anna_s = copy_of(anna)
    assert anna_s.get("/profile").status == other.get("/profile").status == 200
    if how == "all":
        assert other.post_form("/settings/sessions").status == 303
        assert other.get("/profile").status == 200
    else:
        end(app, other, how)
        assert leads_to_login(other.get("/profile"))
    assert leads_to_login(anna_s.get("/profile"))


def test_no_route_fails_for_a_session_that_is_over(app: FakeApp, anna: Client) -> None:
    lot, thief = put_up(app).auction.id, copy_of(anna)
    end(app, anna, "logout")
    values = {"auction_id": lot, "public_id": "a" * 13, "order_id": "a" * 8, "token_id": "a" * 8, "picture_id": "a" * 8}
    for route in _router().routes:
        path = route.path
        for name, value in values.items():
            path = path.replace(f"<{name}>", value)
        if "<" not in path:
            answer = thief.send(route.method, path, "", {"x-csrf-token": thief.csrf_token})
            assert answer.status < 500, (route.method, path)


@pytest.mark.parametrize("how", ENDS)
def test_a_browser_that_still_has_it_sees_a_lot_as_a_guest_does(app: FakeApp, anna: Client, how: str) -> None:
    lot = put_up(app).auction.id
    app.bidding.bid(lot, ANNA, 700, app.now())
    app.watching.watch(ANNA, lot, app.now())
    thief, guest = copy_of(anna), Client(app)
    guest.cookies["starbid_first_steps"] = thief.cookies["starbid_first_steps"] = "1"  # of the browser, not of a person
    assert "700" in text(thief.get(f"/auction/{lot}"))
    end(app, anna, how)
    for path in (f"/auction/{lot}", f"/auction/{lot}/live", "/"):
        assert text(thief.get(path)) == text(guest.get(path)), path
    answer = thief.get(f"/api/v1/auctions/{lot}").json
    assert (answer["you_lead"], answer["your_maximum"]) == (False, None)
    assert 'data-me="' not in thief.get("/").text


def test_the_seller_and_the_two_of_a_deal_are_guests_too(app: FakeApp) -> None:
    lot = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    app.dealing.deliver(SELLER, lot, "the secret code", app.now())
    anna = Client(app).log_in(ANNA)
    thief = copy_of(anna)
    assert "the secret code" in thief.get(f"/auction/{lot}").text
    end(app, anna, "logout")
    assert "the secret code" not in thief.get(f"/auction/{lot}").text


def test_logging_out_leaves_the_other_sessions(app: FakeApp, anna: Client) -> None:
    other = Client(app).log_in(ANNA)
    end(app, anna, "logout")
    assert other.get("/wallet").status == 200
    assert Client(app).log_in(ANNA).get("/wallet").status == 200


def test_logging_out_twice_is_fine_and_the_way_out_goes_to_the_lots(app: FakeApp, anna: Client) -> None:
    second_tab = copy_of(anna)
    end(app, anna, "logout")
    assert second_tab.post_form("/logout").headers["location"] == "/"


def test_a_logout_that_could_not_be_kept_does_not_say_that_it_was(app: FakeApp, anna: Client) -> None:
    app.store.fail_next(Contended(), times=20)
    assert anna.post_form("/logout").status == 409
    app.store.heal()
    assert anna.get("/wallet").status == 200, "still logged in, as the page says"
    app.store.fail_next(Unavailable())
    assert anna.post_form("/logout").status == 503


def test_one_who_logs_in_again_in_the_same_second_is_in(app: FakeApp, anna: Client) -> None:
    for how in ENDS:
        end(app, anna, how)
        browser = Client(app)
        assert browser.get("/login/telegram", **widget_query(app, id=ANNA, photo_url=how)).status == 303
        assert browser.get("/wallet").status == 200, how
        anna.log_in(ANNA)


def test_ending_all_other_sessions_keeps_the_one_that_asks(app: FakeApp, anna: Client) -> None:
    phone, thief = Client(app).log_in(ANNA), copy_of(anna)
    before = anna.cookies[SESSION_COOKIE]
    answer = anna.post_form("/settings/sessions")
    assert (answer.status, answer.headers["location"]) == (303, "/settings")
    assert anna.cookies[SESSION_COOKIE] != before
    page = anna.get("/settings")
    assert "All other sessions are ended." in page.text
    for other in (phone, thief):
        assert leads_to_login(other.get("/wallet"))


def test_a_second_press_on_it_leads_to_the_login_and_not_to_an_error(app: FakeApp, anna: Client) -> None:
    twice = copy_of(anna)
    anna.post_form("/settings/sessions")
    assert leads_to_login(twice.post_form("/settings/sessions"))
    assert anna.get("/wallet").status == 200


def test_sessions_of_others_and_api_tokens_go_on(app: FakeApp, anna: Client) -> None:
    secret = anna.post("/api/v1/tokens", {"name": "robot"}).json["token"]
    boris = Client(app).log_in(BORIS)
    anna.post_form("/settings/sessions")
    assert boris.get("/wallet").status == 200
    assert Client(app, token=secret).get("/api/v1/me").status == 200


def test_a_session_inside_telegram_stays_one() -> None:
    app = make_app({"BASE_URL": "https://starbid.example"})
    browser = Client(app)
    answer = browser.post_form("/login/webapp", init_data=init_data(app))
    again = browser.post_form("/settings/sessions", csrf=False, csrf_token=answer.json["csrf_token"])
    assert "Partitioned" in str(again.cookie(SESSION_COOKIE))


def test_a_session_of_nobody_is_none_everywhere(app: FakeApp) -> None:
    nobody, guest = Client(app).log_in(424242), Client(app)
    lot = put_up(app).auction.id
    for path in PAGES:
        assert leads_to_login(nobody.get(path)), path
    assert text(nobody.get(f"/auction/{lot}")) == text(guest.get(f"/auction/{lot}"))
    assert leads_to_login(nobody.post_form(f"/auction/{lot}/bid", amount=100))
    assert nobody.post(f"/api/v1/auctions/{lot}/bids", {"amount": 100}).status == 401
    assert nobody.get("/login").status == 200


def test_one_who_registered_a_moment_ago_is_known_even_where_the_read_is_older(app: FakeApp) -> None:
    app.store.lag = True
    browser = Client(app)
    assert browser.get("/login/telegram", **widget_query(app, id=4711)).status == 303
    lot = next(iter(app.store.tables.auctions))
    for path in ("/wallet", f"/auction/{lot}"):
        assert browser.get(path).status == 200
    assert "Log in to bid" not in browser.get(f"/auction/{lot}").text
    assert browser.get("/api/v1/me").json["id"] == 4711


def test_what_changes_something_reads_the_end_of_a_session_consistently(app: FakeApp, anna: Client) -> None:
    lot = put_up(app).auction.id
    app.store.lag = True
    app.people.end_sessions(ANNA, app.now())
    assert leads_to_login(anna.post_form(f"/auction/{lot}/bid", amount=100))
    assert anna.post(f"/api/v1/auctions/{lot}/bids", {"amount": 100}).status == 401


def test_looking_costs_no_read_more_and_neither_does_a_bid(app: FakeApp, anna: Client) -> None:
    lot = put_up(app).auction.id
    trips: dict[str, list[str]] = {}
    acts: dict[str, Callable[[], object]] = {
        "wallet": lambda: anna.get("/wallet"),
        "poll": lambda: anna.get(f"/auction/{lot}/live"),
        "bid": lambda: anna.post(f"/api/v1/auctions/{lot}/bids", {"amount": 100}),
        "form": lambda: anna.post_form(f"/auction/{lot}/bid", amount=200),
    }
    for name, act in acts.items():
        app.store.trips.clear()
        act()
        trips[name] = list(app.store.trips)
    assert trips["wallet"].count("person+wallet") == 1
    assert "person" not in trips["wallet"]
    assert sorted(trips["poll"]) == ["bids", "lot+person+wallet"]
    assert trips["bid"] == trips["form"] == ["auction+wallet+line+person", "commit"]


def test_an_error_of_the_store_still_gets_a_page(app: FakeApp, anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise Unavailable("store")

    monkeypatch.setattr(app.store, "person", silent)
    monkeypatch.setattr(app.store, "fetch", silent)
    answer = anna.post_form("/settings/sessions")
    assert answer.status == 503
    assert "<html" in answer.text


def test_a_cookie_of_the_former_kind_is_none(app: FakeApp, anna: Client) -> None:
    """It had whole seconds where there are milliseconds now."""
    payload = {"u": ANNA, "t": int(app.now().timestamp()), "n": "nonce", "f": 0}
    anna.cookies[SESSION_COOKIE] = signed(payload, app.settings.secret_key, "session")
    assert leads_to_login(anna.get("/wallet"))
