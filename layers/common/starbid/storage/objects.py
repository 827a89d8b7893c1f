"""What buckets are asked: whether an object is there, and for its content."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from starbid.storage.errors import Absent, aws_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

T = TypeVar("T")


def found(call: Callable[[], T]) -> T | None:
    """What S3 answers to a call; None where its object is not there."""
    try:
        with aws_errors():
            return call()
    except Absent:
        return None


def content_of(answer: GetObjectOutputTypeDef) -> bytes:
    """The connection may break while it is read: raises Unavailable."""
    with aws_errors():
        return answer["Body"].read()
