"""What the page of a lot says in every state: each kind of auction, each stand of a lot, each who looks.

What must be true is written down here by the contract's rules, not asked of the code that draws: who leads, what may be
bid next, at which price it can be bought at once, and what one lacks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, xtr
from tests.support.fakes import FakeApp
from tests.support.web import Client, lot_in_words
from tests.unit.web.test_pages_lot import lot_at

HOUR = 3600
POOR, DEBTOR, BARRED = 50, 51, 52
KINDS: dict[str, dict[str, Any]] = {
    "english": {"buy_now_price": 900, "bid_step": 10},
    "english with a reserve": {"buy_now_price": 900, "bid_step": 10, "reserve_price": 500},
    "dutch": {"type": "dutch", "floor_price": 40, "drop_amount": 20, "drop_seconds": 600},
    "sealed": {"type": "sealed"},
    "vickrey": {"type": "vickrey"},
}
OUTSIDERS = {"visitor": None, "no money": POOR, "can bid": CLARA, "in debt": DEBTOR, "blocked": BARRED}
VIEWERS = OUTSIDERS | {"leads": ANNA, "outbid": BORIS, "seller": SELLER}
BUY_NOW = re.compile(r"[Bb]uy now|Buy-now|Buy the lot|bought at once for")


def town() -> FakeApp:
    app, _ = market()
    join(app, POOR, stars=30)
    join(app, DEBTOR, stars=2_000)
    join(app, BARRED, stars=2_000)
    wallets = app.store.tables.wallets
    wallets[DEBTOR, "XTR"] = replace(wallets[DEBTOR, "XTR"], available=xtr(0), owed=xtr(40))
    wallets[BARRED, "XTR"] = replace(wallets[BARRED, "XTR"], blocked=True)
    return app


def bid(app: FakeApp, lot_id: str, *bids: tuple[int, int]) -> None:
    for person, amount in bids:
        app.bidding.bid(lot_id, person, amount, app.now(), confirmed=True)


@dataclass
class Stand:
    """A lot at a moment. `buy_now` and `next_bid` are what everybody may rely on, None where there is no such thing."""

    app: FakeApp
    lot_id: str
    buy_now: int | None = None
    next_bid: int | None = None
    bids: bool = False


def scheduled(kind: str) -> Stand:
    app = town()
    lot_id = lot_at(app, **KINDS[kind], starts_at=(app.now() + timedelta(hours=3)).isoformat())
    return Stand(app, lot_id, 900 if kind.startswith("english") else None)


def untouched(kind: str) -> Stand:
    app = town()
    rising = kind.startswith("english")
    return Stand(app, lot_at(app, **KINDS[kind]), 900 if rising else None, 100 if rising else None)


def with_bids(kind: str) -> Stand:
    """Boris bids 150, Anna 300: the price is 160, and with a reserve of 500 that has not been met."""
    app = town()
    lot_id = lot_at(app, **KINDS[kind])
    if kind == "dutch":
        return Stand(app, lot_id)
    bid(app, lot_id, (BORIS, 150), (ANNA, 300))
    if not kind.startswith("english"):
        return Stand(app, lot_id, bids=True)
    return Stand(app, lot_id, 900 if "reserve" in kind else None, 170, bids=True)


def reserve_met(kind: str) -> Stand:
    """Anna's 600 covers the reserve, where there is one, so the price is 500 there and 160 elsewhere."""
    app = town()
    lot_id = lot_at(app, **KINDS[kind])
    if kind == "dutch":
        return Stand(app, lot_id)
    bid(app, lot_id, (BORIS, 150), (ANNA, 600))
    if not kind.startswith("english"):
        return Stand(app, lot_id, bids=True)
    return Stand(app, lot_id, None, 510 if "reserve" in kind else 170, bids=True)


def ended(kind: str) -> Stand:
    stand = reserve_met(kind)
    stand.app.clock.forward(hours=2)
    return Stand(stand.app, stand.lot_id, bids=stand.bids)


def bought(kind: str) -> Stand:
    app = town()
    lot_id = lot_at(app, **KINDS[kind])
    if kind.startswith("english") or kind == "dutch":
        app.bidding.buy(lot_id, ANNA, 900 if kind.startswith("english") else 100, app.now())
    return Stand(app, lot_id)


def cancelled(kind: str) -> Stand:
    stand = with_bids(kind)
    stand.app.publishing.cancel(900, stand.lot_id, stand.app.now(), decision=deciding("Not here", stand.app.now()))
    return Stand(stand.app, stand.lot_id, bids=stand.bids)


STANDS: dict[str, Callable[[str], Stand]] = {
    made.__name__: made for made in (scheduled, untouched, with_bids, reserve_met, ended, bought, cancelled)
}
every_stand = pytest.mark.parametrize("stand", STANDS)
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
@every_stand
def test_a_buy_now_price_is_told_to_everybody_while_it_is_there_and_to_nobody_after(kind: str, stand: str) -> None:
    at = STANDS[stand](kind)
    for name, viewer in VIEWERS.items():
        shown = lot_in_words(at.app, at.lot_id, viewer)
        box, rules = halves(shown)
        if at.buy_now:
            assert re.search(rf"(buy now|Buy the lot for) ⭐ {at.buy_now}\b", box), (name, box)
            assert f"bought at once for ⭐ {at.buy_now}" in rules, name
            assert f"Buy-now price ⭐ {at.buy_now}" in rules, name
        elif kind != "dutch":
            told = shown.replace("It was bought at once for its buy-now price", "").replace("bought at once for ⭐", "")
            told = told.replace("Somebody bought it at once", "") if stand == "bought" else shown
            assert not BUY_NOW.search(told), (name, BUY_NOW.search(told))


@every_kind
@every_stand
def test_the_next_bid_is_told_to_everybody_who_might_make_it(kind: str, stand: str) -> None:
    at = STANDS[stand](kind)
    for name, viewer in VIEWERS.items():
        box, _ = halves(lot_in_words(at.app, at.lot_id, viewer))
        if at.next_bid and not (at.bids and viewer == ANNA):
            assert re.search(rf"(first bid|next bid|Bid) ⭐ {at.next_bid}\b", box), (name, box)
        else:
            assert not re.search(r"(first bid|next bid) ⭐", box), (name, box)


@every_kind
@every_stand
def test_a_button_is_there_for_whom_the_act_would_be_accepted_and_for_nobody_else(kind: str, stand: str) -> None:
    """What the page offers by one press is what the service accepts from this person."""
    at = STANDS[stand](kind)
    for name, viewer in VIEWERS.items():
        client = Client(at.app)
        if viewer:
            client.log_in(viewer)
        page = client.get(f"/auction/{at.lot_id}").text
        act = page.split('id="box"')[1]
        buys = f'/auction/{at.lot_id}/buy"' in act
        can_pay = viewer in (ANNA, BORIS, CLARA)
        live_dutch = kind == "dutch" and stand in ("untouched", "with_bids", "reserve_met")
        assert buys == (can_pay and (live_dutch or bool(at.buy_now and stand != "scheduled"))), name
        one_tap = 'id="one-tap"' in act
        assert one_tap == bool(at.next_bid and can_pay and not (at.bids and viewer == ANNA)), name


@every_kind
@every_stand
def test_how_one_stands_is_said_to_whom_it_concerns(kind: str, stand: str) -> None:
    at = STANDS[stand](kind)
    leading = at.next_bid is not None and at.bids
    for name, viewer in VIEWERS.items():
        box, _ = halves(lot_in_words(at.app, at.lot_id, viewer))
        assert ("You lead" in box) == (leading and viewer == ANNA), (name, box)
        assert ("You were outbid" in box) == (leading and viewer == BORIS), (name, box)
        assert ("Bidder 2 leads" in box) == (leading and viewer != ANNA), (name, box)


def halves(shown: str) -> tuple[str, str]:
    """The price box, and how the auction works with its facts."""
    before, works = shown.split("How this auction works")
    rules, facts = works.split("After the sale Starbid keeps the money")
    return before.split(" Seller ")[0], f"{rules} {facts[:400]}"


# --- who cannot buy yet ----------------------------------------------------------------------------------------------


def test_one_who_lacks_money_to_buy_is_told_how_much_and_may_get_exactly_that() -> None:
    at = untouched("english")
    join(at.app, 60, stars=400)
    client = Client(at.app).log_in(60)
    shown = lot_in_words(at.app, at.lot_id, 60)
    assert "Bid ⭐ 100" in shown
    assert "buy now ⭐ 900: ⭐ 500 more needed" in shown
    assert "Top up ⭐ 500 and buy" in shown
    assert "/buy_stars?amount=500&amp;" in client.get(f"/auction/{at.lot_id}").text
    assert client.post_form(f"/auction/{at.lot_id}/buy", seen_price=900).status in (402, 409)


@pytest.mark.parametrize(("available", "buys"), [(599, False), (600, True)])
def test_a_leader_below_the_reserve_buys_with_what_is_frozen_and_the_rest(available: int, buys: bool) -> None:
    """Anna leads up to 300 and may buy for 900: she needs 600 more (spec: a leader gets the hold back)."""
    at = with_bids("english with a reserve")
    wallets = at.app.store.tables.wallets
    wallets[ANNA, "XTR"] = replace(wallets[ANNA, "XTR"], available=xtr(available))
    shown = lot_in_words(at.app, at.lot_id, ANNA)
    assert ("Buy the lot for ⭐ 900" in shown) == buys
    assert ("buy now ⭐ 900: ⭐ 1 more needed" in shown) == (not buys)
    answer = Client(at.app).log_in(ANNA).post_form(f"/auction/{at.lot_id}/buy", seen_price=900)
    assert (answer.status == 303) == buys


def test_one_who_cannot_pay_the_lowest_price_is_not_told_to_wait_for_it() -> None:
    """The price drops from 100 to 40, the person has 30."""
    at = untouched("dutch")
    assert "You need ⭐ 70 more to buy now" in lot_in_words(at.app, at.lot_id, POOR)
    assert "Or wait" not in lot_in_words(at.app, at.lot_id, POOR)
    join(at.app, 61, stars=40)
    assert "Or wait until the price has come down to what you have." in lot_in_words(at.app, at.lot_id, 61)


def test_at_the_lowest_price_nobody_is_told_that_it_gets_cheaper() -> None:
    at = untouched("dutch")
    assert "it gets cheaper" in lot_in_words(at.app, at.lot_id)
    at.app.clock.forward(seconds=1_799)
    assert "it gets cheaper" in lot_in_words(at.app, at.lot_id)
    at.app.clock.forward(seconds=1)
    assert "it gets cheaper" not in lot_in_words(at.app, at.lot_id)


# --- who may do nothing for now ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["owed", "blocked"])
@pytest.mark.parametrize(
    ("kind", "said"),
    [("english", {ANNA: "you lead", BORIS: "outbid"}), ("sealed", {ANNA: "your bid ⭐ 300", BORIS: "your bid ⭐ 150"})],
)
def test_one_in_trouble_still_reads_how_the_own_bid_stands(kind: str, said: dict[int, str], trouble: str) -> None:
    at = with_bids(kind)
    wallets = at.app.store.tables.wallets
    for person, stands in said.items():
        changes: Any = {"blocked": True} if trouble == "blocked" else {"available": xtr(0), "owed": xtr(70)}
        wallets[person, "XTR"] = replace(wallets[person, "XTR"], **changes)
        assert stands in lot_in_words(at.app, at.lot_id, person)


# --- an end that moves ------------------------------------------------------------------------------------------------


def test_the_end_is_said_to_move_only_as_far_as_it_still_can() -> None:
    """A window of 120 s and 150 s in all: after the first late bid 30 s are left, after the second nothing."""
    app = town()
    lot_id = lot_at(app, bid_step=10, duration_seconds=HOUR, extend_seconds=120, max_extension_seconds=150)
    app.clock.forward(seconds=HOUR)
    app.clock.forward(seconds=-1)
    assert "A bid now adds up to 2 minutes." in lot_in_words(app, lot_id)
    bid(app, lot_id, (ANNA, 100))
    assert "Another bid now adds time again." in lot_in_words(app, lot_id)
    app.clock.forward(seconds=118)
    bid(app, lot_id, (BORIS, 200))
    assert "Further bids add no more time." in lot_in_words(app, lot_id)
    assert "adds time again" not in lot_in_words(app, lot_id)


def test_an_end_that_cannot_move_is_not_said_to() -> None:
    app = town()
    lot_id = lot_at(app, duration_seconds=HOUR, extend_seconds=120, max_extension_seconds=0)
    app.clock.forward(seconds=HOUR - 60)
    assert "A bid now adds" not in lot_in_words(app, lot_id)
    assert "adds time again" not in lot_in_words(app, lot_id)


# --- what the winner and the losers are told --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("english", "You bid ⭐ 600 and paid ⭐ 160; ⭐ 440 came back."),
        ("vickrey", "You bid ⭐ 600 and paid ⭐ 150; ⭐ 450 came back."),
        ("sealed", None),
    ],
)
def test_a_winner_who_paid_less_than_the_own_bid_reads_what_came_back(kind: str, told: str | None) -> None:
    at = ended(kind)
    for viewer in VIEWERS.values():
        shown = lot_in_words(at.app, at.lot_id, viewer)
        assert ("came back" in shown) == (told is not None and viewer == ANNA)
        assert told is None or viewer != ANNA or told in shown


@pytest.mark.parametrize("kind", ["english", "dutch"])
def test_one_who_bought_at_once_had_nothing_to_get_back(kind: str) -> None:
    at = bought(kind)
    assert "came back" not in lot_in_words(at.app, at.lot_id, ANNA)


def test_the_money_of_a_sale_that_fell_through_is_back_as_a_whole() -> None:
    at = ended("vickrey")
    lot_in_words(at.app, at.lot_id)
    at.app.clock.forward(days=8)
    at.app.dealing.take_back(ANNA, at.lot_id, at.app.now())
    shown = lot_in_words(at.app, at.lot_id, ANNA)
    assert "The sale fell through" in shown
    assert "came back" not in shown


def test_a_loser_is_told_how_the_lot_went() -> None:
    equal = town()
    lot_id = lot_at(equal, type="sealed")
    bid(equal, lot_id, (ANNA, 300), (BORIS, 300))
    equal.clock.forward(hours=2)
    assert "Another bid won." in lot_in_words(equal, lot_id, BORIS)
    at = with_bids("english with a reserve")
    at.app.bidding.buy(at.lot_id, CLARA, 900, at.app.now())
    for loser in (ANNA, BORIS):
        assert "Somebody bought it at once." in lot_in_words(at.app, at.lot_id, loser)


def test_one_whose_bid_is_far_down_the_list_is_outbid_all_the_same() -> None:
    app = town()
    lot_id = lot_at(app, bid_step=1)
    bid(app, lot_id, (BORIS, 100), *((ANNA if n % 2 else CLARA, 101 + n) for n in range(40)))
    shown = lot_in_words(app, lot_id, BORIS)
    assert "You were outbid" in shown
    assert "and 11 earlier bids" in shown
    app.clock.forward(hours=2)
    assert "You did not win this one" in lot_in_words(app, lot_id, BORIS)


# --- the field for a hidden bid ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("vickrey", "You pay the second-highest bid, never more than yours."),
        ("sealed", "If you win, you pay what you bid."),
    ],
)
def test_the_field_says_what_a_bid_that_wins_costs(kind: str, said: str) -> None:
    other = {"vickrey": "you pay what you bid", "sealed": "second-highest"}[kind]
    for at in (untouched(kind), with_bids(kind)):
        for viewer in (ANNA, CLARA):
            shown = lot_in_words(at.app, at.lot_id, viewer)
            assert said in shown
            assert other not in shown
