"""Windows of the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.windows import Window


@pytest.mark.parametrize("moment", [0, 1, 3599, 3600, 1_800_000_000])
def test_a_window_ends_where_the_next_begins(moment: int) -> None:
    window, now = Window(1, 3600), datetime.fromtimestamp(moment, UTC)
    number, left = window.at(now)
    assert 1 <= left <= 3600
    assert window.at(now + timedelta(seconds=left - 1))[0] == number
    assert window.at(now + timedelta(seconds=left))[0] == number + 1
