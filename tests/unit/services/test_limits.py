"""How often one person may do what costs much."""

from datetime import UTC, datetime

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
    assert refused.value.seconds == 1200


def test_one_more_fits_after_the_wait_and_no_sooner(app: FakeApp) -> None:
    do(app, times=3)
    app.clock.forward(minutes=19, seconds=59)
    with pytest.raises(TooOften) as refused:
        do(app)
    assert refused.value.seconds == 1
    app.clock.forward(seconds=1)
    do(app)
    with pytest.raises(TooOften) as refused:
        do(app)
    assert refused.value.seconds == 1200


def test_around_the_hour_of_the_clock_no_more_pass_than_at_any_other_time(app: FakeApp) -> None:
    app.clock.now = datetime(2026, 11, 29, 12, 59, 59, tzinfo=UTC)
    do(app, times=3)
    app.clock.forward(seconds=2)
    with pytest.raises(TooOften):
        do(app)


def test_what_is_refused_counts_for_nothing(app: FakeApp) -> None:
    do(app, number=2)
    with pytest.raises(TooOften):
        do(app, number=2)
    do(app)


def test_everybody_and_every_deed_is_counted_apart(app: FakeApp) -> None:
    do(app, times=3)
    do(app, times=3, person=BORIS)
    do(app, times=3, deed=Deed.INVOICE)


def test_every_deed_has_a_limit_that_the_pictures_of_one_lot_fit_in() -> None:
    assert set(LIMITS) == set(Deed)
    assert all(limit.most >= 8 for limit in LIMITS.values())
