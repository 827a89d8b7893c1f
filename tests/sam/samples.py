"""The files of `events/`, and the function of the template for each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).resolve().parents[2] / "events"
NAMES = tuple(sorted(path.stem for path in EVENTS.glob("*.json")))
_FUNCTIONS = {
    "webhook": "WebhookFunction",
    "web": "WebFunction",
    "closer": "AuctionCloserFunction",
    "payments": "PaymentsFunction",
    "notifier": "NotifierFunction",
    "projector": "ProjectorFunction",
    "recorder": "RecorderFunction",
    "achiever": "AchieverFunction",
    "sender": "SenderFunction",
    "keeper": "LogKeeperFunction",
    "mails": "MailReportsFunction",
    "clerk": "ClerkFunction",
    "assistant": "AssistantFunction",
}


def function_of(name: str) -> str:
    """The function's id in the template. Raises KeyError for a file that names none."""
    return _FUNCTIONS[name.partition("_")[0]]


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return event
