"""The page of a lot: what the price box says to whom, and what its live part sends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, public_id, put_up, xtr
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, lot_in_words

HOUR = 3600


def lot_at(app: FakeApp, **changes: Any) -> str:
    return put_up(app, **changes).auction.id


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(start_price=100)
    return app


# --- the price box ----------------------------------------------------------------------------------------------------


def test_a_visitor_is_asked_to_log_in(app: FakeApp) -> None:
    page = lot_in_words(app, lot_at(app))
    assert "Log in to bid" in page
    assert "Bid ⭐" not in page


def test_one_who_can_bid_finds_the_smallest_bid_on_the_button(app: FakeApp) -> None:
    page = lot_in_words(app, lot_at(app, start_price=100), ANNA)
    assert "Bid ⭐ 100" in page
    assert "Set a maximum" in page
    assert "Available ⭐ 10 000" in page


def test_one_without_the_money_is_told_what_is_missing_and_may_top_up_and_bid(app: FakeApp) -> None:
    join(app, 50, stars=30)
    lot_id = lot_at(app, start_price=100)
    page = Client(app).log_in(50).get(f"/auction/{lot_id}").text
    assert "A bid needs ⭐\u202f70 more" in page
    assert "Top up ⭐\u202f100 and bid" in page
    assert "Top up ⭐\u202f70 and bid" in page
    assert 'id="one-tap"' not in page


def test_the_leader_sees_the_own_maximum_and_nobody_else_does(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100)
    app.bidding.bid(lot_id, ANNA, 4321, app.now(), confirmed=True)
    assert "Your maximum of ⭐ 4 321" in lot_in_words(app, lot_id, ANNA)
    for other in (None, BORIS, SELLER):
        assert "4 321" not in lot_in_words(app, lot_id, other)
        assert "4321" not in lot_in_words(app, lot_id, other)


def test_one_who_is_outbid_is_told_so_with_the_next_bid_ready(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100)
    app.bidding.bid(lot_id, ANNA, 100, app.now(), confirmed=True)
    app.bidding.bid(lot_id, BORIS, 500, app.now(), confirmed=True)
    page = lot_in_words(app, lot_id, ANNA)
    assert "You were outbid. Your money is back" in page
    assert "Bid ⭐ 110" in page


def test_the_last_minutes_explain_that_a_bid_moves_the_end(app: FakeApp) -> None:
    lot_id = lot_at(app, duration_seconds=HOUR, extend_seconds=120)
    app.clock.forward(seconds=HOUR - 100)
    assert "A bid now adds up to 2 minutes." in lot_in_words(app, lot_id, ANNA)
    app.bidding.bid(lot_id, ANNA, 100, app.now(), confirmed=True)
    page = lot_in_words(app, lot_id, BORIS)
    assert "Extended: a bid" in page
    assert "extended by 20 seconds" in page


def test_the_seller_may_edit_and_cancel_until_the_first_bid(app: FakeApp) -> None:
    lot_id = lot_at(app)
    page = lot_in_words(app, lot_id, SELLER)
    assert "Edit" in page
    assert "Withdraw" in page
    app.bidding.bid(lot_id, ANNA, 100, app.now(), confirmed=True)
    page = lot_in_words(app, lot_id, SELLER)
    assert "Withdraw" not in page
    assert "can no longer be changed" in page


def test_a_lot_that_has_not_begun_says_when_it_will(app: FakeApp) -> None:
    lot_id = lot_at(app, starts_at=(app.now() + timedelta(hours=3)).isoformat())
    page = lot_in_words(app, lot_id, ANNA)
    assert "Bidding has not started yet" in page
    assert "3 h 0 min until the start" in page


def test_a_reserve_is_met_or_not_and_its_amount_stays_hidden(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, reserve_price=4_321)
    app.bidding.bid(lot_id, ANNA, 300, app.now(), confirmed=True)
    page = lot_in_words(app, lot_id, BORIS)
    assert "reserve not met" in page
    assert "4 321" not in page
    assert "4321" not in page
    app.bidding.bid(lot_id, ANNA, 4_400, app.now(), confirmed=True)
    assert "reserve met" in lot_in_words(app, lot_id, BORIS)


def test_buy_now_is_offered_until_the_first_bid(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, buy_now_price=900)
    assert "Buy the lot for ⭐ 900" in lot_in_words(app, lot_id, ANNA)
    app.bidding.bid(lot_id, BORIS, 100, app.now(), confirmed=True)
    assert "Buy now" not in lot_in_words(app, lot_id, ANNA)


def test_an_ended_lot_tells_the_winner_the_loser_and_the_rest_apart(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, duration_seconds=HOUR)
    app.bidding.bid(lot_id, ANNA, 100, app.now(), confirmed=True)
    app.bidding.bid(lot_id, BORIS, 300, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    assert "You won" in lot_in_words(app, lot_id, BORIS)
    assert "You did not win this one" in lot_in_words(app, lot_id, ANNA)
    assert "This lot is sold" in lot_in_words(app, lot_id, CLARA)
    assert "Your sale" in lot_in_words(app, lot_id, SELLER)


def test_unsold_and_cancelled_lots_say_so(app: FakeApp) -> None:
    unsold, cancelled = lot_at(app, duration_seconds=HOUR), lot_at(app)
    app.publishing.cancel(SELLER, cancelled, app.now())
    app.clock.forward(hours=1, seconds=2)
    assert "Not sold Nobody bid." in lot_in_words(app, unsold, ANNA)
    assert "This lot was withdrawn." in lot_in_words(app, cancelled, ANNA)


def test_one_who_owes_after_a_refund_is_told_what_to_settle(app: FakeApp) -> None:
    lot_id = lot_at(app)
    wallet = app.store.tables.wallets
    key = next(key for key, value in wallet.items() if value.user_id == ANNA)
    wallet[key] = replace(wallet[key], available=xtr(0), owed=xtr(40))
    page = lot_in_words(app, lot_id, ANNA)
    assert "You owe ⭐ 40 after a refunded payment" in page
    assert "Top up ⭐ 50" in page


def test_one_who_owes_less_than_is_available_bids_with_the_rest(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100)
    wallets = app.store.tables.wallets
    wallets[ANNA, "XTR"] = replace(wallets[ANNA, "XTR"], available=xtr(150), owed=xtr(40))
    page = lot_in_words(app, lot_id, ANNA)
    assert "after a refunded payment" not in page
    assert "Available ⭐ 110" in page
    assert Client(app).log_in(ANNA).post_form(f"/auction/{lot_id}/bid", amount="110").status == 303
    mine = wallets[ANNA, "XTR"]
    assert (mine.available, mine.held, mine.owed) == (xtr(0), xtr(110), xtr(0))


# --- a deal -----------------------------------------------------------------------------------------------------------


def sold(app: FakeApp) -> str:
    lot_id = lot_at(app, start_price=1000, duration_seconds=HOUR)
    app.bidding.bid(lot_id, ANNA, 1000, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot_id, app.now())
    return lot_id


def test_a_delivery_is_shown_to_the_buyer_with_links_and_without_any_html_of_the_seller(app: FakeApp) -> None:
    lot_id = sold(app)
    app.dealing.deliver(SELLER, lot_id, "Code 42\nhttps://example.com/a?b=1&c=2\n<img src=x>", app.now())
    page = Client(app).log_in(ANNA).get(f"/auction/{lot_id}").text
    assert "Code 42" in page
    assert '<a href="https://example.com/a?b=1&amp;c=2"' in page
    assert "&lt;img src=x&gt;" in page
    assert "Code 42" not in lot_in_words(app, lot_id, BORIS)


def test_the_deal_says_when_it_moves_on_by_itself(app: FakeApp) -> None:
    lot_id = sold(app)
    assert "it returns automatically ( 15 May 2026, 13:00 UTC )" in lot_in_words(app, lot_id, ANNA)
    app.dealing.deliver(SELLER, lot_id, "Here", app.now())
    assert "The seller is paid automatically ( 8 May 2026, 13:00 UTC )" in lot_in_words(app, lot_id, ANNA)
    assert "⭐ 950 is yours" in lot_in_words(app, lot_id, SELLER)


def test_the_money_can_be_taken_back_once_nothing_was_delivered_for_a_week(app: FakeApp) -> None:
    lot_id = sold(app)
    assert "Take the money back" not in lot_in_words(app, lot_id, ANNA)
    app.clock.forward(days=7)
    assert "Take the money back" in lot_in_words(app, lot_id, ANNA)


# --- what others wrote is inert ---------------------------------------------------------------------------------------


def test_a_preview_s_text_is_cut_between_characters() -> None:
    family = "👨‍👩‍👧‍👦"
    app = make_app()
    join(app, SELLER, seller=True)
    lot_id = lot_at(app, description=family * 40)
    found = re.search(r'name="description" content="([^"]*)"', Client(app).get(f"/auction/{lot_id}").text)
    assert found
    assert 150 < len(found[1]) <= 160
    assert not found[1].partition(" · ")[2].removesuffix("…").replace(family, "")


def test_html_in_titles_descriptions_and_names_is_inert() -> None:
    app = make_app()
    join(app, SELLER, seller=True, name='<script>alert("name")</script>')
    evil = '"><script>alert(1)</script>'
    lot_id = lot_at(app, title=evil, description=f"{evil} https://x.example/\"onclick='x'")
    app.store.project(app.now())
    client = Client(app).log_in(SELLER)
    for path in (
        f"/auction/{lot_id}",
        "/",
        "/my/auctions",
        f"/u/{public_id(SELLER)}",
        "/profile",
        f"/auction/{lot_id}/edit",
    ):
        page = client.get(path).text
        assert "<script>" not in page
        assert not re.search(r'<a [^>]*"onclick', page)
        assert "&lt;script&gt;" in page


# --- the live part ----------------------------------------------------------------------------------------------------


def test_the_live_part_answers_304_until_something_changes(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100)
    client = Client(app).log_in(ANNA)
    page = client.get(f"/auction/{lot_id}").text
    tag = re.search(r'data-etag="&#34;(\w+)&#34;"', page)
    assert tag
    known = {"if-none-match": f'"{tag[1]}"'}
    assert client.get(f"/auction/{lot_id}/live", headers=known).status == 304
    app.clock.forward(seconds=5)
    assert client.get(f"/auction/{lot_id}/live", headers=known).status == 304
    app.bidding.bid(lot_id, BORIS, 500, app.now(), confirmed=True)
    changed = client.get(f"/auction/{lot_id}/live", headers=known)
    assert changed.status == 200
    assert changed.headers["etag"] != f'"{tag[1]}"'


def test_the_live_part_leaves_the_form_alone_while_the_situation_is_the_same(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100)
    client = Client(app).log_in(ANNA)
    act = re.search(r"/live\?act=([^\"]*)", client.get(f"/auction/{lot_id}").text)
    assert act
    app.bidding.bid(lot_id, BORIS, 500, app.now(), confirmed=True)
    assert 'id="act"' not in client.get(f"/auction/{lot_id}/live?act={act[1]}".split("?")[0], act="bid:-").text
    assert 'id="act"' in client.get(f"/auction/{lot_id}/live", act="login").text


def test_the_live_part_of_a_lot_that_is_due_closes_it(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, duration_seconds=HOUR)
    app.bidding.bid(lot_id, BORIS, 500, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    assert "This lot is sold" in Client(app).log_in(ANNA).get(f"/auction/{lot_id}/live").text


def test_links_to_a_lot_show_its_title_price_and_picture_elsewhere(app: FakeApp) -> None:
    lot = put_up(app, title="A lamp", pictures=("pictureabc",))
    page = Client(app).get(f"/auction/{lot.auction.id}").text
    assert '<meta property="og:title" content="A lamp">' in page
    assert f'content="http://127.0.0.1:8000/auction/{lot.auction.id}"' in page
    assert 'content="http://127.0.0.1:8000/pictures/pictureabc/large"' in page


def test_a_browser_chooses_among_the_sizes_of_a_picture_and_the_lightbox_has_the_largest(app: FakeApp) -> None:
    lot = put_up(app, title="A lamp", pictures=("pictureabc",))
    page = Client(app).get(f"/auction/{lot.auction.id}").text
    sizes = ("small 320w", "medium 800w", "large 1600w")
    assert f'srcset="{", ".join(f"/pictures/pictureabc/{size}" for size in sizes)}" sizes="' in page
    assert 'href="/pictures/pictureabc/large" target="_blank" data-large' in page
    app.store.project(app.now())
    card = Client(app).get("/").text
    assert 'srcset="/pictures/pictureabc/small 320w, /pictures/pictureabc/medium 800w" sizes="' in card


def test_a_lot_that_does_not_exist_is_not_found(app: FakeApp) -> None:
    assert Client(app).get("/auction/nosuchlot").status == 404
    assert Client(app).get("/auction/nosuchlot/live").status == 404


def test_a_page_whose_deal_began_or_moved_on_is_shown_anew(app: FakeApp) -> None:
    lot_id = sold(app)
    fresh = Client(app).log_in(ANNA).get(f"/auction/{lot_id}/live", act="x", deal=0)
    assert fresh.headers["hx-refresh"] == "true"
    assert "hx-refresh" not in Client(app).log_in(ANNA).get(f"/auction/{lot_id}/live", act="x", deal=1).headers


def test_an_open_page_of_anybody_is_shown_anew_once_the_lot_is_over(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100)
    app.bidding.bid(lot_id, ANNA, 100, app.now(), confirmed=True)
    for who in (CLARA, BORIS):
        assert "hx-refresh" not in Client(app).log_in(who).get(f"/auction/{lot_id}/live", act="x", deal=0).headers
    app.clock.forward(days=1)
    for browser in (Client(app), Client(app).log_in(CLARA), Client(app).log_in(SELLER)):
        assert browser.get(f"/auction/{lot_id}/live", act="x", deal=0).headers["hx-refresh"] == "true"
    assert "every " not in Client(app).log_in(CLARA).get(f"/auction/{lot_id}").text


def test_the_live_part_brings_the_balance_of_the_header_along(app: FakeApp) -> None:
    lot_id = lot_at(app)
    assert 'id="purse"' in Client(app).log_in(ANNA).get(f"/auction/{lot_id}/live").text
    assert 'id="purse"' not in Client(app).get(f"/auction/{lot_id}/live").text
