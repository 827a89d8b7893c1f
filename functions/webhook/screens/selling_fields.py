"""The fields of a lot in the chat: what each of them asks, what is offered to press, and which one comes next.

All that is answered stands in the draft; a question knows its draft and its field and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starbid.category_words import category_name
from starbid.criteria_words import kind_name
from starbid.domain.kinds import KINDS
from starbid.domain.lot_form import END, filled, foreign_fields
from starbid.domain.lots import CATEGORIES, GOODS, MAX_PICTURES, TITLE_LENGTH
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.typed_numbers import typed_amount
from starbid.i18n import Language
from starbid.services.ports import SellDraft, is_draft_id
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row, named_sum
from starbid.zones import place
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.screens.zones import zone_button

PHOTOS: Final = "images"
CODES: Final = {
    "ph": PHOTOS, "ti": "title", "de": "description", "ca": "category", "go": "goods", "ki": "type", "cu": "currency",
    "sp": "start_price", "rp": "reserve_price", "bn": "buy_now_price", "bs": "bid_step", "fp": "floor_price",
    "da": "drop_amount", "ds": "drop_seconds", "ex": "extend_seconds", "mx": "max_extension_seconds",
    "du": "duration_seconds", "st": "starts_at",
}  # fmt: skip
"""On buttons, which have room for 64 bytes. Never reused with another meaning."""
CODE_OF: Final = {field: code for code, field in CODES.items()}
OPTIONAL: Final = ("reserve_price", "buy_now_price", "bid_step", "starts_at")
TIMES: Final = ("duration_seconds", "starts_at")
"""A moment that is typed is read in the person's zone."""
NONE: Final = "-"
"""On a button: the field is left empty."""
FIXED: Final = ("goods", "type", "currency")
"""Of a lot that is up."""
_WAY: Final = (PHOTOS, "title", "description", "category", "goods", "type", "start_price", "floor_price",
               "drop_amount", "duration_seconds")  # fmt: skip
_PRICES = (1, 10, 100, 500)
"""Whole units."""
_PRICED = ("start_price", "drop_amount", "bid_step", "floor_price")
_LENGTHS = (3600, 10_800, 43_200, 86_400, 259_200, 604_800)
_SPANS: Final = {
    "drop_seconds": (300, 600, 1800, 3600, 21_600, 86_400),
    "extend_seconds": (0, 60, 120, 300, 600),
    "max_extension_seconds": (1800, 3600, 7200, 14_400),
}
AMOUNT_FIELDS: Final = ("start_price", "reserve_price", "buy_now_price", "bid_step", "floor_price", "drop_amount")
PATIENCE = 86_400


@dataclass(frozen=True)
class AskField(Question):
    """One field of a draft."""

    name = "sell-field"
    patience = PATIENCE
    draft: str
    code: str

    @property
    def again(self) -> str:
        return f"sl:f:{self.draft}:{self.code}"

    def leaving(self, words: Language) -> Button:
        return Button(words._("Later"), f"sl:l:{self.draft}")


def draft_id(text: str) -> str:
    """Raises Garbled."""
    if not is_draft_id(text):
        raise Garbled
    return text


def field_of(code: str) -> str:
    """Raises Garbled."""
    if code not in CODES:
        raise Garbled
    return CODES[code]


def both_goods(chat: Conversation) -> bool:
    """Whether physical things can be sold here as well."""
    return len({CURRENCIES[code].goods for code in chat.app.settings.business.currencies}) > 1


def pending(chat: Conversation, draft: SellDraft) -> str | None:
    """The first field of the way that was not answered yet; None where a preview can be shown."""
    return next((field for field in _WAY if _is_open(chat, draft, field)), None)


def _is_open(chat: Conversation, draft: SellDraft, field: str) -> bool:
    fields = draft.fields
    match field:
        case "images":
            return not (draft.pictures or draft.uploads or fields.get("title", "").strip())
        case "category":
            return "category" not in fields
        case "goods":
            return "goods" not in fields and both_goods(chat)
        case "type":
            return not fields.get("type")
        case "duration_seconds":
            return not (fields.get("duration_seconds") or fields.get(END))
        case _:
            return field not in foreign_fields(filled(fields)["type"]) and not fields.get(field, "").strip()


def before(chat: Conversation, draft: SellDraft, field: str) -> str | None:
    """The step before one of the way; None where there is none."""
    if field not in _WAY:
        return None
    others = foreign_fields(filled(draft.fields)["type"])
    steps = [step for step in _WAY if step not in others and (step != "goods" or both_goods(chat))]
    at = steps.index(field) if field in steps else 0
    return steps[at - 1] if at else None


def options(chat: Conversation, draft: SellDraft, field: str) -> Mapping[str, str]:
    """What can be pressed, and what it is called. A sum names its currency: the draft may have another one by then."""
    words, values = chat.words, filled(draft.fields)
    if field in AMOUNT_FIELDS:
        return {named_sum(price): words.money(price) for price in _prices(field, values["currency"])}
    match field:
        case "category":
            return {name: category_name(name, words) for name in CATEGORIES}
        case "goods":
            labels = {"digital": words._("Something digital"), "physical": words._("A thing to send")}
            return {goods: labels[goods] for goods in GOODS}
        case "type":
            return {name: kind_name(name, words) for name in KINDS}
        case "currency":
            codes = [c for c in chat.app.settings.business.currencies if CURRENCIES[c].goods == values["goods"]]
            return {code: f"{CURRENCIES[code].sign} {code}" for code in codes}
        case "duration_seconds":
            known = [n for n in _LENGTHS if n >= chat.app.settings.business.min_auction_seconds]
            return {str(seconds): words.span(timedelta(seconds=seconds)) for seconds in known}
        case _:
            return {str(n): words.span(timedelta(seconds=n)) if n else words._("Off") for n in _SPANS.get(field, ())}


def _prices(field: str, currency: str) -> list[Money]:
    """Sums to press; none in a currency that does not exist."""
    if field not in _PRICED or currency not in CURRENCIES:
        return []
    return [Money(price * CURRENCIES[currency].minor_units, currency) for price in _PRICES]


def _chosen(draft: SellDraft, field: str) -> str | None:
    """The value of the button that stands for what is in the field; None where nothing was answered."""
    if field not in AMOUNT_FIELDS:
        return draft.fields.get(field)
    values = filled(draft.fields)
    amount = typed_amount(values[field], values["currency"])
    return named_sum(amount) if amount else None


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


def question(chat: Conversation, draft: SellDraft, field: str) -> str:
    """What a field asks, in Telegram's HTML."""
    _, values = chat.words._, filled(draft.fields)
    kind = KINDS.get(values["type"])
    match field:
        case "images":
            return photo_words(draft, chat.words)
        case "title":
            return _("What is it called? {least} to {most} characters.", least=TITLE_LENGTH[0], most=TITLE_LENGTH[1])
        case "description":
            return _("Describe it: what it is, its condition, how the buyer gets it.")
        case "category":
            return _("Which category?")
        case "goods":
            return _(
                "What is it? Something digital is priced in Stars and sent in a message; a thing is priced in "
                "{currency} and sent to the buyer's address.",
                currency=CURRENCIES[chat.app.settings.business.bills.currency].sign,
            )
        case "type":
            said = [(kind_name(name, chat.words), chat.words.say(each.line)) for name, each in KINDS.items()]
            lines = (f"<b>{escape(label)}</b> — {escape(line[:1].lower() + line[1:])}" for label, line in said)
            return "\n".join((_("Which kind of auction?"), *lines))
        case "currency":
            return _("Which currency?")
        case "start_price" if kind and kind.falls:
            return _("Start price: the price drops from here. Choose, or send an amount.")
        case "start_price":
            return _("Start price: the first bid is at least this. Choose, or send an amount.")
        case "duration_seconds":
            return _(
                "How long? Choose, or send the end: today 21:00, 5.12 18:30, in 3 hours. Your time zone: {zone}.",
                zone=place(chat.words.zone, chat.now),
            )
        case "starts_at":
            return _(
                "When does it start? For example: today 21:00, 5.12 18:30, in 3 hours. Your time zone: {zone}.",
                zone=place(chat.words.zone, chat.now),
            )
        case _:
            return _more_words(chat.words)[field]


def _more_words(words: Language) -> dict[str, str]:
    _ = words._
    return {
        "reserve_price": _("Reserve price: below it the lot is not sold, and nobody sees it. Send an amount."),
        "buy_now_price": _(
            "Buy-now price: the first to pay it gets the lot at once, until somebody bids. Send an amount."
        ),
        "bid_step": _("Bid step: how much more each bid has to be. Choose, or send an amount."),
        "floor_price": _("Lowest price: the price drops no further. Choose, or send an amount."),
        "drop_amount": _("How much does the price drop each time? Choose, or send an amount."),
        "drop_seconds": _("How often does the price drop?"),
        "extend_seconds": _("A bid in the last minutes adds time. How much?"),
        "max_extension_seconds": _("How much time may bids add in all?"),
    }


def takes_title(draft: SellDraft, field: str) -> bool:
    """Words that come while photos are waited for are the title, until there is one."""
    return field == PHOTOS and not draft.fields.get("title", "").strip()


def photo_words(draft: SellDraft, words: Language, field: str = PHOTOS) -> str:
    """How many there are, and how to go on; `field`: the one that is asked for."""
    count = len(draft.pictures)
    if not count and not takes_title(draft, PHOTOS):
        return words._(
            "Send photos of it: up to {most}, one by one or as an album. The first one is the cover.", most=MAX_PICTURES
        )
    if not count:
        return words._(
            "Send photos of it: up to {most}, one by one or as an album. The first one is the cover. "
            "Then write the title.",
            most=MAX_PICTURES,
        )
    is_full = count >= MAX_PICTURES
    if field != PHOTOS:
        then = words._("There is no room for more.") if is_full else words._("You can send more.")
    elif takes_title(draft, PHOTOS):
        then = words._("Now write the title.") if is_full else words._("Send more, or write the title.")
    else:
        then = words._("There is no room for more.") if is_full else words._("Send more, or press “Done”.")
    return f"{words._('Photos: {n} of {most}.', n=count, most=MAX_PICTURES)} {then}"
