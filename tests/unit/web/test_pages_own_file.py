"""The page where a person has the file of their own data made, and fetches it."""

from __future__ import annotations

import pytest

from starbid.services.exports.records import own_id
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, text
from tests.unit.services.exports.exporting import make


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    join(app, BORIS)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def test_the_settings_lead_there(anna: Client) -> None:
    assert 'href="/settings/export"' in anna.get("/settings").text
    assert "Make the file" in text(anna.get("/settings/export"))


def test_it_is_made_looked_at_and_fetched(app: FakeApp, anna: Client) -> None:
    asked = anna.post_form("/settings/export")
    assert (asked.status, asked.headers["location"]) == (303, "/settings/export")
    assert 'hx-get="/settings/export/progress"' in anna.get("/settings/export").text
    assert "Being made" in text(anna.get("/settings/export/progress"))
    make(app, own_id(ANNA))
    done = anna.get("/settings/export/progress")
    assert "hx-get" not in done.text
    assert 'href="/settings/export/file"' in done.text
    fetched = anna.get("/settings/export/file")
    assert fetched.status == 303
    assert f"files/own-{ANNA}.json" in fetched.headers["location"]
    assert "starbid-own-data-2026-05-01.json" in fetched.headers["location"]


def test_without_javascript_the_page_asks_again_by_itself(anna: Client) -> None:
    anna.post_form("/settings/export")
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in anna.get("/settings/export").text


def test_a_day_later_the_page_offers_another_one(app: FakeApp, anna: Client) -> None:
    anna.post_form("/settings/export")
    make(app, own_id(ANNA))
    app.clock.forward(days=1)
    assert "The last file was deleted after a day." in text(anna.get("/settings/export"))
    assert anna.get("/settings/export/file").status == 410


def test_the_ninth_of_a_day_is_refused_with_words(app: FakeApp, anna: Client) -> None:
    for _ in range(8):
        anna.post_form("/settings/export")
        make(app, own_id(ANNA))
    refused = anna.post_form("/settings/export")
    assert refused.status == 429
    assert "Try again in" in text(refused)


def test_another_person_finds_their_own_or_nothing(app: FakeApp, anna: Client) -> None:
    anna.post_form("/settings/export")
    make(app, own_id(ANNA))
    boris = Client(app).log_in(BORIS)
    assert boris.get("/settings/export/file").status == 404
    assert "Make the file" in text(boris.get("/settings/export"))


def test_who_is_not_logged_in_is_asked_to(app: FakeApp) -> None:
    assert Client(app).get("/settings/export").status == 303
    assert Client(app).get("/settings/export/file").status == 303
    assert app.desk_work.asked == []
