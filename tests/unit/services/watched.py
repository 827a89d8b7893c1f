"""A lot that is watched, and what was asked for and told because of that."""

from datetime import datetime, timedelta
from typing import Any

from tests.support.factories import ANNA, market
from tests.support.fakes import Alarm, FakeApp

HOURS_2 = 7200
QUARTER = timedelta(minutes=15)


def watched(duration_seconds: int = HOURS_2, *who: int, **changes: Any) -> tuple[FakeApp, str]:
    """A lot that ANNA (or `who`) watches."""
    app, lot = market(duration_seconds=duration_seconds, **changes)
    for user_id in who or (ANNA,):
        app.watching.watch(user_id, lot.auction.id, app.now())
    app.run_streams()
    return app, lot.auction.id


def alarms(app: FakeApp, what: str) -> list[Alarm]:
    return [alarm for alarm in app.scheduler.alarms if alarm.what == what]


def told(app: FakeApp, kind: str) -> list[int]:
    """Who is told this from now on until the streams are empty."""
    return [notice.user_id for notice in app.run_streams() if notice.kind == kind]


def listed(app: FakeApp, user_id: int = ANNA) -> list[str]:
    return [view.lot.auction.id for view in app.watching.watched(user_id, app.now()).items]


def at_the_quarter(app: FakeApp, lot: str, **by: float) -> datetime:
    """Go to 15 minutes before the lot's present end, and on by `by`."""
    app.clock.now = app.store.auction(lot, consistent=True).ends_at - QUARTER
    return app.clock.forward(**by)
