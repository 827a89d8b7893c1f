"""Spec, section 3, "Deal (escrow)": both sides rate each other; ratings are blind until both are given or 7 days."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from starbid.domain import deal_ratings, deals, disputes
from starbid.domain.deal_errors import AlreadyRated, WrongDealState
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import Invalid, NotYours
from starbid.domain.people import Reputation
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import START

DAY = timedelta(days=1)
MS = timedelta(milliseconds=1)
HTML = '<b>great</b> & <script>alert("1")</script>'


def delivered() -> Deal:
    fresh = deals.open_deal("lot1", SELLER, ANNA, xtr(310), xtr(0), 5, START, DealTimes())
    return deals.deliver(fresh, SELLER, "x", START, DealTimes())


def completed() -> Deal:
    """At START; it counts for the two."""
    return replace(deals.confirm(delivered(), ANNA, START)[0], counts=True)


def rated(deal: Deal, *by: tuple[int, int], at: timedelta = DAY) -> Deal:
    """After ratings `(who, stars)`."""
    for who, stars in by:
        deal = deal_ratings.rate(deal, who, stars, "", START + at)
    return deal


def test_one_rating_alone_is_hidden_for_seven_days() -> None:
    deal = rated(completed(), (ANNA, 5))
    assert deal_ratings.visible_ratings(deal, START + DAY) == ()
    assert deal_ratings.visible_ratings(deal, START + 7 * DAY - MS) == ()
    assert [rating.stars for rating in deal_ratings.visible_ratings(deal, START + 7 * DAY)] == [5]
    assert deal.due_at == START + 7 * DAY


def test_both_ratings_appear_with_the_second() -> None:
    deal = rated(completed(), (SELLER, 4), (ANNA, 2))
    shown = [(rating.by_seller, rating.stars) for rating in deal_ratings.visible_ratings(deal, START + DAY)]
    assert shown == [(True, 4), (False, 2)]
    assert deal.due_at is None


def test_a_late_rating_is_seen_at_once() -> None:
    deal = rated(completed(), (SELLER, 4), at=9 * DAY)
    assert len(deal_ratings.visible_ratings(deal, START + 9 * DAY)) == 1
    assert deal.due_at is None


@pytest.mark.parametrize("person", [ANNA, SELLER])
def test_nobody_rates_twice(person: int) -> None:
    deal = rated(completed(), (person, 5))
    assert (deal_ratings.may_rate(deal, SELLER), deal_ratings.may_rate(deal, ANNA)) == (
        person != SELLER,
        person != ANNA,
    )
    with pytest.raises(AlreadyRated):
        rated(deal, (person, 1))
    with pytest.raises(AlreadyRated):
        rated(rated(deal, (ANNA if person == SELLER else SELLER, 1)), (person, 1), at=30 * DAY)


def test_a_stranger_does_not_rate() -> None:
    with pytest.raises(NotYours):
        rated(completed(), (BORIS, 5))


REFUNDED = replace(delivered(), state=DealState.REFUNDED, due_at=None, ended_at=START)


@pytest.mark.parametrize(
    "deal", [delivered(), disputes.dispute(delivered(), ANNA, "no", START), REFUNDED], ids=lambda deal: deal.state.value
)
def test_nothing_is_rated_but_a_completed_deal(deal: Deal) -> None:
    assert not deal_ratings.may_rate(deal, ANNA)
    with pytest.raises(WrongDealState):
        rated(deal, (ANNA, 1))


@pytest.mark.parametrize("stars", [-1, 0, 6, 50])
def test_stars_go_from_one_to_five(stars: int) -> None:
    with pytest.raises(Invalid) as refusal:
        rated(completed(), (ANNA, stars))
    assert refusal.value.details == {"field": "stars", "reason": "range", "least": 1, "most": 5}


def test_a_rating_is_kept_as_it_was_typed() -> None:
    assert deal_ratings.rate(completed(), ANNA, 1, f" {HTML}\n", START).ratings[0].text == HTML


def test_a_text_is_not_needed_and_at_most_1000_long() -> None:
    assert deal_ratings.rate(completed(), ANNA, 1, "  ", START).ratings[0].text == ""
    assert len(deal_ratings.rate(completed(), ANNA, 1, "x" * 1000, START).ratings[0].text) == 1000
    with pytest.raises(Invalid) as refusal:
        deal_ratings.rate(completed(), ANNA, 1, "x" * 1001, START)
    assert (refusal.value.field, refusal.value.reason) == ("text", "length")


def test_a_completed_deal_counts_for_both_once() -> None:
    assert deal_ratings.reputation_gains(delivered(), completed()) == {
        SELLER: Reputation(sold=1),
        ANNA: Reputation(bought=1),
    }
    assert deal_ratings.reputation_gains(delivered(), REFUNDED) == {}


def test_a_hidden_rating_counts_for_nobody_until_the_second_comes() -> None:
    one = rated(completed(), (ANNA, 2))
    assert deal_ratings.reputation_gains(completed(), one) == {}
    assert deal_ratings.reputation_gains(one, rated(one, (SELLER, 5))) == {
        SELLER: Reputation(seller_stars=2, seller_ratings=1),
        ANNA: Reputation(buyer_stars=5, buyer_ratings=1),
    }


def test_a_hidden_rating_counts_when_its_time_is_over_and_a_later_one_by_itself() -> None:
    hidden = rated(completed(), (ANNA, 2))
    with pytest.raises(WrongDealState):
        deal_ratings.publish_ratings(hidden, START + 7 * DAY - MS)
    public = deal_ratings.publish_ratings(hidden, START + 7 * DAY)
    assert deal_ratings.reputation_gains(hidden, public) == {SELLER: Reputation(seller_stars=2, seller_ratings=1)}
    with pytest.raises(WrongDealState):
        deal_ratings.publish_ratings(public, START + 8 * DAY)
    both = rated(public, (SELLER, 3), at=8 * DAY)
    assert deal_ratings.reputation_gains(public, both) == {ANNA: Reputation(buyer_stars=3, buyer_ratings=1)}


def test_a_second_rating_after_the_time_and_before_the_sweep_counts_both_once() -> None:
    hidden = rated(completed(), (ANNA, 2))
    both = rated(hidden, (SELLER, 3), at=8 * DAY)
    assert deal_ratings.reputation_gains(hidden, both) == {
        SELLER: Reputation(seller_stars=2, seller_ratings=1),
        ANNA: Reputation(buyer_stars=3, buyer_ratings=1),
    }
    with pytest.raises(WrongDealState):
        deal_ratings.publish_ratings(both, START + 8 * DAY)


@pytest.mark.parametrize(
    ("stars", "ratings", "average"), [(5, 1, "5.0"), (14, 3, "4.7"), (9, 2, "4.5"), (85, 20, "4.3"), (87, 20, "4.4")]
)
def test_averages_are_rounded_half_up_to_tenths(stars: int, ratings: int, average: str) -> None:
    assert Reputation(seller_stars=stars, seller_ratings=ratings).seller_average == Decimal(average)
    assert Reputation(buyer_stars=stars, buyer_ratings=ratings).buyer_average == Decimal(average)


def test_nobody_rated_is_no_average() -> None:
    assert Reputation().seller_average is None
    assert Reputation().buyer_average is None
