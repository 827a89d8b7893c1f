"""Finished bid logs in a private bucket of their own: `logs/` is what people get, `steps/` how far a writer came.

What is under `steps/` tells hidden maxima: only the writer may read it.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starbid.services.ports import LogFile, LogProgress, Part
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.errors import Unmet, aws_errors
from starbid.storage.objects import content_of, found
from starbid.storage.uploads import Uploads

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

LINK_SECONDS = 300
_JSON = "application/json"


class BucketLogs:
    """Implements `ports.LogFiles`. Every write of a log is refused by S3 where it is there already."""

    def __init__(self, bucket: str) -> None:
        self._bucket, self._uploads = bucket, Uploads(bucket)

    def find(self, auction_id: str, most: int) -> LogFile | None:
        answer = self._get(_log(auction_id))
        if answer is None:
            return None
        if answer["ContentLength"] > most:
            answer["Body"].close()
            return LogFile(link=self._link(auction_id))
        return LogFile(content_of(answer))

    def exists(self, auction_id: str) -> bool:
        return found(lambda: client("s3").head_object(Bucket=self._bucket, Key=_log(auction_id))) is not None

    def write(self, auction_id: str, content: bytes) -> None:
        with suppress(Unmet), aws_errors():
            client("s3").put_object(
                Bucket=self._bucket, Key=_log(auction_id), Body=content, ContentType=_JSON, IfNoneMatch="*"
            )

    def begin(self, auction_id: str) -> str:
        return self._uploads.begin(_log(auction_id), _JSON)

    def add(self, auction_id: str, upload: str, number: int, content: bytes) -> Part:
        return self._uploads.add(_log(auction_id), upload, number, content)

    def finish(self, auction_id: str, upload: str, parts: tuple[Part, ...]) -> None:
        numbered = [{"PartNumber": number, **part} for number, part in enumerate(parts, start=1)]
        with suppress(Unmet):
            self._uploads.finish(_log(auction_id), upload, numbered, IfNoneMatch="*")

    def save_progress(self, auction_id: str, progress: LogProgress) -> str:
        name = f"{progress.number}-{hashlib.sha256(progress.upload.encode()).hexdigest()[:16]}"
        content = {
            "upload": progress.upload,
            "parts": progress.parts,
            "number": progress.number,
            "head": progress.head,
            "deciding": [rows.bid_item(row) for row in progress.deciding],
        }
        with aws_errors():
            client("s3").put_object(
                Bucket=self._bucket, Key=_step(auction_id, name), Body=json.dumps(content).encode(), ContentType=_JSON
            )
        return name

    def progress(self, auction_id: str, name: str) -> LogProgress | None:
        answer = self._get(_step(auction_id, name))
        if answer is None:
            return None
        kept = json.loads(content_of(answer))
        deciding = tuple(rows.bid_from(_without_none(item)) for item in kept["deciding"])
        return LogProgress(kept["upload"], tuple(kept["parts"]), kept["number"], kept["head"], deciding)

    def _get(self, key: str) -> GetObjectOutputTypeDef | None:
        return found(lambda: client("s3").get_object(Bucket=self._bucket, Key=key))

    def _link(self, auction_id: str) -> str:
        name = f'attachment; filename="starbid-{auction_id}.json"'
        asked = {"Bucket": self._bucket, "Key": _log(auction_id), "ResponseContentDisposition": name}
        with aws_errors():
            return client("s3").generate_presigned_url("get_object", Params=asked, ExpiresIn=LINK_SECONDS)


class LogQueue:
    """Implements `ports.LogRequests`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, auction_id: str, step: str = "") -> None:
        with aws_errors():
            client("sqs").send_message(QueueUrl=self._url, MessageBody=json.dumps({"log": auction_id, "step": step}))


def _log(auction_id: str) -> str:
    return f"logs/{auction_id}.json"


def _step(auction_id: str, name: str) -> str:
    return f"steps/{auction_id}/{name}.json"


def _without_none(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value is not None}
