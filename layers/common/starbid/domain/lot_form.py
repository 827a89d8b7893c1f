"""The form of a lot as people fill it in, on the site and in the chat: what its fields are, and how they are read.

A field is the text that stands in it. What comes of all of them is for `lots.read_draft` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from starbid.domain.alt_texts import ALTS, typed_alts
from starbid.domain.errors import Invalid
from starbid.domain.kinds import DEFAULT_KIND, KINDS
from starbid.domain.lots import AMOUNTS, Lot
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money
from starbid.domain.typed_numbers import amount_typed, beyond_limits, typed_amount, typed_whole

SECONDS = ("extend_seconds", "max_extension_seconds", "drop_seconds")
FIELDS = (
    "title", "description", "category", "goods", "type", "currency", *AMOUNTS, *SECONDS,
    "starts_at", "starts_zone", "duration_seconds",
)  # fmt: skip
END = "ends_at"
"""The end that was named in the chat, ISO 8601 in UTC. It counts where the duration is empty; the form of the site
sends it along, and has it among the durations to choose from.
"""
DEFAULTS = {
    "category": "other", "goods": "digital", "type": DEFAULT_KIND, "currency": DEFAULT_CURRENCY,
    "extend_seconds": "120", "max_extension_seconds": "7200", "drop_seconds": "600", "duration_seconds": "259200",
}  # fmt: skip
MOST_TEXT, MOST_TYPED = 10_000, 1_000


def along(form: Mapping[str, str]) -> dict[str, str]:
    """What goes with the fields where there is any: an end that was named, and what the pictures show."""
    alts = {ALTS: form[ALTS][:MOST_TEXT]} if form.get(ALTS) else {}
    return end_field(form) | alts


def typed_fields(form: Mapping[str, str]) -> dict[str, str]:
    """The form as it was typed, to go back into the page: a long text too, but not without end."""
    typed = {name: form.get(name, "")[: MOST_TEXT if name == "description" else MOST_TYPED] for name in FIELDS}
    return typed | along(form)


def filled(typed: Mapping[str, str]) -> dict[str, str]:
    """All fields, with the default of each that was not asked for yet."""
    return {name: typed.get(name, DEFAULTS.get(name, "")) for name in FIELDS}


def draft_fields(typed: Mapping[str, str]) -> dict[str, object]:
    """The form as `read_draft` takes it: numbers, of amounts in minor units, where they can be read, else as typed.

    Of the fields of a kind only those of the chosen one are read: without scripts the form shows all of them.
    """
    currency = typed.get("currency") or DEFAULT_CURRENCY
    others = foreign_fields(typed.get("type") or DEFAULTS["type"])
    fields: dict[str, object] = {name: typed.get(name, "") for name in FIELDS if name not in others}
    if typed.get(ALTS):
        fields[ALTS] = typed[ALTS]
    for name in fields.keys() & {*AMOUNTS}:
        amount = typed_amount(typed.get(name, ""), currency)
        fields[name] = _read(typed.get(name, ""), amount.amount if amount else None)
    for name in fields.keys() & {*SECONDS, "duration_seconds"}:
        fields[name] = _read(typed.get(name, ""), typed_whole(typed.get(name, "")))
    return fields


def _read(text: str, number: int | None) -> object:
    """Blanks alone are an empty field."""
    return text.strip() if number is None else number


def foreign_fields(kind: str) -> frozenset[str]:
    """The fields that belong to other kinds alone."""
    own = set(KINDS[kind].fields) if kind in KINDS else set()
    return frozenset(name for other in KINDS.values() for name in other.fields if name not in own)


def named_end(fields: Mapping[str, object]) -> datetime | None:
    """The end that was named, in UTC; None where the duration counts, or where a browser has sent what is none."""
    named = fields.get(END)
    if not isinstance(named, str) or fields.get("duration_seconds"):
        return None
    try:
        end = datetime.fromisoformat(named)
        return end.astimezone(UTC) if end.tzinfo else None
    except (ValueError, OverflowError):
        return None


def end_field(fields: Mapping[str, str]) -> dict[str, str]:
    """The field of the end that was named, to go with the others; none where the duration counts."""
    end = named_end(fields)
    return {END: end.isoformat()} if end else {}


def values_of(lot: Lot, zone: tzinfo) -> dict[str, str]:
    """A lot as its form shows it, its start in `zone`. The duration is the whole one: left so, the end stays."""
    auction, card, terms = lot.auction, lot.card, lot.auction.terms
    sums: dict[str, Money | None] = {name: getattr(terms, name) for name in AMOUNTS}
    lengths: dict[str, int | None] = {name: getattr(terms, name) for name in SECONDS}
    return {
        "title": card.title,
        "description": card.description,
        "category": card.category,
        "goods": card.goods,
        "type": terms.kind,
        "currency": terms.currency,
        **{name: amount_typed(amount) if amount else "" for name, amount in sums.items()},
        **{name: "" if length is None else str(length) for name, length in lengths.items()},
        "starts_at": f"{auction.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        "duration_seconds": str(int(auction.duration.total_seconds())),
        **({ALTS: typed_alts(card.alts)} if card.alts else {}),
    }


def in_typed_units(fault: Invalid, currency: str) -> Invalid:
    """A fault of `read_draft`, which takes minor units, to somebody who types roubles, not kopecks."""
    if fault.field not in AMOUNTS or currency not in CURRENCIES or CURRENCIES[currency].is_whole:
        return fault
    match fault.reason:
        case "range":
            return beyond_limits(fault.field, currency)
        case "whole":
            return Invalid(fault.field, "amount")
        case _:
            return fault
