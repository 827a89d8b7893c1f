"""What somebody who is blocked may still do on the site and through the API, and what not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.blocking import block, unblock
from tests.support.factories import ANNA, BORIS, SELLER, draft, fields, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client, init_data, program, text

READS = (
    "/",
    "/profile",
    "/my/auctions",
    "/my/bids",
    "/watchlist",
    "/wallet",
    "/settings",
    "/buy_stars",
    "/topup",
    "/subscribe",
)
BLOCKED = "Your account is blocked"


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(ANNA, BORIS, start_price=100)
    return app


def blocked(app: FakeApp, user_id: int) -> Client:
    """Somebody who was blocked and logged in again."""
    block(app, user_id)
    return Client(app).log_in(user_id)


def refused(answer: Answer) -> bool:
    return answer.status == 403 and BLOCKED in text(answer) and "/support" in answer.text


def sold(app: FakeApp) -> str:
    lot = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    return lot


def test_they_read_everything_that_is_theirs(app: FakeApp) -> None:
    anna = blocked(app, ANNA)
    for path in (*READS, f"/auction/{put_up(app).auction.id}"):
        assert anna.get(path).status == 200, path
    assert anna.get("/api/v1/me").json["blocked"] is True


def test_a_seller_neither_puts_up_nor_edits_nor_puts_up_again(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    unsold = put_up(app, duration_seconds=60).auction.id
    app.clock.forward(minutes=2)
    app.closing.close(unsold, app.now())
    seller = blocked(app, SELLER)
    assert refused(seller.post_form("/new_auction", **fields()))
    assert refused(seller.post_form(f"/auction/{lot}/edit", **fields(title="Something else")))
    assert refused(seller.post_form(f"/auction/{unsold}/relist"))
    answer = seller.post("/api/v1/auctions", fields())
    assert (answer.status, answer.code) == (403, "blocked")
    assert app.store.lot(lot).card.title == "A lamp"


def test_nobody_blocked_bids_buys_or_subscribes(app: FakeApp) -> None:
    lot = put_up(app, buy_now_price=500).auction.id
    anna = blocked(app, ANNA)
    forms: dict[str, dict[str, Any]] = {"bid": {"amount": 100}, "buy": {"seen_price": 500}}
    for path, sent in forms.items():
        assert refused(anna.post_form(f"/auction/{lot}/{path}", **sent)), path
    answer = anna.post_form("/subscribe", request_id="r")
    assert answer.status == 403
    assert BLOCKED in answer.text
    assert app.store.auction(lot).bids_count == 0


def test_they_make_neither_tokens_nor_invoices(app: FakeApp) -> None:
    anna = blocked(app, ANNA)
    forms: dict[str, dict[str, Any]] = {"/settings/tokens": {"name": "x"}, "/buy_stars": {"amount": "50"}}
    for path, sent in forms.items():
        answer = anna.post_form(path, **sent)
        assert answer.status == 403
        assert BLOCKED in text(answer), path
        assert "<form" in answer.text.split("<main")[1], "the page is still there"
    answer = anna.post("/api/v1/tokens", {"name": "x"})
    assert (answer.status, answer.code) == (403, "blocked")
    assert not app.store.tables.tokens
    assert len(app.store.tables.orders) == 2, "the two of the market itself"


def test_it_is_said_in_russian_too(app: FakeApp) -> None:
    app.people.set_language(ANNA, "ru")
    answer = blocked(app, ANNA).post_form("/buy_stars", amount="50")
    assert "Ваш аккаунт заблокирован. Если это ошибка, напишите в поддержку." in text(answer)


def test_what_cannot_be_read_and_what_is_not_there_comes_first(app: FakeApp) -> None:
    anna = blocked(app, ANNA)
    assert anna.post("/api/v1/tokens", {"name": ""}).status == 422
    assert anna.post_form("/settings/tokens", name="").status == 422
    assert anna.post_form("/buy_stars", amount="x").status == 422
    assert refused(anna.post_form("/new_auction", title="")), "before: the right to sell, for nothing is read of files"
    assert anna.post_form("/auction/nosuchlot/edit", **fields()).status == 404
    assert anna.post_form("/auction/nosuchlot/relist").status == 404
    lot = put_up(app).auction.id
    assert refused(anna.post_form(f"/auction/{lot}/edit", **fields())), "before: whose lot it is"


def test_deals_go_on_for_both_sides(app: FakeApp) -> None:
    first, second = sold(app), sold(app)
    seller, anna = blocked(app, SELLER), blocked(app, ANNA)
    for lot in (first, second):
        assert seller.post_form(f"/auction/{lot}/deliver", text="the code").status == 303
    assert anna.post_form(f"/auction/{first}/confirm").status == 303
    assert anna.post_form(f"/auction/{first}/rate", stars="5", text="fine").status == 303
    assert anna.post_form(f"/auction/{second}/dispute", text="it is broken").status == 303
    assert seller.post_form(f"/auction/{second}/answer", text="it is not").status == 303
    assert app.store.wallet(SELLER, "XTR", consistent=True).available.amount == 475


def test_so_do_watching_taking_down_logging_out_and_refunds(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    anna, seller = blocked(app, ANNA), blocked(app, SELLER)
    assert anna.post_form(f"/auction/{lot}/watch").status == 303
    assert seller.post_form(f"/auction/{lot}/cancel").status == 303
    (charge,) = app.store.charges_of(ANNA)
    app.refunding.refund(ANNA, charge.id, app.now())
    assert anna.post_form("/settings", language="ru").status == 303
    assert anna.post_form("/settings/sessions").status == 303


def test_a_token_from_before_reads_and_does_no_more(app: FakeApp) -> None:
    robot, lot = program(app, ANNA), put_up(app).auction.id
    block(app, ANNA)
    assert robot.get("/api/v1/me").json["blocked"] is True
    answer = robot.post(f"/api/v1/auctions/{lot}/bids", {"amount": 100})
    assert (answer.status, answer.code) == (403, "blocked")


def test_somebody_unblocked_may_all_again(app: FakeApp) -> None:
    join(app, 5, stars=200, seller=True)
    block(app, 5)
    unblock(app, 5)
    client = Client(app).log_in(5)
    assert client.post_form("/new_auction", **fields()).status == 303
    assert client.post_form("/buy_stars", amount="50").status == 200
    assert client.post_form("/settings/tokens", name="x").status == 201
    app.publishing.publish(5, draft(app.now()), (), "r", app.now())


def test_their_mini_app_logs_in_as_everybody_elses_does(app: FakeApp) -> None:
    block(app, ANNA)
    browser = Client(app)
    data = init_data(app, user={"id": ANNA, "first_name": "Anna"})
    assert browser.post_form("/login/webapp", init_data=data).json["user_id"] == ANNA
    assert browser.get("/api/v1/me").json["id"] == ANNA
