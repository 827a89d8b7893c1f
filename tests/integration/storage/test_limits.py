"""Counting in the three stores, and from many threads at once."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.meter import Meter
from starbid.domain import address_limits, limits
from starbid.domain.address_limits import Traffic
from starbid.domain.errors import TooOften
from starbid.domain.limits import Deed, Limit
from starbid.services.address_limits import AddressLimits
from starbid.services.ports import Unavailable
from starbid.storage.reading import Reader
from starbid.storage.scratch import ALONE, SPARE
from tests.support.aws_faults import AwsFaults, time_out
from tests.support.dynamo import DynamoApp, hammer
from tests.support.factories import ANNA
from tests.support.fakes import StagedApp


def test_a_number_grows_up_to_its_most(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    assert scratch.count("limit#a", 2, 3, 60, now)
    assert not scratch.count("limit#a", 2, 3, 60, now)
    assert scratch.count("limit#a", 1, 3, 60, now)
    assert not scratch.count("limit#a", 1, 3, 60, now)
    assert scratch.count("limit#b", 3, 3, 60, now)
    assert not scratch.count("limit#c", 4, 3, 60, now), "more at once than there may be"
    assert scratch.count("limit#b", -1, 3, 60, now)
    assert scratch.count("limit#b", 1, 3, 60, now)
    assert not scratch.count("limit#b", 1, 3, 60, now), "what was given back is there once"


FOUR = Limit(4, 40)
"""One more every ten seconds."""


def draws(app: StagedApp, second: float = 0, number: int = 1, key: str = "limit#a", limit: Limit = FOUR) -> int:
    return app.allowances.draw(key, limit.draw(app.now() + timedelta(seconds=second), number))


def test_a_bucket_gives_what_is_in_it_and_refills(any_app: StagedApp) -> None:
    assert [draws(any_app) for _ in range(6)] == [0, 0, 0, 0, 10, 10]
    assert [draws(any_app, 9.5), draws(any_app, 10), draws(any_app, 10)] == [1, 0, 10]
    assert draws(any_app, key="limit#b") == 0
    assert [draws(any_app, 1000, 3), draws(any_app, 1000, 2), draws(any_app, 1000)] == [0, 10, 0]


def test_a_bucket_of_a_clock_that_was_ahead_or_of_a_wider_limit_counts_as_full(any_app: StagedApp) -> None:
    assert draws(any_app, 3600, 4) == 0
    assert [draws(any_app) for _ in range(5)] == [0, 0, 0, 0, 10]


@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_store_does_as_the_rule_says(any_app: StagedApp, data: st.DataObject) -> None:
    key, full_at, second = f"limit#{uuid4()}", None, 0.0
    for later, number in data.draw(st.lists(st.tuples(st.sampled_from((0, 0.2, -0.2, 7, 60)), st.integers(1, 4)))):
        second += later
        rule = FOUR.draw(any_app.now() + timedelta(seconds=second), number)
        expected = rule.wait(full_at)
        assert draws(any_app, second, number, key) == expected
        full_at = full_at if expected else rule.after(full_at)


def test_who_draws_from_a_full_bucket_or_an_empty_one_costs_one_call_and_in_between_two(emulated: DynamoApp) -> None:
    costs = []
    for second in (0, 0, 0, 0, 0, 1, 60, 60):
        with Meter(emulated.store.client).measure() as found:
            draws(emulated, second)
        assert set(found.calls) == {"UpdateItem"}
        costs.append(len(found.calls))
    assert costs == [1, 2, 2, 2, 1, 1, 1, 2]


def test_a_bucket_is_forgotten_when_it_has_been_full_for_a_while(emulated: DynamoApp) -> None:
    for second in (0, 0, 15):
        draws(emulated, second)
        reader = Reader(emulated.store.client, emulated.settings.tables)
        item = reader.get("scratch", {"pk": "limit#a", "sk": ALONE}, consistent=True)
        assert item
        until = emulated.now().timestamp() + second + 40
        assert item["full_at"] / 1_000_000 <= until
        assert until < item["expires_at"] <= until + SPARE


def test_of_many_at_once_as_many_pass_as_may(emulated: DynamoApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.INVOICE, Limit(7, 3600))
    answers = hammer([partial(emulated.limits.require, Deed.INVOICE, ANNA, emulated.now())] * 40)
    assert sum(isinstance(answer, TooOften) for answer in answers) == 33
    assert answers.count(None) == 7


def test_two_servers_whose_clocks_differ_let_no_more_through_at_once(
    emulated: DynamoApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(address_limits.ADDRESS_LIMITS, Traffic.LOGIN, Limit(7, 3600))
    limits = AddressLimits(emulated.allowances, 1, "key")
    clocks = [emulated.now(), emulated.now() - timedelta(milliseconds=200)] * 20
    answers = hammer([partial(limits.require, Traffic.LOGIN, "198.51.100.7", now) for now in clocks])
    assert answers.count(None) == 7
    assert all(0 < answer.seconds <= 515 for answer in answers if answer is not None)


def test_counts_of_the_version_before_are_in_nobodys_way(any_app: StagedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counted in windows, in rows whose keys ended with the number of one."""
    monkeypatch.setitem(limits.LIMITS, Deed.INVOICE, Limit(2, 3600))
    window = int(any_app.now().timestamp()) // 3600
    assert any_app.scratch.count(f"limit#invoice#{ANNA}#{window}", 2, 2, 3600, any_app.now())
    for _ in range(2):
        any_app.limits.require(Deed.INVOICE, ANNA, any_app.now())


@pytest.mark.parametrize(("when", "left"), [("before", 3), ("after", 1)])
def test_who_dies_between_the_two_writes_took_nothing_and_a_lost_answer_was_taken(
    emulated: DynamoApp, when: str, left: int
) -> None:
    assert draws(emulated) == 0
    faults = AwsFaults(emulated.store.client)
    faults.plan = lambda _, moment: time_out() if moment == when and len(faults.calls) == 2 else None
    with pytest.raises(Unavailable):
        draws(emulated, number=2)
    faults.heal()
    assert [draws(emulated) for _ in range(left + 1)] == [0] * left + [10]
