"""Files that sellers hand over: what is known of them in a part of the lot, `files`; copies and uploads in a private
bucket.

The row stays when its files are erased, empty: what sweeps deals may delete no row of a lot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

from starbid.domain.delivered_files import MAX_FILES, DeliveredFile, FileKind
from starbid.services.ports import LINK_SECONDS, FilePlace
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode, encode_value
from starbid.storage.errors import Unmet, aws_errors
from starbid.storage.objects import content_of, found
from starbid.storage.reading import Reader
from starbid.storage.unit_parts import Parts

PART = "files"
_ANY = "application/octet-stream"


class DynamoDealFiles:
    """Implements `ports.DealFiles`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["auctions"]

    def of(self, auction_id: str, now: datetime) -> tuple[DeliveredFile, ...]:
        item = self._reader.get("auctions", files_key(auction_id), consistent=True)
        if item is None or ("due_at" in item and now >= rows.at(item["due_at"])):
            return ()
        return tuple(_file_from(file) for file in item.get("files", ()))

    def known(self, auction_id: str) -> tuple[DeliveredFile, ...]:
        item = self._reader.get("auctions", files_key(auction_id), consistent=True) or {}
        return tuple(_file_from(file) for file in item.get("files", ()))

    def due(self, now: datetime, limit: int) -> list[str]:
        found_ = self._reader.due("auctions", rows.shards(PART), rows.ms(now), limit)
        return [item["auction_id"] for item in found_][:limit]

    def erase(self, auction_id: str, now: datetime) -> None:
        with suppress(Unmet), aws_errors():
            self._reader.client.update_item(
                TableName=self._table,
                Key=encode(files_key(auction_id)),
                UpdateExpression="REMOVE #files, due_shard, due_at",
                ConditionExpression="due_at <= :now",
                ExpressionAttributeNames={"#files": "files"},
                ExpressionAttributeValues={":now": encode_value(rows.ms(now))},
            )


class FileVerbs(Parts):
    """The part of `ports.Unit` about them."""

    def keep_files(self, auction_id: str, files: tuple[DeliveredFile, ...]) -> None:
        item = encode(files_key(auction_id) | {"files": [_file_item(file) for file in files]})
        self._add("files", auction_id, "auctions", "Put", {"Item": item}, "", {}, dict)

    def expire_files(self, auction_id: str, at: datetime) -> None:
        """For readers and the sweep."""
        update = "SET due_shard = :shard, due_at = :at"
        action = {"Key": encode(files_key(auction_id)), "UpdateExpression": update}
        values = {":shard": rows.shard(PART, auction_id), ":at": rows.ms(at)}
        self._add("files", auction_id, "auctions", "Update", action, "", values, dict)


class BucketCopies:
    """Implements `ports.FileCopies`: under `goods/`, which a rule of the bucket empties after some months."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def link(self, auction_id: str, place: FilePlace, saved_as: str) -> str | None:
        key = _key(auction_id, place)
        if found(lambda: client("s3").head_object(Bucket=self._bucket, Key=key)) is None:
            return None
        asked = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": disposition(saved_as),
            "ResponseContentType": _ANY,
            "ResponseCacheControl": "private, no-store",
        }
        with aws_errors():
            return client("s3").generate_presigned_url("get_object", Params=asked, ExpiresIn=LINK_SECONDS)

    def load(self, auction_id: str, place: FilePlace) -> bytes | None:
        answer = found(lambda: client("s3").get_object(Bucket=self._bucket, Key=_key(auction_id, place)))
        return content_of(answer) if answer else None

    def keep(self, auction_id: str, place: FilePlace, data: bytes) -> None:
        with aws_errors():
            client("s3").put_object(Bucket=self._bucket, Key=_key(auction_id, place), Body=data, ContentType=_ANY)

    def erase(self, auction_id: str, uploads: Sequence[str]) -> None:
        for place in (*range(1, MAX_FILES + 1), *uploads):
            with aws_errors():
                client("s3").delete_object(Bucket=self._bucket, Key=_key(auction_id, place))


def disposition(name: str) -> str:
    """Saved under this name, in whatever letters; an older browser gets it in those of ASCII (RFC 6266)."""
    plain = "".join(mark if mark.isascii() and mark not in '"\\' else "_" for mark in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def files_key(auction_id: str) -> Item:
    return {"auction_id": auction_id, "part": PART}


def _file_item(file: DeliveredFile) -> Item:
    told = {"id": file.file_id, "kind": file.kind.value, "name": file.name, "type": file.type, "size": file.size}
    return {name: value for name, value in told.items() if value}


def _file_from(item: Item) -> DeliveredFile:
    kind, size = FileKind(item["kind"]), item.get("size")
    return DeliveredFile(item["id"], kind, item["name"], item.get("type", ""), size)


def _key(auction_id: str, place: FilePlace) -> str:
    return f"goods/{auction_id}/{place}"
