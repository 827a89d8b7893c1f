"""Achievements on the site: the page of one's own, the profile, and what of them everybody sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.achievement_words import title
from starbid.domain.achievements.kinds import ACHIEVEMENTS, PUBLIC, Key
from starbid.domain.achievements.progress import Progress
from starbid.domain.people import Reputation
from starbid.i18n import language
from tests.support.factories import ANNA, SELLER, market, public_id
from tests.support.fakes import START, FakeApp
from tests.support.web import Client, text

ENGLISH = language("en")


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA)[0]


def stands(app: FakeApp, who: int, progress: Progress, reputation: Reputation | None = None) -> None:
    app.achievements.save(progress)
    person = app.store.tables.people[who]
    app.store.tables.people[who] = replace(person, reputation=reputation or Reputation())


def test_who_has_none_sees_what_comes_next_and_the_first_step(app: FakeApp) -> None:
    page = text(Client(app).log_in(ANNA).get("/achievements"))
    assert "No achievements yet" in page
    assert f"0 of {len(Key)}" in page
    assert all(title(key, ENGLISH) in page for key in Key)


def test_the_page_has_dates_of_what_is_earned_and_bars_for_the_rest(app: FakeApp) -> None:
    marks = {Key.COLLECTOR: frozenset({"art", "books"})}
    stands(app, ANNA, Progress(ANNA, marks, {Key.FIRST_BID: START}, 1), Reputation(bought=4))
    answer = Client(app).log_in(ANNA).get("/achievements")
    page = text(answer)
    assert f"1 of {len(Key)}" in page
    assert page.index("First bid") < page.index("1 May 2026") < page.index("What comes next")
    assert '<progress value="2" max="5" aria-label="Collector">' in answer.text
    assert '<progress value="4" max="10" aria-label="Ten wins">' in answer.text
    assert page.index("Collector") < page.index("Regular guest")


def test_the_profile_names_those_that_are_earned(app: FakeApp) -> None:
    stands(app, ANNA, Progress(ANNA, earned={Key.FIRST_BID: START, Key.REGULAR: START}, version=1))
    page = text(Client(app).log_in(ANNA).get("/profile"))
    assert f"2 of {len(Key)}" in page
    assert "First bid" in page
    assert "Regular guest" in page
    assert "Collector" not in page


def test_everybody_sees_of_a_seller_what_comes_from_lots_and_deals_and_never_what_comes_from_bids(
    app: FakeApp,
) -> None:
    stands(app, SELLER, Progress(SELLER, earned=dict.fromkeys(ACHIEVEMENTS, START), version=1))
    page = text(Client(app).get(f"/u/{public_id(SELLER)}"))
    shown = {key for key in Key if title(key, ENGLISH) in page}
    assert shown == PUBLIC
    of_bids = {Key.FIRST_BID, Key.EARLY_BIRD, Key.ALL_KINDS, Key.REGULAR, Key.GENEROUS}
    assert not shown & of_bids


def test_a_visitor_of_the_page_is_asked_to_log_in(app: FakeApp) -> None:
    answer = Client(app).get("/achievements")
    assert (answer.status, answer.headers["location"]) == (303, "/login?next=%2Fachievements")
