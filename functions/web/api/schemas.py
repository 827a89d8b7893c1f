"""What the shapes of the API are made of (JSON Schema)."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TIME: Schema = {"type": "string", "format": "date-time"}
FLAG: Schema = {"type": "boolean"}


def text(**limits: object) -> Schema:
    return {"type": "string", **limits}


def whole(least: int | None = None, most: int | None = None) -> Schema:
    limits = {"minimum": least, "maximum": most}
    return {"type": "integer", **{name: limit for name, limit in limits.items() if limit is not None}}


def maybe(kind: str) -> Schema:
    return {"type": [kind, "null"]}


def one_of(values: Any) -> Schema:
    return {"type": "string", "enum": list(values)}


def obj(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def page_of(item: Schema) -> Schema:
    return obj({"items": {"type": "array", "items": obj(item)}, "cursor": maybe("string")})
