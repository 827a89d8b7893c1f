"""When a request arrived: what the gateway tells, within bounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.arrival import CLOCKS_APART, LONGEST_WAIT, arrived_at
from starbid.storage.rows import ms
from tests.support.fake_clock import START

MS = timedelta(milliseconds=1)


def told(epoch: object) -> Any:
    return {"requestContext": {"timeEpoch": epoch}}


@pytest.mark.parametrize("by", [timedelta(0), -MS, MS, timedelta(milliseconds=-1500), -LONGEST_WAIT, CLOCKS_APART])
def test_the_gateway_knows_to_the_millisecond_when_a_request_arrived(by: timedelta) -> None:
    assert arrived_at(told(ms(START + by)), START) == START + by


@pytest.mark.parametrize("by", [-LONGEST_WAIT - MS, CLOCKS_APART + MS, timedelta(days=-200), timedelta(days=200)])
def test_what_the_gateway_cannot_have_told_just_now_arrives_now(by: timedelta) -> None:
    assert arrived_at(told(ms(START + by)), START) == START


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"requestContext": None},
        {"requestContext": {}},
        *map(told, (None, "", str(ms(START)), float(ms(START)), True, 0, -1, 10**40, [])),
    ],
)
def test_without_a_moment_that_can_be_read_a_request_arrives_now(event: Any) -> None:
    assert arrived_at(event, START) == START
