"""The front page, one's own lists, profiles, settings, texts and errors."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.links import PLACES
from starbid.services.ports import Unavailable
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, text, widget_query
from web.identity.login import SCREENS

EVERYWHERE = ("/", "/terms", "/privacy", "/support", "/login", "/nosuchpage")
LOGGED_IN = (
    "/profile", "/my/auctions", "/my/bids", "/wallet", "/buy_stars", "/subscribe", "/settings", "/new_auction",
)  # fmt: skip


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(ANNA, BORIS, title="A brass lamp", category="home")
    put_up(app, title="Старая книга", category="books", start_price=500)
    app.store.project(app.now())
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


# --- every page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_visitor_reads_it_in_their_language_with_a_csrf_token(app: FakeApp, path: str, language: str) -> None:
    page = Client(app).get(path, headers={"accept-language": language})
    assert f'<html lang="{language}"' in page.text
    assert '<meta name="csrf-token" content="' in page.text
    assert ("Условия" in page.text) == (language == "ru")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", LOGGED_IN)
def test_a_person_reads_it_in_their_own_language(app: FakeApp, path: str, language: str) -> None:
    app.people.set_language(ANNA, language)
    page = Client(app).log_in(ANNA).get(path, headers={"accept-language": "en"})
    assert page.status == 200
    assert f'<html lang="{language}"' in page.text


@pytest.mark.parametrize("path", LOGGED_IN)
def test_a_visitor_is_sent_to_the_login_and_back(app: FakeApp, path: str) -> None:
    answer = Client(app).get(path)
    assert answer.status == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


def test_a_visitor_may_choose_a_language(app: FakeApp) -> None:
    client = Client(app)
    token = client.get("/").text.split('name="csrf-token" content="')[1].split('"')[0]
    assert client.post_form("/language", csrf_token=token, language="ru", next="/terms").headers["location"] == "/terms"
    assert '<html lang="ru"' in client.get("/terms", headers={"accept-language": "en"}).text


def test_the_colours_that_were_chosen_come_with_the_page(app: FakeApp) -> None:
    client = Client(app)
    client.cookies["starbid_theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/").text
    client.cookies["starbid_theme"] = '"><script>'
    assert "data-theme=" not in client.get("/").text


def test_telegrams_script_is_loaded_inside_telegram_only(app: FakeApp) -> None:
    client = Client(app)
    assert "telegram-web-app.js" not in client.get("/").text
    assert "telegram-web-app.js" in client.get("/login").text
    assert "telegram-web-app.js" in client.get("/", framed="1").text


# --- front page -------------------------------------------------------------------------------------------------------


def test_the_front_page_lists_what_is_live(app: FakeApp) -> None:
    page = Client(app).get("/").text
    assert "A brass lamp" in page
    assert "Старая книга" in page


@pytest.mark.parametrize(
    "query",
    [
        {"q": "lamps"},
        {"category": "home"},
        {"max_price": "200"},
        {"q": "lamp", "category": "home", "type": "english", "currency": "XTR", "sort": "price_asc"},
    ],
)
def test_filters_leave_what_fits(app: FakeApp, query: dict[str, Any]) -> None:
    page = Client(app).get("/", **query).text
    assert "A brass lamp" in page
    assert "Старая книга" not in page


def test_russian_word_forms_are_found(app: FakeApp) -> None:
    assert "Старая книга" in Client(app).get("/", q="старых книг").text


def test_nothing_found_offers_a_way_out(app: FakeApp) -> None:
    page = Client(app).get("/", q="unicorn").text
    assert "Nothing found" in page
    assert "“unicorn”" in page


def test_an_empty_market_offers_the_first_step() -> None:
    assert "Sell the first lot" in Client(make_app()).get("/").text


@pytest.mark.parametrize("query", [{"sort": "x", "min_price": "abc", "category": "x"}, {"cursor": "garbage"}])
def test_a_query_that_makes_no_sense_still_shows_lots(app: FakeApp, query: dict[str, Any]) -> None:
    answer = Client(app).get("/", **query)
    assert answer.status == 200
    assert "A brass lamp" in answer.text


def test_more_lots_follow_a_cursor() -> None:
    app = make_app()
    for number in range(30):
        put_up(app, title=f"Lot number {number}")
    app.store.project(app.now())
    client = Client(app)
    first = client.get("/")
    cursor = first.text.split("?cursor=")[1].split('"')[0]
    second = client.send("GET", "/", f"cursor={cursor}")
    assert first.text.count('class="lot"') == 24
    assert second.text.count('class="lot"') == 6


def test_cards_say_where_the_person_leads_and_where_they_are_outbid(app: FakeApp, anna: Client) -> None:
    lamp, book = (
        lot_id for lot_id, _ in sorted(app.store.tables.auctions.items(), key=lambda item: item[1].price.amount)
    )
    app.bidding.bid(lamp, ANNA, 200, app.now())
    app.bidding.bid(book, ANNA, 500, app.now())
    app.bidding.bid(book, BORIS, 900, app.now())
    page = anna.get("/").text
    assert "you lead" in page
    assert "outbid" in page


# --- one's own --------------------------------------------------------------------------------------------------------


def test_my_lots_say_what_to_deliver_and_my_bids_what_was_won() -> None:
    app, lot = market(ANNA, BORIS, start_price=100, duration_seconds=3600)
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    app.bidding.bid(lot.auction.id, BORIS, 200, app.now())
    assert "you lead" in Client(app).log_in(ANNA).get("/my/bids").text
    assert "outbid" in Client(app).log_in(BORIS).get("/my/bids").text
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    assert "send it to the buyer" in Client(app).log_in(SELLER).get("/my/auctions").text
    assert "Waiting for the seller to send it, until 8 May" in text(Client(app).log_in(ANNA).get("/my/bids"))
    assert "lost" in Client(app).log_in(BORIS).get("/my/bids").text
    app.dealing.deliver(SELLER, lot.auction.id, "Here", app.now())
    assert "Check it and confirm by 8 May" in text(Client(app).log_in(ANNA).get("/my/bids"))
    app.dealing.confirm(ANNA, lot.auction.id, app.now())
    assert "paid out" in Client(app).log_in(SELLER).get("/my/auctions").text


# --- settings and login -----------------------------------------------------------------------------------------------


def test_settings_change_the_language(app: FakeApp, anna: Client) -> None:
    assert anna.post_form("/settings", language="ru").status == 303
    assert "Язык изменён." in anna.get("/settings").text
    assert anna.post_form("/settings", language="xx").status == 422


def test_a_token_is_shown_once_and_can_be_deleted(app: FakeApp, anna: Client) -> None:
    made = anna.post_form("/settings/tokens", name="My <b>robot</b>")
    secret = made.text.split('class="secret">')[1].split("<")[0]
    assert made.status == 201
    assert secret.startswith("sb_")
    listed = anna.get("/settings").text
    assert "My &lt;b&gt;robot&lt;/b&gt;" in listed
    assert secret not in listed
    assert Client(app, token=secret).get("/api/v1/me").status == 200
    token = listed.split('name="token" value="')[1].split('"')[0]
    assert anna.post_form("/settings/tokens/delete", token=token).status == 303
    assert Client(app, token=secret).get("/api/v1/me").status == 401


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_token_needs_a_name(anna: Client, name: str) -> None:
    answer = anna.post_form("/settings/tokens", name=name)
    assert answer.status == 422
    assert 'id="name-fault"' in answer.text


def test_the_login_page_leads_into_the_bot_and_to_the_lot_that_was_wanted(app: FakeApp) -> None:
    assert "https://t.me/starbid_bot?start=auction_abc" in Client(app).get("/login", next="/auction/abc").text
    assert "evil.example" not in Client(app).get("/login", next="//evil.example").text


@pytest.mark.parametrize(
    ("wanted", "payload"),
    [
        ("/new_auction", "sell"),
        ("/new_auction?draft=abc", "sell"),
        ("/my/auctions", "my"),
        ("/wallet/payout?from=5", "balance"),
        ("/settings", "settings"),
        ("/assistant", "ask"),
        ("/support", "support"),
        ("/auction/abc?bid=5", "auction_abc"),
        ("/achievements", "site"),
        ("/?q=lamp", "site"),
    ],
)
def test_the_login_page_leads_to_the_bots_screen_for_the_page_that_was_wanted(
    app: FakeApp, wanted: str, payload: str
) -> None:
    assert f'href="https://t.me/starbid_bot?start={payload}"' in Client(app).get("/login", next=wanted).text


def test_every_screen_that_the_login_page_leads_to_is_one_that_the_bot_opens() -> None:
    assert set(SCREENS.values()) <= PLACES


def test_the_login_widget_is_there_where_telegram_can_reach_the_site() -> None:
    page = Client(make_app({"BASE_URL": "https://starbid.example"})).get("/login", next="/wallet").text
    assert 'data-auth-url="https://starbid.example/login/telegram?next=%2Fwallet"' in page
    assert "telegram-widget" not in Client(make_app()).get("/login").text


def test_one_who_is_logged_in_goes_on(anna: Client) -> None:
    assert anna.get("/login", next="/wallet").headers["location"] == "/wallet"


# --- errors -----------------------------------------------------------------------------------------------------------


def test_errors_look_like_the_rest_and_offer_a_way_out(app: FakeApp, anna: Client) -> None:
    for answer, status in (
        (anna.get("/nosuchpage"), 404),
        (anna.post_form("/wallet"), 405),
        (anna.post_form("/settings", csrf=False, language="ru"), 403),
        (Client(app).get("/login/telegram", **(widget_query(app) | {"hash": "0" * 64})), 403),
    ):
        assert answer.status == status
        assert 'href="/">See the lots</a>' in answer.text


def test_a_form_that_proves_nothing_leads_back_to_its_page_and_elsewhere_where_no_cookie_came(
    app: FakeApp, anna: Client
) -> None:
    stale = anna.post_form("/settings", csrf=False, language="ru")
    assert '<a class="button" href="/settings">Reload the page</a>' in stale.text
    for path, page in (("/language", "/"), ("/login/code/begin", "/login"), ("/auction/abc/bid", "/auction/abc")):
        answer = Client(app).post_form(path, csrf=False, language="ru")
        assert answer.status == 403
        assert "This browser sent no cookie of ours" in text(answer)
        assert f'<a class="button" href="{page}" target="_blank" rel="noopener">Open in the browser</a>' in answer.text


def test_an_error_of_ours_is_told_even_where_nothing_can_be_read(app: FakeApp, anna: Client) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the machine room")

    app.store.fetch = broken  # type: ignore[method-assign]
    answer = anna.get("/wallet")
    assert answer.status == 500
    assert "Something went wrong" in answer.text
    assert "machine room" not in answer.text


def test_a_store_that_does_not_answer_still_gets_a_page(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise Unavailable("store")

    browser = Client(app).log_in(ANNA)
    monkeypatch.setattr(app.store, "fetch", silent)
    answer = browser.get("/wallet", headers={"accept": "text/html", "accept-language": "ru"})
    assert answer.status == 503
    assert "<html" in answer.text
    assert "starbid_bot" in answer.text
