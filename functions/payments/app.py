"""Jobs of money: deals that move on by themselves, subscriptions that end, refunds that stopped half-way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starbid import observability
from starbid.bootstrap import app
from starbid.services.sweeping import each

if TYPE_CHECKING:
    from starbid.services.reconciling import Difference

SERVICE = "payments"
Sweep = Callable[[datetime], int]


def lambda_handler(event: dict[str, Any], _context: object) -> None:
    """`{"job": "deal", "auction_id": "…"}`, `{"job": "sweep"}` or `{"job": "reconcile"}`.

    What nobody can read is logged and forgotten. A failure is raised, once everything else has been done, so that it
    is tried again and an alarm sees it.
    """
    match event:
        case {"job": "deal", "auction_id": str(auction_id)} if auction_id:
            app().dealing.settle_due(auction_id, app().now())
        case {"job": "sweep"}:
            _sweep()
        case {"job": "reconcile"}:
            _reconcile()
        case _:
            observability.logger(SERVICE).error("this is no job: %.200r", event)


def _sweep() -> None:
    """Each part goes its way, whatever becomes of the others (even where one cannot be made)."""
    parts: list[Callable[[], Sweep]] = [
        lambda: app().dealing.sweep,
        lambda: app().people.end_subscriptions,
        lambda: app().paying.finish_refunds,
    ]
    each("jobs not done", parts, lambda part: part()(app().now()))


def _reconcile() -> None:
    """Report where Telegram's transactions differ from what was booked; an alarm counts the reports."""
    looked_at = app().reconciling.compare(app().now(), _report)
    observability.logger(SERVICE).info("%d transactions of Telegram's compared", looked_at)


def _report(difference: Difference) -> None:
    facts = {"charge": difference.transaction.id, "fault": difference.fault}
    observability.logger(SERVICE).error("Telegram and the ledger differ", extra=facts)
    observability.count(SERVICE, "ReconciliationDifferences")
