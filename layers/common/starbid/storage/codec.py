"""DynamoDB's JSON to plain values and back. Only what Starbid stores: text, whole numbers, flags, lists, maps, sets.

A specialised codec: parsing with the general one costs more than everything else in a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Item = dict[str, Any]
WireValue: TypeAlias = "AttributeValueTypeDef"
Wire: TypeAlias = "dict[str, AttributeValueTypeDef]"
_PLAIN = frozenset({"S", "BOOL"})


def encode(item: Mapping[str, Any]) -> Wire:
    """An item for the wire; attributes that are None are left out."""
    return {name: encode_value(value) for name, value in item.items() if value is not None}


def encode_value(value: Any) -> WireValue:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case None:
            return {"NULL": True}
        case frozenset() | set():
            return {"SS": sorted(value)}
        case list() | tuple():
            return {"L": [encode_value(each) for each in value]}
        case dict():
            return {"M": {name: encode_value(each) for name, each in value.items()}}
        case _:
            raise TypeError(f"{type(value).__name__} is never stored")


def decode(wire: Mapping[str, Mapping[str, Any]]) -> Item:
    """An item from the wire."""
    item: Item = {}
    for name, value in wire.items():
        ((kind, content),) = value.items()
        # texts, flags and numbers are nearly all that comes: a call for each would take as long as the rest
        item[name] = content if kind in _PLAIN else int(content) if kind == "N" else decode_value(value)
    return item


def decode_value(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "S" | "BOOL":
            return content
        case "N":
            return int(content)
        case "L":
            return [decode_value(each) for each in content]
        case "M":
            return {name: decode_value(each) for name, each in content.items()}
        case "SS":
            return frozenset(content)
        case "NULL":
            return None
        case _:
            raise TypeError(f"attribute type {kind} is never stored")
