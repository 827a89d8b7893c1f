"""JSON bodies, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starbid.domain.errors import Invalid
from web.kernel.exceptions import Malformed, TooLarge, WrongMediaType
from web.kernel.http import JSON, Request

MAX_JSON_BYTES = 64 * 1024
_HUGE = 10**40
"""Stands for every whole number too long to be read; far above any amount."""


def read_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises TooLarge, WrongMediaType, Malformed."""
    body = request.body
    if len(body) > MAX_JSON_BYTES:
        raise TooLarge(MAX_JSON_BYTES)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind != JSON and not (kind.startswith("application/") and kind.endswith("+json")):
        raise WrongMediaType(JSON)
    try:
        data = json.loads(body.decode(), parse_int=_whole, parse_constant=_refuse)
        json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Malformed("JSON") from None
    if not isinstance(data, dict):
        raise Malformed("a JSON object")
    return data


def read_whole(fields: Mapping[str, object], name: str) -> int:
    """A whole number; how large it may be is the use case's to say. Raises Invalid."""
    value = _required(fields, name)
    if type(value) is not int:
        raise Invalid(name, "whole")
    return value


def read_string(fields: Mapping[str, object], name: str) -> str:
    """A text; what may stand in it is the use case's to say. Raises Invalid."""
    value = _required(fields, name)
    if not isinstance(value, str):
        raise Invalid(name, "text")
    return value


def _required(fields: Mapping[str, object], name: str) -> object:
    value = fields.get(name)
    if value is None:
        raise Invalid(name, "required")
    return value


def _whole(digits: str) -> int:
    if len(digits) <= 40:
        return int(digits)
    return -_HUGE if digits.startswith("-") else _HUGE


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
