"""People with a debt: a payment was taken back after they had spent it (spec, section 2)."""

from __future__ import annotations

from itertools import count

from starbid.domain.ledger import ADJUSTMENTS, TransferKind, move, user_account
from starbid.domain.money import XTR, Money
from starbid.domain.wallet import WalletChange

from .factories import ANNA, join, pay
from .fakes import FakeApp, make_app
from .invariants import assert_invariants, dump_of

_numbers = count(1)


def owing(owed: int = 100) -> FakeApp:
    """ANNA, who spent what Telegram then took back: nothing available, a debt of `owed`."""
    app = make_app({"SUBSCRIPTION_PRICE": str(owed)})
    join(app, ANNA)
    fall_into_debt(app, ANNA, owed)
    assert wallet_of(app) == (0, 0, owed)
    return app


def fall_into_debt(app: FakeApp, who: int, owed: int) -> None:
    """Pay, spend it (a subscription costs that much), and have it taken back."""
    charge = pay(app, who, owed)
    app.people.subscribe(who, charge.id, app.now())
    app.refunding.taken_back(who, charge.id, "", owed, "XTR", app.now())


def earn(app: FakeApp, amount: int, who: int = ANNA, currency: str = XTR) -> None:
    """Money comes into a wallet, and nothing pays the owner's debt."""
    earned = Money(amount, currency)
    parts = {ADJUSTMENTS: -earned, user_account(who): earned}
    unit = app.store.unit()
    unit.post(move(f"earned-{next(_numbers)}", TransferKind.ADJUSTMENT, who, app.now(), parts))
    unit.change_wallet(WalletChange.credit(who, earned))
    unit.commit()
    assert_invariants(dump_of(app.store))


def wallet_of(app: FakeApp, who: int = ANNA) -> tuple[int, int, int]:
    """Available, held, owed."""
    mine = app.store.wallet(who, "XTR", consistent=True)
    return mine.available.amount, mine.held.amount, mine.owed.amount


def offsets(app: FakeApp) -> list[int]:
    return [-t.change.amount for t in app.store.tables.transfers.values() if t.kind == "offset_debt"]


def told(app: FakeApp, who: int = ANNA) -> list[tuple[int, int]]:
    """The reported offsets: amount and rest."""
    app.run_streams()
    said = [notice for person, notice, _ in app.messenger.told if (person.id, notice.kind) == (who, "debt_offset")]
    return [(notice.facts["amount"][0], notice.facts["left"][0]) for notice in said]
