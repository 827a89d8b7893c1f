"""Deleting the account, as far as the chat knows of it: the way to the page, and what the greeting says."""

from __future__ import annotations

from starbid.domain.leaving import GRACE, left
from tests.support.factories import ANNA, SELLER, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat


def test_the_settings_lead_to_the_page(anna: Chat) -> None:
    anna.say("/settings")
    assert anna.buttons()["Delete the account"].endswith("/settings/delete")


def test_the_greeting_says_that_the_account_is_to_be_deleted_and_the_settings_how_to_keep_it(
    app: FakeApp, anna: Chat
) -> None:
    anna.say("/start")
    assert "will be deleted" not in anna.words
    app.departures.ask(ANNA, app.now())
    anna.say("/start")
    assert "Your account will be deleted on" in anna.words
    anna.say("/settings")
    assert "Keep my account" in anna.buttons()
    app.departures.stay(ANNA, app.now())
    anna.say("/start")
    assert "will be deleted" not in anna.words


def test_an_old_lot_says_nothing_of_whom_its_seller_became(app: FakeApp, anna: Chat) -> None:
    lot = put_up(app, SELLER).auction.id
    app.publishing.cancel(SELLER, lot, app.now())
    anna.say("/start")
    anna.press_data(f"k:{lot}", anna.last)
    assert "The seller:" in anna.words
    app.people.change(SELLER, lambda person: left(person, "nobody", "p" * 13, app.now()))
    app.people.greet(SELLER, "Selma", None, "en", app.now())
    anna.press_data(f"k:{lot}", anna.last)
    assert "The seller:" not in anna.words


def test_start_after_the_end_begins_again_under_the_name_of_now(app: FakeApp, anna: Chat) -> None:
    anna.say("/start")
    app.departures.ask(ANNA, app.now())
    app.clock.forward(days=GRACE.days)
    app.leaving_work.carry_out(ANNA, lambda: True)
    app.run_streams()
    anna.say("/start")
    person = app.store.tables.people[ANNA]
    assert (person.name, person.left_at, person.leaves_at) == ("Anna", None, None)
    assert "Hello, Anna." in anna.words
