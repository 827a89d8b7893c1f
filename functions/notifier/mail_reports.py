"""Takes in what SES reports of mail that was sent, from a topic of SNS."""

from __future__ import annotations

from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.storage.mail_reports import report_from

SERVICE = "mail_reports"


def lambda_handler(event: dict[str, Any], _context: Any) -> None:
    """Records of SNS, whose messages are events of SES. What nobody can read is logged and forgotten; what fails is
    raised, and Lambda brings all of it again.
    """
    for record in event["Records"]:
        _take(record["Sns"]["Message"])


def _take(message: str) -> None:
    try:
        report = report_from(message)
    except ValueError as error:
        observability.passed_over(SERVICE, "this report of a mail cannot be read and is forgotten: %s", str(error))
        return
    if report:
        app().mail_reports.take(report, app().now())
