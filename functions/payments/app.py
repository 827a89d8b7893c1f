"""Money that moves without a person at it: jobs, callbacks of providers, and the stream of wallets."""

from __future__ import annotations

from typing import Any

from payments import callbacks, jobs, wallets


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any] | None:
    """A batch of the stream of wallets, a callback of a provider, or a job."""
    if "Records" in event:
        return wallets.follow(event["Records"])
    if "requestContext" in event:
        return callbacks.answer(event)
    jobs.run(event, context)
    return None
