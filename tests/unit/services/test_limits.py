"""How often one person may do what costs much."""

from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain import limits
from starbid.domain.errors import TooOften
from starbid.domain.limits import LIMITS, Deed, Limit
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import FakeApp, make_app


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    monkeypatch.setitem(limits.LIMITS, Deed.LOT, Limit(3, 3600))
    app = make_app()
    app.clock.now = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
    return app


def do(app: FakeApp, times: int = 1, number: int = 1, person: int = ANNA, deed: Deed = Deed.LOT) -> None:
    for _ in range(times):
        app.limits.require(deed, person, app.now(), number)


def test_the_last_that_is_allowed_passes_and_the_next_does_not(app: FakeApp) -> None:
    do(app, times=3)
    with pytest.raises(TooOften) as refused:
        do(app)
    assert refused.value.seconds == 3600


def test_the_wait_is_to_the_end_of_the_window(app: FakeApp) -> None:
    do(app, times=3)
    app.clock.forward(minutes=59, seconds=59)
    with pytest.raises(TooOften) as refused:
        do(app)
    assert refused.value.seconds == 1
    app.clock.forward(seconds=refused.value.seconds)
    do(app, times=3)


def test_what_is_refused_counts_for_nothing(app: FakeApp) -> None:
    do(app, number=2)
    with pytest.raises(TooOften):
        do(app, number=2)
    do(app)


def test_everybody_and_every_deed_is_counted_apart(app: FakeApp) -> None:
    do(app, times=3)
    do(app, times=3, person=BORIS)
    do(app, times=3, deed=Deed.INVOICE)


@pytest.mark.parametrize("moment", [0, 1, 3599, 3600, 1_800_000_000])
def test_a_window_ends_where_the_next_begins(moment: int) -> None:
    now = datetime.fromtimestamp(moment, UTC)
    number, left = Limit(1, 3600).window(now)
    assert 1 <= left <= 3600
    assert Limit(1, 3600).window(now + timedelta(seconds=left - 1))[0] == number
    assert Limit(1, 3600).window(now + timedelta(seconds=left))[0] == number + 1


def test_every_deed_has_a_limit_that_the_pictures_of_one_lot_fit_in() -> None:
    assert set(LIMITS) == set(Deed)
    assert all(limit.most >= 8 for limit in LIMITS.values())
