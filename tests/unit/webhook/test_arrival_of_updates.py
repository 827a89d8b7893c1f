"""An update counts by its first receipt, also where the process that took it died; the rest happens at its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.auction import Ending
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.unfinished import BidAct
from starbid.services.ports import Contended
from tests.support.factories import put_up
from tests.support.fakes import START, Death, FakeApp

from .chatting import Chat

HOUR = timedelta(hours=1)
END = START + HOUR
MS = timedelta(milliseconds=1)


@pytest.fixture
def lot(app: FakeApp, anna: Chat, boris: Chat) -> Lot:
    """It ends at END."""
    anna.join(stars=10_000)
    boris.join(stars=10_000)
    return put_up(app, bid_step=10, buy_now_price=900, duration_seconds=3600)


def press(chat: Chat, data: str, update_id: int | None = None) -> int:
    return chat.press_data(data, chat.last, update_id)


def died(app: FakeApp, chat: Chat, data: str, update_id: int) -> None:
    """The update came, and its process died before anything was done."""
    app.store.fail_next(Death())
    with pytest.raises(Death):
        press(chat, data, update_id)


def test_a_bid_of_an_update_counts_by_the_gateways_time(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.arrived, app.clock.now = END - MS, END + timedelta(seconds=1.5)
    assert press(anna, f"b:{lot.auction.id}:100:1") == 200
    (row,) = app.store.bids(lot.auction.id, consistent=True).items
    assert row.placed_at == END - MS
    assert "You lead" in anna.toasts()[-1]


def test_one_that_arrived_at_the_end_is_refused_though_the_functions_clock_is_behind(
    app: FakeApp, lot: Lot, anna: Chat
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.arrived, app.clock.now = END, END - timedelta(seconds=1)
    assert press(anna, f"b:{lot.auction.id}:100:1") == 200
    assert app.store.auction(lot.auction.id, consistent=True).bids_count == 0


@pytest.mark.parametrize("later", [timedelta(seconds=31), timedelta(minutes=20)])
def test_an_update_whose_process_died_keeps_its_first_arrival(
    app: FakeApp, lot: Lot, anna: Chat, later: timedelta
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    data = f"b:{lot.auction.id}:100:1"
    anna.arrived = app.clock.now = END - MS
    died(app, anna, data, 5)
    anna.arrived = app.clock.now = END + later
    assert press(anna, data, 5) == 200
    (row,) = app.store.bids(lot.auction.id, consistent=True).items
    assert row.placed_at == END - MS


def test_an_update_that_was_given_back_keeps_its_first_arrival(
    app: FakeApp, lot: Lot, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    data = f"b:{lot.auction.id}:100:1"
    anna.arrived = app.clock.now = END - MS
    with monkeypatch.context() as broken:
        broken.setattr(app.bidding, "bid", lambda *_, **__: (_ for _ in ()).throw(Contended()))
        assert press(anna, data, 5) == 503
    anna.arrived = app.clock.now = END + timedelta(seconds=1)
    assert press(anna, data, 5) == 200
    assert app.store.auction(lot.auction.id, consistent=True).bids_count == 1


def test_a_delivery_that_comes_again_to_a_settled_lot_bids_no_more(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    data = f"b:{lot.auction.id}:100:1"
    anna.arrived = app.clock.now = END - MS
    died(app, anna, data, 5)
    app.clock.now = END + timedelta(seconds=3)
    app.closing.close(lot.auction.id, app.now())
    anna.arrived = app.clock.now = END + timedelta(minutes=1)
    assert press(anna, data, 5) == 200
    ended = app.store.auction(lot.auction.id, consistent=True)
    assert (ended.ending, ended.bids_count) == (Ending.UNSOLD, 0)


def test_another_update_that_gets_an_old_number_has_its_own_arrival(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    died(app, anna, f"b:{lot.auction.id}:100:1", 5)
    app.clock.forward(days=9)
    fresh = put_up(app)
    anna.say(f"/auction_{fresh.auction.id}")
    assert press(anna, f"b:{fresh.auction.id}:100:1", 5) == 200
    (row,) = app.store.bids(fresh.auction.id, consistent=True).items
    assert row.placed_at == app.now()


def test_a_typed_bid_counts_by_its_arrival(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    app.clock.now = END - timedelta(minutes=1)
    anna.press("Set a maximum")
    anna.arrived, app.clock.now = END - MS, END + timedelta(seconds=1)
    assert anna.say("500") == 200
    (row,) = app.store.bids(lot.auction.id, consistent=True).items
    assert (row.maximum.amount, row.placed_at) == (500, END - MS)


def test_a_soft_close_is_moved_by_the_first_arrival(app: FakeApp, anna: Chat, lot: Lot) -> None:
    soft = put_up(app, extend_seconds=120, duration_seconds=3600).auction.id
    anna.say(f"/auction_{soft}")
    anna.arrived = app.clock.now = END - timedelta(seconds=60)
    died(app, anna, f"b:{soft}:100:1", 5)
    anna.arrived = app.clock.now = END - timedelta(seconds=20)
    assert press(anna, f"b:{soft}:100:1", 5) == 200
    assert app.store.auction(soft, consistent=True).ends_at == END + timedelta(seconds=60)


def test_a_falling_price_is_that_of_the_first_arrival(app: FakeApp, anna: Chat, lot: Lot) -> None:
    dutch = put_up(app, type="dutch", start_price=1000, floor_price=400, drop_amount=100, drop_seconds=60).auction.id
    anna.say(f"/auction_{dutch}")
    anna.arrived = app.clock.now = START + timedelta(seconds=59)
    died(app, anna, f"n:{dutch}:1000:1", 5)
    anna.arrived = app.clock.now = START + timedelta(seconds=95)
    assert press(anna, f"n:{dutch}:1000:1", 5) == 200
    assert app.store.auction(dutch, consistent=True).price.amount == 1000


def test_what_waited_for_money_counts_by_the_first_report_of_the_payment(app: FakeApp, lot: Lot, anna: Chat) -> None:
    act = BidAct(lot.auction.id, Money(12_000, "XTR"), 1, 1, confirmed=True)
    app.clock.now = END - timedelta(minutes=2)
    _, payload = app.paying.order_stars(anna.id, 5_000, app.now(), act)
    anna.arrived = app.clock.now = END - MS
    app.store.fail_next(Death())
    with pytest.raises(Death):
        anna.paid(payload, 5_000, "charge", update_id=5)
    anna.arrived = app.clock.now = END + timedelta(minutes=1)
    assert anna.paid(payload, 5_000, "charge", update_id=5) == 200
    (row,) = app.store.bids(lot.auction.id, consistent=True).items
    assert (row.maximum.amount, row.placed_at) == (12_000, END - MS)


def test_an_act_that_lapsed_before_the_update_came_again_is_asked_about(app: FakeApp, lot: Lot, anna: Chat) -> None:
    long = put_up(app, duration_seconds=20 * 86_400).auction.id
    _, payload = app.paying.order_stars(anna.id, 5_000, app.now(), BidAct(long, Money(150, "XTR"), 1, 1))
    app.store.fail_next(Death())
    with pytest.raises(Death):
        anna.paid(payload, 5_000, "charge", update_id=5)
    anna.arrived = app.clock.now = START + timedelta(hours=23)
    assert anna.paid(payload, 5_000, "charge", update_id=5) == 200
    assert app.store.auction(long, consistent=True).bids_count == 0


def test_all_but_bids_happens_when_the_update_is_handled(app: FakeApp, lot: Lot, anna: Chat) -> None:
    app.receipts.receive("update#5", 30, 86_400, START, START)
    anna.arrived = app.clock.now = START + timedelta(minutes=20)
    assert anna.press_data("tz", None, 5) == 200
    assert "12:20" in anna.words
