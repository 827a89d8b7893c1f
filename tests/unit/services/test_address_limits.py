"""What one address may do, counted from outside, over the moments at which buckets are full, empty and in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.address_limits import Traffic
from starbid.domain.errors import TooOften
from starbid.services.address_limits import AddressLimits
from tests.support.fakes import FakeApp, make_app

HERE = "198.51.100.7"


@pytest.fixture
def app() -> FakeApp:
    return make_app({"ADDRESS_LIMITS": "1"})


def passes(limits: AddressLimits, app: FakeApp, traffic: Traffic, times: int, second: float = 0) -> int:
    """How many of so many pass that come at once, so many seconds from now."""
    passed = 0
    for _ in range(times):
        try:
            limits.require(traffic, HERE, app.now() + timedelta(seconds=second))
        except TooOften:
            continue
        passed += 1
    return passed


@pytest.mark.parametrize("traffic", Traffic)
@pytest.mark.parametrize("idle", [0, 299.75, 599.75, 86_399.75])
def test_however_long_an_address_was_idle_a_burst_passes_at_once_and_no_more(
    app: FakeApp, traffic: Traffic, idle: float
) -> None:
    burst = 40 if traffic is Traffic.LOGIN else 300 if traffic is Traffic.SEARCH else 60
    passed = passes(app.address_limits, app, traffic, burst * 3, idle)
    passed += passes(app.address_limits, app, traffic, burst * 3, idle + 0.25)
    assert passed == burst
