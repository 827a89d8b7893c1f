"""Fields of what Telegram sends, read strictly."""

from __future__ import annotations

from typing import Any

MAX_ID = 2**52
MAX_KEY = 256
"""Payloads, charge ids, query ids: longer ones are not Telegram's."""


class Wrong(Exception):
    """A field is not there or not of its type."""


def object_of(body: dict[str, Any], field: str) -> dict[str, Any]:
    value = body.get(field)
    if not isinstance(value, dict):
        raise Wrong
    return value


def text_of(body: dict[str, Any], field: str, most: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise Wrong
    return clean(value)


def number_of(body: dict[str, Any], field: str) -> int:
    value = body.get(field)
    if type(value) is not int or abs(value) >= MAX_ID:
        raise Wrong
    return value


def count_of(body: dict[str, Any], field: str) -> int | None:
    """A number above zero; None where there is none."""
    value = body.get(field)
    return value if type(value) is int and 0 < value < MAX_ID else None


def clean(value: str) -> str:
    """Half a surrogate pair is no text: neither the store nor Telegram would take it."""
    return value.encode("utf-8", "replace").decode()
