"""The part of botocore's service models that Starbid uses: `python -m starbid.acceleration.build.trim_models FOLDER`.

botocore looks through four hundred services and reads half a megabyte of DynamoDB's model at every cold start. The
layer carries these files instead, and `acceleration/models.py` points botocore at them. They also let DynamoDB's items
pass as plain documents: botocore would check each value against ten possible types, which costs more than everything
else in a page, and Starbid's codec decodes them anyway.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

OPERATIONS = {
    "dynamodb": {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    },
    "s3": {
        "CompleteMultipartUpload",
        "CopyObject",
        "CreateBucket",  # botocore uses its address and fields for a presigned POST
        "CreateMultipartUpload",
        "DeleteObject",
        "DeleteObjects",
        "GetObject",
        "HeadBucket",  # botocore finds a bucket's region with it, after some refusals of HeadObject
        "HeadObject",
        "ListObjectsV2",
        "PutObject",
        "UploadPart",
    },
    "scheduler": {"CreateSchedule", "DeleteSchedule", "UpdateSchedule"},
    "sesv2": {"SendEmail"},
    "sqs": {
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "ReceiveMessage",
        "SendMessage",
        "SendMessageBatch",
    },
    "ssm": {"GetParameters"},
}
"""The operations that the functions use, by service."""
DOCUMENTS = {"AttributeMap", "AttributeValue", "ExpressionAttributeValueMap", "Key", "PutItemInputAttributeMap"}
"""Shapes of DynamoDB that pass unchanged."""
COMMON = ("endpoints", "partitions", "_retry", "sdk-default-configuration")


def main(folder: Path) -> None:
    loader = Loader()
    shutil.rmtree(folder, ignore_errors=True)
    for name in COMMON:
        data = loader.load_data(name)
        if name == "endpoints":
            data = of_our_services(data)
        _write(folder / f"{name}.json", data)
    for service, operations in OPERATIONS.items():
        version = loader.determine_latest_version(service, "service-2")
        for kind in ("service-2", "endpoint-rule-set-1"):
            data = loader.load_service_model(service, kind, version)
            trimmed = trim(data, operations) if kind == "service-2" else without_documentation(data)
            _write(folder / service / version / f"{kind}.json", trimmed)


def of_our_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    """The endpoints of all partitions and regions, for our services only."""
    short = [
        {**part, "services": {name: each for name, each in part["services"].items() if name in OPERATIONS}}
        for part in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": short}


def trim(model: dict[str, Any], operations: set[str]) -> dict[str, Any]:
    """The model with these operations and the shapes they need. Raises KeyError for one that does not exist."""
    kept = {name: model["operations"][name] for name in sorted(operations)}
    shapes = dict(model["shapes"])
    if model["metadata"].get("serviceId") == "DynamoDB":
        shapes |= {name: {"type": "structure", "members": {}, "document": True} for name in DOCUMENTS}
    used: dict[str, Any] = {}
    wanted = _references(kept)
    while wanted:
        name = wanted.pop()
        if name not in used:
            used[name] = shapes[name]
            wanted |= _references(shapes[name])
    short: dict[str, Any] = without_documentation(
        {"version": model["version"], "metadata": model["metadata"], "operations": kept, "shapes": used}
    )
    return short


def without_documentation(data: Any) -> Any:
    if isinstance(data, dict):
        return {
            name: without_documentation(value)
            for name, value in data.items()
            if not (name in ("documentation", "documentationUrl") and isinstance(value, str))
        }
    return [without_documentation(each) for each in data] if isinstance(data, list) else data


def _references(data: Any) -> set[str]:
    if isinstance(data, dict):
        own = {data["shape"]} if isinstance(data.get("shape"), str) else set()
        return own.union(*(_references(value) for value in data.values()))
    return set().union(*(_references(each) for each in data)) if isinstance(data, list) else set()


def _write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
