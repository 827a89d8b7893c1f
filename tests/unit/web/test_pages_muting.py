"""Muting a lot on the site: who sees the button, what it says, and that it is undone as easily."""

import pytest

from tests.support.factories import ANNA, BORIS, SELLER, market
from tests.support.fakes import FakeApp
from tests.support.web import Client

HTMX = {"hx-request": "true"}


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return next(iter(app.store.tables.auctions))


def page(app: FakeApp, lot: str, user_id: int | None) -> str:
    client = Client(app) if user_id is None else Client(app).log_in(user_id)
    return client.get(f"/auction/{lot}").text


def test_the_button_is_there_for_those_who_are_told_of_the_lot(app: FakeApp, lot: str) -> None:
    assert ['id="mute"' in page(app, lot, who) for who in (None, ANNA, SELLER)] == [False, False, True]
    app.bidding.bid(lot, ANNA, 200, app.now())
    app.watching.watch(BORIS, lot, app.now())
    assert ['id="mute"' in page(app, lot, who) for who in (None, ANNA, BORIS)] == [False, True, True]
    app.bidding.bid(lot, BORIS, 300, app.now())
    assert 'id="mute"' in page(app, lot, ANNA), "who was outbid wants it most"


def test_without_javascript_it_is_muted_said_and_unmuted_on_the_page(app: FakeApp, lot: str) -> None:
    client = Client(app).log_in(SELLER)
    for wanted, muted in ((1, True), (1, True), (0, False), (0, False)):
        answer = client.post_form(f"/auction/{lot}/mute", mute=wanted)
        assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
        assert app.muting.is_muted(SELLER, lot, app.now()) is muted
        text = client.get(f"/auction/{lot}").text
        assert ("Unmute this lot" in text) is muted
        assert ("You only hear what concerns your money and your deal." in text) is muted


def test_a_form_that_names_nothing_toggles(app: FakeApp, lot: str) -> None:
    client = Client(app).log_in(ANNA)
    for muted in (True, False, True):
        assert client.post_form(f"/auction/{lot}/mute").status == 303
        assert app.muting.is_muted(ANNA, lot, app.now()) is muted


def test_who_muted_a_lot_finds_the_way_back_though_they_have_nothing_to_do_with_it_any_more(
    app: FakeApp, lot: str
) -> None:
    app.muting.mute(ANNA, lot, app.now())
    assert "Unmute this lot" in page(app, lot, ANNA)
    assert "Unmute this lot" not in page(app, lot, SELLER)


def test_htmx_gets_the_button_alone_in_its_new_state(app: FakeApp, lot: str) -> None:
    answer = Client(app).log_in(SELLER).post_form(f"/auction/{lot}/mute", headers=HTMX, mute=1)
    assert answer.status == 200
    assert "<html" not in answer.text
    assert 'name="mute" value="0"' in answer.text


def test_only_a_person_with_the_token_mutes_and_only_what_is_there_and_goes_on(app: FakeApp, lot: str) -> None:
    client = Client(app).log_in(SELLER)
    assert client.post_form(f"/auction/{lot}/mute", csrf=False, mute=1).status == 403
    assert client.post_form("/auction/nosuchlot/mute", mute=1).status == 404
    app.clock.forward(hours=2)
    assert client.post_form(f"/auction/{lot}/mute", mute=1).status == 409
    assert not app.muting.is_muted(SELLER, lot, app.now())
    assert 'id="mute"' not in client.get(f"/auction/{lot}").text


def test_a_visitor_mutes_nothing(app: FakeApp, lot: str) -> None:
    assert Client(app).post_form(f"/auction/{lot}/mute", mute=1).status in (303, 401, 403)
    assert not any("mute" in str(key) for key in app.scratch._records)
