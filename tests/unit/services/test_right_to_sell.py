"""Spec, section 3: the right to sell is had for the days that were paid for, and what was put up with it runs on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Status
from starbid.domain.errors import InDebt, StarbidError, SubscriptionRequired
from starbid.domain.lots import Lot
from tests.support.debts import fall_into_debt
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, draft, join, put_up, xtr
from tests.support.fakes import START, FakeApp, make_app

HOUR, MONTH = 3_600, 30 * 86_400


def selling(**fields: Any) -> tuple[FakeApp, Lot]:
    """ANNA sells with days that she paid for in Telegram; a month from today is a day too long for them."""
    app = make_app()
    join(app, ANNA)
    join(app, BORIS, stars=1_000)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "n1", payload, 100, "XTR", app.now())
    app.clock.forward(days=1)
    return app, put_up(app, ANNA, **fields)


def lose_by_message(app: FakeApp) -> None:
    app.clock.forward(minutes=5)
    app.refunding.taken_back(ANNA, "n1", "", 100, "XTR", app.now())


def lose_by_time(app: FakeApp) -> None:
    until = app.store.tables.people[ANNA].subscribed_until
    assert until
    app.clock.now = until


def fall_in_debt(app: FakeApp) -> None:
    app.clock.forward(days=1)
    fall_into_debt(app, ANNA, 100)


losing = pytest.mark.parametrize(
    ("lose", "refusal"),
    [(lose_by_message, SubscriptionRequired), (lose_by_time, SubscriptionRequired), (fall_in_debt, InDebt)],
)


def edit(app: FakeApp, lot: Lot, **fields: object) -> Lot:
    return app.publishing.edit(ANNA, lot.auction.id, draft(app.now(), **fields), (), app.now())


def refuses(app: FakeApp, refusal: type[StarbidError], act: Callable[[], Any]) -> None:
    before = app.store.tables.snapshot()
    with pytest.raises(refusal):
        act()
    assert app.store.tables == before


@losing
def test_without_it_nothing_is_put_up_and_nothing_again(
    lose: Callable[[FakeApp], None], refusal: type[StarbidError]
) -> None:
    app, lot = selling()
    app.publishing.cancel(ANNA, lot.auction.id, app.now())
    lose(app)
    refuses(app, refusal, lambda: app.publishing.publish(ANNA, draft(app.now()), (), "r", app.now()))
    refuses(app, refusal, lambda: app.publishing.relist(ANNA, lot.auction.id, app.now()))


@losing
def test_a_live_lot_runs_on_is_sold_and_paid_for(lose: Callable[[FakeApp], None], refusal: type[StarbidError]) -> None:
    app, lot = selling(duration_seconds=MONTH)
    app.bidding.bid(lot.auction.id, BORIS, 100, app.now())
    lose(app)
    app.clock.now = lot.auction.ends_at + timedelta(seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.dealing.deliver(ANNA, lot.auction.id, "the key", app.now())
    app.dealing.confirm(BORIS, lot.auction.id, app.now())
    app.follow_debts()
    wallet = app.store.wallet(ANNA, "XTR")
    assert (wallet.available, wallet.owed) == ((xtr(0), xtr(5)) if refusal is InDebt else (xtr(95), xtr(0)))


@losing
def test_a_lot_that_was_put_up_for_later_begins_all_the_same(
    lose: Callable[[FakeApp], None], refusal: type[StarbidError]
) -> None:
    """It was put up with the right to sell, on days that are not charged."""
    app, lot = selling(starts_at=(START + timedelta(days=31)).isoformat())
    lose(app)
    app.clock.now = lot.auction.starts_at
    assert app.store.auction(lot.auction.id).status(app.now()) is Status.LIVE
    app.bidding.bid(lot.auction.id, BORIS, 100, app.now())


@losing
def test_words_may_be_mended_and_a_lot_made_shorter_but_not_longer(
    lose: Callable[[FakeApp], None], refusal: type[StarbidError]
) -> None:
    """An edit that begins a lot again would sell for ever, one thing after the other, with days once paid for."""
    app, lot = selling(duration_seconds=MONTH)
    lose(app)
    edited = edit(app, lot, title="A lantern", duration_seconds=MONTH)
    assert (edited.card.title, edited.auction.ends_at) == ("A lantern", lot.auction.ends_at)
    refuses(app, refusal, lambda: edit(app, lot, title="Another thing", duration_seconds=MONTH - 60))
    shorter = edit(app, edited, duration_seconds=HOUR)
    assert shorter.auction.ends_at < edited.auction.ends_at
    refuses(app, refusal, lambda: edit(app, shorter, duration_seconds=HOUR + 1))


@losing
def test_a_lot_that_was_put_up_for_later_is_not_begun_earlier(
    lose: Callable[[FakeApp], None], refusal: type[StarbidError]
) -> None:
    """Put up for the last day of a month, it would be on sale for the whole month."""
    start = START + timedelta(days=30, minutes=59)
    app, lot = selling(starts_at=start.isoformat(), duration_seconds=24 * HOUR)
    lose(app)
    left = int((lot.auction.ends_at - app.now()).total_seconds())
    refuses(app, refusal, lambda: edit(app, lot, duration_seconds=min(left, MONTH)))
    refuses(app, refusal, lambda: edit(app, lot, duration_seconds=HOUR // 2))
    later = edit(app, lot, starts_at=(start + timedelta(hours=23)).isoformat(), duration_seconds=HOUR)
    assert later.auction.ends_at == lot.auction.ends_at


def test_with_it_a_lot_may_be_begun_again() -> None:
    app, lot = selling(duration_seconds=HOUR)
    app.clock.forward(minutes=30)
    assert edit(app, lot, duration_seconds=2 * HOUR).auction.ends_at == app.now() + timedelta(hours=2)


def test_a_right_that_goes_while_an_edit_is_saved_is_missed_by_it() -> None:
    app, lot = selling(duration_seconds=HOUR)
    app.clock.forward(minutes=30)
    app.store.meanwhile(lambda: app.refunding.taken_back(ANNA, "n1", "", 100, "XTR", app.now()))
    with pytest.raises(SubscriptionRequired):
        edit(app, lot, duration_seconds=2 * HOUR)
    assert app.store.auction(lot.auction.id, consistent=True) == lot.auction


def test_a_right_that_goes_while_a_lot_is_put_up_is_missed_by_it() -> None:
    app, _ = selling()
    app.store.meanwhile(lambda: app.refunding.taken_back(ANNA, "n1", "", 100, "XTR", app.now()))
    with pytest.raises(SubscriptionRequired):
        app.publishing.publish(ANNA, draft(app.now()), (), "r", app.now())


def test_what_is_offered_a_second_time_needs_no_subscription() -> None:
    app, lot = selling()
    join(app, SELLER, stars=1_000)
    for who, amount in ((BORIS, 100), (SELLER, 200)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    lose_by_message(app)
    app.dealing.dispute(SELLER, lot.auction.id, "no", app.now())
    app.dealing.resolve(deciding("so be it", app.now()), lot.auction.id, False)
    assert app.second_chance.offer(ANNA, lot.auction.id, app.now()).to_id == BORIS
