"""Pictures in a private bucket: uploads under `incoming/`, a person's drafts under `drafts/`, lots' under `pictures/`,
what the sides of a dispute show under `evidence/`, photos of tickets under `tickets/`, those that the sides of a deal
send each other under `talks/`.

What no lot refers to expires by a rule of the bucket. An upload or a draft also says until when it counts (`until`, ms
since 1970): the bucket's rule is of days, and its clock need not be ours. For evidence the deal says it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from starbid.domain.errors import Invalid
from starbid.services.ports import DRAFT_LIFE, LOT_SIZES, PICTURE_VARIANTS, UPLOAD_LIFE
from starbid.storage.clients import client
from starbid.storage.errors import aws_errors
from starbid.storage.objects import content_of, found

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CopySourceTypeDef

MOST_BYTES = 5 * 1024 * 1024
_WEBP = ".webp"
_FORM_SECONDS = 3600
_AT_ONCE = 8
_KEY = re.compile(r"incoming/(\d+)/[0-9a-f]{32}")
_ID = re.compile(r"[a-z0-9]{8,40}")
_UNTIL = "until"
_FOR_EVER = "public, max-age=31536000, immutable"
"""Names of linked pictures never change, so they may be cached for ever."""
A = TypeVar("A")
B = TypeVar("B")


class BucketPictures:
    """Implements `ports.Pictures`. Stored as JPEG, those of lots as WebP too."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def upload_form(self, user_id: int, now: datetime) -> dict[str, Any]:
        key = _new_upload(user_id)
        form = _presign(self._bucket, key, _until(now, UPLOAD_LIFE))
        return {"url": form["url"], "fields": form["fields"], "key": key}

    def keep_upload(self, user_id: int, data: bytes, now: datetime) -> str:
        key = _new_upload(user_id)
        self._put(key, data, ContentType="application/octet-stream", Metadata={_UNTIL: _until(now, UPLOAD_LIFE)})
        return key

    def fetch_upload(self, user_id: int, key: str, now: datetime) -> bytes:
        match = _KEY.fullmatch(key)
        body = self._get(key, now) if match and int(match[1]) == user_id else None
        if body is None:
            raise Invalid("images", "upload_gone")
        return body

    def save_draft(self, user_id: int, picture_id: str, sizes: Mapping[str, bytes], now: datetime) -> None:
        def save(name: str) -> None:
            key = _draft(user_id, picture_id, name)
            self._put(key, sizes[name], ContentType=_type(name), Metadata={_UNTIL: _until(now, DRAFT_LIFE)})

        _each(save, sizes)

    def load_draft(self, user_id: int, picture_id: str, name: str, now: datetime) -> bytes | None:
        return self._get(_draft(user_id, picture_id, name), now) if _is_named(picture_id, name) else None

    def drafts_among(self, user_id: int, picture_ids: Iterable[str], now: datetime) -> frozenset[str]:
        ids = [picture_id for picture_id in picture_ids if _ID.fullmatch(picture_id)]
        there = _each(lambda picture_id: self._is_there(_draft(user_id, picture_id, LOT_SIZES[0]), now), ids)
        return frozenset(picture_id for picture_id, is_there in zip(ids, there, strict=True) if is_there)

    def link(self, user_id: int, picture_ids: Iterable[str]) -> frozenset[str]:
        parts = [(picture_id, name) for picture_id in picture_ids for name in PICTURE_VARIANTS]

        def copy(part: tuple[str, str]) -> bool:
            kind = _type(part[1])
            return self._copy(_draft(user_id, *part), _linked(*part), ContentType=kind, CacheControl=_FOR_EVER)

        copied = zip(parts, _each(copy, parts), strict=True)
        return frozenset(name for (name, size), was_there in copied if not was_there and size in LOT_SIZES)

    def unlink(self, user_id: int, picture_ids: Iterable[str], now: datetime) -> None:
        """First the copy, then the deletion: a crash in between leaves both and loses nothing."""
        until = _until(now, DRAFT_LIFE)

        def put_back(part: tuple[str, str]) -> None:
            kind = _type(part[1])
            self._copy(_linked(*part), _draft(user_id, *part), ContentType=kind, Metadata={_UNTIL: until})
            with aws_errors():
                client("s3").delete_object(Bucket=self._bucket, Key=_linked(*part))

        _each(put_back, [(picture_id, name) for picture_id in picture_ids for name in PICTURE_VARIANTS])

    def load(self, picture_id: str, name: str) -> bytes | None:
        return self._get(_linked(picture_id, name)) if _is_named(picture_id, name) else None

    def save_evidence(self, auction_id: str, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        self._save(lambda name: _shown(auction_id, picture_id, name), sizes)

    def load_evidence(self, auction_id: str, picture_id: str, name: str) -> bytes | None:
        return self._get(_shown(auction_id, picture_id, name)) if _is_named(picture_id, name) else None

    def save_ticket_photo(self, person_id: int, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        self._save(lambda name: _of_ticket(person_id, picture_id, name), sizes)

    def load_ticket_photo(self, person_id: int, picture_id: str, name: str) -> bytes | None:
        return self._get(_of_ticket(person_id, picture_id, name)) if _is_named(picture_id, name) else None

    def save_talk_photo(self, auction_id: str, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        self._save(lambda name: _of_talk(auction_id, picture_id, name), sizes)

    def load_talk_photo(self, auction_id: str, picture_id: str, name: str) -> bytes | None:
        return self._get(_of_talk(auction_id, picture_id, name)) if _is_named(picture_id, name) else None

    def _save(self, key_of: Callable[[str], str], sizes: Mapping[str, bytes]) -> None:
        _each(lambda name: self._put(key_of(name), sizes[name], ContentType="image/jpeg"), sizes)

    def _put(self, key: str, data: bytes, **how: Any) -> None:
        with aws_errors():
            client("s3").put_object(Bucket=self._bucket, Key=key, Body=data, **how)

    def _get(self, key: str, now: datetime | None = None) -> bytes | None:
        """The object, None where there is none (any more); raises Invalid for one above 5 MB without reading it."""
        answer = found(lambda: client("s3").get_object(Bucket=self._bucket, Key=key))
        if answer is None:
            return None
        if now and _is_over(answer, now):
            answer["Body"].close()
            return None
        if answer["ContentLength"] > MOST_BYTES:
            answer["Body"].close()
            raise Invalid("images", "picture_size")
        return content_of(answer)

    def _is_there(self, key: str, now: datetime) -> bool:
        answer = found(lambda: client("s3").head_object(Bucket=self._bucket, Key=key))
        return answer is not None and not _is_over(answer, now)

    def _copy(self, source: str, target: str, **how: Any) -> bool:
        """False where the source is gone. `REPLACE`: the copy is good for as long as `how` says."""
        origin: CopySourceTypeDef = {"Bucket": self._bucket, "Key": source}
        answer = found(
            lambda: client("s3").copy_object(
                Bucket=self._bucket, Key=target, CopySource=origin, MetadataDirective="REPLACE", **how
            )
        )
        return answer is not None


def _each(work: Callable[[A], B], parts: Iterable[A]) -> list[B]:
    """Several at once, in their order: each is a call of some hundredths of a second."""
    listed = list(parts)
    if len(listed) < 2:
        return [work(part) for part in listed]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, listed))


def _until(now: datetime, life: timedelta) -> str:
    return str(int((now + life).timestamp() * 1000))


def _is_over(answer: Mapping[str, Any], now: datetime) -> bool:
    """What says no end is over: everything that expires says it."""
    until = answer.get("Metadata", {}).get(_UNTIL, "")
    return not until.isdigit() or int(until) <= now.timestamp() * 1000


def _is_named(picture_id: str, name: str) -> bool:
    return bool(_ID.fullmatch(picture_id)) and name in PICTURE_VARIANTS


def _file(name: str) -> str:
    return name if name.endswith(_WEBP) else f"{name}.jpg"


def _type(name: str) -> str:
    return "image/webp" if name.endswith(_WEBP) else "image/jpeg"


def _new_upload(user_id: int) -> str:
    return f"incoming/{user_id}/{secrets.token_hex(16)}"


def _draft(user_id: int, picture_id: str, name: str) -> str:
    return f"drafts/{user_id}/{picture_id}/{_file(name)}"


def _linked(picture_id: str, name: str) -> str:
    return f"pictures/{picture_id}/{_file(name)}"


def _shown(auction_id: str, picture_id: str, name: str) -> str:
    return f"evidence/{auction_id}/{picture_id}/{name}.jpg"


def _of_ticket(person_id: int, picture_id: str, name: str) -> str:
    return f"tickets/{person_id}/{picture_id}/{name}.jpg"


def _of_talk(auction_id: str, picture_id: str, name: str) -> str:
    return f"talks/{auction_id}/{picture_id}/{name}.jpg"


def _presign(bucket: str, key: str, until: str) -> dict[str, Any]:
    """The browser adds the file's Content-Type; a field that no condition names would be refused."""
    end = {f"x-amz-meta-{_UNTIL}": until}
    conditions = [["content-length-range", 1, MOST_BYTES], ["starts-with", "$Content-Type", "image/"], end]
    with aws_errors():
        return client("s3").generate_presigned_post(
            bucket, key, Fields=end, Conditions=conditions, ExpiresIn=_FORM_SECONDS
        )
