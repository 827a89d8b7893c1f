"""Faults between us and AWS, planted in botocore's event hooks: no emulator ever produces them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ReadTimeoutError

from .failing import Death

Plan = Callable[[str, str], BaseException | dict[str, Any] | None]
"""The fault of a call of (operation, "before" | "after"): an exception, an AWS error document, or nothing."""


@dataclass(frozen=True)
class _Http:
    status_code: int
    headers: dict[str, str]


class AwsFaults:
    """Sits between a client and its service. `plan` decides; `calls` are the operations in order."""

    def __init__(self, client: Any) -> None:
        self.calls: list[str] = []
        self.struck = 0
        self.plan: Plan = lambda _operation, _when: None
        service = client.meta.service_model.service_name
        client.meta.events.register(f"before-call.{service}", self._before)
        client.meta.events.register(f"after-call.{service}", self._after)

    def heal(self) -> None:
        self.plan = lambda _operation, _when: None

    def _before(self, model: Any, **_: Any) -> Any:
        self.calls.append(model.name)
        return self._strike(model.name, "before")

    def _after(self, model: Any, **_: Any) -> None:
        self._strike(model.name, "after")

    def _strike(self, operation: str, when: str) -> Any:
        fault = self.plan(operation, when)
        if fault is None:
            return None
        self.struck += 1
        if isinstance(fault, BaseException):
            raise fault
        return _Http(int(fault["ResponseMetadata"]["HTTPStatusCode"]), {}), fault


def conflict() -> dict[str, Any]:
    """Another transaction holds one of the items."""
    reasons = [{"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}]
    return _error("TransactionCanceledException", 400) | {"CancellationReasons": reasons}


def busy() -> dict[str, Any]:
    """A transaction holds the item of a single write."""
    return _error("TransactionConflictException", 400)


def throttle() -> dict[str, Any]:
    return _error("ProvisionedThroughputExceededException", 400)


def under_way() -> dict[str, Any]:
    """A repeated write conflicts with its own unfinished first try."""
    return _error("TransactionInProgressException", 400)


def time_out() -> BaseException:
    """The answer is lost; it is unknown whether the call was carried out."""
    return ReadTimeoutError(endpoint_url="http://dynamodb")


def sometimes(share: float, fault: Callable[[], Any], operation: str, seed: int = 1) -> Plan:
    """`fault` hits this share of the calls of an operation, before they are carried out."""
    dice = random.Random(seed)
    return lambda called, when: fault() if called == operation and when == "before" and dice.random() < share else None


def death_at(moment: int) -> Plan:
    """The process dies at one moment, counted from 0 over before and after each call, and stays dead until healed."""
    moments = iter(range(10**6))

    def plan(_operation: str, _when: str) -> BaseException | None:
        return Death() if next(moments) >= moment else None

    return plan


def _error(code: str, status: int) -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
