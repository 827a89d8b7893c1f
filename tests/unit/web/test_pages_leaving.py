"""The page on which one deletes one's account, the banner until the day, and what others see afterwards."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from starbid.domain.leaving import GRACE, PUT_OFF, Obstacle
from starbid.leaving_words import PLACES
from tests.support.factories import ANNA, BORIS, SELLER, join, pay, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.leaving import purse
from tests.support.there import there
from tests.support.web import Client, text


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    join(app, SELLER, seller=True, name="Selma")
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def deleted(app: FakeApp, user_id: int = ANNA) -> None:
    app.departures.ask(user_id, app.now(), gives_up=purse(app, user_id))
    app.clock.forward(days=GRACE.days)
    app.leaving_work.carry_out(user_id, lambda: True)


def shown_sums(page: str) -> str:
    """What the tick for the money posts."""
    return there(re.search('name="gives_up" value="([^"]*)"', page))[1]


def test_the_settings_lead_there_and_the_page_says_what_goes_and_what_stays(anna: Client) -> None:
    assert 'href="/settings/delete"' in anna.get("/settings").text
    page = text(anna.get("/settings/delete"))
    assert "What goes" in page
    assert "What stays, and why" in page
    assert "Delete my account in 14 days" in page


def test_without_the_tick_nothing_happens(app: FakeApp, anna: Client) -> None:
    refused = anna.post_form("/settings/delete")
    assert refused.status == 422
    assert "Tick the box" in text(refused)
    assert app.store.tables.people[ANNA].leaves_at is None


def test_it_is_asked_for_and_every_page_says_so_with_the_way_back(app: FakeApp, anna: Client) -> None:
    asked = anna.post_form("/settings/delete", sure="1")
    assert (asked.status, asked.headers["location"]) == (303, "/settings/delete")
    for path in ("/", "/settings", "/wallet", "/settings/delete"):
        page = anna.get(path)
        assert "Your account will be deleted:" in text(page), path
        assert 'action="/settings/delete/undo"' in page.text
    back = anna.post_form("/settings/delete/undo")
    assert (back.status, back.headers["location"]) == (303, "/settings")
    assert "Your account stays." in text(anna.get("/settings"))
    assert "Your account will be deleted:" not in text(anna.get("/"))
    assert app.store.tables.people[ANNA].leaves_at is None


def test_a_form_posted_twice_asks_once(app: FakeApp, anna: Client) -> None:
    anna.post_form("/settings/delete", sure="1")
    day = app.store.tables.people[ANNA].leaves_at
    app.clock.forward(hours=1)
    assert anna.post_form("/settings/delete", sure="1").status == 303
    assert app.store.tables.people[ANNA].leaves_at == day
    assert anna.post_form("/settings/delete/undo").status == 303
    assert anna.post_form("/settings/delete/undo").status == 303


def test_what_stands_in_the_way_is_named_with_the_way_there(app: FakeApp) -> None:
    seller = Client(app).log_in(SELLER)
    put_up(app)
    page = seller.get("/settings/delete")
    assert "You have lots on sale." in text(page)
    assert 'href="/my/auctions"' in page.text
    assert 'name="sure"' not in page.text
    refused = seller.post_form("/settings/delete", sure="1")
    assert refused.status == 409
    assert "You have lots on sale." in text(refused)


def test_every_obstacle_leads_to_a_page_that_is_there(app: FakeApp) -> None:
    seller = Client(app).log_in(SELLER)
    for obstacle in Obstacle:
        assert seller.get(PLACES[obstacle]).status == 200, obstacle


def test_money_is_named_and_goes_only_with_its_own_tick(app: FakeApp) -> None:
    join(app, BORIS, stars=70)
    boris = Client(app).log_in(BORIS)
    page = boris.get("/settings/delete")
    assert "I give up what is in my wallet: ⭐ 70" in text(page).replace("\u00a0", " ").replace("\u2009", " ")
    refused = boris.post_form("/settings/delete", sure="1")
    assert refused.status == 409
    assert "There is money in your wallet." in text(refused)
    assert boris.post_form("/settings/delete", sure="1", gives_up=shown_sums(page.text)).status == 303


def test_money_that_came_in_after_the_page_was_opened_is_not_given_up(app: FakeApp) -> None:
    join(app, BORIS, stars=70)
    boris = Client(app).log_in(BORIS)
    seen = shown_sums(boris.get("/settings/delete").text)
    pay(app, BORIS, 5_000)
    refused = boris.post_form("/settings/delete", sure="1", gives_up=seen)
    assert refused.status == 409
    assert "There is money in your wallet." in text(refused)
    assert shown_sums(refused.text) == "XTR:5070"
    assert app.store.tables.people[BORIS].leaves_at is None


@pytest.mark.parametrize(
    "written",
    [
        *("", "1", "XTR", "XTR:", "XTR:-70", "XTR:7e9", "XTR:\u0667\u0660", "xtr:70", "XTR:70,", "XTR:70\n", "XTR: 70"),
        *("XTR:70;RUB:1", "RUB:70", "XTR:69", "XTR:70,XTR:1", "XTR:" + "9" * 5000),
    ],
)
def test_sums_that_the_page_never_wrote_give_nothing_up(app: FakeApp, written: str) -> None:
    join(app, BORIS, stars=70)
    assert Client(app).log_in(BORIS).post_form("/settings/delete", sure="1", gives_up=written).status == 409
    assert app.store.tables.people[BORIS].leaves_at is None


def test_after_it_was_put_off_the_page_names_what_is_missing_and_takes_the_tick(app: FakeApp) -> None:
    join(app, BORIS, stars=70, seller=True)
    boris = Client(app).log_in(BORIS)
    boris.post_form("/settings/delete", sure="1", gives_up="XTR:70")
    quiet = boris.get("/settings/delete").text
    assert 'name="gives_up"' not in quiet
    assert "First this has to end" not in quiet
    pay(app, BORIS, 30)
    lot = put_up(app, BORIS, duration_seconds=20 * 86_400).auction.id
    app.clock.forward(days=GRACE.days)
    app.leaving_work.carry_out(BORIS, lambda: True)
    boris = Client(app).log_in(BORIS)
    page = boris.get("/settings/delete")
    assert "You have lots on sale." in text(page)
    assert 'href="/my/auctions"' in page.text
    assert "Money has come in since." in text(page)
    assert shown_sums(page.text) == "XTR:100"
    late = boris.post_form("/settings/delete", sure="1", gives_up="XTR:70")
    assert late.status == 409
    assert "There is money in your wallet." in text(late)
    assert boris.post_form("/settings/delete", sure="1", gives_up="XTR:100").status == 303
    assert 'name="gives_up"' not in boris.get("/settings/delete").text
    app.publishing.cancel(BORIS, lot, app.now())
    app.clock.forward(days=PUT_OFF.days)
    app.leaving_work.carry_out(BORIS, lambda: True)
    assert app.store.tables.people[BORIS].left_at


def test_sessions_end_with_the_account(app: FakeApp, anna: Client) -> None:
    deleted(app)
    assert anna.get("/settings").status == 303


def test_others_see_a_deleted_account_without_a_way_to_it(app: FakeApp) -> None:
    lot = put_up(app, SELLER).auction.id
    public_id = app.store.tables.people[SELLER].public_id
    app.publishing.cancel(SELLER, lot, app.now())
    join(app, BORIS)
    visitor = Client(app).log_in(BORIS)
    assert "Selma" in text(visitor.get(f"/auction/{lot}"))
    deleted(app, SELLER)
    page = visitor.get(f"/auction/{lot}")
    assert "Deleted account" in text(page)
    assert "Selma" not in page.text
    assert f"/u/{public_id}" not in page.text
    assert visitor.get(f"/u/{public_id}").status == 404
    assert visitor.get(f"/u/{app.store.tables.people[SELLER].public_id}").status == 404


def test_who_comes_again_is_not_tied_to_what_they_sold_before(app: FakeApp) -> None:
    lot = put_up(app, SELLER, title="The old lamp").auction.id
    app.publishing.cancel(SELLER, lot, app.now())
    deleted(app, SELLER)
    again = app.people.greet(SELLER, "Selma", None, "en", app.now())
    visitor = Client(app)
    assert "Deleted account" in text(visitor.get(f"/auction/{lot}"))
    assert visitor.get(f"/u/{again.public_id}").status == 404
    until = app.now() + GRACE
    app.people.change(SELLER, lambda person: replace(person, subscribed_until=until))
    put_up(app, SELLER, title="The new lamp")
    page = text(visitor.get(f"/u/{again.public_id}"))
    assert "The new lamp" in page
    assert "The old lamp" not in page
    assert "The new lamp" not in text(visitor.get(f"/auction/{lot}/related"))


def test_who_comes_again_has_none_of_the_reviews_from_before(app: FakeApp) -> None:
    join(app, BORIS, stars=1000)
    old = put_up(app, SELLER, title="The old lamp", buy_now_price=500).auction.id
    app.bidding.buy(old, BORIS, 500, app.now())
    app.dealing.deliver(SELLER, old, "the key", app.now())
    app.dealing.confirm(BORIS, old, app.now())
    app.dealing.rate(BORIS, old, 1, "what a bad lamp", app.now())
    app.dealing.rate(SELLER, old, 5, "", app.now())
    address, visitor = f"/u/{app.store.tables.people[SELLER].public_id}", Client(app)
    for path in (address, f"{address}/reviews"):
        assert "what a bad lamp" in text(visitor.get(path))
    deleted(app, SELLER)
    again = app.people.greet(SELLER, "Selma", None, "en", app.now())
    until = app.now() + GRACE
    app.people.change(SELLER, lambda person: replace(person, subscribed_until=until))
    put_up(app, SELLER, title="The new lamp")
    assert visitor.get(f"/u/{again.public_id}/reviews").status == 404
    for page in (visitor.get(f"/u/{again.public_id}"), Client(app).log_in(SELLER).get("/profile")):
        assert "What buyers say" not in text(page)
        assert "what a bad lamp" not in text(page)


def test_the_page_of_a_person_tells_operators(app: FakeApp, anna: Client) -> None:
    join(app, 900)
    operator = Client(app).log_in(900)
    anna.post_form("/settings/delete", sure="1")
    assert "leaves on" in text(operator.get(f"/admin/users/{ANNA}"))
    app.clock.forward(days=GRACE.days)
    app.leaving_work.carry_out(ANNA, lambda: True)
    assert "account deleted" in text(operator.get(f"/admin/users/{ANNA}"))


def test_in_russian(anna: Client) -> None:
    anna.post_form("/settings", language="ru")
    page = text(anna.get("/settings/delete"))
    assert "Удалить мой аккаунт через 14 дней" in page
    anna.post_form("/settings/delete", sure="1")
    assert "Ваш аккаунт будет удалён:" in text(anna.get("/"))
