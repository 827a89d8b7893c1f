"""Finished bid logs in a private bucket of their own: `logs/` is what people get, `steps/` how far a writer came.

What is under `steps/` tells hidden maxima: only the writer may read it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from starbid.services.ports import LogFile, LogProgress, Part, Unavailable, UploadGone
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.reading import named_errors

LINK_SECONDS = 300
_JSON = "application/json"
_MISSING = ("NoSuchKey", "404")
_THERE = ("PreconditionFailed", "412")
_TOGETHER = ("ConditionalRequestConflict", "409")
_PART_FIELDS = ("ETag", "ChecksumCRC32")
"""A checksum is there where botocore has made one, and then wanted again."""


class BucketLogs:
    """Implements `ports.LogFiles`. Every write of a log is refused by S3 where it is there already."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def find(self, auction_id: str, most: int) -> LogFile | None:
        answer = self._get(_log(auction_id))
        if answer is None:
            return None
        if answer["ContentLength"] > most:
            answer["Body"].close()
            return LogFile(link=self._link(auction_id))
        return LogFile(answer["Body"].read())

    def exists(self, auction_id: str) -> bool:
        try:
            with named_errors():
                client("s3").head_object(Bucket=self._bucket, Key=_log(auction_id))
        except ClientError as error:
            if _code(error) in _MISSING:
                return False
            raise
        return True

    def write(self, auction_id: str, content: bytes) -> None:
        with _unless_there():
            client("s3").put_object(
                Bucket=self._bucket, Key=_log(auction_id), Body=content, ContentType=_JSON, IfNoneMatch="*"
            )

    def begin(self, auction_id: str) -> str:
        with named_errors():
            answer = client("s3").create_multipart_upload(Bucket=self._bucket, Key=_log(auction_id), ContentType=_JSON)
        return str(answer["UploadId"])

    def add(self, auction_id: str, upload: str, number: int, content: bytes) -> Part:
        with _while_known():
            answer = client("s3").upload_part(
                Bucket=self._bucket, Key=_log(auction_id), UploadId=upload, PartNumber=number, Body=content
            )
        return {name: answer[name] for name in _PART_FIELDS if name in answer}

    def finish(self, auction_id: str, upload: str, parts: tuple[Part, ...]) -> None:
        numbered = [{"PartNumber": number, **part} for number, part in enumerate(parts, start=1)]
        about = {"Bucket": self._bucket, "Key": _log(auction_id), "UploadId": upload}
        with _while_known(), _unless_there():
            client("s3").complete_multipart_upload(**about, MultipartUpload={"Parts": numbered}, IfNoneMatch="*")

    def save_progress(self, auction_id: str, progress: LogProgress) -> str:
        name = f"{progress.number}-{hashlib.sha256(progress.upload.encode()).hexdigest()[:16]}"
        content = {
            "upload": progress.upload,
            "parts": progress.parts,
            "number": progress.number,
            "head": progress.head,
            "deciding": [rows.bid_item(row) for row in progress.deciding],
        }
        with named_errors():
            client("s3").put_object(
                Bucket=self._bucket, Key=_step(auction_id, name), Body=json.dumps(content).encode(), ContentType=_JSON
            )
        return name

    def progress(self, auction_id: str, name: str) -> LogProgress | None:
        answer = self._get(_step(auction_id, name))
        if answer is None:
            return None
        kept = json.loads(answer["Body"].read())
        deciding = tuple(rows.bid_from(_without_none(item)) for item in kept["deciding"])
        return LogProgress(kept["upload"], tuple(kept["parts"]), kept["number"], kept["head"], deciding)

    def _get(self, key: str) -> dict[str, Any] | None:
        try:
            with named_errors():
                answer: dict[str, Any] = client("s3").get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise
        return answer

    def _link(self, auction_id: str) -> str:
        name = f'attachment; filename="starbid-{auction_id}.json"'
        asked = {"Bucket": self._bucket, "Key": _log(auction_id), "ResponseContentDisposition": name}
        return str(client("s3").generate_presigned_url("get_object", Params=asked, ExpiresIn=LINK_SECONDS))


class LogQueue:
    """Implements `ports.LogRequests`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, auction_id: str, step: str = "") -> None:
        with named_errors():
            client("sqs").send_message(QueueUrl=self._url, MessageBody=json.dumps({"log": auction_id, "step": step}))


@contextmanager
def _unless_there() -> Iterator[None]:
    """Nothing is wrong where the log is there; of two writers at the same moment one tries again."""
    try:
        with named_errors():
            yield
    except ClientError as error:
        if _code(error) in _TOGETHER:
            raise Unavailable("s3") from error
        if _code(error) not in _THERE:
            raise


@contextmanager
def _while_known() -> Iterator[None]:
    try:
        with named_errors():
            yield
    except ClientError as error:
        if _code(error) == "NoSuchUpload":
            raise UploadGone from error
        raise


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _log(auction_id: str) -> str:
    return f"logs/{auction_id}.json"


def _step(auction_id: str, name: str) -> str:
    return f"steps/{auction_id}/{name}.json"


def _without_none(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value is not None}
