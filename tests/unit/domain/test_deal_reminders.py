"""When a deal reminds the side it waits for."""

from datetime import datetime, timedelta

import pytest

from starbid.domain import deals, disputes
from starbid.domain.addresses import give_address
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_reminders import after_step, is_due, remind, with_reminder
from starbid.domain.deals import Deal, DealTimes
from starbid.domain.money import Money
from tests.support.factories import ANNA, SELLER, xtr
from tests.support.fakes import START
from tests.support.fiat import rub

TIMES, DAY, MS = DealTimes(), timedelta(days=1), timedelta(milliseconds=1)


def sold(price: Money, times: DealTimes = TIMES) -> Deal:
    fresh = deals.open_deal("lot1", SELLER, ANNA, price, Money.zero(price.currency), 5, START, times)
    return with_reminder(fresh, START, times)


def reminded(deal: Deal, times: DealTimes = TIMES) -> list[datetime]:
    """When it reminds, if nothing else happens."""
    moments = []
    while deal.remind_at:
        moments.append(deal.remind_at)
        deal = after_step(deal, remind(deal, moments[-1]), moments[-1], times)
    return moments


def test_a_buyer_who_gives_no_address_is_reminded_3_and_10_days_after_the_sale() -> None:
    assert reminded(sold(rub(500))) == [START + 3 * DAY, START + 10 * DAY]


@pytest.mark.parametrize(("days", "at"), [(7, [5]), (3, [1]), (2, []), (1, [])])
def test_a_seller_is_reminded_2_days_before_the_buyer_may_take_the_money_back(days: int, at: list[int]) -> None:
    times = DealTimes(delivery_days=days)
    assert reminded(sold(xtr(500), times), times) == [START + each * DAY for each in at]


def test_of_a_physical_lot_the_seller_is_reminded_by_the_time_of_the_address() -> None:
    before = sold(rub(500))
    given = after_step(before, give_address(before, ANNA, START + 4 * DAY, TIMES), START + 4 * DAY, TIMES)
    assert reminded(given) == [START + 9 * DAY]


def test_the_buyer_of_a_physical_lot_is_reminded_3_days_before_the_seller_is_paid() -> None:
    given = give_address(sold(rub(500)), ANNA, START, TIMES)
    sent = after_step(given, deals.deliver(given, SELLER, "RU1", START, TIMES), START, TIMES)
    assert reminded(sent) == [START + 18 * DAY]


def test_the_buyer_of_a_digital_lot_is_not_reminded() -> None:
    before = sold(xtr(500))
    sent = after_step(before, deals.deliver(before, SELLER, "the code", START, TIMES), START, TIMES)
    assert sent.remind_at is None


def test_a_freeze_and_a_dispute_stop_reminders_with_the_clock() -> None:
    before = sold(rub(500))
    frozen = after_step(before, deals.freeze(before, START + DAY, TIMES), START + DAY, TIMES)
    assert frozen.remind_at is None
    thawed = after_step(frozen, deals.thaw(frozen, START + 5 * DAY), START + 5 * DAY, TIMES)
    assert reminded(thawed) == [START + 7 * DAY, START + 14 * DAY]
    disputed = after_step(thawed, disputes.dispute(thawed, ANNA, "no", START + 6 * DAY), START + 6 * DAY, TIMES)
    assert disputed.remind_at is None


def test_a_correction_leaves_the_reminder_as_it_was_even_one_that_is_late() -> None:
    given = with_reminder(give_address(sold(rub(500)), ANNA, START, TIMES), START, TIMES)
    late = START + 5 * DAY + timedelta(minutes=3)
    assert after_step(given, give_address(given, ANNA, late, TIMES), late, TIMES).remind_at == START + 5 * DAY


def test_it_reminds_when_it_is_time_and_of_moments_that_passed_once() -> None:
    deal = sold(rub(500))
    assert not is_due(deal, START + 3 * DAY - MS)
    with pytest.raises(WrongDealState):
        remind(deal, START + 3 * DAY - MS)
    assert is_due(deal, START + 3 * DAY)
    late = START + 11 * DAY
    assert after_step(deal, remind(deal, late), late, TIMES).remind_at is None


def test_what_moves_on_by_itself_reminds_nobody_any_more() -> None:
    assert not is_due(sold(rub(500)), START + 14 * DAY)


def test_a_deal_without_a_reminder_has_none_to_give() -> None:
    with pytest.raises(WrongDealState):
        remind(deals.open_deal("lot1", SELLER, ANNA, xtr(5), xtr(0), 5, START, TIMES), START + 30 * DAY)
