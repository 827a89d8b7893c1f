"""What is wrong with a form, at the top of its page: a line for each field, with the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starbid.field_words import field_name
from starbid.i18n import Language

_FIRST_STEP = ("images", "title", "description", "category", "goods")
_IN_ORDER = (
    *_FIRST_STEP, "type", "start_price", "currency", "floor_price", "drop_amount", "drop_seconds", "duration_seconds",
    "reserve_price", "buy_now_price", "bid_step", "extend_seconds", "max_extension_seconds", "starts_at",
)  # fmt: skip


@dataclass(frozen=True)
class FaultLine:
    """`field` is also the id of what it leads to, `step` the part of the form that has it."""

    field: str
    name: str
    text: str
    step: str


def fault_lines(faults: Mapping[str, str], words: Language) -> tuple[FaultLine, ...]:
    """In the order of the form; what it has no field for comes last, and leads to its end."""
    order = {name: place for place, name in enumerate(_IN_ORDER)}
    named = sorted(faults.items(), key=lambda fault: order.get(fault[0], len(order)))
    return tuple(_line(field, text, words) for field, text in named)


def _line(field: str, text: str, words: Language) -> FaultLine:
    if field not in _IN_ORDER:
        return FaultLine("step-publish", field_name(field, words), text, "publish")
    return FaultLine(field, field_name(field, words), text, "what" if field in _FIRST_STEP else "price")
