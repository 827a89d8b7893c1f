"""What the answer of a push service means."""

from datetime import UTC, datetime

import pytest

from starbid.further.push.delivery import LONGEST_WAIT, USUAL_WAIT, Outcome, meaning

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.TAKEN), (201, Outcome.TAKEN), (202, Outcome.TAKEN), (204, Outcome.TAKEN),
        (404, Outcome.GONE), (410, Outcome.GONE),
        (429, Outcome.LATER), (500, Outcome.LATER), (503, Outcome.LATER),
        (301, Outcome.REFUSED), (307, Outcome.REFUSED), (400, Outcome.REFUSED), (401, Outcome.REFUSED),
        (403, Outcome.REFUSED), (413, Outcome.REFUSED), (206, Outcome.REFUSED),
    ],
)  # fmt: skip
def test_each_status_means_one_thing(status: int, outcome: Outcome) -> None:
    assert meaning(status, None, NOW).outcome is outcome


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("0", 1), ("99999999999999", LONGEST_WAIT),
        ("Tue, 01 Dec 2026 12:01:00 GMT", 60), ("Tue, 01 Dec 2026 11:00:00 GMT", 1),
        ("Wed, 01 Dec 2027 12:00:00 GMT", LONGEST_WAIT), ("Tue, 01 Dec 2026 12:01:00", 60),
        (None, USUAL_WAIT), ("soon", USUAL_WAIT), ("-5", USUAL_WAIT), ("", USUAL_WAIT), ("٣", USUAL_WAIT),
        ("Tue, 99 Dec 2026 12:01:00 GMT", USUAL_WAIT),
        ("Tue, 01 Dec 99999999999999999999 12:00:00 GMT", USUAL_WAIT),
        ("Tue, 01 Dec 2026 12:01:00 +99999999999999999999", USUAL_WAIT),
    ],
)  # fmt: skip
def test_the_time_to_wait_is_read_as_seconds_or_as_a_date(told: str | None, seconds: int) -> None:
    assert meaning(429, told, NOW).seconds == seconds
    assert meaning(503, told, NOW).seconds == seconds
