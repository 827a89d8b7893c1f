"""What a person has answered, put into a field of a draft: read as the site reads it, and checked at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

from starbid.domain.errors import Invalid, InvalidFields
from starbid.domain.lot_form import END, MOST_TEXT, filled, in_typed_units
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY
from starbid.domain.typed_numbers import amount_typed, typed_amount
from starbid.domain.typed_times import typed_moment
from starbid.field_words import field_fault
from starbid.services.ports import SellDraft
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Row
from starbid.zones import as_typed
from webhook import asking
from webhook.callback_data import Garbled, named_sum
from webhook.conversation import Conversation
from webhook.screens.selling_fields import (
    AMOUNT_FIELDS,
    CODE_OF,
    FIXED,
    NONE,
    OPTIONAL,
    PHOTOS,
    AskField,
    options,
    question,
    rows,
)

_VALUE = re.compile(r"[A-Za-z0-9_-]{1,20}")


def ask_field(chat: Conversation, draft: SellDraft, field: str, note: str = "", *more: Row) -> None:
    """Ask for one field, in the place of the screen that was pressed. `note` comes first, in Telegram's HTML; `more`
    rows come below its own.
    """
    text = "\n".join(part for part in (note, question(chat, draft, field)) if part)
    asking.ask_in_place(chat, AskField(draft.id, CODE_OF[field]), text, *rows(chat, draft, field), *more)


def set_pressed(chat: Conversation, draft: SellDraft, field: str, value: str) -> SellDraft:
    """A button's value. Raises Garbled for one that no button of this draft has, be it a price in a currency that it
    had once; Invalid.
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
    if value not in options(chat, draft, field):
        raise Garbled
    if field in AMOUNT_FIELDS:
        return _checked(chat, draft, field, {field: amount_typed(named_sum(value))})
    return _checked(chat, draft, field, _read(chat, draft, field, value))


def set_typed(chat: Conversation, draft: SellDraft, field: str, text: str) -> SellDraft:
    """What was written. Raises AskAgain with what would be right."""
    try:
        return _checked(chat, draft, field, _typed(chat, draft, field, text))
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
    labels = {label.casefold(): value for value, label in options(chat, draft, field).items()}
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
        return {field: text, END: ""}
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


def _currency(draft: SellDraft) -> str:
    """As the draft has it: the site keeps one that does not exist, too."""
    return filled(draft.fields)["currency"]


def _is_whole(currency: str) -> bool:
    return currency in CURRENCIES and CURRENCIES[currency].is_whole


def _checked(chat: Conversation, draft: SellDraft, field: str, values: dict[str, str]) -> SellDraft:
    """The draft with the values, kept; as it is, where a sum meets another currency by now. Raises Invalid where this
    very field is at fault, and DraftGone.
    """
    if draft.lot and field in FIXED:
        raise Invalid(field, "fixed")

    def step(kept: SellDraft) -> SellDraft:
        if field in AMOUNT_FIELDS and _currency(kept) != _currency(draft):
            return kept
        fields = {name: value for name, value in {**kept.fields, **values}.items() if value or name != END}
        return replace(kept, fields=fields)

    fault = fault_of(chat, step(draft), field)
    if fault:
        raise fault
    return chat.app.drafts.change(chat.person.id, draft.id, step, chat.now)


def fault_of(chat: Conversation, draft: SellDraft, field: str) -> Invalid | None:
    """What is wrong with one field of a draft, others may lack what they like."""
    try:
        chat.app.draft_publishing.read(draft, chat.now.astimezone(UTC))
    except InvalidFields as told:
        return next((in_typed_units(fault, _currency(draft)) for fault in told.errors if fault.field == field), None)
    return None


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
