"""A lot whose end has passed, and that a bid from the line makes live again: every surface goes along."""

from __future__ import annotations

from tests.support.factories import ANNA, BORIS, SELLER, market
from tests.support.fakes import FakeApp
from tests.support.lines import MS, SECOND, decides, waits
from tests.support.web import Client, program


def status(app: FakeApp, lot: str) -> str:
    return str(program(app, BORIS).get(f"/api/v1/auctions/{lot}").json["status"])


def listed(app: FakeApp) -> list[str]:
    app.store.project(app.now())
    return [item["id"] for item in Client(app).get("/api/v1/auctions").json["items"]]


def offers_a_bid(app: FakeApp, lot: str) -> bool:
    return f'action="/auction/{lot}/bid"' in Client(app).log_in(BORIS).get(f"/auction/{lot}").text


def test_a_lot_that_a_waiting_bid_makes_live_again_is_so_on_every_surface() -> None:
    app, made = market(ANNA, BORIS, extend_seconds=120)
    lot, end = made.auction.id, made.auction.ends_at
    app.bidding.bid(lot, BORIS, 300, app.now())
    app.run_streams()
    app.messenger.told.clear()
    waits(app, lot, ANNA, 500, end - MS)
    app.clock.now = end + SECOND
    assert (status(app, lot), offers_a_bid(app, lot)) == ("closing", False)
    decides(app, lot)
    moved = end - MS + 120 * SECOND
    assert (status(app, lot), listed(app), offers_a_bid(app, lot)) == ("live", [lot], True)
    app.run_streams()
    ((person, notice, view),) = app.messenger.told
    assert (person.id, notice.kind, view and view.auction.ends_at) == (BORIS, "outbid", moved)
    ((seller, edited, *_),) = app.messenger.edited
    assert (seller.id, edited.kind) == (SELLER, "new_bid")
    answer = program(app, BORIS).post(f"/api/v1/auctions/{lot}/bids", {"amount": 900})
    assert (answer.status, answer.json["you_lead"]) == (201, True)
    end_again = app.store.auction(lot).due_at
    assert end_again == app.store.auction(lot).ends_at + 2 * SECOND > moved
    app.clock.now = end_again
    app.scheduler.fire(app)
    assert (status(app, lot), listed(app)) == ("sold", [])
