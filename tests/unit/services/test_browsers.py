"""The browsers that a person is told things in."""

from __future__ import annotations

import pytest

from starbid.domain.channels import WANTED_AT_FIRST, Channel
from starbid.domain.errors import TooOften
from starbid.domain.limits import LIMITS, Deed
from starbid.domain.push_addresses import MOST_BROWSERS
from starbid.domain.switches import Switch
from starbid.services.browsers import LONGEST_DOWN, LONGEST_FAILING, USED_EVERY, Browser
from tests.support.browsers import Reading
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there


@pytest.fixture
def app() -> FakeApp:
    made = make_app()
    for who in (ANNA, BORIS):
        join(made, who)
    made.run_streams()
    made.messenger.told.clear()
    return made


def set_up(app: FakeApp, who: int, browser: Reading, instead_of: str = "") -> Browser:
    return app.browsers.set_up(who, browser.address, f"Browser {browser.name}", app.now(), instead_of)


def names(app: FakeApp, who: int) -> list[str]:
    return [browser.device.removeprefix("Browser ") for browser in app.browsers.of(who)]


def hears(app: FakeApp, who: int) -> bool:
    return Channel.PUSH in there(app.store.person(who)).heard_by


def test_a_browser_is_set_up_and_the_person_told_of_it(app: FakeApp) -> None:
    made = set_up(app, ANNA, Reading("one"))
    assert app.browsers.of(ANNA) == [made]
    assert there(app.store.person(ANNA)).heard_by == {Channel.PUSH: WANTED_AT_FIRST[Channel.PUSH]}
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ["browser_added"]


def test_the_same_browser_twice_is_one_and_told_of_once(app: FakeApp) -> None:
    browser = Reading("one")
    first = set_up(app, ANNA, browser)
    app.hearing.listen(ANNA, Channel.PUSH, {Switch.OUTBID: False})
    app.clock.forward(minutes=1)
    again = set_up(app, ANNA, browser)
    app.run_streams()
    assert len(app.browsers.of(ANNA)) == 1
    assert (again.since, again.used_at) == (first.since, app.now())
    assert app.messenger.kinds_for(ANNA) == ["browser_added"]
    assert Switch.OUTBID not in there(app.store.person(ANNA)).heard_by[Channel.PUSH]


def test_who_logs_in_next_takes_the_browser_over(app: FakeApp) -> None:
    shared, own = Reading("shared"), Reading("own")
    set_up(app, ANNA, shared)
    set_up(app, ANNA, own)
    set_up(app, BORIS, shared)
    assert (names(app, ANNA), names(app, BORIS)) == (["own"], ["shared"])
    set_up(app, BORIS, own)
    assert names(app, ANNA) == []
    assert not hears(app, ANNA)


def test_who_lost_a_browser_cannot_take_it_from_its_new_owner_by_leaving_it(app: FakeApp) -> None:
    shared = Reading("shared")
    set_up(app, ANNA, shared)
    set_up(app, BORIS, shared)
    app.browsers.forget(ANNA, shared.address.mark)
    set_up(app, ANNA, Reading("other"))
    assert names(app, BORIS) == ["shared"]
    set_up(app, ANNA, shared)
    assert names(app, BORIS) == []


def test_a_take_over_that_died_half_way_is_finished_by_the_next_try(app: FakeApp) -> None:
    shared = Reading("shared")
    set_up(app, ANNA, shared)
    app.contacts.drop(ANNA, f"push#{shared.address.mark}")  # and then it died
    set_up(app, BORIS, shared)
    assert (names(app, ANNA), names(app, BORIS)) == ([], ["shared"])
    assert not hears(app, ANNA)


def test_the_browser_that_was_used_the_longest_ago_gives_way_to_a_sixth(app: FakeApp) -> None:
    browsers = [Reading(str(number)) for number in range(MOST_BROWSERS + 1)]
    for browser in browsers[:-1]:
        set_up(app, ANNA, browser)
        app.clock.forward(days=1)
    app.browsers.reached(app.browsers.of(ANNA)[-1], app.now())  # so that the second one is the oldest
    set_up(app, ANNA, browsers[-1])
    assert sorted(names(app, ANNA)) == ["0", "2", "3", "4", "5"]
    assert len(app.contacts.kept) == 2 * MOST_BROWSERS


def test_a_browser_that_moved_takes_its_own_place_and_nobody_is_told(app: FakeApp) -> None:
    before = set_up(app, ANNA, Reading("before"))
    app.run_streams()
    set_up(app, ANNA, Reading("after"), instead_of=before.mark)
    app.run_streams()
    assert names(app, ANNA) == ["after"]
    assert app.messenger.kinds_for(ANNA) == ["browser_added"]


def test_nobody_moves_the_browser_of_another_person(app: FakeApp) -> None:
    theirs = set_up(app, BORIS, Reading("theirs"))
    set_up(app, ANNA, Reading("mine"), instead_of=theirs.mark)
    assert names(app, BORIS) == ["theirs"]


def test_the_channel_is_taken_down_with_the_last_browser(app: FakeApp) -> None:
    one, other = set_up(app, ANNA, Reading("one")), set_up(app, ANNA, Reading("other"))
    app.browsers.forget(ANNA, one.mark)
    assert hears(app, ANNA)
    for _ in range(2):
        app.browsers.forget(ANNA, other.mark)
        assert not hears(app, ANNA)
    assert app.contacts.kept == {}


def test_what_is_noted_of_a_browser_does_not_bring_back_one_that_was_left(app: FakeApp) -> None:
    browser = set_up(app, ANNA, Reading("one"))
    app.browsers.forget(ANNA, browser.mark)
    app.browsers.reached(browser, app.clock.forward(days=2))
    app.browsers.failed(browser, app.now())
    assert app.browsers.of(ANNA) == []


def test_that_a_browser_is_used_is_written_twice_a_day_at_most(app: FakeApp) -> None:
    browser = set_up(app, ANNA, Reading("one"))
    app.browsers.reached(browser, app.now() + USED_EVERY / 2)
    assert app.browsers.of(ANNA)[0].used_at == app.now()
    app.browsers.reached(browser, app.now() + USED_EVERY)
    assert app.browsers.of(ANNA)[0].used_at == app.now() + USED_EVERY


def test_a_notice_waits_for_a_service_that_fails_for_a_while_and_a_browser_for_weeks(app: FakeApp) -> None:
    set_up(app, ANNA, Reading("one"))

    def fails() -> bool:
        return app.browsers.failed(app.browsers.of(ANNA)[0], app.now())

    assert fails()
    app.clock.now += LONGEST_FAILING / 2
    assert fails()
    app.clock.now += LONGEST_FAILING / 2
    assert not fails()
    app.browsers.reached(app.browsers.of(ANNA)[0], app.now())  # it is back, so it counts from the start
    assert fails()
    app.clock.now += LONGEST_DOWN
    assert not fails()
    assert app.browsers.of(ANNA) == []
    assert not hears(app, ANNA)


def test_a_program_cannot_set_up_browsers_without_end(app: FakeApp) -> None:
    limit = LIMITS[Deed.BROWSER].most
    for number in range(limit):
        set_up(app, ANNA, Reading(str(number)))
    with pytest.raises(TooOften):
        set_up(app, ANNA, Reading("more"))
    assert len(app.browsers.of(ANNA)) == MOST_BROWSERS
