"""How a payout goes from one state to the next, and from which it does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from starbid.domain import payouts
from starbid.domain.errors import Invalid
from starbid.domain.ledger import PAYOUTS, user_account
from starbid.domain.money import Money
from starbid.domain.payable import Had
from starbid.domain.payout_errors import AlreadyDecided, NoSuchPayout
from starbid.domain.payouts import GIFTS, Method, Payout, PayoutState, WhyReturned, read_wish
from tests.support.factories import ANNA, BORIS, xtr
from tests.support.fakes import START
from tests.support.fiat import rub

S = PayoutState
GIFT = Payout("p", ANNA, xtr(1000), Method.PREMIUM_3, START, Had(xtr(1000), xtr(0)))
ROUBLES = Payout("p", ANNA, rub(50_000), Method.OUTSIDE, START, Had(rub(50_000), rub(200)), "card 1234", bought=200)
STEPS: dict[str, Callable[[Payout], Payout]] = {
    "cancel": lambda p: payouts.cancelled(p, ANNA, START),
    "approve": lambda p: payouts.approved(p, 900, START),
    "refuse": lambda p: payouts.refused(p, 900, "no", START),
    "send": lambda p: payouts.sending(p, START),
    "pay": lambda p: payouts.paid(p, START),
    "return": lambda p: payouts.returned(p, WhyReturned.DEBT, START),
}
ALLOWED = {
    "cancel": {S.REQUESTED, S.CANCELLED},
    "approve": {S.REQUESTED},
    "refuse": {S.REQUESTED, S.APPROVED},
    "send": {S.APPROVED},
    "pay": {S.SENDING},
    "return": {S.REQUESTED, S.APPROVED, S.SENDING},
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fresh", [GIFT, ROUBLES], ids=["gift", "roubles"])
def test_every_step_from_every_state(fresh: Payout, step: str, state: PayoutState) -> None:
    by_kind = {"send": {S.SENDING}} if fresh.gift else {"refuse": {S.SENDING}}
    before = replace(fresh, state=state)
    if state in ALLOWED[step] | by_kind.get(step, set()):
        after = STEPS[step](before)
        assert after.version == before.version + (after is not before)
    else:
        with pytest.raises(AlreadyDecided) as refused:
            STEPS[step](before)
        assert refused.value.state == state


def test_nobody_cancels_anothers() -> None:
    with pytest.raises(NoSuchPayout):
        payouts.cancelled(GIFT, BORIS, START)


def test_the_first_try_is_remembered() -> None:
    once = payouts.sending(replace(GIFT, state=S.APPROVED), START)
    again = payouts.sending(once, START.replace(hour=13))
    assert (again.tried_first, again.tried_at) == (START, START.replace(hour=13))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_refusal_has_a_reason_of_a_readable_length(reason: str) -> None:
    with pytest.raises(Invalid):
        payouts.refused(GIFT, 900, reason, START)


@pytest.mark.parametrize("payout", [GIFT, ROUBLES], ids=["gift", "roubles"])
def test_what_is_taken_comes_back_or_leaves_whole(payout: Payout) -> None:
    took, back, left = payouts.taken(payout), payouts.given_back(payout, START), payouts.sent(payout, START)
    assert took.change == -payout.amount
    assert back.change == payout.amount
    assert {entry.account: entry.change for entry in took.entries} == {
        user_account(ANNA): -payout.amount,
        PAYOUTS: payout.amount,
    }
    assert not left.change
    assert left.entries[-1].account == ("source:stars" if payout.gift else "source:outside")
    assert (took.facts, back.facts) == (
        ({}, {}) if payout.gift else ({"bought": "-200"}, {"bought": "200"})
    )  # fmt: skip


def test_where_the_money_goes_is_in_no_representation() -> None:
    wish = read_wish("RUB", 50_000, "", "card 1234")
    assert "1234" not in f"{ROUBLES!r} {ROUBLES} {wish!r} {wish}"


# --- what people ask for ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", GIFTS)
def test_stars_leave_at_the_price_of_the_gift(method: Method) -> None:
    price = GIFTS[method].price
    assert read_wish("XTR", price.amount, method.value, "ignored") == payouts.Wish(price, method)
    for amount in (price.amount - 1, price.amount + 1, 0, -price.amount):
        with pytest.raises(Invalid) as refused:
            read_wish("XTR", amount, method.value, "")
        assert (refused.value.field, refused.value.facts) == ("amount", {"price": price.amount})


@pytest.mark.parametrize("method", ["", "outside", "premium_4", "PREMIUM_3", "card"])
def test_stars_leave_in_no_other_way(method: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_wish("XTR", 1000, method, "card 1234")
    assert refused.value.field == "method"


@pytest.mark.parametrize("amount", [0, -5, 10**12 + 1])
def test_an_amount_is_more_than_nothing_and_less_than_all_the_money_there_is(amount: int) -> None:
    with pytest.raises(Invalid) as refused:
        read_wish("RUB", amount, "", "card 1234")
    assert refused.value.field == "amount"


@pytest.mark.parametrize(
    ("method", "details", "kept"),
    [
        ("", " card 1234 \n", "card 1234"),
        ("outside", "card 1234", "card 1234"),
        ("Bank card", "1234", "Bank card\n1234"),
        ("card 1234", "", "card 1234"),
    ],
)
def test_how_roubles_are_paid_is_free_text(method: str, details: str, kept: str) -> None:
    assert read_wish("RUB", 1, method, details) == payouts.Wish(Money(1, "RUB"), Method.OUTSIDE, kept)


@pytest.mark.parametrize("method", GIFTS)
def test_roubles_become_no_gift(method: Method) -> None:
    with pytest.raises(Invalid) as refused:
        read_wish("RUB", 100_000, method.value, "card 1234")
    assert refused.value.field == "method"


@pytest.mark.parametrize("details", ["", "   ", "x" * 501, "\ud800", "\u200b"])
def test_details_can_be_read_by_who_pays(details: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_wish("RUB", 1, "", details)
    assert refused.value.field == "details"


def test_a_currency_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        read_wish("BTC", 1, "", "wallet")
    assert refused.value.field == "currency"
