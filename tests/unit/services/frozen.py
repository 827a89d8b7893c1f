"""What somebody bought whose payment is taken back."""

from datetime import timedelta

from tests.support.factories import ANNA, BORIS, join, market, pay, put_up
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of

DAY = timedelta(days=1)


def buyers(*prices: int, stars: int = 1_000) -> tuple[FakeApp, list[str]]:
    """ANNA has paid in `stars` with one charge, `c1`, and bought a lot at each price, a minute apart."""
    app, _ = market(BORIS)
    join(app, ANNA)
    pay(app, ANNA, stars, "c1")
    lots = []
    for price in prices:
        lots.append(buy(app, price))
        app.clock.forward(minutes=1)
    return app, lots


def buy(app: FakeApp, price: int, who: int = ANNA) -> str:
    lot = put_up(app, start_price=price, buy_now_price=price).auction.id
    app.bidding.buy(lot, who, price, app.now())
    return lot


def charge_back(app: FakeApp, amount: int = 1_000) -> None:
    app.refunding.taken_back(ANNA, "c1", "", amount, "XTR", app.now())
    app.follow_debts()
    assert_invariants(dump_of(app.store))


def wallet(app: FakeApp) -> tuple[int, int]:
    """Available, owed."""
    mine = app.store.wallet(ANNA, "XTR", consistent=True)
    return mine.available.amount, mine.owed.amount


def states(app: FakeApp, lots: list[str]) -> list[str]:
    return ["frozen" if app.store.deal(lot).frozen_at else app.store.deal(lot).state.value for lot in lots]


def told(app: FakeApp, who: int) -> list[str]:
    app.messenger.told.clear()
    app.run_streams()
    return app.messenger.kinds_for(who)
