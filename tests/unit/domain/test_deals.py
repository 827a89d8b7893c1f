"""Spec, section 3, "Deal (escrow)"."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain import deals
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import Invalid, NotYours
from starbid.domain.ledger import ESCROW, REVENUE, Entry, user_account
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import START

TIMES = DealTimes()
DAY = timedelta(days=1)
MS = timedelta(milliseconds=1)


def sold(price: int = 310) -> Deal:
    return deals.open_deal("lot1", SELLER, ANNA, xtr(price), xtr(0), 5, START, TIMES)


def delivered(price: int = 310) -> Deal:
    return deals.deliver(sold(price), SELLER, "the key: 42", START + DAY, TIMES)


def test_the_seller_delivers_and_the_release_is_due_seven_days_later() -> None:
    deal = delivered()
    assert (deal.state, deal.delivery, deal.delivered_at) == (DealState.DELIVERED, "the key: 42", START + DAY)
    assert (deal.due_at, deal.version) == (START + 8 * DAY, 2)


def test_a_delivery_is_kept_without_the_blanks_around_it() -> None:
    assert deals.deliver(sold(), SELLER, "  code\n", START, TIMES).delivery == "code"


@pytest.mark.parametrize("text", ["", "   \n", "x" * 4001])
def test_a_delivery_says_something_of_reasonable_length(text: str) -> None:
    with pytest.raises(Invalid):
        deals.deliver(sold(), SELLER, text, START, TIMES)


def test_a_delivery_of_the_longest_length_passes() -> None:
    assert deals.deliver(sold(), SELLER, "x" * 4000, START, TIMES).state is DealState.DELIVERED


@pytest.mark.parametrize("person", [ANNA, BORIS])
def test_only_the_seller_delivers(person: int) -> None:
    with pytest.raises(NotYours):
        deals.deliver(sold(), person, "text", START, TIMES)


def test_the_buyer_confirms_and_the_seller_gets_the_price_less_the_fee() -> None:
    deal, transfer = deals.confirm(delivered(), ANNA, START + 2 * DAY)

    assert (deal.state, deal.due_at, deal.ended_at) == (DealState.COMPLETED, None, START + 2 * DAY)
    assert transfer.entries == (
        Entry(ESCROW, xtr(-310)),
        Entry(user_account(SELLER), xtr(295)),
        Entry(REVENUE, xtr(15)),
    )
    assert (transfer.user_id, transfer.change) == (SELLER, xtr(295))


def test_without_a_fee_the_seller_gets_everything() -> None:
    _, transfer = deals.confirm(delivered(19), ANNA, START)
    assert transfer.entries == (Entry(ESCROW, xtr(-19)), Entry(user_account(SELLER), xtr(19)))


@pytest.mark.parametrize("person", [SELLER, BORIS])
def test_only_the_buyer_confirms(person: int) -> None:
    with pytest.raises(NotYours):
        deals.confirm(delivered(), person, START)


def test_nothing_is_confirmed_before_it_is_delivered() -> None:
    with pytest.raises(WrongDealState) as refusal:
        deals.confirm(sold(), ANNA, START)
    assert refusal.value.details == {"state": "awaiting_delivery"}


def test_seven_days_after_delivery_the_money_is_released_by_itself() -> None:
    deal = delivered()
    with pytest.raises(WrongDealState):
        deals.release(deal, START + 8 * DAY - MS)
    after, transfer = deals.release(deal, START + 8 * DAY)
    assert (after.state, transfer.change) == (DealState.COMPLETED, xtr(295))


def test_confirmed_and_released_are_one_transfer_so_that_it_cannot_happen_twice() -> None:
    _, by_buyer = deals.confirm(delivered(), ANNA, START + 2 * DAY)
    _, by_time = deals.release(delivered(), START + 8 * DAY)
    assert by_buyer.id == by_time.id


def test_a_buyer_takes_the_money_back_when_nothing_was_delivered_in_seven_days() -> None:
    with pytest.raises(WrongDealState):
        deals.take_back(sold(), ANNA, START + 7 * DAY - MS, TIMES)
    after, transfer = deals.take_back(sold(), ANNA, START + 7 * DAY, TIMES)

    assert after.state is DealState.REFUNDED
    assert transfer.entries == (Entry(ESCROW, xtr(-310)), Entry(user_account(ANNA), xtr(310)))


@pytest.mark.parametrize("person", [SELLER, BORIS])
def test_only_the_buyer_takes_the_money_back(person: int) -> None:
    with pytest.raises(NotYours):
        deals.take_back(sold(), person, START + 7 * DAY, TIMES)


def test_what_was_delivered_is_not_taken_back() -> None:
    with pytest.raises(WrongDealState):
        deals.take_back(delivered(), ANNA, START + 30 * DAY, TIMES)


def test_after_twice_that_time_the_money_returns_by_itself() -> None:
    with pytest.raises(WrongDealState):
        deals.expire(sold(), START + 14 * DAY - MS)
    after, transfer = deals.expire(sold(), START + 14 * DAY)
    assert (after.state, transfer.change, transfer.user_id) == (DealState.REFUNDED, xtr(310), ANNA)


def test_a_late_delivery_counts_as_long_as_the_money_is_there() -> None:
    assert deals.deliver(sold(), SELLER, "late", START + 10 * DAY, TIMES).due_at == START + 17 * DAY


def test_the_days_are_those_of_the_configuration() -> None:
    times = DealTimes(release_days=1, delivery_days=2)
    deal = deals.open_deal("lot1", SELLER, ANNA, xtr(100), xtr(0), 5, START, times)
    assert deal.due_at == START + 4 * DAY
    assert deals.may_take_back_at(deal, times) == START + 2 * DAY
    assert deals.deliver(deal, SELLER, "x", START, times).due_at == START + DAY


STEPS: dict[str, Callable[[Deal], object]] = {
    "deliver": lambda deal: deals.deliver(deal, SELLER, "x", START, TIMES),
    "confirm": lambda deal: deals.confirm(deal, ANNA, START),
    "release": lambda deal: deals.release(deal, START + 99 * DAY),
    "take_back": lambda deal: deals.take_back(deal, ANNA, START + 99 * DAY, TIMES),
    "expire": lambda deal: deals.expire(deal, START + 99 * DAY),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", [DealState.COMPLETED, DealState.REFUNDED, DealState.DISPUTED])
def test_a_finished_or_disputed_deal_takes_no_step(step: str, state: DealState) -> None:
    with pytest.raises(WrongDealState):
        STEPS[step](replace(sold(), state=state))


def test_nothing_is_delivered_twice() -> None:
    with pytest.raises(WrongDealState):
        deals.deliver(delivered(), SELLER, "again", START, TIMES)


def test_a_seller_is_too_late_to_deliver_once_the_money_is_due_to_return() -> None:
    with pytest.raises(WrongDealState):
        deals.deliver(sold(), SELLER, "at last", START + 14 * DAY, TIMES)
    assert deals.deliver(sold(), SELLER, "just in time", START + 14 * DAY - MS, TIMES).delivery == "just in time"
