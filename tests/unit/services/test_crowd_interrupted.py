"""Those who act in the middle of a crowd: between the combiner's reading and its writing, and between two batches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starbid.domain.errors import Blocked, HasBids, InDebt, LotChanged
from starbid.domain.intents import Refused
from starbid.services.auctions import combining
from starbid.services.ports import Contended
from tests.support.blocking import block
from tests.support.debts import earn, owing
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, join, market, put_up, xtr
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import MS, SECOND, crowd_on, decides, outcome, pace_of, said, waits

from .owing import take_back

ADMIN = 900
Act = Callable[[FakeApp, str], object]


def balance(app: FakeApp, who: int) -> tuple[int, int, int]:
    wallet = app.store.wallet(who, "XTR", consistent=True)
    return wallet.available.amount, wallet.held.amount, wallet.owed.amount


def blocks_anna(app: FakeApp, _: str) -> None:
    block(app, ANNA)


def takes_annas_money_back(app: FakeApp, _: str) -> None:
    take_back(app, ANNA)


def cancels(app: FakeApp, lot: str) -> None:
    app.publishing.cancel(ADMIN, lot, app.now(), decision=deciding("a fake", app.now()))


INTERRUPTIONS: dict[str, tuple[Act, type[Exception]]] = {
    "block": (blocks_anna, Blocked),
    "chargeback": (takes_annas_money_back, InDebt),
}
OF_ANNA = pytest.mark.parametrize(("act", "refusal"), INTERRUPTIONS.values(), ids=INTERRUPTIONS)
KINDS = pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])


def spent_elsewhere(app: FakeApp, who: int = ANNA) -> None:
    """Half of their money is held on another lot: taking all of it back leaves a debt."""
    app.bidding.bid(put_up(app).auction.id, who, 5_000, app.now(), confirmed=True)


@KINDS
@OF_ANNA
def test_who_may_not_bid_any_more_when_the_batch_is_written_is_refused_and_the_batch_is_not(
    kind: str, act: Act, refusal: type[Exception]
) -> None:
    app, made = market(type=kind)
    lot = made.auction.id
    spent_elsewhere(app)
    line = [waits(app, lot, who, 200 + 50 * n, app.now() + n * MS) for n, who in enumerate((ANNA, BORIS, CLARA))]
    app.store.meanwhile(lambda: act(app, lot))
    decides(app, lot)
    assert said(app, *line) == [refusal, 1, 2]
    assert_invariants(dump_of(app.store))


@KINDS
@OF_ANNA
def test_who_may_not_bid_any_more_between_two_batches_keeps_the_first_bid_and_is_refused_the_second(
    kind: str, act: Act, refusal: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combining, "MOST_INTENTS", 2)
    app, made = market(type=kind)
    lot = made.auction.id
    spent_elsewhere(app)
    bids = ((ANNA, 300), (BORIS, 250), (ANNA, 500), (CLARA, 600))
    line = [waits(app, lot, who, amount, app.now() + n * MS) for n, (who, amount) in enumerate(bids)]
    app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: act(app, lot))
    decides(app, lot)
    assert said(app, *line) == [1, 2, refusal, 3]
    assert_invariants(dump_of(app.store))


def test_a_leader_whose_payment_was_taken_back_gets_the_hold_back_when_the_crowd_outbids_them() -> None:
    app, made = market()
    lot = made.auction.id
    app.bidding.bid(lot, ANNA, 900, app.now())
    take_back(app, ANNA)
    line = [waits(app, lot, who, 1_000 + 100 * n, app.now() + n * MS) for n, who in enumerate((BORIS, CLARA))]
    decides(app, lot)
    assert said(app, *line) == [2, 3]
    app.follow_debts()
    assert balance(app, ANNA) == (0, 0, 0)
    assert_invariants(dump_of(app.store))


@KINDS
def test_a_debt_that_can_be_paid_is_paid_and_the_bid_accepted_with_the_others(kind: str) -> None:
    app = owing(100)
    join(app, BORIS, stars=1_000)
    join(app, SELLER, seller=True)
    lot = put_up(app, type=kind, start_price=100).auction.id
    earn(app, 1_000)
    line = [waits(app, lot, who, 200 + 50 * n, app.now() + n * MS) for n, who in enumerate((ANNA, BORIS))]
    decides(app, lot)
    assert said(app, *line) == [1, 2]
    assert balance(app, ANNA)[2] == 0
    assert_invariants(dump_of(app.store))


def test_who_owes_more_than_they_have_is_told_what_is_missing() -> None:
    app = owing(100)
    join(app, SELLER, seller=True)
    lot = put_up(app, start_price=10).auction.id
    earn(app, 60)
    mine = waits(app, lot, ANNA, 50)
    decides(app, lot)
    found = outcome(app, mine)
    assert isinstance(found, Refused)
    assert isinstance(found.error, InDebt)
    assert found.error.owed == xtr(40)


def test_money_that_comes_while_one_waits_counts() -> None:
    app, made = market(stars=100)
    lot = made.auction.id
    mine = waits(app, lot, ANNA, 400)
    earn(app, 900)
    decides(app, lot)
    assert said(app, mine) == [1]


# --- the lot itself ---------------------------------------------------------------------------------------------------


def test_who_is_blocked_and_has_no_wallet_of_the_lots_money_is_told_the_first_of_the_two() -> None:
    app, made = market(currency="EUR", goods="physical")
    mine = waits(app, made.auction.id, ANNA, 300)
    block(app, ANNA)
    decides(app, made.auction.id)
    assert said(app, mine) == [Blocked]


def test_a_lot_edited_between_reading_and_writing_is_not_bid_on_by_those_who_saw_other_words() -> None:
    app, made = market()
    lot = made.auction.id
    saw_it = waits(app, lot, ANNA, 300, card_version=1)
    saw_none = waits(app, lot, BORIS, 400, card_version=None)
    app.store.meanwhile(lambda: app.publishing.edit(SELLER, lot, draft(app.now(), title="Another lamp"), (), app.now()))
    decides(app, lot)
    assert said(app, saw_it, saw_none) == [LotChanged, 1]
    found = outcome(app, saw_it)
    assert isinstance(found, Refused)
    assert isinstance(found.error, LotChanged)
    assert found.error.details == {"card_version": 2}
    assert_invariants(dump_of(app.store))


def test_a_lot_is_not_edited_once_the_crowd_has_bid_on_it() -> None:
    app, made = market()
    lot = made.auction.id
    mine = waits(app, lot, ANNA, 300, card_version=1)
    app.store.meanwhile(lambda: decides(app, lot))
    with pytest.raises(HasBids):
        app.publishing.edit(SELLER, lot, draft(app.now(), title="Another lamp"), (), app.now())
    assert said(app, mine) == [1]


def test_a_bid_that_waits_on_words_that_move_on_is_shown_the_new_ones() -> None:
    app, made = market()
    lot = made.auction.id
    crowd_on(app, lot)
    app.intents.take_lease(lot, "another", app.now() + SECOND, app.now())

    def edited_and_decided() -> None:
        app.publishing.edit(SELLER, lot, draft(app.now(), title="Another lamp"), (), app.now())
        decides(app, lot)

    pace_of(app).meanwhile.append(edited_and_decided)
    with pytest.raises(LotChanged) as refusal:
        app.bidding.bid(lot, ANNA, 300, app.now(), card_version=1)
    assert refusal.value.details == {"card_version": 2}


def test_a_debt_that_appears_when_it_is_being_settled_costs_nobody_else_the_batch() -> None:
    """Settling meets others four times: its owner is left out for this round."""
    app = owing(100)
    join(app, BORIS, stars=1_000)
    join(app, SELLER, seller=True)
    lot = put_up(app, start_price=100).auction.id
    earn(app, 1_000)
    mine, other = waits(app, lot, ANNA, 200), waits(app, lot, BORIS, 300, app.now() + MS)
    app.store.fail_next(Contended(), times=4)
    decides(app, lot)
    assert said(app, other, mine) == [1, 2]
    assert balance(app, ANNA)[2] == 0
    assert_invariants(dump_of(app.store))
