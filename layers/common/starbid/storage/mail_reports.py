"""What SES publishes of a mail, read: SES developer guide, "Contents of event data that Amazon SES publishes to Amazon
SNS".
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from starbid.domain.events import WhyStopped
from starbid.services.emails.reports import MailReport
from starbid.storage.mails import PERSON_TAG

_MOST_ADDRESSES = 50
"""SES takes no more receivers of one mail; ours have one each."""


def report_from(message: str) -> MailReport | None:
    """The report in a message; None for one that takes nobody's address down, such as a mailbox that is full.

    Raises ValueError for what is no such message.
    """
    try:
        told = json.loads(message)
        match told["eventType"]:
            case "Bounce" if told["bounce"]["bounceType"] == "Permanent":
                return _report(told, told["bounce"], "bouncedRecipients", WhyStopped.BOUNCED)
            case "Complaint" if told["complaint"].get("complaintFeedbackType") != "not-spam":
                return _report(told, told["complaint"], "complainedRecipients", WhyStopped.COMPLAINED)
            case _:
                return None
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(type(error).__name__) from None


def _report(told: Any, about: Any, receivers: str, why: WhyStopped) -> MailReport:
    mail = told["mail"]
    addresses = tuple(str(each["emailAddress"]) for each in about[receivers][:_MOST_ADDRESSES])
    sent_at = datetime.fromisoformat(mail["timestamp"])
    if sent_at.tzinfo is None:
        raise ValueError("a time without a zone")
    (person_id,) = mail["tags"][PERSON_TAG]
    report_id = hashlib.sha256(str(about["feedbackId"]).encode()).hexdigest()[:32]
    return MailReport(report_id, int(person_id), sent_at, addresses, why)
