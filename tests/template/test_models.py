"""The layer's cut of botocore's models has every operation that somebody looks up: our code and botocore.

Reads the code without running it, so it sees branches that no test takes. `tests/sam/test_adapters.py` runs the calls
with the built layer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore
from botocore import xform_name
from botocore.session import get_session

from starbid.acceleration.build.trim_models import OPERATIONS

ROOT = Path(__file__).resolve().parents[2]
OURS = (ROOT / "layers/common/starbid", ROOT / "functions")
NEVER = {("s3", "CreateSession")}
"""For directory buckets, whose names end in `--x-s3`; ours are general purpose buckets."""


@cache
def by_method(service: str) -> dict[str, str]:
    """Operations of the whole model by the names of the clients' methods."""
    return {xform_name(name): name for name in get_session().get_service_model(service).operation_names}


def calls_in(*folders: Path) -> Iterator[tuple[Path, ast.Call, ast.Attribute]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield path, node, node.func


def first_word(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def service_of(receiver: ast.expr) -> str:
    """`client("s3")` is S3's; any attribute named client is DynamoDB's."""
    if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "client":
        return first_word(receiver)
    is_kept = isinstance(receiver, ast.Attribute) and receiver.attr in ("client", "_client")
    return "dynamodb" if is_kept else ""


def asked_by_us() -> set[tuple[str, str]]:
    """(service, operation) of each call on a client, and of each address that a client signs."""
    found = set()
    for path, call, method in calls_in(*OURS):
        service = service_of(method.value)
        if not service or method.attr == "generate_presigned_post":  # botocore says below what that looks up
            continue
        name = first_word(call) if method.attr == "generate_presigned_url" else method.attr
        assert name in by_method(service), f"{path.name}:{call.lineno} asks {service} for {name}"
        found.add((service, by_method(service)[name]))
    return found


def asked_by_botocore() -> set[tuple[str, str]]:
    """Operations of our services that botocore itself calls, or whose models it looks up by name."""
    found = set()
    for _, call, method in calls_in(Path(botocore.__file__).parent):
        for service in OPERATIONS:
            operations = by_method(service)
            looked_up = first_word(call) if method.attr == "operation_model" else operations.get(method.attr, "")
            if looked_up in operations.values():
                found.add((service, looked_up))
    return found


def test_what_our_code_asks_for_is_in_the_layer() -> None:
    asked = asked_by_us()
    assert {service for service, _ in asked} == set(OPERATIONS), "a service was not looked at"
    assert sorted((s, name) for s, name in asked if name not in OPERATIONS[s]) == []


def test_what_botocore_looks_up_by_itself_is_in_the_layer() -> None:
    asked = asked_by_botocore()
    assert ("s3", "CreateBucket") in asked, "the look itself sees nothing any more"
    assert sorted((s, name) for s, name in asked - NEVER if name not in OPERATIONS[s]) == []


def test_pages_and_waiters_are_not_asked_for_as_the_layer_lacks_their_models() -> None:
    asked = [
        f"{path.name}:{call.lineno}"
        for path, call, method in calls_in(*OURS)
        if method.attr in ("get_paginator", "get_waiter")
    ]
    assert asked == []
