"""The files of exports in a private bucket, which deletes them after a day: `files/` is what people get, `rows/` what
workbooks are made of.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from starbid.services.ports import FilePart
from starbid.storage.clients import client
from starbid.storage.errors import aws_errors
from starbid.storage.objects import found
from starbid.storage.uploads import Uploads
from starbid.storage.workbook import write_workbook

LINK_SECONDS = 900
_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json; charset=utf-8",
    ".jsonl": "application/jsonl",
}


class BucketExports:
    """Implements `ports.ExportFiles`."""

    def __init__(self, bucket: str) -> None:
        self._bucket, self._uploads = bucket, Uploads(bucket)

    def write(self, name: str, content: bytes) -> None:
        with aws_errors():
            client("s3").put_object(Bucket=self._bucket, Key=name, Body=content, ContentType=_type_of(name))

    def begin(self, name: str) -> str:
        return self._uploads.begin(name, _type_of(name))

    def add(self, name: str, upload: str, number: int, content: bytes) -> FilePart:
        return {"PartNumber": number, **self._uploads.add(name, upload, number, content)}

    def finish(self, name: str, upload: str, parts: tuple[FilePart, ...]) -> None:
        self._uploads.finish(name, upload, parts)

    def size(self, name: str) -> int | None:
        answer = found(lambda: client("s3").head_object(Bucket=self._bucket, Key=name))
        return answer["ContentLength"] if answer else None

    def make_workbook(self, rows: str, name: str) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            with aws_errors():
                body = client("s3").get_object(Bucket=self._bucket, Key=rows)["Body"]
                write_workbook(body.iter_lines(), path)
            with path.open("rb") as book, aws_errors():
                client("s3").put_object(Bucket=self._bucket, Key=name, Body=book, ContentType=_type_of(name))

    def link(self, name: str, saved_as: str) -> str:
        asked = {
            "Bucket": self._bucket,
            "Key": name,
            "ResponseContentDisposition": f'attachment; filename="{saved_as}"',
            "ResponseContentType": _type_of(name),
        }
        with aws_errors():
            return client("s3").generate_presigned_url("get_object", Params=asked, ExpiresIn=LINK_SECONDS)


def _type_of(name: str) -> str:
    return _TYPES[Path(name).suffix]
