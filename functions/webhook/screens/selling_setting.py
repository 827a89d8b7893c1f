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
from webhook.callback_data import Garbled
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
    """A button's value. Raises Garbled for one that no button has; Invalid."""
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
    if field not in AMOUNT_FIELDS and value not in options(chat, draft, field):
        raise Garbled
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
        currency = filled(draft.fields)["currency"]
        amount = typed_amount(text, currency)
        if amount is None:
            raise Invalid(field, "whole" if CURRENCIES[currency].is_whole else "amount")
        return {field: amount_typed(amount)}
    if field == "duration_seconds":
        return {field: text, END: ""}
    if field == "goods":
        return {field: text} | _priced_anew(chat, draft, text)
    return {field: text[:MOST_TEXT]}


def _priced_anew(chat: Conversation, draft: SellDraft, goods: str) -> dict[str, str]:
    """The currency of these goods. Where it is another one no sum of the former counts: ⭐ 100 are not 100 ₽."""
    codes = [code for code in chat.app.settings.business.currencies if CURRENCIES[code].goods == goods]
    currency = codes[0] if codes else DEFAULT_CURRENCY
    same = currency == filled(draft.fields)["currency"]
    return {"currency": currency} | ({} if same else dict.fromkeys(AMOUNT_FIELDS, ""))


def _checked(chat: Conversation, draft: SellDraft, field: str, values: dict[str, str]) -> SellDraft:
    """The draft with the values, kept. Raises Invalid where this very field is at fault, and DraftGone."""
    if draft.lot and field in FIXED:
        raise Invalid(field, "fixed")

    def step(kept: SellDraft) -> SellDraft:
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
        currency = filled(draft.fields)["currency"]
        return next((in_typed_units(fault, currency) for fault in told.errors if fault.field == field), None)
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
