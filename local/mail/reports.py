"""What SES publishes of a mail, as SNS hands it to a function.

The shapes are those of the SES developer guide: "Contents of event data that Amazon SES publishes to Amazon SNS".
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from local.mail.box import LocalMail

HAPPENINGS = ("bounce", "transient", "complaint")


def sns_event(topic: str, message: str, at: datetime) -> dict[str, Any]:
    """One record, as every delivery of SNS has."""
    sns = {
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": topic,
        "Subject": "Amazon SES Email Event Notification",
        "Message": message,
        "Timestamp": _iso(at),
        "SignatureVersion": "1",
        "MessageAttributes": {},
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": f"{topic}:local", "Sns": sns}
    return {"Records": [record]}


def report(mail: LocalMail, what: str, at: datetime, *, about: str = "") -> str:
    """`what` is one of HAPPENINGS; `about` an address other than that of the mail."""
    address, moment = about or mail.to, _iso(at)
    told: dict[str, Any] = {"mail": _mail(mail)}
    if what == "complaint":
        told |= {"eventType": "Complaint", "complaint": {
            "complainedRecipients": [{"emailAddress": address}], "timestamp": moment,
            "feedbackId": f"{mail.id}-complaint",
            "complaintSubType": None, "complaintFeedbackType": "abuse", "arrivalDate": moment,
        }}  # fmt: skip
    else:
        kinds = ("Permanent", "General", "5.1.1") if what == "bounce" else ("Transient", "MailboxFull", "4.2.2")
        told |= {"eventType": "Bounce", "bounce": {
            "bounceType": kinds[0], "bounceSubType": kinds[1], "timestamp": moment, "feedbackId": f"{mail.id}-{what}",
            "bouncedRecipients": [{"emailAddress": address, "action": "failed", "status": kinds[2]}],
            "reportingMTA": "dsn; mail.example.org",
        }}  # fmt: skip
    return json.dumps(told)


def _mail(mail: LocalMail) -> dict[str, Any]:
    return {
        "timestamp": _iso(mail.sent_at),
        "messageId": mail.id,
        "source": str(mail.message["From"]),
        "destination": [mail.to],
        "headersTruncated": False,
        "headers": [{"name": name, "value": str(value)} for name, value in mail.message.items()],
        "tags": {"person": [mail.person]},
    }


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
