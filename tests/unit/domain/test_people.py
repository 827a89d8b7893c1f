from datetime import timedelta

from starbid.domain.ledger import REVENUE, Entry, user_account
from starbid.domain.people import (
    SUBSCRIPTION,
    extend_subscription,
    subscription_from_wallet,
)
from tests.support.factories import ANNA, person, wallet, xtr
from tests.support.fakes import START

MS = timedelta(milliseconds=1)


def test_a_first_subscription_lasts_thirty_days() -> None:
    subscribed = extend_subscription(person(), "t1", START)
    assert (subscribed.subscribed_until, subscribed.version) == (START + timedelta(days=30), 2)


def test_a_second_one_adds_thirty_days() -> None:
    twice = extend_subscription(extend_subscription(person(), "t1", START), "t2", START + timedelta(days=1))
    assert twice.subscribed_until == START + timedelta(days=60)


def test_one_that_lapsed_begins_anew() -> None:
    lapsed = person(subscribed_until=START - timedelta(days=5))
    assert extend_subscription(lapsed, "t1", START).subscribed_until == START + SUBSCRIPTION


def test_the_right_to_sell_ends_with_the_subscription() -> None:
    subscribed = person(subscribed_until=START)
    assert subscribed.may_sell(START - MS)
    assert not subscribed.may_sell(START)
    assert not person().may_sell(START)


def test_a_subscription_from_the_wallet_is_one_transfer_per_request() -> None:
    first, again = (subscription_from_wallet(wallet(), xtr(100), "r1", at) for at in (START, START + MS))
    other = subscription_from_wallet(wallet(), xtr(100), "r2", START)
    assert first.id == again.id != other.id
    assert first.entries == (Entry(user_account(ANNA), xtr(-100)), Entry(REVENUE, xtr(100)))
