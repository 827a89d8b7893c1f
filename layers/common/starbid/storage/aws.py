"""A small client of AWS's JSON services, in place of botocore's where a Lambda starts or answers somebody.

botocore reads half a megabyte of models at every cold start and spends a millisecond of CPU on a call; this one signs,
sends and reads JSON, no more. It looks like botocore's client to its callers: the same methods, answers, exceptions,
retries and event hooks, for the operations in `SERVICES`. Credentials come from the environment, as a Lambda has them.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from starbid.storage.signing import Signer
from starbid.storage.wire import Wire

ATTEMPTS = 3
LONGEST_PAUSE = 20.0
_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "TransactionInProgressException",
}
_PASSING = {500, 502, 503, 504}
Handler = Callable[..., Any]


@dataclass(frozen=True)
class Service:
    """`target` is None where the path names the operation instead (REST)."""

    operations: frozenset[str]
    target: str | None = None
    content_type: str = "application/x-amz-json-1.0"


SERVICES = {
    "dynamodb": Service(
        frozenset({"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}),
        "DynamoDB_20120810",
    ),
    "sqs": Service(frozenset({"SendMessage", "SendMessageBatch", "ChangeMessageVisibility"}), "AmazonSQS"),
    "ssm": Service(frozenset({"GetParameters"}), "AmazonSSM", "application/x-amz-json-1.1"),
    "scheduler": Service(frozenset({"CreateSchedule", "UpdateSchedule"}), None, "application/json"),
}


class Hooks:
    """Who listens to a client, by names like `before-call.dynamodb`; the first answer that is not None counts."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}

    def register(self, name: str, handler: Handler) -> None:
        self._handlers.setdefault(name, []).append(handler)

    def emit(self, name: str, **facts: Any) -> Any:
        for handler in self._handlers.get(name, ()):
            answer = handler(**facts)
            if answer is not None:
                return answer
        return None


class JsonClient:
    """Calls one service; thread-safe. Raises botocore's ClientError and, where no answer came, its HTTPClientError."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        region = environment.get("AWS_REGION") or environment["AWS_DEFAULT_REGION"]
        service = SERVICES[name]
        self._name, self._service = name, service
        self._signer = Signer(name, region, environment)
        self._wire = Wire(endpoint_of(name, region, environment))
        events = Hooks()
        self.meta = SimpleNamespace(
            events=events, region_name=region, service_model=SimpleNamespace(service_name=name), endpoint=self._wire.url
        )
        for operation in service.operations:
            setattr(self, _snake(operation), self._method(operation))

    def _method(self, operation: str) -> Callable[..., dict[str, Any]]:
        capacity = {"ReturnConsumedCapacity"} if self._name == "dynamodb" else set()
        model = SimpleNamespace(name=operation, input_shape=SimpleNamespace(members=capacity))

        def method(**params: Any) -> dict[str, Any]:
            return self._call(model, params)

        return method

    def _call(self, model: Any, params: dict[str, Any]) -> dict[str, Any]:
        emit, name = self.meta.events.emit, self._name
        emit(f"before-parameter-build.{name}", params=params, model=model)
        planned = emit(f"before-call.{name}", model=model, params=params)
        status, answer = (planned[0].status_code, planned[1]) if planned else self._send(model.name, params)
        emit(f"after-call.{name}", parsed=answer, model=model)
        if status >= 300:
            raise ClientError(answer, model.name)  # type: ignore[arg-type]
        return answer

    def _send(self, operation: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and document, after up to ATTEMPTS tries of the same request."""
        method, path, headers, body = self._request(operation, params)
        for attempt in range(1, ATTEMPTS + 1):
            self.meta.events.emit(f"before-send.{self._name}")
            signed = self._signer.sign(method, self._wire.host, path, headers, body)
            try:
                status, told, content = self._wire.exchange(method, path, signed, body)
            except (NoConnection, HTTPClientError):
                if attempt == ATTEMPTS:
                    raise
            else:
                answer = _document(status, told, content)
                code = answer.get("Error", {}).get("Code")
                if attempt == ATTEMPTS or not (status in _PASSING or code in _THROTTLED):
                    return status, answer
            time.sleep(min(random.random() * 2 ** (attempt - 1), LONGEST_PAUSE))
        raise AssertionError("the last attempt answers or raises")

    def _request(self, operation: str, params: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes]:
        """What goes out; a repeated transaction carries the token of the first."""
        headers = {"content-type": self._service.content_type}
        method, path = "POST", "/"
        if self._service.target:
            headers["x-amz-target"] = f"{self._service.target}.{operation}"
        else:
            method = "PUT" if operation.startswith("Update") else "POST"
            path = f"/schedules/{quote(params['Name'], safe='')}"
            params = {name: value for name, value in params.items() if name != "Name"}
        if operation == "TransactWriteItems":
            params.setdefault("ClientRequestToken", str(uuid.uuid4()))
        return method, path, headers, json.dumps(params, separators=(",", ":")).encode()


def endpoint_of(service: str, region: str, environment: Mapping[str, str]) -> str:
    """The address of a service: its own setting, the one for all, or AWS's."""
    named = environment.get(f"AWS_ENDPOINT_URL_{service.upper()}") or environment.get("AWS_ENDPOINT_URL")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return named or f"https://{service}.{region}.{suffix}"


def _document(status: int, headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
    """The answer as botocore gives it: an error under `Error`, the status under `ResponseMetadata`."""
    try:
        answer = json.loads(content) if content else {}
    except ValueError:
        answer = {}
    if not isinstance(answer, dict):
        answer = {}
    if status >= 300:
        code = headers.get("x-amzn-query-error") or headers.get("x-amzn-errortype") or answer.pop("__type", "")
        code = code.partition(";")[0].partition(":")[0].rpartition("#")[2]
        message = answer.get("message") or answer.get("Message") or ""
        answer["Error"] = {"Code": code or str(status), "Message": message}
    answer["ResponseMetadata"] = {"HTTPStatusCode": status}
    return answer


def _snake(operation: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")
