"""Saved searches on the site: saved from a list, listed, without notices, deleted."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from starbid.domain.criteria import Criteria
from starbid.domain.saved_searches import MOST
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp
from tests.support.web import Client

FULL = {"q": "лампа <b>&amp;</b>", "category": "home", "type": "english", "currency": "XTR", "min_price": "10"}


@pytest.fixture
def anna(app: FakeApp) -> Client:
    join(app, ANNA)
    return Client(app).log_in(ANNA)


def test_a_list_is_saved_and_the_answer_leads_back_to_it(app: FakeApp, anna: Client) -> None:
    assert "Save this search" in anna.get("/", **FULL).text
    answer = anna.post_form("/my/searches", **FULL)
    assert answer.status == 303
    assert urlsplit(answer.headers["location"]).path == "/"
    (search,) = app.saved_searches.of(ANNA)
    assert search.criteria == Criteria(FULL["q"], "home", "english", "XTR", 10)
    assert "&lt;b&gt;" in anna.get("/my/searches").text


def test_saved_twice_it_is_one(app: FakeApp, anna: Client) -> None:
    for _ in range(2):
        assert anna.post_form("/my/searches", q="lamp").status == 303
    assert len(app.saved_searches.of(ANNA)) == 1


def test_saved_again_a_silent_search_stays_silent_and_promises_nothing(app: FakeApp, anna: Client) -> None:
    anna.post_form("/my/searches", q="lamp")
    assert "Saved. We will write" in anna.get("/", q="lamp").text
    (search,) = app.saved_searches.of(ANNA)
    anna.post_form(f"/my/searches/{search.id}/tell", on="0")
    anna.post_form("/my/searches", q="lamp")
    page = anna.get("/", q="lamp").text
    assert "Saved. We will write" not in page
    assert "The search stays, without notices." in page


def test_notices_are_turned_off_and_on(app: FakeApp, anna: Client) -> None:
    anna.post_form("/my/searches", q="lamp")
    (search,) = app.saved_searches.of(ANNA)
    for on, tells in (("0", False), ("0", False), ("1", True)):
        assert anna.post_form(f"/my/searches/{search.id}/tell", on=on).status == 303
        assert [each.tells for each in app.saved_searches.of(ANNA)] == [tells]


def test_a_search_is_deleted_and_a_second_press_is_no_fault(app: FakeApp, anna: Client) -> None:
    anna.post_form("/my/searches", q="lamp")
    (search,) = app.saved_searches.of(ANNA)
    for _ in range(2):
        assert anna.post_form(f"/my/searches/{search.id}/delete").status == 303
    assert anna.post_form(f"/my/searches/{search.id}/tell", on="1").status == 303
    assert app.saved_searches.of(ANNA) == []


def test_nobody_reaches_the_searches_of_another(app: FakeApp, anna: Client) -> None:
    anna.post_form("/my/searches", q="lamp")
    (search,) = app.saved_searches.of(ANNA)
    join(app, BORIS)
    boris = Client(app).log_in(BORIS)
    boris.post_form(f"/my/searches/{search.id}/delete")
    boris.post_form(f"/my/searches/{search.id}/tell", on="0")
    assert app.saved_searches.of(ANNA) == [search]
    assert "lamp" not in boris.get("/my/searches").text


@pytest.mark.parametrize("fields", [{}, {"q": ""}, {"q": "!?…"}, {"q": "%_*"}, {"category": "nothing"}])
def test_what_leaves_no_lot_out_is_not_saved(app: FakeApp, anna: Client, fields: dict[str, str]) -> None:
    assert anna.post_form("/my/searches", **fields).status == 409
    assert app.saved_searches.of(ANNA) == []


def test_more_than_fit_are_refused_with_a_sentence(app: FakeApp, anna: Client) -> None:
    for number in range(MOST):
        anna.post_form("/my/searches", q=f"lamp{number}")
    answer = anna.post_form("/my/searches", q="one more")
    assert answer.status == 409
    assert "as many searches as fit" in answer.text


def test_a_visitor_is_asked_to_log_in_first(app: FakeApp) -> None:
    nobody = Client(app)
    assert nobody.get("/my/searches").status in (303, 401)
    assert "/login?next=/%3Fq%3Dlamp" in nobody.get("/", q="lamp").text


def test_a_silent_search_hears_of_no_new_lot_and_stays_in_the_list(app: FakeApp, anna: Client) -> None:
    anna.post_form("/my/searches", q="lamp")
    (search,) = app.saved_searches.of(ANNA)
    anna.post_form(f"/my/searches/{search.id}/tell", on="0")
    assert app.searches.used([search.filed]) == ()
    page = anna.get("/my/searches").text
    assert "Saved without notices." in page
    assert "Turn notices on" in page
