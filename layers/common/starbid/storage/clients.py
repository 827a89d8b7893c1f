"""One client per service and process, with time-outs fit for a Lambda. botocore alone: boto3's layer is not needed."""

from __future__ import annotations

import os
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, overload

from botocore.config import Config
from botocore.session import Session, get_session

from starbid.config import fast_path

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    max_pool_connections=32,
    retries={"mode": "standard", "total_max_attempts": 3},
    parameter_validation=False,
    s3={"addressing_style": "path"},
    user_agent="Starbid",  # botocore would put together a long one for every call
    disable_request_compression=True,
)
"""botocore retries throttles and time-outs with the same ClientRequestToken, which is safe; conflicts are ours."""
_SIGNED_LINKS = Config(signature_version="s3v4")
"""By itself botocore signs links in a way of before 2014, which new buckets refuse in most regions."""
_AT_START = Config(retries={"mode": "standard", "total_max_attempts": 5})
"""Parameter Store answers 40 calls a second of an account, unless told otherwise. Where more processes begin at once,
some wait here rather than fail: 15 s at most, of the 25 that a function has."""
_OF_SERVICE = {"s3": _SIGNED_LINKS, "ssm": _AT_START}


@cache
def session() -> Session:
    """With botocore's own service models."""
    return get_session()


@overload
def client(service: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service: Literal["s3"]) -> S3Client: ...
@overload
def client(service: Literal["scheduler"]) -> EventBridgeSchedulerClient: ...
@overload
def client(service: Literal["sesv2"]) -> Any: ...
@overload
def client(service: Literal["sqs"]) -> SQSClient: ...
@overload
def client(service: Literal["ssm"]) -> SSMClient: ...
def client(service: str) -> Any:
    """The process's client of a service; thread-safe. Raises ConfigError."""
    return any_client(service)


@cache
def any_client(service: str) -> Any:
    """The same, also for a service that is named in a variable."""
    if not fast_path(os.environ):
        return plain(service, session())
    from starbid.acceleration import models, short_way

    make = partial(short_way.client, plain) if service == "dynamodb" else partial(plain, service)
    return models.client(service, make, session)


def plain(service: str, of: Session, **changes: Any) -> Any:
    """botocore's client with CONFIG, and with `changes` of it."""
    config = CONFIG.merge(_OF_SERVICE[service]) if service in _OF_SERVICE else CONFIG
    return of.create_client(service, config=config.merge(Config(**changes)) if changes else config)


def forget_clients() -> None:
    """For tests that move to another endpoint."""
    from starbid.acceleration import models

    any_client.cache_clear()
    session.cache_clear()
    models.trimmed_session.cache_clear()
