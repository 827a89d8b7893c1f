"""Pictures in the form of a lot: who may send them, whose they are, and which ones an edit takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.money import XTR
from tests.support.debts import owing
from tests.support.factories import ANNA, BORIS, SELLER, draw, fields, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.selling import lots, named, pictures, uploaded
from tests.support.there import there
from tests.support.web import Client, png


def block(app: FakeApp, person_id: int) -> None:
    tables = app.store.tables
    tables.people[person_id] = replace(tables.people[person_id], blocked=True)


# --- the right to sell ------------------------------------------------------------------------------------------------


def without_subscription() -> tuple[FakeApp, int]:
    app = make_app()
    join(app, ANNA, stars=150)
    return app, ANNA


def blocked() -> tuple[FakeApp, int]:
    app = make_app()
    join(app, ANNA, seller=True)
    block(app, ANNA)
    return app, ANNA


def in_debt() -> tuple[FakeApp, int]:
    return owing(100), ANNA


@pytest.mark.usefixtures("undecoded")
@pytest.mark.parametrize("who", [without_subscription, blocked, in_debt])
def test_who_may_not_sell_has_no_picture_looked_at_and_none_kept(who: object) -> None:
    assert callable(who)
    app, person = who()
    client = Client(app).log_in(person)
    refused = client.post_files("/new_auction", [("a.png", png())], **fields(title="A lamp of mine"))
    assert refused.status == 403
    assert 'value="A lamp of mine"' in refused.text
    assert "The photos were not uploaded" in refused.text
    key = app.pictures.keep_upload(person, png(), app.now())
    for path in ("/new_auction/uploads", "/new_auction/pictures"):
        answer = client.post_form(path, key=key)
        assert answer.status == 403
        assert answer.json["message"]
    assert client.post_form("/new_auction", uploads=key, **fields()).status == 403
    assert not app.pictures.drafts
    assert len(app.pictures.uploads) == 1


def test_who_subscribes_with_the_form_sends_pictures_with_it_by_either_way() -> None:
    app, person = without_subscription()
    client = Client(app).log_in(person)
    assert "data-subscribe" in client.get("/new_auction").text
    place = client.post_form("/new_auction/uploads", subscribe="1")
    assert place.status == 200
    key = place.json["key"]
    app.pictures.uploads[key] = png()
    assert client.post_form("/new_auction/pictures", key=key, subscribe="1").status == 403, "not before it is paid"
    form = fields(subscribe="1", uploads=key, request_id="r")
    assert client.post_files("/new_auction", [("a.png", png())], **form).status == 303
    assert len(pictures(app)) == 2
    assert app.store.wallet(person, XTR).available.amount == 50


@pytest.mark.parametrize("wrong", [{"title": "x"}, {"pictures": "nosuchpicture"}, {"uploads": "nosuchupload"}])
def test_nothing_is_paid_for_a_form_that_is_refused(wrong: dict[str, object]) -> None:
    app, person = without_subscription()
    answer = Client(app).log_in(person).post_form("/new_auction", subscribe="1", **fields() | wrong)
    assert answer.status == 422
    assert app.store.wallet(person, XTR).available.amount == 150


@pytest.mark.usefixtures("undecoded")
def test_who_lacks_the_money_for_a_subscription_is_told_before_anything_is_decoded() -> None:
    app = make_app()
    join(app, ANNA, stars=30)
    client = Client(app).log_in(ANNA)
    answer = client.post_files("/new_auction", [("a.png", png())], subscribe="1", **fields())
    assert answer.status == 409
    assert client.post_form("/new_auction/uploads", subscribe="1").status == 409
    assert not app.pictures.drafts
    assert not app.pictures.uploads


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_only_its_owner_sees_a_draft_and_everybody_a_picture_of_a_lot(app: FakeApp, seller: Client) -> None:
    join(app, ANNA, seller=True)
    kept = seller.post_form("/new_auction/pictures", key=uploaded(app, seller, png())).json
    others = Client(app), Client(app).log_in(ANNA)
    own = seller.get(kept["url"])
    assert (own.status, own.headers["cache-control"]) == (200, "private, no-store")
    assert [other.get(kept["url"]).status for other in others] == [404, 404]
    seller.post_form("/new_auction", pictures=kept["picture"], **fields())
    for client in (seller, *others):
        shown = client.get(kept["url"])
        assert (shown.status, shown.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


def test_an_upload_is_gone_after_two_days_a_draft_after_thirty_and_a_picture_of_a_lot_never(
    app: FakeApp, seller: Client
) -> None:
    draft, used = (seller.post_form("/new_auction/pictures", key=uploaded(app, seller, png())).json for _ in range(2))
    key = uploaded(app, seller, png())
    seller.post_form("/new_auction", pictures=used["picture"], **fields())
    app.clock.forward(days=2)
    assert seller.post_form("/new_auction/pictures", key=key).status == 422
    app.clock.forward(days=28, seconds=-1)
    seller.log_in(SELLER)
    assert seller.get(draft["url"]).status == 200
    app.clock.forward(seconds=1)
    assert seller.get(draft["url"]).status == 404
    assert seller.get(used["url"]).status == 200
    join_again = there(app.store.person(SELLER))
    app.store.tables.people[SELLER] = replace(join_again, subscribed_until=app.now() + timedelta(days=1))
    assert seller.post_form("/new_auction", pictures=draft["picture"], **fields()).status == 422


def test_ids_that_are_nobody_s_or_somebody_else_s_are_refused_by_number(app: FakeApp, seller: Client) -> None:
    join(app, ANNA, seller=True)
    in_a_lot = put_up(app, ANNA, pictures=("shownaaaa",)).card.pictures[0]
    foreign, mine = draw(app, "foreignaa", ANNA), draw(app, "minebbbbb")
    for wrong in (in_a_lot, foreign, "nosuchpicture", "../drafts/1", "ÄÖ", "x" * 300):
        answer = seller.post_form("/new_auction", pictures=[mine, wrong], **fields())
        assert answer.status == 422, wrong
        assert "No longer stored, choose again: photo 2." in answer.text
        assert named(answer, "pictures") == [mine]
    assert len(lots(app)) == 1


# --- editing ----------------------------------------------------------------------------------------------------------


def test_an_edit_keeps_the_lot_s_own_pictures_and_links_new_ones(app: FakeApp, seller: Client) -> None:
    lot = put_up(app, pictures=("pictureaaa", "picturebbb"))
    app.clock.forward(minutes=10)
    app.pictures.drafts.clear()
    fresh = draw(app, "freshaaaa")
    form = fields(pictures=["picturebbb", fresh, "pictureaaa"], drop="pictureaaa")
    answer = seller.post_files(f"/auction/{lot.auction.id}/edit", [("a.png", png())], **form)
    assert answer.status == 303
    kept = app.store.lot(lot.auction.id).card.pictures
    assert kept[:2] == ("picturebbb", fresh)
    assert set(kept) <= set(app.pictures.saved)


def test_an_edit_takes_no_picture_of_another_lot(app: FakeApp, seller: Client) -> None:
    join(app, ANNA, seller=True)
    lot, other = put_up(app, pictures=("pictureaaa",)), put_up(app, ANNA, pictures=("foreignaa",))
    answer = seller.post_form(
        f"/auction/{lot.auction.id}/edit", pictures=[*lot.card.pictures, *other.card.pictures], **fields()
    )
    assert answer.status == 422
    assert named(answer, "pictures") == ["pictureaaa"]
    assert app.store.lot(lot.auction.id).card.pictures == ("pictureaaa",)


@pytest.mark.usefixtures("undecoded")
def test_an_edit_that_is_refused_decodes_nothing(app: FakeApp, seller: Client) -> None:
    join(app, ANNA, stars=500)
    lot_id = put_up(app).auction.id
    path, files = f"/auction/{lot_id}/edit", [("a.png", png())]
    assert Client(app).log_in(ANNA).post_files(path, files, **fields()).status == 403
    for fixed in ({"type": "sealed"}, {"currency": "RUB", "goods": "physical"}, {"title": ""}):
        answer = seller.post_files(path, files, **fields() | fixed)
        assert answer.status == 422
        assert len(named(answer, "uploads")) == 1
    app.bidding.bid(lot_id, ANNA, 100, app.now())
    assert seller.post_files(path, files, **fields()).status == 409
    app.clock.forward(hours=2)
    assert seller.post_files(path, files, **fields()).status == 409
    assert seller.post_files("/auction/nosuchlot/edit", files, **fields()).status == 404
    assert not app.pictures.drafts


@pytest.mark.usefixtures("undecoded")
def test_the_blocked_neither_edit_nor_see_the_form_nor_send_pictures(app: FakeApp, seller: Client) -> None:
    lot_id = put_up(app).auction.id
    block(app, SELLER)
    path = f"/auction/{lot_id}/edit"
    assert seller.get(path).status == 403
    assert seller.post_files(path, [("a.png", png())], **fields(title="Changed")).status == 403
    for route in ("/new_auction/uploads", "/new_auction/pictures"):
        assert seller.post_form(route, auction_id=lot_id).status == 403
    assert app.store.lot(lot_id).card.title == "A lamp"
    assert not app.pictures.uploads


def test_a_lot_is_edited_with_new_pictures_after_the_subscription_has_ended(app: FakeApp, seller: Client) -> None:
    lot_id = put_up(
        app, duration_seconds=29 * 86_400, starts_at=(app.now() + timedelta(days=29)).isoformat()
    ).auction.id
    app.clock.forward(days=31)
    seller.log_in(SELLER)
    assert f'data-auction="{lot_id}"' in seller.get(f"/auction/{lot_id}/edit").text
    assert seller.post_form("/new_auction/uploads").status == 403
    place = seller.post_form("/new_auction/uploads", auction_id=lot_id).json
    app.pictures.uploads[place["key"]] = png()
    kept = seller.post_form("/new_auction/pictures", key=place["key"], auction_id=lot_id).json["picture"]
    assert seller.post_form(f"/auction/{lot_id}/edit", pictures=kept, **fields()).status == 303
    assert app.store.lot(lot_id).card.pictures == (kept,)


def test_only_the_seller_sends_pictures_for_a_lot(app: FakeApp) -> None:
    join(app, BORIS)
    lot_id = put_up(app).auction.id
    boris = Client(app).log_in(BORIS)
    for auction_id in (lot_id, "nosuchlot", "x" * 3000):
        assert boris.post_form("/new_auction/uploads", auction_id=auction_id).status in (403, 404)
