"""The Lambda functions of the template, hosted in this process: imported by handler name and called in any thread."""

from __future__ import annotations

import importlib
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.files import replace_file
from local.given import secrets_of
from local.template import Function

PAYLOAD_BYTES = 6 * 1024 * 1024
"""Lambda's limit for a synchronous call's JSON."""

log = logging.getLogger("local.functions")


class PayloadTooLarge(Exception):
    """The event (`request`) or the answer (`response`) is larger than Lambda allows."""

    def __init__(self, what: str, size: int) -> None:
        super().__init__(f"{what} of {size} bytes; the limit is {PAYLOAD_BYTES}")
        self.what = what


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda passes to a handler with the event."""

    function_name: str
    invoked_function_arn: str
    memory_limit_in_mb: int
    timeout: float
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    log_group_name: str = "local"
    log_stream_name: str = "local"
    client_context: None = None
    identity: None = None
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int(1000 * (self.timeout - (time.monotonic() - self.started))))


class Bell:
    """Wakes waiting threads when something happens; `count` says how often it did."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.count = 0

    def ring(self) -> None:
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Wait until it rings after `count` was `seen`, at most this many seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self.count != seen, seconds)


class Functions:
    """Calls functions as Lambda does: JSON in, JSON out, any number at the same time. `bell` rings at begin and end."""

    def __init__(self, functions: Mapping[str, Function], bell: Bell) -> None:
        self.functions = functions
        self._bell = bell
        self._handlers: dict[str, Callable[[Any, Any], Any]] = {}
        self._loading = threading.Lock()
        self._running = 0
        self._idle = threading.Condition()

    def load(self) -> None:
        """Import every handler now instead of at its first call; one that cannot be imported fails when called."""
        for function_id in self.functions:
            try:
                self._handler(function_id)
            except Exception:
                log.exception("%s cannot be imported", function_id)

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait for running calls; False if some still run."""
        with self._idle:
            return self._idle.wait_for(lambda: self._running == 0, max(0.0, seconds))

    def invoke(self, function_id: str, event: Any) -> Any:
        """Call a function; its exceptions are passed on. Raises PayloadTooLarge."""
        text = json.dumps(event)
        _check_size("request", text)
        function = self.functions[function_id]
        handler = self._handler(function_id)
        context = Context(function.name, function.arn, function.memory, function.timeout)
        self._count(1)
        self._bell.ring()
        try:
            with secrets_of(function):
                answer = json.dumps(handler(json.loads(text), context))
        finally:
            self._bell.ring()
            self._count(-1)
            if context.get_remaining_time_in_millis() == 0:
                log.warning("%s took longer than its %d s: Lambda would have ended it", function_id, function.timeout)
        _check_size("response", answer)
        return json.loads(answer)

    def _count(self, change: int) -> None:
        with self._idle:
            self._running += change
            self._idle.notify_all()

    def _handler(self, function_id: str) -> Callable[[Any, Any], Any]:
        with self._loading:
            if function_id not in self._handlers:
                module, _, name = self.functions[function_id].handler.rpartition(".")
                self._handlers[function_id] = getattr(importlib.import_module(module), name)
            return self._handlers[function_id]


def _check_size(what: str, text: str) -> None:
    if len(text) > PAYLOAD_BYTES:  # json.dumps gives ASCII
        raise PayloadTooLarge(what, len(text))


class Failures:
    """Events that failed for good: a file each, in place of AWS's on-failure destinations."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, function_id: str, event: Any, error: str) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._directory / f"{time.time_ns()}-{function_id}.json"
        replace_file(path, json.dumps({"function": function_id, "error": error, "event": event}, indent=1), text=True)
        log.error("gave up on an event of %s (%s); it is kept in %s", function_id, error, path)
