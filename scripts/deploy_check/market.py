"""A deployed stack as its users and AWS see it: functions are invoked with the events that AWS would send."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from scripts.deploy_check.bot_api import BotApi
from scripts.deploy_check.cloud import Cloud

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://deploy-check.invalid"
PATIENCE_SECONDS = 15.0
SECRETS = {
    "SECRET_KEY": "event-samples-secret-key",  # those that events/ is signed with
    "TELEGRAM_WEBHOOK_SECRET": "event-samples-webhook-secret",
    "TELEGRAM_BOT_TOKEN": "1000001:deploy-check",
}


class CheckError(Exception):
    """Something is wrong; the message says what."""


def require(condition: object, otherwise: str) -> None:
    """Raise CheckError unless the condition holds."""
    if not condition:
        raise CheckError(otherwise)


def wait_for(what: str, condition: Callable[[], object]) -> None:
    """Check until the condition holds; raises CheckError after PATIENCE_SECONDS."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > until:
            raise CheckError(f"waited {PATIENCE_SECONDS:.0f} s in vain for {what}")
        time.sleep(0.2)


def sample(name: str) -> dict[str, Any]:
    """An event of events/."""
    event: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text("utf-8"))
    return event


def request(method: str, path: str) -> dict[str, Any]:
    """The HTTP API's event for a guest's request."""
    event = sample("web_healthz")
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = method
    return event


@dataclass(frozen=True)
class Stack:
    """A stack in a cloud, the bot API that it talks to, and the physical ids of its resources by logical id."""

    cloud: Cloud
    bot: BotApi
    name: str
    resources: dict[str, str]

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """The answer of a function (`web`, `auction-closer`, ...); raises CheckError with its log if it fails."""
        return self.call(function, event)[0]

    def call(self, function: str, event: dict[str, Any]) -> tuple[Any, str]:
        """The same, with its log: work that it put back is counted there, though it answers normally."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName=f"{self.name}-{function}", Payload=json.dumps(event).encode(), LogType="Tail"
        )
        payload = json.loads(answer["Payload"].read() or b"null")
        log = base64.b64decode(answer.get("LogResult", "")).decode("utf-8", "replace")
        require("FunctionError" not in answer, f"{function} failed: {payload}\n{log[-2000:]}")
        return payload, log


class Visitor:
    """A browser of a person who opens the site inside Telegram."""

    def __init__(self, stack: Stack, person: dict[str, object]) -> None:
        self._stack = stack
        self._headers: dict[str, str] = {}
        self._cookies: list[str] = []
        answer = self._send("POST", "/login/webapp", {"init_data": _init_data(person)})
        self._cookies = [cookie.partition(";")[0] for cookie in answer["cookies"]]
        self._headers = {"x-csrf-token": body_of(answer)["csrf_token"]}

    def get(self, path: str) -> dict[str, Any]:
        return self._send("GET", path, None)

    def post(self, path: str, data: dict[str, object]) -> dict[str, Any]:
        """Send JSON, as the site's own scripts do."""
        return self._send("POST", path, data)

    def post_form(self, path: str, **fields: object) -> dict[str, Any]:
        """Send a form with its token."""
        return self._send("POST", path, urlencode({**fields, "csrf_token": self._headers["x-csrf-token"]}))

    def _send(self, method: str, path: str, data: dict[str, object] | str | None) -> dict[str, Any]:
        event = request(method, path)
        event["cookies"] = self._cookies
        event["headers"] |= self._headers
        if data is not None:
            is_form = isinstance(data, str)
            event["headers"]["content-type"] = "application/x-www-form-urlencoded" if is_form else "application/json"
            event["body"] = data if is_form else json.dumps(data)
            event["isBase64Encoded"] = False
        answer: dict[str, Any] = self._stack.invoke("web", event)
        require(answer["statusCode"] < 400, f"{method} {path} answered {answer['statusCode']}: {str(answer)[:500]}")
        return answer


def content_of(answer: dict[str, Any]) -> bytes:
    """The bytes of an HTTP answer."""
    body: str = answer["body"]
    return base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()


def body_of(answer: dict[str, Any]) -> Any:
    """The JSON of an HTTP answer."""
    return json.loads(content_of(answer))


def _init_data(person: dict[str, object]) -> str:
    """What Telegram passes to a Mini App, signed with the bot's token."""
    fields = {"user": json.dumps(person), "auth_date": str(int(time.time())), "query_id": "deploy-check"}
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.new(b"WebAppData", SECRETS["TELEGRAM_BOT_TOKEN"].encode(), hashlib.sha256).digest()
    return urlencode(fields | {"hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()})
