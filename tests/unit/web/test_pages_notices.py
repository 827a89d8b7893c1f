"""Notices on the settings page: a plain form."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from starbid.domain.channels import WANTED_AT_FIRST, Channel
from starbid.domain.people import LANGUAGES
from starbid.domain.quiet import QuietHours
from starbid.domain.switches import Switch
from starbid.i18n import language
from starbid.services.notices.switches import SWITCHED, SWITCHES_OF_FURTHER
from starbid.switch_words import switch_name
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, text


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def checked(anna: Client) -> set[str]:
    return set(re.findall(r'name="on" value="(\w+)" checked', anna.get("/settings").text))


def save(anna: Client, *on: str, shown: Iterable[str] = tuple(SWITCHED)) -> int:
    return anna.post_form("/settings/notices", shown=" ".join(shown), on=on).status


def test_all_is_on_until_it_is_switched_off(app: FakeApp, anna: Client) -> None:
    assert checked(anna) == set(SWITCHED)
    assert save(anna, "won", "news") == 303
    assert checked(anna) == {"won", "news"}
    assert app.store.tables.people[ANNA].switched_off == set(SWITCHED) - {Switch.WON, Switch.NEWS}
    assert save(anna, *SWITCHED) == 303
    assert app.store.tables.people[ANNA].switched_off == set()


def test_the_page_says_what_is_always_told(anna: Client) -> None:
    assert "Always sent: deadlines of deals" in text(anna.get("/settings"))
    anna.post_form("/settings", language="ru")
    assert "Приходят всегда: сроки сделок" in text(anna.get("/settings"))


def test_what_an_older_page_did_not_show_stays_as_it_is(app: FakeApp, anna: Client) -> None:
    app.people.switch(ANNA, {Switch.RATINGS: False})
    save(anna, "won", shown=["won", "lost"])
    assert app.store.tables.people[ANNA].switched_off == {Switch.RATINGS, Switch.LOST}


@pytest.mark.parametrize("shown", [[], ["holograms"], ["x" * 5000], ["won", "won"]])
def test_a_forged_form_changes_nothing_it_does_not_name(app: FakeApp, anna: Client, shown: list[str]) -> None:
    assert save(anna, "holograms", "won", shown=shown) == 303
    assert app.store.tables.people[ANNA].switched_off == set()


def test_the_chat_and_the_page_show_the_same(app: FakeApp, anna: Client) -> None:
    app.people.switch(ANNA, {Switch.OUTBID: False})
    assert "outbid" not in checked(anna)


def test_nobody_else_saves_it(app: FakeApp) -> None:
    assert Client(app).post_form("/settings/notices", shown="won").status in (303, 403)
    assert app.store.tables.people[ANNA].switched_off == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_switch_has_a_name_of_its_own(code: str) -> None:
    names = [switch_name(switch, language(code)) for switch in Switch]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 20


def test_with_a_further_channel_each_kind_is_switched_in_each_place(app: FakeApp, anna: Client) -> None:
    app.hearing.set_up(ANNA, Channel.EMAIL)
    page = anna.get("/settings").text
    (shown,) = re.findall(r'name="shown" value="([^"]+)"', page)
    assert set(shown.split()) == {*SWITCHED, *(f"email:{switch}" for switch in SWITCHES_OF_FURTHER)}
    on = set(re.findall(r'name="on" value="([\w:]+)"[^>]* checked', page))
    assert on == {*SWITCHED, *(f"email:{switch}" for switch in WANTED_AT_FIRST[Channel.EMAIL])}
    assert anna.post_form("/settings/notices", shown=shown, on=["won", "email:outbid", "push:won"]).status == 303
    person = app.store.tables.people[ANNA]
    assert person.heard_by == {Channel.EMAIL: {Switch.OUTBID}}
    assert person.switched_off == set(SWITCHED) - {Switch.WON}


def test_quiet_hours_are_saved_shown_and_switched_off(app: FakeApp, anna: Client) -> None:
    assert "Quiet hours: none" in text(anna.get("/settings"))
    assert anna.post_form("/settings/quiet", begins="21:30", ends="06:45").status == 303
    assert app.store.tables.people[ANNA].quiet == QuietHours(21 * 60 + 30, 6 * 60 + 45)
    page = anna.get("/settings")
    assert "Every day: 21:30–6:45" in text(page)
    assert 'name="begins" value="21:30"' in page.text
    assert anna.post_form("/settings/quiet", begins="21:30", ends="06:45", off="1").status == 303
    assert app.store.tables.people[ANNA].quiet is None


@pytest.mark.parametrize(("begins", "ends"), [("", ""), ("22:00", "22:00"), ("25:00", "7:00"), ("22:00", '"><b>')])
def test_what_is_no_two_times_is_refused_with_what_was_typed(
    app: FakeApp, anna: Client, begins: str, ends: str
) -> None:
    refused = anna.post_form("/settings/quiet", begins=begins, ends=ends)
    assert refused.status == 422
    assert "Enter two different times of the day" in refused.text
    assert '"><b>' not in refused.text
    assert app.store.tables.people[ANNA].quiet is None
