"""Money that moves without a person at it: jobs, and the stream of wallets."""

from __future__ import annotations

from typing import Any

from payments import jobs, wallets


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any] | None:
    """A batch of the stream of wallets, or a job."""
    if "Records" in event:
        return wallets.follow(event["Records"])
    jobs.run(event, context)
    return None
