"""The first try of a call to DynamoDB takes a short way below botocore's client.

botocore needs twice the CPU per call: it copies headers, runs hooks that do nothing for DynamoDB, and parses every
value. Here the request that botocore has built is signed by botocore's signer, sent by urllib3, and its JSON is taken
as it is. Anything but a plain answer (no connection, a time-out, a throttle, a failure of the service) is left to
botocore, which then makes its own tries. If connecting fails again and again, as with certificates that botocore
accepts and the standard library does not, the short way is switched off.

In Lambda, botocore is the runtime's, and AWS installs a new one at any time. A change in the internals we use switches
the short way off, with a line in the log, and botocore makes all calls. FAST_PATH=false does the same.
"""

from __future__ import annotations

import hmac
import json
import random
import time
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from botocore.auth import SIGNED_HEADERS_BLACKLIST, SigV4Auth
from botocore.awsrequest import AWSPreparedRequest
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from starbid.acceleration.changes import BOTOCORE_CHANGED, tell
from starbid.connections import KeptConnections

OPERATIONS = frozenset(
    {"BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"}
)
"""Their answers are JSON without times or bytes to decode: we store neither as such."""
AGAIN = frozenset(
    {
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
"""What botocore would retry besides every 5xx, and a refused signature, which botocore may correct."""
LONGEST_PAUSE = 0.05
"""Maximum of seconds before botocore retries a failed call."""
OFF = "the short way to DynamoDB is off"
UNCONNECTED = (ConnectTimeoutError, NewConnectionError, SSLError)
"""No connection could be made: nothing was sent."""
PATIENCE = 3
"""Failures to connect in a row after which the short way is switched off."""


def client(make: Callable[..., Any], session: Any) -> Any:
    """A client of DynamoDB that tries its calls here first, if possible: not behind a proxy.

    `make(service, session, **config)` makes one of botocore's.
    """
    made = make("dynamodb", session, retries={"mode": "standard", "total_max_attempts": 2})
    try:
        if not get_environ_proxies(made.meta.endpoint_url):
            try_first(made, session)
            return made
    except BOTOCORE_CHANGED:
        tell(OFF)
    return make("dynamodb", session)


def try_first(client: Any, session: Any) -> None:
    """From now on this client tries its calls here first; what another hook answers comes before that."""
    first_try = _FirstTry(client, session)
    client._ruleset_resolver = None  # the rules would compute meta.endpoint_url again for every call
    client.meta.events.register_last("before-call.dynamodb", first_try)


class _Answer(NamedTuple):
    """`status_code` is the name that botocore uses."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class _FirstTry:
    """A handler of `before-call`: answers the call, or None to let botocore make it."""

    def __init__(self, client: Any, session: Any) -> None:
        self._events, self._region, self._session = client.meta.events, client.meta.region_name, session
        config, url = client.meta.config, client.meta.endpoint_url
        self._pool = KeptConnections(
            size=config.max_pool_connections,
            connect_seconds=config.connect_timeout,
            read_seconds=config.read_timeout,
            ca_file=get_cert_path(session.get_config_variable("ca_bundle") or True),
        ).connection_from_url(url)
        self._host = urlsplit(url).netloc
        self._is_off, self._unconnected = False, 0

    def __call__(self, model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        credentials = self._session.get_credentials()
        if self._is_off or model.name not in OPERATIONS or credentials is None:
            return None
        try:
            request = self._signed(params, credentials.get_frozen_credentials())
        except BOTOCORE_CHANGED:
            self._turn_off()
            return None
        _, answer = self._events.emit_until_response(f"before-send.dynamodb.{model.name}", request=request)
        try:
            answer = answer or self._sent(request)
            body = json.loads(answer.content)
            if _is_damaged(answer) or not isinstance(body, dict):
                return None
        except UNCONNECTED:
            self._unconnected += 1
            if self._unconnected >= PATIENCE:
                self._turn_off()
            return None
        except (HTTPError, OSError, ValueError):
            return None
        about = {"HTTPStatusCode": answer.status_code, "RequestId": answer.headers.get("x-amzn-requestid", "")}
        if answer.status_code < 300:
            return answer, body | {"ResponseMetadata": about}
        error = _error(body)
        if answer.status_code >= 500 or error["Code"] in AGAIN:
            time.sleep(random.uniform(0, LONGEST_PAUSE))
            return None
        return answer, body | {"Error": error, "ResponseMetadata": about}

    def _signed(self, params: dict[str, Any], keys: Any) -> Any:
        """The request, with the parts that the signer needs; `params` is botocore's own."""
        headers: Any = {**params["headers"], "Host": self._host, "Content-Length": str(len(params["body"]))}
        request: Any = AWSPreparedRequest("POST", params["url"], headers, params["body"], False)
        request.context, request.params = {}, {}
        _Signer(keys, "dynamodb", self._region).add_auth(request)
        return request

    def _sent(self, request: Any) -> _Answer:
        """Raises HTTPError, OSError: the fate of the request is unknown. ValueError: it cannot be sent."""
        got = self._pool.urlopen("POST", "/", request.body, request.headers, redirect=False, assert_same_host=False)
        self._unconnected = 0
        return _Answer(got.status, got.headers, got.data)

    def _turn_off(self) -> None:
        """Call it where an error was caught."""
        self._is_off = True
        tell(OFF)


def _is_damaged(answer: Any) -> bool:
    """Whether DynamoDB's checksum does not match; botocore checks it too. Raises ValueError if there is none."""
    checksum = answer.headers.get("x-amz-crc32")
    return checksum is not None and int(checksum) != zlib.crc32(answer.content)


def _error(body: dict[str, Any]) -> dict[str, str]:
    """A refusal in botocore's form. The present items of failed conditions are in it already."""
    return {
        "Code": str(body.get("__type", "")).rpartition("#")[2],
        "Message": str(body.get("message", body.get("Message", ""))),
    }


class _Headers(dict[str, str]):
    """The part of an e-mail's headers that the signer needs."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]]


class _Signer(SigV4Auth):
    """botocore's own, with a plain dict for the headers and a cache of the day's keys."""

    def headers_to_sign(self, request: Any) -> Any:
        lower = ((name.lower(), value) for name, value in request.headers.items())
        return _Headers((name, value) for name, value in lower if name not in SIGNED_HEADERS_BLACKLIST)

    def _sign(self, key: bytes, msg: str, hex: bool = False) -> Any:  # noqa: A002 - botocore's name
        return super()._sign(key, msg, hex=True) if hex else _derived(key, msg)  # type: ignore[misc]


@lru_cache(maxsize=16)
def _derived(key: bytes, message: str) -> bytes:
    """One of four steps from the secret to the key of a day, region and service; the same all day."""
    return hmac.digest(key, message.encode(), "sha256")
