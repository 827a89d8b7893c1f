"""Pictures on their way into a lot: whose they may be, and that a lot never shows one that is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from starbid.domain.errors import Blocked, HasBids, Invalid, NotYours, StarbidError, SubscriptionRequired
from starbid.services.pictures import PicturesGone
from starbid.services.ports import Unavailable
from tests.support.factories import ANNA, BORIS, SELLER, draft, draw, join, market, put_up
from tests.support.fakes import Death, FakeApp, make_app


def selling() -> FakeApp:
    app = make_app()
    join(app, SELLER, seller=True)
    return app


def publish(app: FakeApp, *pictures: str, seller: int = SELLER, request: str = "r") -> None:
    app.publishing.publish(seller, draft(app.now()), pictures, request, app.now())


def shown(app: FakeApp) -> set[str]:
    return {picture for card in app.store.tables.cards.values() for picture in card.pictures}


def test_drafts_are_everybodys_once_a_lot_refers_to_them() -> None:
    app = selling()
    publish(app, draw(app, "p1"), draw(app, "p2"))
    assert shown(app) == set(app.pictures.saved) == {"p1", "p2"}


def test_which_ones_are_gone_is_told_by_name_and_number() -> None:
    app = selling()
    join(app, ANNA, seller=True)
    with pytest.raises(PicturesGone) as caught:
        publish(app, draw(app, "p1"), "nobodys", draw(app, "hers", ANNA))
    assert caught.value.ids == {"nobodys", "hers"}
    assert caught.value.details == {"field": "images", "reason": "picture_gone", "numbers": "2, 3"}
    assert not app.store.tables.auctions
    assert not app.pictures.saved


def test_a_draft_that_expires_while_it_is_linked_is_told_too() -> None:
    app = selling()
    draw(app, "p1")
    draw(app, "p2")
    app.pictures.meanwhile(lambda: app.pictures.drafts.pop((SELLER, "p2")))
    with pytest.raises(PicturesGone) as caught:
        publish(app, "p1", "p2")
    assert caught.value.ids == {"p2"}
    assert not app.store.tables.auctions


def test_nine_are_too_many_for_the_service_too() -> None:
    app = selling()
    with pytest.raises(Invalid) as caught:
        publish(app, *(draw(app, f"p{number}") for number in range(9)))
    assert caught.value.reason == "too_many"


@pytest.mark.parametrize("fault", [Death(), Unavailable("s3")])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("where", ["pictures", "store"])
def test_a_crash_on_the_way_loses_nothing(where: str, after: bool, fault: BaseException) -> None:
    app = selling()
    pictures = draw(app, "p1"), draw(app, "p2")
    getattr(app, where).fail_next(fault, after=after, times=1)
    try:
        publish(app, *pictures)
    except (Death, Unavailable, StarbidError):
        assert shown(app) <= set(app.pictures.saved)
    publish(app, *pictures)
    assert shown(app) == set(app.pictures.saved) == {"p1", "p2"}
    assert len(app.store.tables.auctions) == 1


def blocked(app: FakeApp) -> int:
    join(app, ANNA, seller=True)
    people = app.store.tables.people
    people[ANNA] = replace(people[ANNA], blocked=True)
    return ANNA


def without_subscription(app: FakeApp) -> int:
    join(app, ANNA)
    return ANNA


@pytest.mark.parametrize(("who", "error"), [(blocked, Blocked), (without_subscription, SubscriptionRequired)])
def test_nothing_is_linked_for_one_who_may_not_sell(who: Callable[[FakeApp], int], error: type[StarbidError]) -> None:
    app = make_app()
    person = who(app)
    with pytest.raises(error):
        publish(app, draw(app, "p1", person), seller=person)
    assert not app.pictures.saved


def test_the_same_request_is_the_same_lot_without_its_drafts() -> None:
    app = selling()
    publish(app, draw(app, "p1"))
    app.pictures.drafts.clear()
    publish(app, "p1")
    publish(app, draw(app, "p2"))
    assert shown(app) == set(app.pictures.saved) == {"p1"}


def test_an_edit_links_what_is_new_and_asks_for_nothing_else() -> None:
    app = selling()
    lot = put_up(app, pictures=("p1", "p2"))
    app.pictures.drafts.clear()
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now()), ("p2", draw(app, "p3")), app.now())
    assert app.store.lot(lot.auction.id).card.pictures == ("p2", "p3")
    with pytest.raises(PicturesGone):
        app.publishing.edit(SELLER, lot.auction.id, draft(app.now()), ("p2", "p4"), app.now())


@pytest.mark.parametrize("editor", [SELLER, BORIS])
def test_nothing_is_linked_for_an_edit_that_is_refused(editor: int) -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 100, app.now())
    with pytest.raises((HasBids, NotYours)):
        app.publishing.edit(editor, lot.auction.id, draft(app.now()), (draw(app, "p1", editor),), app.now())
    assert not app.pictures.saved


def test_the_blocked_do_not_edit() -> None:
    app = selling()
    lot = put_up(app)
    people = app.store.tables.people
    people[SELLER] = replace(people[SELLER], blocked=True)
    with pytest.raises(Blocked):
        app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), title="Changed"), (), app.now())
    assert app.store.lot(lot.auction.id).card.title == "A lamp"


def test_what_is_put_up_again_shows_the_pictures_that_it_had() -> None:
    app = selling()
    lot = put_up(app, pictures=("p1",))
    app.clock.forward(days=3)
    app.pictures.drafts.clear()
    again = app.publishing.relist(SELLER, lot.auction.id, app.now())
    assert again.card.pictures == ("p1",)
    changed = app.publishing.edit(SELLER, again.auction.id, draft(app.now(), title="Once more"), ("p1",), app.now())
    assert changed.card.pictures == ("p1",)
