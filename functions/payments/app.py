"""Jobs of money: deals that move on by themselves, subscriptions that end, refunds that stopped half-way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starbid import observability
from starbid.bootstrap import app
from starbid.services.sweeping import each
from starbid.storage.stream_records import Record, key_of, sequence_number

if TYPE_CHECKING:
    from starbid.services.reconciling import Difference

SERVICE = "payments"
Sweep = Callable[[datetime], int]


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any] | None:
    """`{"job": "deal", "auction_id": "…"}`, `{"job": "sweep"}`, `{"job": "reconcile"}`, or a batch of the stream of
    wallets: of those that owe, or have just ceased to.

    What nobody can read is logged and forgotten. A sweep that fails is counted, once everything else has been done: the
    next is its next try, and a dead letter of it would only keep an alarm red when all is well again. Any other failure
    is raised, so that it is tried again; of a batch the first record that failed is answered.
    """
    if "Records" in event:
        return {"batchItemFailures": _follow_wallets(event["Records"])}
    match event:
        case {"job": "deal", "auction_id": str(auction_id)} if auction_id:
            app().dealing.settle_due(auction_id, app().now())
            app().second_chance.lapse_due(auction_id, app().now())
        case {"job": "sweep"}:
            _sweep()
        case {"job": "reconcile"}:
            _reconcile()
        case _:
            observability.passed_over(SERVICE, "this is no job: %.200r", event)
    return None


def _follow_wallets(records: list[Record]) -> list[dict[str, str]]:
    for record in records:
        wallet = key_of(record)
        try:
            app().freezing.follow(wallet["user_id"], wallet["currency"], app().now())
        except Exception:
            observability.failed(SERVICE, "a debt could not be followed; it comes again")
            return [{"itemIdentifier": sequence_number(record)}]
    return []


def _sweep() -> None:
    """Each part is tried, also where others fail or cannot even be made."""
    parts: list[Callable[[], Sweep]] = [
        lambda: app().dealing.sweep,
        lambda: app().second_chance.sweep,
        lambda: app().people.end_subscriptions,
        lambda: app().refunding.finish_refunds,
    ]
    try:
        each("jobs not done", parts, lambda part: part()(app().now()))
    except Exception:
        observability.failed(SERVICE, "the sweep could not do all that was due; the next tries again")


def _reconcile() -> None:
    """Report where Telegram's transactions differ from what was booked; an alarm counts the reports."""
    looked_at = app().reconciling.compare(app().now(), _report)
    observability.logger(SERVICE).info("%d transactions of Telegram's compared", looked_at)


def _report(difference: Difference) -> None:
    facts = {"charge": difference.transaction.id, "fault": difference.fault}
    observability.logger(SERVICE).error("Telegram and the ledger differ", extra=facts)
    observability.count(SERVICE, "ReconciliationDifferences")
