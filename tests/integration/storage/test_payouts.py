"""Payouts: their rows, their lists, and what a unit takes out of a wallet, the same for every store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from starbid.domain import payouts
from starbid.domain.errors import Conflict, Invalid
from starbid.domain.payable import Had
from starbid.domain.payout_errors import NotPayable, TooYoung
from starbid.domain.payouts import Method, Payout, PayoutState, read_wish
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.ports import ConditionFailed, Contended
from tests.support import paying_out
from tests.support.desk import decision
from tests.support.dynamo import DynamoApp, check, hammer
from tests.support.factories import ANNA, BORIS, person, xtr
from tests.support.fakes import START, StagedApp
from tests.support.fiat import rub
from tests.support.paying_out import ADMIN

HOUR = timedelta(hours=1)


def a_payout(payout_id: str = "p1", user_id: int = ANNA, hours: int = 0, **changes: object) -> Payout:
    wish = read_wish("RUB", 50_000, "", "card 1234")
    made = payouts.requested(payout_id, user_id, wish, rub(200), Had(rub(70_000), rub(600)), START + hours * HOUR)
    return replace(made, **changes)  # type: ignore[arg-type]


def add(app: StagedApp, payout: Payout) -> Payout:
    unit = app.store.unit()
    unit.add_payout(payout)
    unit.commit()
    return payout


def save(app: StagedApp, before: Payout, after: Payout) -> Payout:
    unit = app.store.unit()
    unit.save_payout(before, after)
    unit.commit()
    return after


def credit(app: StagedApp, amount: int, bought: int = 0) -> Wallet:
    unit = app.store.unit()
    unit.change_wallet(WalletChange.credit(ANNA, xtr(amount), xtr(bought)))
    unit.commit()
    return app.store.wallet(ANNA, "XTR", consistent=True)


def take(app: StagedApp, before: Wallet, amount: int, bought: int = 0) -> None:
    unit = app.store.unit()
    unit.take_payout(before, xtr(amount), xtr(bought))
    unit.commit()


def test_a_payout_is_found_as_it_was_written(any_app: StagedApp) -> None:
    assert any_app.store.payout("p1") is None
    payout = add(any_app, a_payout())
    assert any_app.store.payout("p1") == payout


@pytest.mark.parametrize("state", PayoutState)
def test_every_state_and_field_survives(any_app: StagedApp, state: PayoutState) -> None:
    before = add(any_app, a_payout())
    full = replace(
        before,
        state=state,
        reason="no",
        decided_by=ADMIN,
        decided_at=START,
        tried_first=START + HOUR,
        tried_at=START + 2 * HOUR,
        transaction_id="t1",
        ended_at=START + 3 * HOUR,
        version=2,
    )
    save(any_app, before, full)
    assert any_app.store.payout("p1") == full
    assert any_app.store.payouts_of(ANNA).items == (full,)


def test_an_id_is_taken_once_and_a_version_replaced_once(any_app: StagedApp) -> None:
    payout = add(any_app, a_payout())
    with pytest.raises(ConditionFailed) as taken:
        add(any_app, a_payout(details="another card"))
    assert taken.value.current("payout") == payout
    approved = save(any_app, payout, payouts.approved(payout, ADMIN, START))
    with pytest.raises(ConditionFailed) as stale:
        save(any_app, payout, payouts.cancelled(payout, ANNA, START))
    assert stale.value.current("payout") == approved


def test_a_persons_payouts_come_newest_first_page_by_page_and_nobody_elses(any_app: StagedApp) -> None:
    for number in range(5):
        add(any_app, a_payout(f"a{number}", hours=number))
        add(any_app, a_payout(f"b{number}", BORIS, hours=number))
    found, cursor = list[str](), None
    while True:
        page = any_app.store.payouts_of(ANNA, limit=2, cursor=cursor)
        found += [payout.id for payout in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == ["a4", "a3", "a2", "a1", "a0"]
    with pytest.raises(Invalid):
        any_app.store.payouts_of(ANNA, cursor="nonsense")


def test_an_operator_is_shown_what_waits_the_oldest_first(any_app: StagedApp) -> None:
    now = START + 10 * HOUR
    states = dict(enumerate(PayoutState))
    for hour, state in states.items():
        add(any_app, a_payout(f"r{hour}", hours=hour, state=state))
        gift = a_payout(f"g{hour}", hours=hour, state=state, amount=xtr(1000), method=Method.PREMIUM_3)
        add(any_app, replace(gift, decided_at=START, tried_at=START if state is PayoutState.SENDING else None))
    waiting = [payout.id for payout in any_app.store.payouts_to_review(now, 50)]
    assert sorted(waiting[:2]) == ["g0", "r0"]
    assert waiting[2:] == ["r1", "r2"], "approved and begun roubles; gifts go by themselves"
    assert sorted(any_app.store.due_gifts(now, 50)) == ["g1", "g2"]
    assert len(any_app.store.payouts_to_review(now, 2)) == 2


def test_a_try_comes_due_after_five_minutes_and_an_approval_at_once(any_app: StagedApp) -> None:
    gift = a_payout(amount=xtr(1000), method=Method.PREMIUM_3, details="")
    approved = save(any_app, add(any_app, gift), payouts.approved(gift, ADMIN, START))
    assert any_app.store.due_gifts(START, 50) == ["p1"]
    sending = save(any_app, approved, payouts.sending(approved, START))
    assert any_app.store.due_gifts(START + timedelta(minutes=5, milliseconds=-1), 50) == []
    assert any_app.store.due_gifts(START + timedelta(minutes=5), 50) == ["p1"]
    save(any_app, sending, payouts.paid(sending, START))
    assert any_app.store.due_gifts(START + HOUR, 50) == []
    assert any_app.store.payouts_to_review(START + HOUR, 50) == []


def test_money_is_taken_out_of_a_wallet_that_is_as_it_was_read(any_app: StagedApp) -> None:
    wallet = credit(any_app, 1000, bought=300)
    take(any_app, wallet, 400, bought=100)
    after = any_app.store.wallet(ANNA, "XTR", consistent=True)
    assert (after.available, after.bought) == (xtr(600), xtr(200))


@pytest.mark.parametrize(
    "change",
    [
        WalletChange.credit(ANNA, xtr(1)),
        WalletChange.hold(ANNA, xtr(1)),
        WalletChange.credit(ANNA, xtr(0), xtr(1)),
        WalletChange(ANNA, xtr(0), xtr(-1)),
    ],
    ids=["more available", "some of it held", "bought otherwise", "less held"],
)
def test_it_is_not_taken_where_anything_has_moved_since(any_app: StagedApp, change: WalletChange) -> None:
    credit(any_app, 1000)
    hold = any_app.store.unit()
    hold.change_wallet(WalletChange.hold(ANNA, xtr(100)))
    hold.commit()
    wallet = any_app.store.wallet(ANNA, "XTR", consistent=True)
    moved = any_app.store.unit()
    moved.change_wallet(change)
    moved.commit()
    with pytest.raises(ConditionFailed) as refused:
        take(any_app, wallet, 400)
    assert refused.value.blames("wallet")


def test_it_is_not_taken_from_who_owes_nor_below_zero(any_app: StagedApp) -> None:
    wallet = credit(any_app, 1000)
    with pytest.raises(ConditionFailed):
        take(any_app, wallet, 1001)
    debt = any_app.store.unit()
    debt.change_debt(ANNA, xtr(0), xtr(1), xtr(0))
    debt.commit()
    with pytest.raises(ConditionFailed):
        take(any_app, wallet, 400)
    with pytest.raises(ConditionFailed):
        take(any_app, Wallet.empty(BORIS, "XTR"), 1)


def test_a_crowd_of_requests_cancels_and_approvals_moves_each_payout_once(emulated: DynamoApp) -> None:
    app = emulated
    app.store.add_person(person(ANNA))
    paying_out.earned(app, 3500)
    app.clock.forward(days=21)
    asked = hammer([partial(paying_out.ask, app, f"r{number}") for number in range(20)])
    taken = [payout for payout in asked if isinstance(payout, Payout)]
    assert 1 <= len(taken) <= 3
    steps = (
        partial(app.payouts.cancel, ANNA, now=app.now()),
        partial(app.payouts.approve, decision=decision(app)),
        partial(app.payouts.refuse, decision=decision(app, reason="no")),
    )
    hammer([partial(step, payout_id=payout.id) for payout in taken for step in steps] * 5)
    hammer([partial(app.gifts.send, payout.id, app.now()) for payout in taken] * 5)
    check(app.store)
    paid = [payout for payout in app.store.payouts_of(ANNA).items if payout.state is PayoutState.PAID]
    assert len(app.stars.given) == len(paid) <= 1


def test_a_wallet_in_everybodys_hands_pays_out_no_more_than_there_is(emulated: DynamoApp) -> None:
    """Requests while roubles come in and go: what does not get through says so. The list of movements may be a moment
    behind the wallet, so a request may count on money that came in just now: it is not approved then.
    """
    app = emulated
    app.store.add_person(person(ANNA))
    paying_out.earned(app, 10_000, "RUB")
    app.clock.forward(days=21)
    requests: list[Callable[[], object]] = [
        partial(paying_out.ask_roubles, app, 3_000, f"r{number}") for number in range(10)
    ]
    outcomes = hammer([*requests, *[partial(paying_out.earned, app, 1_000, "RUB")] * 10])
    came = sum(outcome is None for outcome in outcomes)
    taken = [outcome for outcome in outcomes if isinstance(outcome, Payout)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(error, Conflict | Contended | NotPayable) for error in refused)
    assert taken
    wallet = app.store.wallet(ANNA, "RUB", consistent=True)
    assert wallet.available.amount == 10_000 + came * 1_000 - len(taken) * 3_000
    approved = hammer([partial(app.payouts.approve, payout.id, decision(app)) for payout in taken])
    assert all(isinstance(outcome, Payout | TooYoung) for outcome in approved)
    assert sum(isinstance(outcome, Payout) for outcome in approved) <= 3
    check(app.store)
