"""The first try of a call to DynamoDB, on a short way below botocore's client.

A call takes botocore twice the CPU that it takes here: headers are copied, hooks run that have nothing to do for
DynamoDB, and a parser looks at every value. Here the request that botocore has put together is signed by botocore's
signer, sent by urllib3, and its JSON is taken as it comes. Whatever is no plain answer (no connection, a time-out, a
throttle, a failure of the service) is left to botocore, which then makes its own tries. Where no connection can be
made again and again, as with certificates that botocore takes and the standard library does not, the way is off.

In Lambda, botocore is the runtime's, and AWS puts a new one there when it likes. So what of it is not as it was turns
this way off, with a line in the log, and botocore makes all calls. FAST_PATH=false does the same.
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
"""Their answers are JSON that needs no reading of times or bytes: we store neither as such."""
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
"""What botocore would try again, beside every 5xx; and a signature that is none, which botocore may make better."""
LONGEST_PAUSE = 0.05
"""Seconds, at most, before botocore tries again what DynamoDB could not do."""
OFF = "the short way to DynamoDB is off"
UNCONNECTED = (ConnectTimeoutError, NewConnectionError, SSLError)
"""No connection came about, for whatever reason: nothing was sent."""
PATIENCE = 3
"""Times in a row without a connection, after which no more time is spent on it."""


def client(make: Callable[..., Any], session: Any) -> Any:
    """A client of DynamoDB that tries its calls here first, as far as that can be: not behind a proxy.

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
    client._ruleset_resolver = None  # the rules would give meta.endpoint_url anew for every call
    client.meta.events.register_last("before-call.dynamodb", first_try)


class _Answer(NamedTuple):
    """`status_code` is what botocore asks for."""

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
        """The request, with as much of one as the signer asks for; `params` is botocore's own."""
        headers: Any = {**params["headers"], "Host": self._host, "Content-Length": str(len(params["body"]))}
        request: Any = AWSPreparedRequest("POST", params["url"], headers, params["body"], False)
        request.context, request.params = {}, {}
        _Signer(keys, "dynamodb", self._region).add_auth(request)
        return request

    def _sent(self, request: Any) -> _Answer:
        """Raises HTTPError, OSError: what became of the request is then not known. ValueError: it cannot be sent."""
        got = self._pool.urlopen("POST", "/", request.body, request.headers, redirect=False, assert_same_host=False)
        self._unconnected = 0
        return _Answer(got.status, got.headers, got.data)

    def _turn_off(self) -> None:
        """To be called where an error was caught."""
        self._is_off = True
        tell(OFF)


def _is_damaged(answer: Any) -> bool:
    """Whether DynamoDB's checksum is that of another answer: botocore would look too. Raises ValueError for none."""
    checksum = answer.headers.get("x-amz-crc32")
    return checksum is not None and int(checksum) != zlib.crc32(answer.content)


def _error(body: dict[str, Any]) -> dict[str, str]:
    """As botocore words a refusal; the present items of failed conditions stand beside it already."""
    return {
        "Code": str(body.get("__type", "")).rpartition("#")[2],
        "Message": str(body.get("message", body.get("Message", ""))),
    }


class _Headers(dict[str, str]):
    """As much of an e-mail's headers as the signer asks for."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]]


class _Signer(SigV4Auth):
    """botocore's own, with a plain dict for the headers, and the keys of a day kept."""

    def headers_to_sign(self, request: Any) -> Any:
        lower = ((name.lower(), value) for name, value in request.headers.items())
        return _Headers((name, value) for name, value in lower if name not in SIGNED_HEADERS_BLACKLIST)

    def _sign(self, key: bytes, msg: str, hex: bool = False) -> Any:  # noqa: A002 - botocore's name
        return super()._sign(key, msg, hex=True) if hex else _derived(key, msg)  # type: ignore[misc]


@lru_cache(maxsize=16)
def _derived(key: bytes, message: str) -> bytes:
    """A step from the secret to the key of a day, region and service: four, and the same all day."""
    return hmac.digest(key, message.encode(), "sha256")
