"""Jobs of money: deals that move on by themselves, subscriptions that end, refunds that stopped half-way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.services.sweeping import each

Sweep = Callable[[datetime], int]


def lambda_handler(event: dict[str, Any], _context: object) -> None:
    """`{"job": "deal", "auction_id": "…"}` or `{"job": "sweep"}`.

    What nobody can read is logged and forgotten. A failure is raised, once everything else has been done, so that it
    is tried again and an alarm sees it.
    """
    match event:
        case {"job": "deal", "auction_id": str(auction_id)} if auction_id:
            app().dealing.settle_due(auction_id, app().now())
        case {"job": "sweep"}:
            _sweep()
        case _:
            observability.logger("payments").error("this is no job: %.200r", event)


def _sweep() -> None:
    """Each part goes its way, whatever becomes of the others (even where one cannot be made)."""
    parts: list[Callable[[], Sweep]] = [
        lambda: app().dealing.sweep,
        lambda: app().people.end_subscriptions,
        lambda: app().paying.finish_refunds,
    ]
    each("jobs not done", parts, lambda part: part()(app().now()))
