"""What is wrong with an answer of a draft, in itself or beside what was answered before; by the domain's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from starbid.domain.errors import Invalid, InvalidFields
from starbid.domain.lot_form import END, SECONDS, along, filled, in_typed_units
from starbid.domain.lots import AMOUNTS
from starbid.services.ports import SellDraft
from starbid.zones import zone_called
from webhook.conversation import Conversation

_BOUND = (*AMOUNTS, *SECONDS, "duration_seconds")
"""The fields that may contradict each other."""


def with_values(draft: SellDraft, values: Mapping[str, str]) -> SellDraft:
    """The draft with these fields; an end that is empty is none."""
    fields = {name: value for name, value in {**draft.fields, **values}.items() if value or name != END}
    return replace(draft, fields=fields)


def fault_of(chat: Conversation, draft: SellDraft, field: str) -> Invalid | None:
    """What is wrong with one field, or with another one because of it; others may lack what they like."""
    try:
        chat.app.draft_publishing.read(draft, chat.now.astimezone(UTC))
    except InvalidFields as told:
        own = next((fault for fault in told.errors if fault.field == field), None)
        return in_typed_units(own, filled(draft.fields)["currency"]) if own else contradiction(chat, draft, field)
    return None


def contradiction(chat: Conversation, draft: SellDraft, field: str) -> Invalid | None:
    """What a field spoils, in itself or in another one; None where it goes with what is known. Nothing is read from
    the store for it.
    """
    if field not in _BOUND:
        return None
    before = {_name(fault) for fault in _faults(chat, _without(draft, field))}
    caused = (fault for fault in _faults(chat, draft) if _name(fault) not in before)
    return next((fault for fault in caused if fault.reason != "required"), None)


def parties(chat: Conversation, draft: SellDraft, field: str, fault: Invalid) -> list[str]:
    """The other fields that have a part in a contradiction: without any one of them there is none."""
    return [
        name
        for name in _BOUND
        if name != field and _name(fault) not in {_name(left) for left in _faults(chat, _without(draft, name))}
    ]


def _faults(chat: Conversation, draft: SellDraft) -> tuple[Invalid, ...]:
    """All that is wrong with it, were it a new lot."""
    form, zone = filled(draft.fields) | along(draft.fields), zone_called(draft.fields.get("starts_zone")) or UTC
    try:
        chat.app.draft_publishing.read_form(form, None, zone, chat.now.astimezone(UTC))
    except InvalidFields as told:
        return tuple(in_typed_units(fault, form["currency"]) for fault in told.errors)
    return ()


def _without(draft: SellDraft, field: str) -> SellDraft:
    return with_values(draft, {field: "", **({END: ""} if field == "duration_seconds" else {})})


def _name(fault: Invalid) -> tuple[str, str]:
    return fault.field, fault.reason
