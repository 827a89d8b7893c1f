"""Objects of a bucket that are handed in by parts (S3's multipart uploads)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from starbid.storage.clients import client
from starbid.storage.errors import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedMultipartUploadTypeDef


@dataclass(frozen=True, slots=True)
class Uploads:
    """To one bucket. All calls but `begin` raise UploadGone where the upload is not known any more."""

    bucket: str

    def begin(self, key: str, content_type: str) -> str:
        with aws_errors():
            answer = client("s3").create_multipart_upload(Bucket=self.bucket, Key=key, ContentType=content_type)
        return answer["UploadId"]

    def add(self, key: str, upload: str, number: int, content: bytes) -> dict[str, str]:
        """What S3 says of the part: to be given back at the end, with its number."""
        with aws_errors():
            answer = client("s3").upload_part(
                Bucket=self.bucket, Key=key, UploadId=upload, PartNumber=number, Body=content
            )
        part = {"ETag": answer["ETag"], "ChecksumCRC32": answer.get("ChecksumCRC32", "")}
        return {name: value for name, value in part.items() if value}  # a checksum that botocore made is wanted again

    def finish(self, key: str, upload: str, parts: Sequence[Mapping[str, Any]], **conditions: Any) -> None:
        """`parts` with their `PartNumber`, going up. Raises Unmet where one of the `conditions` does not hold."""
        whole = cast("CompletedMultipartUploadTypeDef", {"Parts": [dict(part) for part in parts]})
        with aws_errors():
            client("s3").complete_multipart_upload(
                Bucket=self.bucket, Key=key, UploadId=upload, MultipartUpload=whole, **conditions
            )
