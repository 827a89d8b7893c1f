"""What can be pressed below the question of a field: sensible values, of which each goes with what was answered before.

A sum names its currency: the draft may have another one by the time that it is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from starbid.category_words import category_name
from starbid.criteria_words import kind_name
from starbid.domain.kinds import KINDS
from starbid.domain.lot_form import END, filled
from starbid.domain.lots import CATEGORIES, GOODS
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.price_offers import offers
from starbid.domain.typed_numbers import amount_typed, typed_amount
from starbid.field_words import field_name
from starbid.i18n import Language
from starbid.services.ports import SellDraft
from starbid.telegram.keyboards import Button, Row, named_sum
from webhook.callback_data import named_sum as sum_of
from webhook.conversation import Conversation
from webhook.screens.selling_faults import contradiction, with_values
from webhook.screens.selling_fields import AMOUNT_FIELDS, CODE_OF, NONE, OPTIONAL, PHOTOS, TIMES, before, pending
from webhook.screens.zones import zone_button

_LENGTHS = (3600, 10_800, 43_200, 86_400, 259_200, 604_800)
_SPANS: Final = {
    "drop_seconds": (300, 600, 1800, 3600, 21_600, 86_400),
    "extend_seconds": (0, 60, 120, 300, 600),
    "max_extension_seconds": (1800, 3600, 7200, 14_400),
}


def values(chat: Conversation, draft: SellDraft, field: str) -> Mapping[str, str]:
    """All that a button of the field may carry, and what it is called, whether or not it goes with the rest."""
    words, known = chat.words, filled(draft.fields)
    if field in AMOUNT_FIELDS:
        return {named_sum(price): words.money(price) for price in _prices(known, field)}
    match field:
        case "category":
            return {name: category_name(name, words) for name in CATEGORIES}
        case "goods":
            labels = {"digital": words._("Something digital"), "physical": words._("A thing to send")}
            return {goods: labels[goods] for goods in GOODS}
        case "type":
            return {name: kind_name(name, words) for name in KINDS}
        case "currency":
            codes = [c for c in chat.app.settings.business.currencies if CURRENCIES[c].goods == known["goods"]]
            return {code: f"{CURRENCIES[code].sign} {code}" for code in codes}
        case "duration_seconds":
            lengths = [n for n in _LENGTHS if n >= chat.app.settings.business.min_auction_seconds]
            return {str(seconds): words.span(timedelta(seconds=seconds)) for seconds in lengths}
        case _:
            return {str(n): words.span(timedelta(seconds=n)) if n else words._("Off") for n in _SPANS.get(field, ())}


def options(chat: Conversation, draft: SellDraft, field: str) -> Mapping[str, str]:
    """Those of the values that go with what was answered before."""

    def goes(value: str) -> bool:
        return contradiction(chat, with_values(draft, field_values(field, value)), field) is None

    return {value: label for value, label in values(chat, draft, field).items() if goes(value)}


def field_values(field: str, value: str) -> dict[str, str]:
    """What a button of a sum or a time changes in the form. Raises Garbled for a sum in no currency."""
    if field in AMOUNT_FIELDS:
        return {field: amount_typed(sum_of(value))}
    return {field: value} | ({END: ""} if field == "duration_seconds" else {})


def _prices(known: Mapping[str, str], field: str) -> tuple[Money, ...]:
    """Sums to press; none in a currency that does not exist."""
    if known["currency"] not in CURRENCIES:
        return ()
    return offers(
        field, {name: typed_amount(known[name], known["currency"]) for name in AMOUNT_FIELDS}, known["currency"]
    )


def _chosen(draft: SellDraft, field: str) -> str | None:
    """The value of the button that stands for what is in the field; None where nothing was answered."""
    if field not in AMOUNT_FIELDS:
        return draft.fields.get(field)
    known = filled(draft.fields)
    amount = typed_amount(known[field], known["currency"])
    return named_sum(amount) if amount else None


def edit_button(draft: SellDraft, field: str, words: Language) -> Button:
    """Asks for one field."""
    own = {"drop_amount": words._("Size of a drop"), "drop_seconds": words._("How often it drops")}
    return Button(own.get(field) or field_name(field, words), f"sl:f:{draft.id}:{CODE_OF[field]}")


def edit_rows(draft: SellDraft, fields: Sequence[str], words: Language) -> list[Row]:
    """Two of them side by side."""
    buttons = [edit_button(draft, field, words) for field in fields]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


def rows(chat: Conversation, draft: SellDraft, field: str) -> list[Row]:
    """What can be pressed below the question of a field."""
    words, code = chat.words, CODE_OF[field]
    if field == PHOTOS:
        made = _photo_rows(draft, words)
    else:
        chosen = _chosen(draft, field)
        buttons = [
            Button(("✓ " if value == chosen else "") + label, _set(draft, code, value))
            for value, label in options(chat, draft, field).items()
        ]
        width = 1 if field == "type" else 2 if field in ("category", "goods") else 3
        made = [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]
    if field in OPTIONAL:
        label = words._("Start at once") if field == "starts_at" else words._("Without it")
        made.append((Button(label, _set(draft, code, NONE)),))
    if field in TIMES:
        made.append((zone_button(chat, f"sl:z:{draft.id}:{code}"),))
    if pending(chat, draft) is None:
        made.append((Button(words._("Back to the preview"), f"sl:o:{draft.id}"),))
    elif previous := before(chat, draft, field):
        made.append((Button(words._("Back"), f"sl:f:{draft.id}:{CODE_OF[previous]}"),))
    return made


def _set(draft: SellDraft, code: str, value: str) -> str:
    return f"sl:s:{draft.id}:{code}:{value}"


def _photo_rows(draft: SellDraft, words: Language) -> list[Row]:
    if not draft.pictures:
        return [(Button(words._("Without photos"), f"sl:k:{draft.id}"),)]
    removing = (
        Button(words._("Remove the last"), _set(draft, "ph", str(len(draft.pictures)))),
        Button(words._("Remove all"), _set(draft, "ph", NONE)),
    )
    return [(Button(words._("Done"), f"sl:k:{draft.id}"),), removing]
