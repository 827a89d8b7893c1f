"""Photos put aside and the words of a dispute, in every order in which two messages can meet."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain import limits
from starbid.domain.deal_errors import AlreadyDisputed, WrongDealState
from starbid.domain.errors import Invalid, NotFound, NotYours, TooOften
from starbid.domain.limits import Deed, Limit
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import png

ADMIN = 900


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    """Bought by ANNA."""
    lot_id = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot_id, ANNA, 500, app.now())
    return lot_id


def aside(app: FakeApp, lot: str, number: int, who: int = ANNA) -> None:
    app.evidence.put_aside(who, lot, png((10 + number, 10)), number, app.now())


def shown(app: FakeApp, lot: str) -> int:
    return len(app.store.deal(lot).dispute_pictures)


def test_a_photo_before_the_words_is_shown_with_them(app: FakeApp, lot: str) -> None:
    aside(app, lot, 1)
    assert app.evidence.attach_aside(ANNA, lot, app.now()) is None
    app.evidence.dispute_with_aside(ANNA, lot, "broken", app.now())
    assert shown(app, lot) == 1


def test_a_photo_after_the_words_is_added_to_them(app: FakeApp, lot: str) -> None:
    app.evidence.dispute_with_aside(ANNA, lot, "broken", app.now())
    aside(app, lot, 1)
    assert app.evidence.attach_aside(ANNA, lot, app.now()) is not None
    assert shown(app, lot) == 1


def test_a_photo_that_comes_while_the_dispute_is_being_opened_is_found_afterwards(
    app: FakeApp, lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute = app.dealing.dispute

    def late(*told: Any) -> Any:
        aside(app, lot, 1)
        assert app.evidence.attach_aside(ANNA, lot, app.now()) is None
        return dispute(*told)

    monkeypatch.setattr(app.dealing, "dispute", late)
    app.evidence.dispute_with_aside(ANNA, lot, "broken", app.now())
    assert shown(app, lot) == 1


def test_a_dispute_that_opens_while_a_photo_is_on_its_way_takes_it_in(
    app: FakeApp, lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = app.photos_aside.keep

    def late(*told: Any) -> None:
        app.evidence.dispute_with_aside(ANNA, lot, "broken", app.now())
        keep(*told)

    monkeypatch.setattr(app.photos_aside, "keep", late)
    aside(app, lot, 1)
    app.evidence.attach_aside(ANNA, lot, app.now())
    assert shown(app, lot) == 1


def test_two_sixth_photos_at_once_are_none_and_do_not_stand_in_the_way(app: FakeApp, lot: str) -> None:
    for number in range(6):
        app.photos_aside.keep(ANNA, lot, f"{number}" * 32, number, app.now())
    app.evidence.dispute_with_aside(ANNA, lot, "broken", app.now())
    assert app.store.deal(lot).dispute_pictures == tuple(f"{number}" * 32 for number in range(5))
    assert app.photos_aside.of(ANNA, lot, app.now()) == ()


def test_a_photo_of_somebody_who_can_say_nothing_is_not_taken(app: FakeApp, lot: str) -> None:
    for who, error in ((BORIS, NotYours), (SELLER, NotYours)):
        with pytest.raises(error):
            aside(app, lot, 1, who)
    with pytest.raises(NotFound):
        aside(app, "nosuchlot", 1)
    with pytest.raises(WrongDealState):
        aside(app, put_up(app).auction.id, 1)
    app.dealing.dispute(ANNA, lot, "broken", app.now())
    aside(app, lot, 1, SELLER)
    with pytest.raises(NotYours):
        aside(app, lot, 1, BORIS)
    app.dealing.withdraw(ANNA, lot, app.now())
    with pytest.raises(AlreadyDisputed):
        aside(app, lot, 2)
    assert len(app.pictures.evidence) == 1


def test_a_photo_that_is_put_aside_again_is_decoded_and_counted_once(
    app: FakeApp, lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.PICTURE, Limit(2, 3600))
    for _ in range(3):
        aside(app, lot, 1)
    aside(app, lot, 2)
    with pytest.raises(TooOften):
        aside(app, lot, 3)
    assert len(app.photos_aside.of(ANNA, lot, app.now())) == 2


def test_one_photo_at_fault_keeps_all_of_a_form_out(app: FakeApp, lot: str) -> None:
    with pytest.raises(Invalid):
        app.evidence.dispute(ANNA, lot, "broken", [png(), b"a text"], app.now())
    assert not app.pictures.evidence
    assert app.store.deal(lot).dispute is None


def test_nobody_but_the_two_and_operators_gets_a_photo(app: FakeApp, lot: str) -> None:
    app.evidence.dispute(ANNA, lot, "broken", [png()], app.now())
    (name,) = app.store.deal(lot).dispute_pictures
    assert all(app.evidence.seen_by(who, lot, name, "small", app.now()) for who in (ANNA, SELLER, ADMIN))
    assert app.evidence.seen_by(BORIS, lot, name, "small", app.now()) is None
    assert app.evidence.seen_by(ANNA, lot, name, "medium", app.now()) is None
    assert app.evidence.seen_by(ADMIN, "nosuchlot", name, "small", app.now()) is None
    assert app.evidence.seen_by(ADMIN, put_up(app).auction.id, name, "small", app.now()) is None
