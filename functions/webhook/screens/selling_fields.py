"""The fields of a lot in the chat: what each of them asks, what is offered to press, and which one comes next.

All that is answered stands in the draft; a question knows its draft and its field and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starbid.criteria_words import kind_name
from starbid.domain.kinds import KINDS
from starbid.domain.lot_form import END, filled, foreign_fields
from starbid.domain.lots import MAX_PICTURES, TITLE_LENGTH
from starbid.domain.money import CURRENCIES
from starbid.i18n import Language
from starbid.services.ports import SellDraft, is_draft_id
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.zones import place
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.questions import Question

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
