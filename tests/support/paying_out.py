"""People with earned money that is old enough to leave, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from starbid.domain.ledger import ADJUSTMENTS, TransferKind, move, user_account
from starbid.domain.money import Money
from starbid.domain.payments import Charge, Provider, Purpose, credit
from starbid.domain.payouts import Payout, read_wish
from starbid.domain.wallet import WalletChange

from .factories import ANNA, join
from .fakes import FakeApp, StagedApp, make_app
from .invariants import assert_invariants, dump_of

ADMIN = 900
HOLD_DAYS = 21
_numbers = count(1)


def earned(app: StagedApp, amount: int, currency: str = "XTR", who: int = ANNA, days_ago: int = 0) -> None:
    """An operator's credit: earned that day."""
    money = Money(amount, currency)
    parts = {ADJUSTMENTS: -money, user_account(who): money}
    unit = app.store.unit()
    at = app.now() - timedelta(days=days_ago)
    unit.post(move(f"in:{next(_numbers)}", TransferKind.ADJUSTMENT, who, at, parts))
    unit.change_wallet(WalletChange.credit(who, money))
    unit.commit()


def topped_up(app: StagedApp, amount: int, who: int = ANNA) -> None:
    """Roubles, in kopecks, that a provider reports as paid."""
    money = Money(amount, "RUB")
    charge = Charge(f"bill{next(_numbers)}", Provider.QIWI, who, money, Purpose.TOP_UP, None, app.now())
    unit = app.store.unit()
    unit.add_charge(charge)
    unit.post(credit(charge))
    unit.change_wallet(WalletChange.credit(who, money, money))
    unit.commit()


def with_old_earnings(amount: int = 1000, currency: str = "XTR", who: int = ANNA) -> FakeApp:
    """ANNA earned so much long ago."""
    app = make_app()
    join(app, who)
    earned(app, amount, currency, who)
    app.clock.forward(days=HOLD_DAYS)
    return app


def ask(
    app: StagedApp, request_id: str = "r1", method: str = "premium_3", amount: int = 1000, who: int = ANNA
) -> Payout:
    return app.payouts.request(who, read_wish("XTR", amount, method, ""), request_id, app.now())


def ask_roubles(app: StagedApp, amount: int, request_id: str = "r1", who: int = ANNA) -> Payout:
    return app.payouts.request(who, read_wish("RUB", amount, "", "card 1234"), request_id, app.now())


def stands(app: FakeApp, payout: Payout) -> str:
    return app.store.tables.payouts[payout.id].state.value


def money_of(app: FakeApp, currency: str = "XTR", who: int = ANNA) -> tuple[int, int]:
    """Available, and how much of it was bought."""
    assert_invariants(dump_of(app.store))
    wallet = app.store.wallet(who, currency, consistent=True)
    return wallet.available.amount, wallet.bought.amount


def told(app: FakeApp, who: int = ANNA) -> list[str]:
    """The kinds of notices about payouts that a person got, in order."""
    app.run_streams()
    return [kind for kind in app.messenger.kinds_for(who) if kind.startswith("payout")]
