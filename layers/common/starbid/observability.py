"""Logs as JSON lines, and counters. One logger per function; no secret ever gets into a line."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

NAMESPACE = "Starbid"
FAILURES = "Failures"
"""Work that was put back, by service. To Lambda, an invocation that reports its failures is a success."""
PROVIDER_ERRORS = "ProviderErrors"
HELPER_SPENDING = "AssistantSpending"
"""Answers of the AI helper after which little is left of the day's tokens."""
PASSED_OVER = "PoisonedRows"
"""Unreadable rows and messages. One metric for all functions, because each costs and the log line says which."""
STACK, SERVICE = "stack", "service"
"""Dimensions: stacks of one account share the namespace, and an alarm must see only its own."""
CALLER = 3
"""The frame that a line's `location` names: beyond Powertools' and ours."""
HIDDEN = "***"
_PATTERNS = (
    re.compile(r"()(?<!\d)\d{1,20}:[A-Za-z0-9_-]{30,}"),  # a bot token, alone or in an address
    re.compile(r"()sb_[A-Za-z0-9_-]{32}"),  # an API token
    re.compile(r"(starbid_session=)[^;\s\"\\]+"),
    re.compile(r"(hash\W{1,6})[0-9a-f]{64}"),  # the proof of a login, in an address or a dict
)
"""Patterns of secrets; group 1 stays."""
_secrets: frozenset[str] = frozenset()


def hide(*secrets: str) -> None:
    """Keep these values out of every line from now on, as they are and as JSON writes them."""
    global _secrets  # noqa: PLW0603 - there is one log
    for secret in secrets:
        if len(secret) >= 8:
            _secrets |= {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}


def scrubbed(line: str) -> str:
    """The line without known secrets and anything that looks like one."""
    for secret in _secrets:
        line = line.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        line = pattern.sub(rf"\1{HIDDEN}", line)
    return line


@cache
def logger(service: str) -> logging.Logger:
    """The JSON logger of a function. Facts go into `extra`; level by POWERTOOLS_LOG_LEVEL (INFO)."""
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

    class Scrubbing(LambdaPowertoolsFormatter):
        def format(self, record: logging.LogRecord) -> str:
            return scrubbed(super().format(record))

    formatter = Scrubbing(log_record_order=["level", "message", "timestamp"])
    # A Logger delegates everything else to a logging.Logger.
    return Logger(service=service, logger_formatter=formatter)  # type: ignore[return-value]


def tell_start(env: Mapping[str, str]) -> None:
    """One line a process, in Lambda only: its Python and botocore, which AWS updates. The runtime's own version is in
    Lambda's line `INIT_START`.

    Without the logger, whose import costs some 30 ms. Every function imports botocore anyway.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in env:
        return
    import botocore

    facts = {
        "level": "INFO",
        "message": "process started",
        "timestamp": time.strftime("%Y-%m-%d %H:%M:%S+0000", time.gmtime()),
        "service": env["AWS_LAMBDA_FUNCTION_NAME"],
        "botocore": botocore.__version__,
        "python": sys.version.split()[0],
    }
    sys.stdout.write(json.dumps(facts) + "\n")


def count(service: str, name: str, number: int = 1, **facts: Any) -> None:
    """Add to a CloudWatch metric of this name and service, by a log line."""
    logger(service).info(name, extra={**facts, **_metric(name, number, STACK, SERVICE)}, stacklevel=CALLER)


def seconds(service: str, name: str, number: int) -> None:
    """Report a duration as a CloudWatch metric of this name and service."""
    metric = _metric(name, number, STACK, SERVICE, unit="Seconds")
    logger(service).info(name, extra=metric, stacklevel=CALLER)


def failed(service: str, text: str, *about: object) -> None:
    """Log the current exception, or without one the text, and count a failure of the service in the same line.

    For work that is put back, which Lambda does not notice. What may happen on any day at a first try is no failure.
    """
    is_raised = sys.exc_info()[0] is not None
    extra = _metric(FAILURES, 1, STACK, SERVICE)
    logger(service).error(text, *about, exc_info=is_raised, extra=extra, stacklevel=CALLER)


def provider_trouble(provider: str, trouble: Exception) -> None:
    """A provider of bills failed; all functions share the count."""
    extra = {"provider": provider, "said": str(trouble), **_metric(PROVIDER_ERRORS, 1, STACK)}
    logger("billing").error("a provider of bills failed", extra=extra, stacklevel=CALLER)


def helper_is_dear() -> None:
    """The AI helper has used up most of the day's tokens."""
    extra = _metric(HELPER_SPENDING, 1, STACK, SERVICE)
    logger("assistant").warning("four fifths of the day's tokens are used up", extra=extra, stacklevel=CALLER)


def passed_over(service: str, text: str, *about: object, **facts: Any) -> None:
    """The same for unreadable input, which is not retried; all functions share the count."""
    is_raised = sys.exc_info()[0] is not None
    extra = {**facts, **_metric(PASSED_OVER, 1, STACK)}
    logger(service).error(text, *about, exc_info=is_raised, extra=extra, stacklevel=CALLER)


def _metric(name: str, number: int, *dimensions: str, unit: str = "Count") -> dict[str, Any]:
    """The fields of a log line that make CloudWatch add to a metric with these `dimensions`.

    This is the embedded metric format, which CloudWatch reads from the log of a Lambda. The stack's name is the end of
    the path of its secrets.
    """
    stack = os.environ.get("SSM_PREFIX", "").rpartition("/")[2] or "none"
    directive = {"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": [{"Name": name, "Unit": unit}]}
    about = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    return {name: number, STACK: stack, "_aws": about}
