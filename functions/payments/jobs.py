"""Jobs: deals that move on by themselves, subscriptions that end, refunds and gifts that stopped half-way, the daily
comparison with Telegram.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from payments import bills
from payments.log import SERVICE
from starbid import observability
from starbid.bootstrap import app
from starbid.services.sweeping import each

if TYPE_CHECKING:
    from starbid.services.billing.reconciling import Difference

SPARE_MS = 25_000
"""With less time left no further page is compared: one that Telegram and DynamoDB answer late takes some seconds."""
BILL_MS = 38_000
"""With less time left no further bill is looked at: a slow provider may take half a minute over one."""
Sweep = Callable[[datetime], object]


def run(event: dict[str, Any], context: Any) -> None:
    """`{"job": "deal", "auction_id": "…"}`, `{"job": "bill", "bill": "…"}`, `{"job": "sweep"}`, `{"job": "reconcile"}`,
    `{"job": "quiet-over", "user_id": "n"}`.

    What nobody can read is logged and forgotten. A sweep that fails is counted, once everything else has been done: the
    next is its next try, and a dead letter of it would only keep an alarm red when all is well again. Any other failure
    is raised, so that it is tried again.
    """
    match event:
        case {"job": "deal", "auction_id": str(auction_id)} if auction_id:
            app().dealing.advance(auction_id, app().now())
            app().second_chance.lapse_due(auction_id, app().now())
        case {"job": "bill", "bill": str(bill_id)} if bill_id:
            bills.look(bill_id, app().now())
        case {"job": "quiet-over", "user_id": str(user_id)} if user_id.isdecimal():
            app().quiet.wake(int(user_id), app().now())
        case {"job": "sweep"}:
            _sweep(context)
        case {"job": "reconcile"}:
            _reconcile(app().now(), context)
        case _:
            observability.passed_over(SERVICE, "this is no job: %.200r", event)


def _sweep(context: Any) -> None:
    """Each part is tried, also where others fail or cannot even be made."""
    parts: list[Callable[[], Sweep]] = [
        lambda: app().dealing.sweep,
        lambda: app().second_chance.sweep,
        lambda: app().addressing.sweep,
        lambda: app().file_delivery.sweep,
        lambda: app().people.end_subscriptions,
        lambda: app().refunding.finish_refunds,
        lambda: lambda now: bills.sweep(now, lambda: context.get_remaining_time_in_millis() > BILL_MS),
        lambda: app().gifts.sweep,
        lambda: lambda now: _catch_up(now, context),
    ]
    try:
        each("jobs not done", parts, lambda part: part()(app().now()))
    except Exception:
        observability.failed(SERVICE, "the sweep could not do all that was due; the next tries again")


def _catch_up(now: datetime, context: Any) -> None:
    """Go on with a comparison that the daily one left unfinished, or that never came. Its age is told each time."""
    if app().reconciling.is_late(now):
        _reconcile(now, context)
    else:
        _tell_age(now)


def _reconcile(now: datetime, context: Any) -> None:
    """Report where Telegram's transactions differ from what was booked; an alarm counts the reports. What is left when
    the time is over is for the next sweeps.
    """
    try:
        compared = app().reconciling.compare(now, lambda: context.get_remaining_time_in_millis() > SPARE_MS, _report)
    finally:
        _tell_age(now)
    if compared is None:
        observability.logger(SERVICE).info("transactions of Telegram's are being compared already")
        return
    others = {name: {"number": number, "nanostars": moved} for name, (number, moved) in compared.place.others.items()}
    facts = {"to_the_end": compared.is_whole, "place": compared.place.number, "other_movements": others}
    observability.logger(SERVICE).info("%d transactions of Telegram's compared", compared.count, extra=facts)


def _tell_age(now: datetime) -> None:
    """How old that is which was not compared. An alarm hears of a comparison that stands still."""
    age = app().reconciling.age(now)
    if age is not None:
        observability.seconds(SERVICE, "ReconciliationAge", int(age.total_seconds()))


def _report(difference: Difference) -> None:
    observability.logger(SERVICE).error("Telegram and the ledger differ", extra=asdict(difference))
    observability.count(SERVICE, "ReconciliationDifferences")
    app().differences.keep(difference, app().now())
