"""Where a deal stands and until when (spec, section 3, "Deal"): 7 days to deliver, 14 to the return, 7 to the release,
30 in a dispute."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain import deals, disputes
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_progress import Phase, Progress, progress
from starbid.domain.deals import Deal, DealTimes
from tests.support.factories import ANNA, SELLER, xtr
from tests.support.fakes import START

TIMES, DAY, MS = DealTimes(), timedelta(days=1), timedelta(milliseconds=1)


def sold() -> Deal:
    return deals.open_deal("lot1", SELLER, ANNA, xtr(310), xtr(0), 5, START, TIMES)


@pytest.mark.parametrize(
    ("later", "phase", "is_over"),
    [
        (timedelta(0), Phase.SENDING, False),
        (7 * DAY - MS, Phase.SENDING, False),
        (7 * DAY, Phase.LATE, False),
        (14 * DAY - MS, Phase.LATE, False),
        (14 * DAY, Phase.LATE, True),
        (15 * DAY, Phase.LATE, True),
    ],
)
def test_the_seller_has_a_week_then_is_late_and_after_two_weeks_it_is_over(
    later: timedelta, phase: Phase, is_over: bool
) -> None:
    expected = Progress(phase, moves_at=START + 14 * DAY, send_by=START + 7 * DAY, is_over=is_over)
    assert progress(sold(), START + later, TIMES) == expected


def test_the_time_to_deliver_ends_exactly_where_the_money_can_be_taken_back() -> None:
    by = progress(sold(), START, TIMES).send_by
    assert by
    with pytest.raises(WrongDealState):
        deals.require_taking_back(sold(), ANNA, by - MS, TIMES)
    deals.require_taking_back(sold(), ANNA, by, TIMES)


def test_what_was_delivered_is_released_seven_days_later_and_nothing_is_to_be_sent() -> None:
    deal = deals.deliver(sold(), SELLER, "the key", START + DAY, TIMES)
    assert progress(deal, START + DAY, TIMES) == Progress(Phase.CONFIRMING, START + 8 * DAY, None, is_over=False)
    assert progress(deal, START + 8 * DAY, TIMES).is_over


def test_a_dispute_has_thirty_days_and_its_time_counts_for_no_deadline() -> None:
    disputed = disputes.dispute(sold(), ANNA, "no", START + 2 * DAY)
    stands = progress(disputed, START + 20 * DAY, TIMES)
    assert stands == Progress(Phase.DISPUTED, START + 32 * DAY, None, is_over=False)
    withdrawn = disputes.withdraw(disputed, ANNA, START + 12 * DAY)
    stands = progress(withdrawn, START + 12 * DAY, TIMES)
    assert stands == Progress(Phase.SENDING, moves_at=START + 24 * DAY, send_by=START + 17 * DAY, is_over=False)


def test_a_frozen_deal_waits_for_the_buyer_and_the_sellers_week_stands_still() -> None:
    frozen = deals.freeze(sold(), START + 6 * DAY, TIMES)
    assert progress(frozen, START + 6 * DAY, TIMES) == Progress(Phase.PAUSED, START + 13 * DAY, None, is_over=False)
    freed = deals.thaw(frozen, START + 10 * DAY)
    stands = progress(freed, START + 10 * DAY, TIMES)
    assert (stands.phase, stands.send_by, stands.moves_at) == (Phase.SENDING, START + 11 * DAY, START + 18 * DAY)


def test_a_longer_time_set_later_does_not_reach_beyond_the_return_that_is_due() -> None:
    stands = progress(sold(), START, DealTimes(delivery_days=60))
    assert (stands.send_by, stands.moves_at) == (START + 14 * DAY, START + 14 * DAY)


def test_a_deal_that_has_ended_has_no_deadline_though_a_hidden_rating_is_due() -> None:
    done, _ = deals.confirm(deals.deliver(sold(), SELLER, "x", START, TIMES), ANNA, START + DAY)
    rated = replace(done, due_at=START + 8 * DAY)
    assert progress(rated, START + 30 * DAY, TIMES) == Progress(Phase.PAID_OUT, None, None, is_over=False)
    returned, _ = deals.expire(sold(), START + 14 * DAY)
    assert progress(returned, START + 30 * DAY, TIMES) == Progress(Phase.RETURNED, None, None, is_over=False)
