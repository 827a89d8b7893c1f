"""Achievements from what happens on the market: earned once, told once, and not for sale."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from starbid.domain.achievements.kinds import Key
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import LotSold
from starbid.services.desk.lot_acts import LotActs
from tests.support.achieved import earned, earned_now, logged
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, market, pay, put_up, xtr
from tests.support.fakes import START, FakeApp, make_app

DAY = timedelta(days=1)


def town(*more: int) -> FakeApp:
    app = make_app()
    for who in (SELLER, ANNA, BORIS, *more):
        join(app, who, seller=True)
        pay(app, who, 5_000)
    return app


def done(
    app: FakeApp, price: int = 50, seller: int = SELLER, buyer: int = ANNA, stars: int = 5, category: str = "home"
) -> str:
    """Bought at once, sent at once, confirmed, and rated by both."""
    lot = put_up(app, seller, start_price=price, buy_now_price=price, category=category).auction.id
    app.bidding.buy(lot, buyer, price, app.now())
    app.dealing.deliver(seller, lot, "x", app.now())
    app.dealing.confirm(buyer, lot, app.now())
    app.dealing.rate(buyer, lot, stars, "", app.now())
    app.dealing.rate(seller, lot, stars, "", app.now())
    return lot


def have(app: FakeApp, who: int, key: Key) -> int:
    person = app.store.tables.people[who]
    return next(each.have for each in app.achieving.standings(person) if each.key is key)


def test_first_steps_are_told_as_they_are_taken() -> None:
    app, lot = market()
    assert earned_now(app) == {SELLER: ["first_lot"]}
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    assert earned_now(app) == {ANNA: ["first_bid"]}
    app.bidding.bid(lot.auction.id, ANNA, 400, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    assert earned_now(app) == {ANNA: ["first_win"]}
    assert earned_now(app) == {}


def test_what_is_earned_at_once_is_told_at_once() -> None:
    app = town()
    done(app, price=500)
    told = earned_now(app)
    assert told == {SELLER: ["first_lot", "first_sale"], ANNA: ["first_bid", "first_win"]}


def test_an_entry_that_comes_again_counts_for_nothing_and_is_not_told_again() -> None:
    app = town()
    done(app)
    entries = logged(app)
    app.achieving.count(entries)
    before = app.store.tables.snapshot()
    for portion in (entries, entries[::-1], entries[:3]):
        app.achieving.count(portion)
    assert app.store.tables == before


def test_entries_in_any_order_and_portions_earn_the_same() -> None:
    one, other = town(), town()
    for app in (one, other):
        for category in ("art", "books", "games"):
            done(app, category=category)
    one.achieving.count(logged(one))
    for entry in reversed(logged(other)):
        other.achieving.count((entry,))
    for who in (ANNA, SELLER):
        assert earned(one, who) == earned(other, who)
        assert [have(one, who, key) for key in Key] == [have(other, who, key) for key in Key]


def test_two_who_buy_from_each_other_again_and_again_have_one_deal() -> None:
    app = town()
    for category in ("art", "books", "clothes", "games", "home", "music"):
        done(app, category=category)
        done(app, seller=ANNA, buyer=SELLER, category=category)
    earned_now(app)
    for key in (Key.COLLECTOR, Key.GOOD_WORD, Key.FIVE_STARS, Key.TEN_WINS):
        assert have(app, ANNA, key) == 1, key
    assert have(app, ANNA, Key.QUICK_HAND) == have(app, ANNA, Key.WIDE_RANGE) == 0
    assert have(app, SELLER, Key.QUICK_HAND) == have(app, SELLER, Key.TEN_SALES) == 1


def test_deals_for_next_to_nothing_count_for_nothing() -> None:
    app = town(*range(10, 30))
    for buyer in range(10, 30):
        done(app, price=19, buyer=buyer)
    earned_now(app)
    assert earned(app, SELLER) == {"first_lot"}
    assert earned(app, 10) == {"first_bid", "first_win"}


def test_twenty_good_sales_make_a_trusted_seller() -> None:
    buyers = range(10, 30)
    app = town(*buyers)
    for buyer in buyers:
        assert "trusted_seller" not in earned(app, SELLER)
        done(app, buyer=buyer, stars=5 if buyer % 5 else 4)
        earned_now(app)
    assert {"first_sale", "ten_sales", "trusted_seller", "quick_hand", "five_stars"} <= earned(app, SELLER)
    assert have(app, 10, Key.GOOD_WORD) == 1


def test_a_purchase_that_went_back_leaves_the_win_and_no_more() -> None:
    app = town()
    lot = put_up(app, start_price=50, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    app.clock.forward(days=8)
    app.dealing.take_back(ANNA, lot, app.now())
    earned_now(app)
    assert earned(app, ANNA) == {"first_bid", "first_win"}
    assert earned(app, SELLER) == {"first_lot"}
    assert have(app, ANNA, Key.COLLECTOR) == have(app, ANNA, Key.TEN_WINS) == 0


def test_a_lot_that_an_operator_takes_down_leaves_what_was_earned_by_then() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    earned_now(app)
    assert isinstance(app.lot_acts, LotActs)
    app.lot_acts.cancel(deciding("stolen", app.now()), lot.auction.id)
    assert earned_now(app) == {}
    assert (earned(app, SELLER), earned(app, ANNA)) == ({"first_lot"}, {"first_bid"})


def test_a_rating_counts_for_the_rated_when_it_appears_by_itself() -> None:
    app = town()
    lot = put_up(app, start_price=50, buy_now_price=50).auction.id
    app.bidding.buy(lot, ANNA, 50, app.now())
    app.dealing.deliver(SELLER, lot, "x", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.dealing.rate(ANNA, lot, 5, "", app.now())
    earned_now(app)
    assert (have(app, ANNA, Key.GOOD_WORD), have(app, SELLER, Key.FIVE_STARS)) == (1, 0)
    app.clock.forward(days=7)
    app.dealing.sweep(app.now())
    earned_now(app)
    assert (have(app, ANNA, Key.GOOD_WORD), have(app, SELLER, Key.FIVE_STARS)) == (1, 1)


def test_bids_on_a_sealed_lot_move_nothing_of_its_sellers() -> None:
    app, lot = market(type="sealed")
    earned_now(app)
    before = app.achievements.of(SELLER)
    for who in (ANNA, BORIS):
        app.bidding.bid(lot.auction.id, who, 300, app.now())
        assert earned_now(app) == {who: ["first_bid"]}
    assert app.achievements.of(SELLER) == before


def test_how_many_a_person_has_is_one_read() -> None:
    app = town()
    assert app.achieving.earned(ANNA) == 0
    done(app)
    earned_now(app)
    app.store.trips.clear()
    assert app.achieving.earned(ANNA) == 2
    assert app.store.trips == ["achievements"]


def test_who_is_blocked_keeps_what_they_have_and_hears_nothing() -> None:
    app, lot = market()
    app.run_streams()
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    app.store.block(ANNA)
    app.achieving.count(logged(app))
    told = app.run_streams()
    assert [(notice.kind, notice.user_id) for notice in told] == [("achievement", ANNA)]
    assert not [notice for _, notice, *_ in app.messenger.told if notice.kind == "achievement"]
    assert earned(app, ANNA) == {"first_bid"}


def test_a_person_whom_nobody_registered_is_counted_and_weighed_as_nothing() -> None:
    app = make_app()
    app.achieving.count(logged(app, LotSold("sold:x", START, "x", SELLER, ANNA, xtr(100))))
    assert earned(app, ANNA) == {"first_win"}


def test_entries_that_are_about_nobody_or_nothing_are_passed_over() -> None:
    app = make_app()
    odd = [
        LogEntry("a", START, LogKind.BID, "bid"),
        LogEntry("b", START, LogKind.LOT, "won"),
        LogEntry("c", START, LogKind.DEAL, "completed", ANNA, "lot/gone"),
        LogEntry("d", START, LogKind.DEAL, "rated", ANNA, "bill/5"),
        LogEntry("e", START, LogKind.LOT, "vermilion", ANNA, "lot/x"),
        LogEntry("f", START, LogKind.LOGIN, "began", ANNA),
    ]
    app.achieving.count(odd)
    assert app.store.tables.achievements == {}


def test_two_processes_on_the_same_entries_earn_and_tell_once() -> None:
    app = town()
    done(app)
    entries = logged(app)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(app.achieving.count, [entries] * 8))
    keys = [key for event in app.store.take_stream() for key in event.keys]  # type: ignore[union-attr]
    assert sorted(keys) == ["first_bid", "first_lot", "first_sale", "first_win"]


def test_somebody_else_who_counts_in_between_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    first = logged(app)
    sold = logged(app, LotSold("sold:x", START, "x", SELLER, ANNA, xtr(100)))
    app.store.meanwhile(lambda: app.achieving.count(sold))
    app.achieving.count(first)
    assert earned(app, ANNA) == {"first_bid", "first_win"}


def test_a_row_that_is_seen_late_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    app, lot = market()
    app.store.lag = True
    earned_now(app)
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    assert earned_now(app) == {ANNA: ["first_bid"]}
    app.bidding.bid(lot.auction.id, BORIS, 900, app.now())
    app.bidding.bid(lot.auction.id, ANNA, 1_500, app.now())
    assert earned_now(app) == {BORIS: ["first_bid"]}
    assert app.achievements.of(ANNA).version == 1, "the same week, the same kind: nothing to write"
