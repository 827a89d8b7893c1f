"""One client per service and process, with time-outs fit for a Lambda. botocore alone: boto3's layer is not needed."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    max_pool_connections=32,
    retries={"mode": "standard", "total_max_attempts": 3},
    parameter_validation=False,
    s3={"addressing_style": "path"},
)
"""botocore retries throttles and time-outs with the same ClientRequestToken, which is safe; conflicts are ours."""


@cache
def session() -> Session:
    return get_session()


@cache
def client(service: str) -> Any:
    """The process's client of `dynamodb`, `s3`, `sqs`, `scheduler` or `ssm`; thread-safe."""
    return session().create_client(service, config=CONFIG)


def forget_clients() -> None:
    """For tests that move to another endpoint."""
    client.cache_clear()
    session.cache_clear()
