"""Spec, section 3, "Deal (escrow)": the buyer objects, an admin settles."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from starbid.domain import deals, disputes
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import Invalid, NotYours
from starbid.domain.ledger import ESCROW, REVENUE, Entry, user_account
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import START

TIMES = DealTimes()
DAY = timedelta(days=1)
MS = timedelta(milliseconds=1)


def sold() -> Deal:
    return deals.open_deal("lot1", SELLER, ANNA, xtr(310), xtr(0), 5, START, TIMES)


def delivered() -> Deal:
    return deals.deliver(sold(), SELLER, "the key: 42", START + DAY, TIMES)


def disputed() -> Deal:
    return disputes.dispute(delivered(), ANNA, "it does not work", START + 2 * DAY)


@pytest.mark.parametrize("deal", [sold(), delivered()], ids=["from the sale on", "after the delivery"])
def test_the_buyer_may_object(deal: Deal) -> None:
    after = disputes.dispute(deal, ANNA, "  where is it?\n", START + 2 * DAY)
    assert (after.state, after.dispute, after.disputed_at) == (DealState.DISPUTED, "where is it?", START + 2 * DAY)
    assert (after.due_at, after.version) == (START + 32 * DAY, deal.version + 1)


@pytest.mark.parametrize("person", [SELLER, BORIS])
def test_only_the_buyer_objects(person: int) -> None:
    with pytest.raises(NotYours):
        disputes.dispute(delivered(), person, "no", START + 2 * DAY)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001, "a\x00b", "\ud800"])
def test_a_dispute_says_something_of_reasonable_length(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        disputes.dispute(delivered(), ANNA, text, START + 2 * DAY)
    assert refusal.value.field == "text"


def test_a_dispute_of_the_longest_length_passes() -> None:
    assert disputes.dispute(sold(), ANNA, "x" * 2000, START).state is DealState.DISPUTED


@pytest.mark.parametrize(("deal", "due"), [(sold(), START + 14 * DAY), (delivered(), START + 8 * DAY)])
def test_it_is_too_late_to_object_once_the_money_is_due_to_move(deal: Deal, due: datetime) -> None:
    assert deal.due_at == due
    with pytest.raises(WrongDealState):
        disputes.dispute(deal, ANNA, "no", due)
    assert disputes.dispute(deal, ANNA, "no", due - MS).state is DealState.DISPUTED


@pytest.mark.parametrize("state", [DealState.DISPUTED, DealState.COMPLETED, DealState.REFUNDED])
def test_what_is_disputed_or_done_is_not_disputed_again(state: DealState) -> None:
    deal = replace(delivered(), state=state, due_at=None)
    with pytest.raises(WrongDealState):
        disputes.dispute(deal, ANNA, "no", START)


def test_the_seller_may_answer_and_nothing_else_changes() -> None:
    deal = disputed()
    after = disputes.answer(deal, SELLER, "  it did work\n")
    assert after == replace(deal, answer="it did work", version=deal.version + 1)


def test_of_several_answers_the_last_one_counts_and_the_same_again_is_none() -> None:
    first = disputes.answer(disputed(), SELLER, "one")
    second = disputes.answer(first, SELLER, "two")
    assert second.answer == "two"
    assert disputes.answer(second, SELLER, " two ") is second


@pytest.mark.parametrize("person", [ANNA, BORIS])
def test_only_the_seller_answers(person: int) -> None:
    with pytest.raises(NotYours):
        disputes.answer(disputed(), person, "no")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001, "a\x00b", "\ud800"])
def test_an_answer_says_something_of_reasonable_length(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        disputes.answer(disputed(), SELLER, text)
    assert refusal.value.field == "text"


def test_an_answer_of_the_longest_length_passes() -> None:
    assert disputes.answer(disputed(), SELLER, "x" * 2000).answer == "x" * 2000


@pytest.mark.parametrize("release", [True, False])
def test_an_answer_outlives_the_settlement_and_comes_too_late_after_it(release: bool) -> None:
    resolved, _ = disputes.resolve(
        disputes.answer(disputed(), SELLER, "it works"), release, "so be it", START + 3 * DAY
    )
    assert resolved.answer == "it works"
    with pytest.raises(WrongDealState):
        disputes.answer(resolved, SELLER, "one more word")


@pytest.mark.parametrize("deal", [sold(), delivered()])
def test_without_a_dispute_there_is_nothing_to_answer(deal: Deal) -> None:
    with pytest.raises(WrongDealState):
        disputes.answer(deal, SELLER, "why not")


def test_released_by_an_admin_the_seller_gets_the_price_less_the_fee() -> None:
    deal, transfer = disputes.resolve(disputed(), True, " the key works ", START + 3 * DAY)
    assert (deal.state, deal.reason, deal.ended_at) == (DealState.COMPLETED, "the key works", START + 3 * DAY)
    assert transfer.entries == (
        Entry(ESCROW, xtr(-310)),
        Entry(user_account(SELLER), xtr(295)),
        Entry(REVENUE, xtr(15)),
    )


def test_refunded_by_an_admin_the_buyer_gets_everything_and_there_is_no_fee() -> None:
    deal, transfer = disputes.resolve(disputed(), False, "never sent", START + 3 * DAY)
    assert (deal.state, deal.reason) == (DealState.REFUNDED, "never sent")
    assert transfer.entries == (Entry(ESCROW, xtr(-310)), Entry(user_account(ANNA), xtr(310)))


@pytest.mark.parametrize("reason", ["", " ", "x" * 501])
def test_an_admin_gives_a_reason(reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        disputes.resolve(disputed(), True, reason, START + 3 * DAY)
    assert refusal.value.field == "reason"


@pytest.mark.parametrize("release", [True, False])
@pytest.mark.parametrize("deal", [sold(), delivered()])
def test_without_a_dispute_there_is_nothing_to_settle(deal: Deal, release: bool) -> None:
    with pytest.raises(WrongDealState):
        disputes.resolve(deal, release, "why not", START)


def test_a_settled_dispute_is_not_settled_again() -> None:
    deal, _ = disputes.resolve(disputed(), True, "fine", START + 3 * DAY)
    with pytest.raises(WrongDealState):
        disputes.resolve(deal, False, "or not", START + 3 * DAY)
