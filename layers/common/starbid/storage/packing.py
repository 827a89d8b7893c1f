"""Dataclasses as JSON and back, by the names of their fields. Read strictly: what this version would not have written
counts as none.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from starbid.storage.rows import at, ms

R = TypeVar("R")


@cache
def _hints(shape: type[Any]) -> dict[str, Any]:
    """The types of the fields, and of nothing else that the class names."""
    hints = get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}


def pack(value: Any) -> Any:
    """As JSON: a dataclass by the names of its fields, moments in milliseconds since 1970."""
    if is_dataclass(value):
        return {field.name: pack(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [pack(each) for each in value]
    return ms(value) if isinstance(value, datetime) else value


def read(shape: type[R], value: dict[str, Any] | None) -> R | None:
    """What `pack` made of a `shape`; None for anything else."""
    try:
        found: R | None = _unpack(shape, value) if value else None
    except (TypeError, OverflowError):
        return None
    return found


def _unpack(shape: Any, value: Any) -> Any:
    """What `pack` made of a `shape`; raises TypeError for anything else, OverflowError for no moment."""
    if get_origin(shape) is UnionType:  # of a shape and None
        (shape,) = (each for each in get_args(shape) if each is not NoneType)
        return None if value is None else _unpack(shape, value)
    if get_origin(shape) is tuple and type(value) is list:
        return tuple(_unpack(get_args(shape)[0], each) for each in value)
    if isinstance(shape, type) and is_dataclass(shape) and type(value) is dict and value.keys() == _hints(shape).keys():
        # One field more would not be written back, and the record never be the one that is known.
        return shape(**{name: _unpack(hint, value[name]) for name, hint in _hints(shape).items()})
    if shape is datetime and type(value) is int:
        return at(value)
    if type(value) is not shape:
        raise TypeError(f"{value!r} is no {shape}")
    return value
