"""What the functions count in their own metrics."""

from __future__ import annotations

import pytest

from starbid.observability import FAILURES


def counted(caplog: pytest.LogCaptureFixture, name: str) -> list[str]:
    """The services that counted the metric, in order. Some need lines of INFO to be captured."""
    return [record.name for record in caplog.records if getattr(record, name, None) == 1]


def failures_in(caplog: pytest.LogCaptureFixture, service: str) -> list[pytest.ExceptionInfo[BaseException]]:
    """The exceptions for which the service counted a failure."""
    records = [record for record in caplog.records if record.name == service and getattr(record, FAILURES, None)]
    raised = [record.exc_info[1] for record in records if record.exc_info]
    return [pytest.ExceptionInfo.from_exception(error) for error in raised if error is not None]
