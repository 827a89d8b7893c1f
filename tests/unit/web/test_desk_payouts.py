"""Payouts in the panel: reviewed, and decided once, by another than their owner."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.payouts import PayoutState
from starbid.domain.roles import Role
from starbid.services.ports import OutOfOrder
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import Death, FakeApp
from tests.support.paying_out import ask, ask_roubles, money_of, with_old_earnings
from tests.support.web import Answer, Client, text

ADMIN, FINANCE, SUPPORT, VIEWER = 900, 801, 802, 803
DETAILS = "card 1234"


def shop(currency: str = "RUB") -> FakeApp:
    app = with_old_earnings(300_000 if currency == "RUB" else 1_000, currency)
    for user_id, role in ((ADMIN, None), (FINANCE, Role.FINANCE), (SUPPORT, Role.SUPPORT), (VIEWER, Role.VIEWER)):
        join(app, user_id, role=role)
    return app


def desk(app: FakeApp, user_id: int = FINANCE) -> Client:
    return Client(app).log_in(user_id)


def act(client: Client, payout_id: str, verb: str, **fields: Any) -> Answer:
    given: dict[str, Any] = {"reason": "reviewed", "request_id": verb} | fields
    return client.post_form(f"/admin/payouts/{payout_id}/{verb}", **given)


def stands(app: FakeApp, payout_id: str) -> PayoutState:
    return app.store.tables.payouts[payout_id].state


def test_a_payout_is_approved_begun_and_paid_and_each_step_is_on_record() -> None:
    app = shop()
    payout, client = ask_roubles(app, 5_000), desk(app)
    assert "1 Payouts the oldest:" in text(client.get("/admin"))
    assert payout.id in client.get("/admin/payouts").text
    for verb in ("approve", "begin", "paid"):
        assert act(client, payout.id, verb).status == 303
    assert stands(app, payout.id) is PayoutState.PAID
    actions = [(entry.action, entry.before, entry.after) for entry in app.store.tables.audit.values()]
    assert actions == [
        ("approve-payout", "requested, 50.00 RUB", "approved"),
        ("begin-payout", "approved, 50.00 RUB", "sending"),
        ("pay-payout", "sending, 50.00 RUB", "paid"),
    ]
    assert payout.id not in client.get("/admin/payouts").text
    assert payout.id in client.get("/admin/payouts", state="all").text
    assert payout.id in client.get("/admin/payouts", user_id=ANNA).text


def test_where_the_money_goes_is_shown_to_finance_alone_and_stands_in_no_record() -> None:
    app = shop()
    payout = ask_roubles(app, 5_000)
    assert DETAILS in text(desk(app).get(f"/admin/payouts/{payout.id}"))
    for who in (VIEWER, SUPPORT):
        page = text(desk(app, who).get(f"/admin/payouts/{payout.id}"))
        assert DETAILS not in page
        assert "The payment details are shown to finance." in page
    act(desk(app), payout.id, "approve")
    assert DETAILS not in repr(app.store.tables.audit)


def test_a_gift_goes_at_once_once() -> None:
    app = shop("XTR")
    payout, client = ask(app), desk(app)
    assert [act(client, payout.id, "approve", request_id=key).status for key in "aab"] == [303] * 3
    assert stands(app, payout.id) is PayoutState.PAID
    assert app.stars.given == [(ANNA, 3)]
    assert len(app.store.tables.audit) == 1


def test_a_gift_that_telegram_does_not_confirm_is_looked_up_later() -> None:
    app = shop("XTR")
    payout = ask(app)
    app.stars.fail_next(OutOfOrder(5), after=True)
    assert act(desk(app), payout.id, "approve").status == 303
    assert stands(app, payout.id) is PayoutState.SENDING
    app.clock.forward(minutes=5)
    app.gifts.sweep(app.now())
    assert stands(app, payout.id) is PayoutState.PAID
    assert app.stars.given == [(ANNA, 3)]


def test_nobody_approves_their_own() -> None:
    app = shop()
    app.store.tables.people[ANNA] = replace(app.store.tables.people[ANNA], role=Role.FINANCE)
    payout = ask_roubles(app, 5_000)
    client = desk(app, ANNA)
    assert "This payout is your own: another operator approves it." in text(client.get(f"/admin/payouts/{payout.id}"))
    answer = act(client, payout.id, "approve")
    assert answer.status == 409
    assert stands(app, payout.id) is PayoutState.REQUESTED
    assert act(desk(app), payout.id, "approve").status == 303


def test_a_refused_one_is_back_in_the_wallet_and_the_person_reads_why() -> None:
    app = shop()
    payout, client = ask_roubles(app, 5_000), desk(app)
    assert act(client, payout.id, "refuse", reason="the card is closed").status == 303
    assert app.store.tables.payouts[payout.id].reason == "the card is closed"
    assert money_of(app, "RUB")[0] == 300_000
    answer = act(client, payout.id, "approve")
    assert answer.status == 409
    assert "refused, the money is back in the wallet. Reason: the card is closed" in text(answer)


def test_two_operators_decide_differently_and_the_first_counts() -> None:
    app = shop()
    payout = ask_roubles(app, 5_000)
    assert act(desk(app), payout.id, "approve").status == 303
    assert act(desk(app, ADMIN), payout.id, "refuse", reason="it looks odd").status == 303  # until it is begun
    assert act(desk(app), payout.id, "begin").status == 409
    assert money_of(app, "RUB")[0] == 300_000


@pytest.mark.parametrize("verb", ["approve", "begin", "paid", "refuse"])
@pytest.mark.parametrize(("who", "status"), [(VIEWER, 403), (SUPPORT, 403), (BORIS, 404)])
def test_nobody_below_finance_decides(verb: str, who: int, status: int) -> None:
    app = shop()
    if who == BORIS:
        join(app, BORIS)
    payout = ask_roubles(app, 5_000)
    assert act(desk(app, who), payout.id, verb).status == status
    assert stands(app, payout.id) is PayoutState.REQUESTED


@pytest.mark.parametrize("verb", ["approve", "refuse"])
def test_a_reason_is_needed_and_what_was_typed_stays(verb: str) -> None:
    app = shop()
    payout = ask_roubles(app, 5_000)
    assert act(desk(app), payout.id, verb, reason=" \t ").status == 422
    long = act(desk(app), payout.id, verb, reason="y" * 501)
    assert long.status == 422
    assert "y" * 501 in long.text
    assert stands(app, payout.id) is PayoutState.REQUESTED


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_the_approval_leaves_it_with_its_entry_or_neither(after: bool) -> None:
    app = shop()
    payout = ask_roubles(app, 5_000)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        act(desk(app), payout.id, "approve")
    assert (stands(app, payout.id) is PayoutState.APPROVED) is bool(app.store.tables.audit) is after
    assert act(desk(app), payout.id, "approve").status == 303
    assert len(app.store.tables.audit) == 1


def test_an_unknown_payout_is_not_found() -> None:
    client = desk(shop())
    assert client.get("/admin/payouts/nothing").status == 404
    assert act(client, "nothing", "approve").status == 404
