"""Broadcasts in the panel: what an owner sees and presses."""

from __future__ import annotations

import re

import pytest

from starbid.domain.broadcasts import BroadcastState
from starbid.domain.switches import Switch
from tests.support.factories import join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client
from tests.unit.services.test_broadcasting import with_readers

FIELDS = {"text": "Spring <b>sale</b>", "segment": "all", "language": "", "reason": "spring"}


@pytest.fixture
def app() -> FakeApp:
    return with_readers(make_app())


@pytest.fixture
def owner(app: FakeApp) -> Client:
    return Client(app).log_in(900)


def written(owner: Client) -> str:
    answer = owner.post_form("/admin/broadcasts", **FIELDS)
    assert answer.status == 303
    return answer.headers["location"]


def only(app: FakeApp) -> BroadcastState:
    (broadcast,) = app.broadcasting.newest(app.now(), limit=5).items
    return broadcast.state


def key_of(page: Answer) -> str:
    found = re.search(r'name="request_id" value="(\w+)"', page.text)
    assert found
    return found[1]


def test_an_empty_list_says_what_will_be_here(owner: Client) -> None:
    assert "No broadcasts yet" in owner.get("/admin/broadcasts").text


def test_it_is_written_looked_at_and_sent(app: FakeApp, owner: Client) -> None:
    url = written(owner)
    page = owner.get(url).text
    assert "Spring &lt;b&gt;sale&lt;/b&gt;" in page
    assert owner.post_form(f"{url}/preview", reason="why").status == 303
    assert [person.id for person, _, _ in app.messenger.told] == [900]
    assert owner.post_form(f"{url}/start", reason="now").status == 303
    assert only(app) is BroadcastState.RUNNING
    assert "It is being sent." in owner.get(url).text
    assert owner.post_form(f"{url}/stop", reason="wrong date").status == 303
    assert only(app) is BroadcastState.STOPPED


def test_the_same_form_twice_is_one_draft(app: FakeApp, owner: Client) -> None:
    key = key_of(owner.get("/admin/broadcasts"))
    places = {owner.post_form("/admin/broadcasts", request_id=key, **FIELDS).headers["location"] for _ in range(2)}
    assert len(places) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"text": " "}, "Fill this in"), ({"segment": "vip"}, ""), ({"reason": "  "}, "Fill this in")],
)
def test_a_wrong_field_is_said_and_what_was_typed_stays(owner: Client, wrong: dict[str, str], said: str) -> None:
    answer = owner.post_form("/admin/broadcasts", **(FIELDS | {"text": "Do not lose me"} | wrong))
    assert answer.status == 422
    assert said in answer.text
    assert "text" in wrong or "Do not lose me" in answer.text


def test_a_step_that_is_over_is_refused_with_words(owner: Client) -> None:
    url = written(owner)
    answer = owner.post_form(f"{url}/stop", reason="why not")
    assert answer.status == 409
    assert "no longer possible" in answer.text
    assert owner.post_form(f"{url}/start", reason=" ").status == 422


def test_who_hears_no_news_may_change_their_mind(app: FakeApp) -> None:
    join(app, 5)
    anna = Client(app).log_in(5)
    assert re.search(r'value="news" checked', anna.get("/settings").text)
    anna.post_form("/settings/notices", shown="news")
    assert app.store.tables.people[5].switched_off == {Switch.NEWS}
    anna.post_form("/settings/notices", shown="news", on="news")
    assert not app.store.tables.people[5].switched_off
