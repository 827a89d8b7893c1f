"""What a person has answered, put into a field of a draft: read as the site reads it, and checked at once."""

from __future__ import annotations

import re
from dataclasses import replace

from starbid.domain.errors import Invalid
from starbid.domain.lot_form import END, MOST_TEXT, filled
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY
from starbid.domain.typed_numbers import amount_typed, typed_amount
from starbid.domain.typed_times import typed_moment
from starbid.field_words import fault_of_field, field_fault
from starbid.services.ports import SellDraft
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Row
from starbid.zones import as_typed
from webhook import asking
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.screens.selling_faults import contradiction, fault_of, parties, with_values
from webhook.screens.selling_fields import (
    AMOUNT_FIELDS,
    CODE_OF,
    FIXED,
    NONE,
    OPTIONAL,
    PHOTOS,
    AskField,
    question,
)
from webhook.screens.selling_options import edit_rows, field_values, rows, values

_FALL = ("floor_price", "drop_amount")
_VALUE = re.compile(r"[A-Za-z0-9_-]{1,20}")


class Refused(Exception):
    """An answer that does not go with another one: `told` says why, in Telegram's HTML, and `ways` lead to those."""

    def __init__(self, told: str, ways: list[Row]) -> None:
        super().__init__(told)
        self.told, self.ways = told, ways


def ask_field(chat: Conversation, draft: SellDraft, field: str, note: str = "", *more: Row) -> None:
    """Ask for one field, in the place of the screen that was pressed. `note` comes first, in Telegram's HTML; `more`
    rows come below its own.
    """
    text = "\n".join(part for part in (note, question(chat, draft, field)) if part)
    asking.ask_in_place(chat, AskField(draft.id, CODE_OF[field]), text, *rows(chat, draft, field), *more)


def set_pressed(chat: Conversation, draft: SellDraft, field: str, value: str) -> SellDraft:
    """A button's value. Raises Garbled for one that no button of this draft has, be it a price in a currency that it
    had once; Refused, Invalid.
    """
    if not _VALUE.fullmatch(value):
        raise Garbled
    if field == PHOTOS:
        return _without_photos(chat, draft, value)
    if value == NONE:
        if field not in OPTIONAL:
            raise Garbled
        return _checked(chat, draft, field, {field: ""})
    if field in ("title", "description", "starts_at"):
        raise Garbled
    if value not in values(chat, draft, field):
        raise Garbled
    if field in AMOUNT_FIELDS:
        return _checked(chat, draft, field, field_values(field, value))
    return _checked(chat, draft, field, _read(chat, draft, field, value))


def set_typed(chat: Conversation, draft: SellDraft, field: str, text: str) -> SellDraft:
    """What was written. Raises AskAgain with what would be right."""
    try:
        return _checked(chat, draft, field, _typed(chat, draft, field, text))
    except Refused as refused:
        raise asking.AskAgain(refused.told, *rows(chat, draft, field), *refused.ways) from refused
    except Invalid as fault:
        told = escape(field_fault(fault, chat.words))
        raise asking.AskAgain(told, *rows(chat, draft, field)) from fault


def _typed(chat: Conversation, draft: SellDraft, field: str, text: str) -> dict[str, str]:
    """Raises Invalid."""
    if field == "duration_seconds":
        end = typed_moment(field, text, chat.now, chat.words.zone)
        return {END: end.isoformat(), field: ""}
    if field == "starts_at":
        shown, zone = as_typed(typed_moment(field, text, chat.now, chat.words.zone), chat.words.zone)
        return {field: shown, "starts_zone": zone}
    if field in AMOUNT_FIELDS or field in ("title", "description"):
        return _read(chat, draft, field, text)
    labels = {label.casefold(): value for value, label in values(chat, draft, field).items()}
    value = labels.get(" ".join(text.split()).casefold())
    if value is None:
        raise Invalid(field, "choice")
    return _read(chat, draft, field, value)


def _read(chat: Conversation, draft: SellDraft, field: str, text: str) -> dict[str, str]:
    """What a value changes in the form. Raises Invalid for what is no amount."""
    if field in AMOUNT_FIELDS:
        amount = typed_amount(text, _currency(draft))
        if amount is None:
            raise Invalid(field, "whole" if _is_whole(_currency(draft)) else "amount")
        return {field: amount_typed(amount)}
    if field == "duration_seconds":
        return field_values(field, text)
    if field == "type":
        return _of_kind(chat, draft, text)
    if field == "goods":
        codes = [code for code in chat.app.settings.business.currencies if CURRENCIES[code].goods == text]
        return {field: text} | _priced_in(codes[0] if codes else DEFAULT_CURRENCY, draft)
    if field == "currency":
        return _priced_in(text, draft)
    return {field: text[:MOST_TEXT]}


def _priced_in(currency: str, draft: SellDraft) -> dict[str, str]:
    """Where the currency is another one no sum of the former counts: ⭐ 100 are not 100 ₽."""
    same = currency == _currency(draft)
    return {"currency": currency} | ({} if same else dict.fromkeys(AMOUNT_FIELDS, ""))


def _of_kind(chat: Conversation, draft: SellDraft, kind: str) -> dict[str, str]:
    """What a falling price needs and does not go with the start any more is asked for again."""
    changed = with_values(draft, {"type": kind})
    return {"type": kind} | {name: "" for name in _FALL if contradiction(chat, changed, name)}


def _currency(draft: SellDraft) -> str:
    """As the draft has it: the site keeps one that does not exist, too."""
    return filled(draft.fields)["currency"]


def _is_whole(currency: str) -> bool:
    return currency in CURRENCIES and CURRENCIES[currency].is_whole


def _checked(chat: Conversation, draft: SellDraft, field: str, changed: dict[str, str]) -> SellDraft:
    """The draft with the values, kept; as it is, where a sum meets another currency by now. Raises Invalid where this
    very field is at fault, Refused where it does not go with others, and DraftGone.
    """
    if draft.lot and field in FIXED:
        raise Invalid(field, "fixed")

    def step(kept: SellDraft) -> SellDraft:
        if field in AMOUNT_FIELDS and _currency(kept) != _currency(draft):
            return kept
        return with_values(kept, changed)

    answered = step(draft)
    fault = fault_of(chat, answered, field)
    if fault:
        raise _refused(chat, draft, answered, field, fault)
    return chat.app.drafts.change(chat.person.id, draft.id, step, chat.now)


def _refused(chat: Conversation, draft: SellDraft, answered: SellDraft, field: str, fault: Invalid) -> Exception:
    """A fault by itself, or with the way to each field that has a part in it."""
    others = parties(chat, answered, field, fault)
    if not others:
        return fault
    told = field_fault(fault, chat.words) if fault.field == field else fault_of_field(fault, chat.words)
    return Refused(escape(told), edit_rows(draft, others, chat.words))


def _without_photos(chat: Conversation, draft: SellDraft, value: str) -> SellDraft:
    """Without all, or without the last of so many: with another number of them the button is old, and does nothing."""
    if value != NONE and not value.isdecimal():
        raise Garbled

    def step(kept: SellDraft) -> SellDraft:
        if value != NONE and str(len(kept.pictures)) != value:
            return kept
        pictures = () if value == NONE else kept.pictures[:-1]
        unseen = {name: number for name, number in kept.unseen.items() if name in pictures}
        return replace(kept, pictures=pictures, unseen=unseen)

    return chat.app.drafts.change(chat.person.id, draft.id, step, chat.now)
