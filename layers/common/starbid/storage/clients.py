"""One client per service and process, with time-outs fit for a Lambda."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from starbid.storage.aws import SERVICES, JsonClient


@cache
def session() -> Any:
    """botocore's session. botocore alone: boto3's layer is not needed."""
    from botocore.session import get_session

    return get_session()


@cache
def client(service: str) -> Any:
    """The process's client of `dynamodb`, `s3`, `sqs`, `scheduler` or `ssm`; thread-safe.

    Our own small one in a Lambda and wherever an endpoint is named (the local run); botocore's for S3, and where
    credentials may come from anywhere.
    """
    if service in SERVICES and _is_at_home():
        return JsonClient(service, os.environ)
    from botocore.config import Config

    # botocore retries throttles and time-outs with the same ClientRequestToken, which is safe; conflicts are ours.
    config = Config(
        connect_timeout=2,
        read_timeout=5,
        max_pool_connections=32,
        retries={"mode": "standard", "total_max_attempts": 3},
        parameter_validation=False,
        s3={"addressing_style": "path"},
    )
    return session().create_client(service, config=config)


def forget_clients() -> None:
    """For tests that move to another endpoint."""
    client.cache_clear()
    session.cache_clear()


def _is_at_home() -> bool:
    known = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    place = os.environ.get("AWS_LAMBDA_FUNCTION_NAME") or os.environ.get("AWS_ENDPOINT_URL")
    return bool(region and place and all(os.environ.get(name) for name in known))
