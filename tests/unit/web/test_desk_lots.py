"""Lots in the panel: lists, acts, several at once; and who sees a hidden lot."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from starbid.domain.roles import Role
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, fields, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, program, text

ADMIN, VIEWER, HELPER = 900, 800, 801


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(title="An old clock")
    join(app, ADMIN)
    join(app, VIEWER, role=Role.VIEWER)
    join(app, HELPER, role=Role.SUPPORT)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return put_up(app, title="A rare book", category="books", start_price=100).auction.id


@pytest.fixture
def admin(app: FakeApp) -> Client:
    return Client(app).log_in(ADMIN)


def audit(app: FakeApp) -> list[tuple[str, str, str]]:
    return [(each.action, each.subject, each.reason) for each in app.store.tables.audit.values()]


def status(app: FakeApp, lot: str, who: int | None) -> int:
    client = Client(app)
    if who is not None:
        client.log_in(who)
    return client.get(f"/auction/{lot}").status


def listed(app: FakeApp) -> str:
    app.run_streams()
    return Client(app).get("/").text


# --- lists ------------------------------------------------------------------------------------------------------------


def test_the_newest_lot_comes_first_and_filters_stand_in_the_address(app: FakeApp, admin: Client, lot: str) -> None:
    app.clock.forward(minutes=1)
    put_up(app, title="A newer vase", category="art")
    shown = text(admin.get("/admin/lots"))
    assert shown.index("A newer vase") < shown.index("A rare book")
    for fits, query in (
        (True, {"q": "RARE"}),
        (True, {"q": lot}),
        (True, {"status": "live"}),
        (True, {"category": "books"}),
        (True, {"seller": str(SELLER)}),
        (False, {"q": "rare vase"}),
        (False, {"status": "sold"}),
        (False, {"status": "hidden"}),
        (False, {"category": "art"}),
        (False, {"kind": "dutch"}),
        (False, {"seller": str(ANNA)}),
        (False, {"seller": "Vera"}),
    ):
        answer = admin.send("GET", "/admin/lots", urlencode(query))
        assert answer.status == 200
        assert ("A rare book" in text(answer)) is fits, query


@pytest.mark.parametrize("typed", ["x" * 10_000, "😀", "<script>alert(1)</script>", "\x00", "' OR 1=1", "9" * 40])
def test_whatever_is_typed_into_the_filters_the_list_stays_calm(admin: Client, lot: str, typed: str) -> None:
    for name in ("q", "seller", "status", "category", "kind"):
        answer = admin.send("GET", "/admin/lots", urlencode({name: typed}))
        assert answer.status == 200
        assert "<script>alert" not in answer.text
    assert admin.get("/admin/lots", cursor=typed).status in (200, 422)


def test_a_long_list_goes_on_page_by_page_with_every_lot_once(app: FakeApp, admin: Client) -> None:
    lots = {put_up(app, title=f"Lot number {number}").auction.id for number in range(60)}
    found: list[str] = []
    path: str | None = "/admin/lots"
    while path:
        page = admin.send("GET", *path.partition("?")[::2])
        found += re.findall(r'href="/admin/lots/([a-z0-9]{13})"', page.text)
        more = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = more[1].replace("&amp;", "&") if more else None
    assert len(found) == len(set(found))
    assert lots < set(found)


def test_a_title_of_html_stays_text(app: FakeApp, admin: Client) -> None:
    lot = put_up(app, title="<b>bold</b>", description="<img src=x onerror=1>").auction.id
    for path in ("/admin/lots", f"/admin/lots/{lot}"):
        page = admin.get(path).text
        assert "<b>bold" not in page
        assert "<img src=x" not in page


def test_sealed_amounts_of_a_live_lot_stand_nowhere(app: FakeApp, admin: Client) -> None:
    lot = put_up(app, type="sealed", start_price=100).auction.id
    app.bidding.bid(lot, ANNA, 4321, app.now(), confirmed=True)
    app.bidding.bid(lot, BORIS, 8765, app.now(), confirmed=True)
    for path in ("/admin", "/admin/lots", f"/admin/lots/{lot}", "/admin/reports", "/admin/deals?state=open"):
        shown = re.sub(r"[^0-9]+", " ", text(admin.get(path)).replace("\u202f", "").replace("\xa0", ""))
        assert "4321" not in shown.replace(" ", "")
        assert "8765" not in shown.replace(" ", "")
    assert "Bids are hidden from everybody" in text(admin.get(f"/admin/lots/{lot}"))


def test_a_lot_that_is_not_there_is_not_found(admin: Client) -> None:
    assert admin.get("/admin/lots/nothing").status == 404
    assert admin.post_form("/admin/lots/nothing/hide", reason="why").status == 404


# --- hiding -----------------------------------------------------------------------------------------------------------


def test_a_hidden_lot_leaves_the_lists_and_its_people_still_see_it(app: FakeApp, admin: Client, lot: str) -> None:
    app.bidding.bid(lot, ANNA, 200, app.now())
    app.bidding.bid(lot, BORIS, 300, app.now())
    app.bidding.bid(lot, CLARA, 400, app.now())
    assert "A rare book" in listed(app)
    answer = admin.post_form(f"/admin/lots/{lot}/hide", reason="It may be a fake")
    assert (answer.status, answer.headers["location"]) == (303, f"/admin/lots/{lot}")
    assert "A rare book" not in listed(app)
    assert [status(app, lot, who) for who in (SELLER, ANNA, BORIS, CLARA, ADMIN, VIEWER)] == [200] * 6
    join(app, 5)
    assert [status(app, lot, who) for who in (None, 5)] == [404, 404]
    assert Client(app).get(f"/auction/{lot}/live").status == 404
    assert Client(app).get(f"/api/v1/auctions/{lot}").status == 404
    assert audit(app) == [("hide-lot", f"lot/{lot}", "It may be a fake")]


def test_its_bidders_go_on_bidding_and_the_lot_is_sold_as_any_other(app: FakeApp, admin: Client, lot: str) -> None:
    app.bidding.bid(lot, ANNA, 200, app.now())
    page = Client(app).log_in(ANNA)
    version = re.search(r'name="card_version" value="(\d+)"', page.get(f"/auction/{lot}").text)
    admin.post_form(f"/admin/lots/{lot}/hide", reason="It may be a fake")
    assert version
    assert page.post_form(f"/auction/{lot}/bid", amount="500", card_version=version[1]).status == 303
    app.clock.forward(days=2)
    app.closing.sweep(app.now())
    assert app.store.deal(lot).buyer_id == ANNA
    assert status(app, lot, ANNA) == 200


def test_the_seller_is_told_and_can_no_longer_hope_for_a_list(app: FakeApp, admin: Client, lot: str) -> None:
    app.run_streams()
    admin.post_form(f"/admin/lots/{lot}/hide", reason="It may be a fake")
    assert [(n.kind, n.user_id, n.facts["reason"]) for n in app.run_streams()] == [
        ("lot_hidden", SELLER, "It may be a fake")
    ]
    assert "has taken this lot out of the lists" in text(Client(app).log_in(SELLER).get(f"/auction/{lot}"))
    admin.post_form(f"/admin/lots/{lot}/show", reason="It is genuine")
    assert "A rare book" in listed(app)
    assert status(app, lot, None) == 200


def test_a_hidden_lot_is_not_on_its_sellers_public_page(app: FakeApp, admin: Client, lot: str) -> None:
    public = app.store.tables.people[SELLER].public_id
    assert "A rare book" in Client(app).get(f"/u/{public}").text
    admin.post_form(f"/admin/lots/{lot}/hide", reason="It may be a fake")
    assert "A rare book" not in Client(app).get(f"/u/{public}").text


def test_a_stranger_who_kept_its_page_bids_on_no_hidden_lot(app: FakeApp, admin: Client, lot: str) -> None:
    join(app, ANNA, stars=1000)
    admin.post_form(f"/admin/lots/{lot}/hide", reason="It may be a fake")
    stranger = Client(app).log_in(ANNA)
    assert stranger.post_form(f"/auction/{lot}/bid", amount=500).status == 404
    assert program(app, ANNA).post(f"/api/v1/auctions/{lot}/bids", {"amount": 500}).status == 404
    assert app.store.auction(lot).bids_count == 0


def test_the_same_form_twice_hides_once_and_a_late_repeat_undoes_nothing(app: FakeApp, admin: Client, lot: str) -> None:
    form: dict[str, Any] = {"reason": "It may be a fake", "request_id": "form-1"}
    for _ in range(2):
        assert admin.post_form(f"/admin/lots/{lot}/hide", **form).status == 303
    admin.post_form(f"/admin/lots/{lot}/show", reason="It is genuine")
    assert admin.post_form(f"/admin/lots/{lot}/hide", **form).status == 303
    assert not app.store.lot(lot, consistent=True).auction.hidden
    assert [action for action, _, _ in audit(app)] == ["hide-lot", "show-lot"]


# --- moving and cancelling --------------------------------------------------------------------------------------------


def test_a_moved_lot_is_found_in_its_new_category_and_what_bidders_rely_on_stays(
    app: FakeApp, admin: Client, lot: str
) -> None:
    app.bidding.bid(lot, ANNA, 200, app.now())
    before = app.store.lot(lot, consistent=True)
    assert admin.post_form(f"/admin/lots/{lot}/move", reason="It is a toy", category="games").status == 303
    after = app.store.lot(lot, consistent=True)
    assert after.auction == before.auction
    assert (after.card.listed_in, after.card.hash) == ("games", before.card.hash)
    app.run_streams()
    assert "A rare book" in Client(app).get("/", category="games").text
    assert "A rare book" not in Client(app).get("/", category="books").text


def test_the_seller_of_a_moved_lot_cannot_move_it_back(app: FakeApp, admin: Client, lot: str) -> None:
    admin.post_form(f"/admin/lots/{lot}/move", reason="It is a toy", category="games")
    changed = fields(title="A better book", category="books")
    assert Client(app).log_in(SELLER).post_form(f"/auction/{lot}/edit", **changed).status == 303
    card = app.store.lot(lot, consistent=True).card
    assert (card.title, card.category, card.listed_in) == ("A better book", "books", "games")


def test_a_hidden_lot_does_not_come_back_by_being_published_again(app: FakeApp, admin: Client, lot: str) -> None:
    admin.post_form(f"/admin/lots/{lot}/hide", reason="It may be a fake")
    app.publishing.cancel(SELLER, lot, app.now())
    again = app.publishing.relist(SELLER, lot, app.now())
    assert "A rare book" not in listed(app)
    assert status(app, again.auction.id, None) == 404


def test_cancelling_gives_the_money_back_and_stands_on_record(app: FakeApp, admin: Client, lot: str) -> None:
    app.bidding.bid(lot, ANNA, 200, app.now())
    assert admin.post_form(f"/admin/lots/{lot}/cancel", reason="Stolen").status == 303
    assert app.store.wallet(ANNA, "XTR", consistent=True).held.amount == 0
    assert audit(app) == [("cancel-lot", f"lot/{lot}", "Stolen")]
    shown = text(admin.get(f"/admin/lots/{lot}"))
    assert "Withdrew the lot" in shown
    assert "Stolen" in shown
    again = admin.post_form(f"/admin/lots/{lot}/cancel", reason="Stolen as well")
    assert again.status == 409
    assert "Bidding on this lot is over" in text(again)


@pytest.mark.parametrize("act", ["hide", "show", "move", "cancel", "dismiss"])
@pytest.mark.parametrize("reason", [None, "", "   ", "\u2800", "x" * 501, "\x00"])
def test_each_act_needs_a_reason_and_what_was_typed_stays(
    app: FakeApp, admin: Client, lot: str, act: str, reason: str | None
) -> None:
    fields: dict[str, Any] = {"category": "games"} | ({} if reason is None else {"reason": reason})
    answer = admin.post_form(f"/admin/lots/{lot}/{act}", **fields)
    assert answer.status == 422
    assert 'role="alert"' in answer.text or act in ("show", "dismiss")
    assert audit(app) == []


@pytest.mark.parametrize("category", ["", "weapons", "x" * 10_000])
def test_there_is_no_other_category_than_those_that_there_are(
    app: FakeApp, admin: Client, lot: str, category: str
) -> None:
    answer = admin.post_form(f"/admin/lots/{lot}/move", reason="So it is", category=category)
    assert answer.status == 422
    assert "So it is" in answer.text


@pytest.mark.parametrize("act", ["hide", "show", "move", "cancel", "dismiss"])
def test_who_only_looks_may_do_none_of_it_and_is_offered_none(app: FakeApp, lot: str, act: str) -> None:
    viewer = Client(app).log_in(VIEWER)
    assert viewer.post_form(f"/admin/lots/{lot}/{act}", reason="I say so").status == 403
    assert f'action="/admin/lots/{lot}/' not in viewer.get(f"/admin/lots/{lot}").text
    assert Client(app).log_in(ANNA).post_form(f"/admin/lots/{lot}/{act}", reason="I say so").status == 404
    assert Client(app).log_in(HELPER).post_form(f"/admin/lots/{lot}/{act}", reason="x", csrf=False).status == 403


# --- several at once --------------------------------------------------------------------------------------------------


def test_several_lots_are_named_before_they_are_hidden_and_hidden_once(app: FakeApp, admin: Client) -> None:
    lots = [put_up(app, title=f"Fake number {number}").auction.id for number in range(3)]
    asked = admin.post_form("/admin/lots/bulk", act="hide", lots=lots)
    assert asked.status == 200
    assert all(f"Fake number {number}" in text(asked) for number in range(3))
    assert audit(app) == []
    key = re.search(r'name="request_id" value="([0-9a-f]+)"', asked.text)
    assert key
    for _ in range(2):
        sent = admin.post_form("/admin/lots/bulk", act="hide", lots=lots, reason="Fakes", request_id=key[1])
        assert (sent.status, sent.headers["location"]) == (303, "/admin/lots")
    assert sorted(audit(app)) == sorted(("hide-lot", f"lot/{lot}", "Fakes") for lot in lots)


def test_several_lots_are_moved(app: FakeApp, admin: Client) -> None:
    lots = [put_up(app).auction.id for _ in range(2)]
    wrong = admin.post_form("/admin/lots/bulk", act="move", lots=lots, reason="Toys", category="weapons")
    assert wrong.status == 422
    assert "Toys" in wrong.text
    assert admin.post_form("/admin/lots/bulk", act="move", lots=lots, reason="Toys", category="games").status == 303
    assert {app.store.lot(lot).card.listed_in for lot in lots} == {"games"}


def test_what_did_not_work_with_one_lot_is_told_and_the_others_are_done(app: FakeApp, admin: Client, lot: str) -> None:
    answer = admin.post_form("/admin/lots/bulk", act="hide", lots=[lot, "nothing"], reason="Fakes")
    assert answer.status == 404
    assert app.store.lot(lot).auction.hidden


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"act": "hide"}, 422),
        ({"act": "explode", "lots": "abc"}, 422),
        ({"act": "hide", "lots": "../../etc"}, 422),
        ({"act": "hide", "lots": [f"lot{n}" for n in range(51)], "reason": "Fakes"}, 422),
    ],
)
def test_a_form_that_says_nothing_sensible_is_refused(admin: Client, fields: dict[str, Any], code: int) -> None:
    assert admin.post_form("/admin/lots/bulk", **fields).status == code


def test_one_who_only_looks_hides_nothing_in_bulk(app: FakeApp, lot: str) -> None:
    viewer = Client(app).log_in(VIEWER)
    assert viewer.post_form("/admin/lots/bulk", act="hide", lots=[lot], reason="x").status == 403
