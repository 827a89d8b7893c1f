"""Lambda's event filters: a record passes if one pattern matches it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def passes(patterns: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> bool:
    """Whether a record is delivered: no pattern at all lets everything through."""
    patterns = tuple(patterns)
    return not patterns or any(_matches(pattern, record) for pattern in patterns)


def _matches(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, Mapping):
        return all(_matches(rule, _field(value, key)) for key, rule in pattern.items())
    return any(_allows(rule, value) for rule in pattern)


def _field(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _allows(rule: Any, value: Any) -> bool:
    if not isinstance(rule, Mapping):
        return bool(rule == value)
    if "exists" in rule:
        return (value is not None) is bool(rule["exists"])
    if "prefix" in rule:
        return isinstance(value, str) and value.startswith(rule["prefix"])
    if "anything-but" in rule:
        refused = rule["anything-but"]
        return value is not None and value not in (refused if isinstance(refused, list) else [refused])
    raise ValueError(f"the filter rule {rule} is not understood here")
