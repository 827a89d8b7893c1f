"""A person's time zone: found once by the browser, changed by the person."""

from __future__ import annotations

import pytest

from starbid.domain.errors import Invalid
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    return app


def zone(app: FakeApp) -> str | None:
    return there(app.store.person(ANNA)).zone


def test_nobody_has_a_zone_before_it_is_known(app: FakeApp) -> None:
    assert zone(app) is None


def test_what_the_browser_says_is_kept_once(app: FakeApp) -> None:
    app.people.find_zone(ANNA, "Asia/Kolkata")
    app.people.find_zone(ANNA, "Europe/Moscow")
    assert zone(app) == "Asia/Kolkata"


def test_an_old_name_is_kept_as_the_present_one(app: FakeApp) -> None:
    app.people.find_zone(ANNA, "Asia/Calcutta")
    assert zone(app) == "Asia/Kolkata"


def test_what_another_browser_says_meanwhile_does_not_count(app: FakeApp) -> None:
    app.store.meanwhile(lambda: app.people.set_zone(ANNA, "Lisbon"))
    app.people.find_zone(ANNA, "Asia/Kolkata")
    assert zone(app) == "Europe/Lisbon"


def test_a_person_changes_it_and_gives_it_back_to_the_browser(app: FakeApp) -> None:
    app.people.find_zone(ANNA, "Asia/Kolkata")
    app.people.set_zone(ANNA, "new york")
    assert zone(app) == "America/New_York"
    app.people.set_zone(ANNA, "  ")
    assert zone(app) is None
    app.people.find_zone(ANNA, "Asia/Kolkata")
    assert zone(app) == "Asia/Kolkata"


@pytest.mark.parametrize("name", ["../../etc/passwd", "Nowhere", "A" * 5_000_000, "America/Argentina"])
def test_what_is_no_zone_changes_nothing(app: FakeApp, name: str) -> None:
    app.people.set_zone(ANNA, "Lisbon")
    for act in (app.people.set_zone, app.people.find_zone):
        with pytest.raises(Invalid) as refusal:
            act(ANNA, name)
        assert (refusal.value.field, refusal.value.reason) == ("zone", "zone")
    assert zone(app) == "Europe/Lisbon"


def test_a_browser_says_the_exact_name_or_nothing(app: FakeApp) -> None:
    with pytest.raises(Invalid):
        app.people.find_zone(ANNA, "lisbon")
    with pytest.raises(Invalid):
        app.people.find_zone(ANNA, "")
