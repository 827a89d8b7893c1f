"""Makes the tables and buckets of the template that do not exist yet."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from local.template import Bucket, Table, Template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client


def check_answers(endpoint: str) -> None:
    """Raises OSError: boto3 alone would retry for a long time."""
    parts = urlsplit(endpoint)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    socket.create_connection((parts.hostname or "", port), timeout=5).close()


def create_tables(client: DynamoDBClient, template: Template) -> None:
    """Create every missing table with its indexes, stream and TTL attribute, and indexes that older ones lack."""
    present = {name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]}
    for table in template.tables.values():
        if table.name in present:
            _add_indexes(client, table)
        else:
            _create_table(client, table)


def stream_of(client: DynamoDBClient, table: str) -> str:
    """The address of a table's stream."""
    return client.describe_table(TableName=table)["Table"]["LatestStreamArn"]


def create_buckets(client: S3Client, template: Template) -> None:
    """Create every missing bucket with its CORS rules."""
    present = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    for bucket in template.buckets.values():
        if bucket.name not in present:
            client.create_bucket(Bucket=bucket.name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        _allow_origins(client, bucket)


def _create_table(client: DynamoDBClient, table: Table) -> None:
    try:
        client.create_table(**table.create)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceInUseException":
            raise
        return  # somebody else was faster
    client.get_waiter("table_exists").wait(TableName=table.name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    if table.ttl:
        client.update_time_to_live(
            TableName=table.name, TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl}
        )


def _add_indexes(client: DynamoDBClient, table: Table) -> None:
    """For data of an older version; DynamoDB makes one index at a time. Raises ValueError if one has other keys now."""
    there = client.describe_table(TableName=table.name)["Table"].get("GlobalSecondaryIndexes", [])
    known = {index["IndexName"]: index["KeySchema"] for index in there}
    for index in table.create.get("GlobalSecondaryIndexes", []):
        if index["IndexName"] in known and known[index["IndexName"]] != index["KeySchema"]:
            raise ValueError(f"the data are of an older version ({table.name}): name another folder in DATA_DIR")
        if index["IndexName"] not in known:
            client.update_table(
                TableName=table.name,
                AttributeDefinitions=table.create["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )


def _allow_origins(client: S3Client, bucket: Bucket) -> None:
    if bucket.cors:
        rules = [_cors_rule(rule) for rule in bucket.cors]
        client.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": rules})  # type: ignore[typeddict-item]


def _cors_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {"MaxAge": "MaxAgeSeconds", "Id": "ID", "ExposedHeaders": "ExposeHeaders"}
    return {renamed.get(key, key): value for key, value in rule.items()}
