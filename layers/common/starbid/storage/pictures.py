"""Pictures in a private bucket: uploads under `incoming/`, re-encoded ones under `pictures/`."""

from __future__ import annotations

import re
import secrets
from typing import Any

from botocore.exceptions import ClientError

from starbid.domain.errors import Invalid
from starbid.storage.clients import client
from starbid.storage.reading import named_errors

MOST_BYTES = 5 * 1024 * 1024
SIZES = ("small", "medium", "large")
_FORM_SECONDS = 3600
_KEY = re.compile(r"incoming/(\d+)/[0-9a-f]{32}")
_ID = re.compile(r"[a-z0-9]{8,40}")


class BucketPictures:
    """Implements `ports.Pictures`. Stored as JPEG; names never change, so they may be cached for ever."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def upload_form(self, user_id: int) -> dict[str, Any]:
        key = f"incoming/{user_id}/{secrets.token_hex(16)}"
        form = _presign(self._bucket, key)
        return {"url": form["url"], "fields": form["fields"], "key": key}

    def fetch_upload(self, user_id: int, key: str) -> bytes:
        match = _KEY.fullmatch(key)
        if match is None or int(match[1]) != user_id:
            raise Invalid("images", "picture")
        body = self._get(key)
        if body is None:
            raise Invalid("images", "picture")
        return body

    def save(self, picture_id: str, sizes: dict[str, bytes]) -> None:
        for name, data in sizes.items():
            with named_errors():
                client("s3").put_object(
                    Bucket=self._bucket,
                    Key=_path(picture_id, name),
                    Body=data,
                    ContentType="image/jpeg",
                    CacheControl="public, max-age=31536000, immutable",
                )

    def load(self, picture_id: str, name: str) -> bytes | None:
        if not _ID.fullmatch(picture_id) or name not in SIZES:
            return None
        return self._get(_path(picture_id, name))

    def _get(self, key: str) -> bytes | None:
        """The object, None where there is none; raises Invalid for one above 5 MB without reading it."""
        try:
            with named_errors():
                answer = client("s3").get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        if answer["ContentLength"] > MOST_BYTES:
            answer["Body"].close()
            raise Invalid("images", "picture_size")
        data: bytes = answer["Body"].read()
        return data


def _path(picture_id: str, name: str) -> str:
    return f"pictures/{picture_id}/{name}.jpg"


def _presign(bucket: str, key: str) -> dict[str, Any]:
    """The browser adds the file's Content-Type; a field that no condition names would be refused."""
    conditions = [["content-length-range", 1, MOST_BYTES], ["starts-with", "$Content-Type", "image/"]]
    form: dict[str, Any] = client("s3").generate_presigned_post(
        bucket, key, Conditions=conditions, ExpiresIn=_FORM_SECONDS
    )
    return form
