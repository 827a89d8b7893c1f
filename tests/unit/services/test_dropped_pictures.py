"""Pictures that an edit takes off a lot: nobody sees them any more, but where another lot of the seller shows them."""

from __future__ import annotations

import pytest

from starbid.domain.errors import NotYours
from starbid.services import pictures
from starbid.services.ports import Unavailable
from tests.support.factories import ANNA, SELLER, draft, draw, join, put_up
from tests.support.fakes import Death, FakeApp, make_app


def showing(*names: str) -> tuple[FakeApp, str]:
    app = make_app()
    join(app, SELLER, seller=True)
    return app, put_up(app, pictures=names).auction.id


def edit(app: FakeApp, lot: str, *names: str) -> None:
    app.publishing.edit(SELLER, lot, draft(app.now()), names, app.now())


def test_what_an_edit_takes_off_is_the_sellers_alone_and_expires() -> None:
    app, lot = showing("p1", "p2")
    edit(app, lot, "p2")
    assert set(app.pictures.saved) == {"p2"}
    assert app.pictures.drafts_among(SELLER, ("p1",), app.now()) == {"p1"}
    app.clock.forward(days=30)
    assert app.pictures.drafts_among(SELLER, ("p1",), app.now()) == frozenset()


def test_until_then_it_can_be_put_back() -> None:
    app, lot = showing("p1")
    app.clock.forward(minutes=30)
    edit(app, lot)
    app.clock.forward(minutes=10)
    edit(app, lot, "p1")
    assert set(app.pictures.saved) == {"p1"}


def test_an_edit_that_takes_nothing_off_looks_at_no_other_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    app, lot = showing("p1", "p2")
    monkeypatch.setattr(app.store, "lots_of_seller", None)
    edit(app, lot, "p2", "p1")
    assert set(app.pictures.saved) == {"p1", "p2"}


def test_many_edits_leave_no_more_than_the_lot_shows() -> None:
    app, lot = showing("p0")
    for number in range(1, 20):
        edit(app, lot, draw(app, f"p{number}"))
    assert set(app.pictures.saved) == {"p19"}


def test_a_lot_that_was_put_up_again_leaves_the_old_ones_page_its_pictures() -> None:
    app, old = showing("p1", "p2")
    app.publishing.cancel(SELLER, old, app.now())
    lot = app.publishing.relist(SELLER, old, app.now()).auction.id
    edit(app, lot, "p2", draw(app, "p3"))
    assert set(app.pictures.saved) == {"p1", "p2", "p3"}
    edit(app, lot, "p2")
    assert set(app.pictures.saved) == {"p1", "p2"}


def test_one_draft_in_two_lots_stays_until_the_last_takes_it_off() -> None:
    app, lot = showing("p1")
    other = put_up(app, pictures=("p1",)).auction.id
    edit(app, lot)
    assert set(app.pictures.saved) == {"p1"}
    edit(app, other)
    assert not app.pictures.saved


@pytest.mark.parametrize("many", [False, True])
def test_all_lots_are_looked_through_and_of_who_has_too_many_nothing_is_taken(
    many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, old = showing("p1", "p2")
    monkeypatch.setattr(pictures, "PAGE", 2)
    monkeypatch.setattr(pictures, "PAGES", 2 if many else 4)
    lot = put_up(app, pictures=("p2", "p3")).auction.id
    for _ in range(4):
        app.clock.forward(seconds=1)
        put_up(app)
    edit(app, lot)
    assert set(app.pictures.saved) == ({"p1", "p2", "p3"} if many else {"p1", "p2"})
    assert app.store.lot(old).card.pictures == ("p1", "p2")


def test_what_was_put_back_meanwhile_stays() -> None:
    app, lot = showing("p1")
    edit(app, lot, draw(app, "p2"))
    edit(app, lot, "p1")
    app.lot_pictures.drop(lot, SELLER, ("p1",), app.now())
    assert set(app.pictures.saved) == {"p1"}


@pytest.mark.parametrize("trouble", [Death(), Unavailable("s3")])
def test_the_edit_counts_whatever_happens_to_the_pictures_and_the_next_one_takes_others_off(trouble: Exception) -> None:
    app, lot = showing("p1", "p2", "p3")
    app.pictures.fail_next(trouble)
    with pytest.raises(type(trouble)):
        edit(app, lot, "p2", "p3")
    assert app.store.lot(lot).card.pictures == ("p2", "p3")
    edit(app, lot, "p3")
    assert set(app.pictures.saved) == {"p1", "p3"}


def test_a_refused_edit_takes_nothing_off() -> None:
    app, lot = showing("p1")
    with pytest.raises(NotYours):
        app.publishing.edit(ANNA, lot, draft(app.now()), (), app.now())
    assert set(app.pictures.saved) == {"p1"}
