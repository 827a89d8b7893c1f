"""A draft as the lot that it would be: the card, what is wrong with it, what can be changed, and how it is put up."""

from __future__ import annotations

from dataclasses import replace

from starbid.category_words import category_name
from starbid.domain import editing
from starbid.domain.errors import InDebt, InsufficientFunds, InvalidFields, StarbidError, SubscriptionRequired
from starbid.domain.kinds import KINDS
from starbid.domain.lot_form import filled, foreign_fields, in_typed_units
from starbid.domain.lots import Draft, Lot
from starbid.domain.money import Money, in_stars
from starbid.domain.unfinished import PublishAct
from starbid.field_words import fault_of_field, field_name
from starbid.i18n import Language
from starbid.services.auctions.drafts import mark_of
from starbid.services.auctions.new_lots import new_lot
from starbid.services.ports import Look, Rejected, SellDraft
from starbid.services.views import view_lot
from starbid.telegram import keyboards
from starbid.telegram.bot_api import Sent
from starbid.telegram.cards import CardStyle, draw
from starbid.telegram.html import cut, escape, one_line
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.photos import deliver_photo
from starbid.top_up_words import top_up_label
from starbid.wording import refusal
from webhook.conversation import Conversation, patiently
from webhook.log import log
from webhook.money_step import settling_rows
from webhook.screens.selling_fields import CODE_OF, FIXED, PHOTOS, both_goods
from webhook.screens.selling_options import edit_button, edit_rows

DESCRIPTION_UNITS = 200
"""Leaves room for what stands below a card."""
_OWN = ("type", "goods", "currency", "starts_at")
_SUMS = ("buy_now_price", "reserve_price", "bid_step")
VERSION_LENGTH = 8


def version_of(draft: SellDraft) -> str:
    """Of all that a preview shows; a button to publish carries it."""
    return mark_of(draft)[:VERSION_LENGTH]


def show(chat: Conversation, draft: SellDraft, note: str = "") -> None:
    """The preview as a new message, or what is still wrong. `note`: why it is shown, in Telegram's HTML."""
    try:
        said = chat.app.draft_publishing.read(draft, chat.now)
    except InvalidFields as told:
        show_faults(chat, draft, told)
        return
    if note:
        chat.say(note, back=False)
    caption = "\n\n".join((_caption(chat, draft, said), *_below(chat, draft, said)))
    keyboard = (*_publish_rows(chat, draft), *_edit_rows(chat, draft))

    def deliver(photo: bytes | str) -> Sent:
        return patiently(lambda: chat.app.bot.send_photo(chat.chat_id, photo, caption, keyboard))

    covers = _Covers(chat, draft)
    try:
        deliver_photo(deliver, covers.first, covers, chat.app.file_ids, chat.now)
        chat.said = True
    except Rejected as refused:
        log().warning("a preview went out without its picture: %s", refused)
        chat.say(caption, *keyboard, back=False)


class _Covers:
    """The first picture of a draft, wherever it is."""

    def __init__(self, chat: Conversation, draft: SellDraft) -> None:
        self._chat, self._draft = chat, draft
        self.first = draft.pictures[0] if draft.pictures else None

    def load(self, picture_id: str, name: str) -> bytes | None:
        chat = self._chat
        chat.slowly("upload_photo")
        return chat.app.draft_pictures.load(chat.person.id, self._draft, picture_id, name, chat.now)


def _caption(chat: Conversation, draft: SellDraft, said: Draft) -> str:
    """As others will see the card."""
    short = replace(said, description=cut(one_line(said.description), DESCRIPTION_UNITS))
    view = view_lot(_lot(chat, draft, short), None, chat.now)
    return draw(view, CardStyle(chat.words, chat.now, chat.app.settings, Look(None, False, None))).caption


def _lot(chat: Conversation, draft: SellDraft, said: Draft) -> Lot:
    if draft.lot:
        return editing.edit(chat.app.store.lot(draft.lot, consistent=True), said, draft.pictures, chat.now)
    return new_lot(chat.person, said, draft.pictures, draft.request_id, chat.now, "")


def _below(chat: Conversation, draft: SellDraft, said: Draft) -> list[str]:
    """What the seller gets, and what is in the way."""
    words, business = chat.words, chat.app.settings.business
    price = said.terms.start_price
    gets = price - price.percent(business.fee_percent)
    lines = [words._("Sold for {price}, you get {gets}.", price=words.money(price), gets=words.money(gets))]
    if draft.pictures:
        lines[0] = f"{photo_count(len(draft.pictures), words)}\n{lines[0]}"
    lines[0] = "\n".join((_chosen(said, words), lines[0]))
    if not draft.lot and not chat.person.may_sell(chat.now):
        lines.append(escape(refusal(SubscriptionRequired(business.subscription), words)))
    return lines


def _chosen(said: Draft, words: Language) -> str:
    """What the card of a lot leaves out, or shows by a button only."""
    named = {name: getattr(said.terms, name) for name in _SUMS}
    sums = [f"{field_name(name, words)}: {words.money(sum_)}" for name, sum_ in named.items() if sum_]
    return " · ".join((category_name(said.category, words), *sums))


def photo_count(count: int, words: Language) -> str:
    return words.ngettext("{n} photo", "{n} photos", count)


def _publish_rows(chat: Conversation, draft: SellDraft) -> list[Row]:
    words, place = chat.words, f"{draft.id}:{version_of(draft)}"
    if draft.lot:
        return [(Button(words._("Save"), f"sl:p:{place}"),)]
    if chat.person.may_sell(chat.now):
        return [(Button(words._("Publish"), f"sl:p:{place}"),)]
    price = chat.app.settings.business.subscription
    missing = chat.app.store.wallet(chat.person.id, price.currency).missing(price)
    if missing is None:
        label = words._("Subscribe for {price} and publish", price=words.money(price))
        return [(Button(label, f"sl:q:{place}"),)]
    return _top_up_rows(chat, draft, missing)


def _top_up_rows(chat: Conversation, draft: SellDraft, missing: Money) -> list[Row]:
    """Stars that bring what is missing of a subscription; the draft is put up once they are there."""
    act, place = PublishAct(draft.request_id), f"{draft.id}:{version_of(draft)}"
    sums = chat.app.settings.business.top_ups_for(missing)
    return [
        (Button(top_up_label(sum_, act, chat.words), f"sl:t:{place}:{in_stars(sum_)}{sum_.currency}"),) for sum_ in sums
    ]


def _edit_rows(chat: Conversation, draft: SellDraft) -> list[Row]:
    words = chat.words
    path = f"/auction/{draft.lot}/edit" if draft.lot else f"/new_auction?draft={draft.id}"
    return [
        (edit_button(draft, PHOTOS, words), edit_button(draft, "title", words)),
        (edit_button(draft, "description", words), edit_button(draft, "category", words)),
        (edit_button(draft, "start_price", words), edit_button(draft, "duration_seconds", words)),
        (Button(words._("More options"), f"sl:m:{draft.id}"),),
        (
            keyboards.site(words._("Open on the site"), path, chat.app.settings),
            Button(words._("Later"), f"sl:l:{draft.id}"),
        ),
    ]


def more(chat: Conversation, draft: SellDraft) -> None:
    """All that an ordinary lot does without."""
    words, kind = chat.words, filled(draft.fields)["type"]
    own = [field for field in _OWN if field not in FIXED or not draft.lot]
    if not both_goods(chat):
        own = [field for field in own if field not in ("goods", "currency")]
    others = foreign_fields(kind)
    fields = [*own, *(field for field in KINDS[kind].fields if field not in others)] if kind in KINDS else own
    chat.show(
        words._("<b>More options</b>\nAn ordinary auction needs none of them."),
        *edit_rows(draft, fields, words),
        (Button(words._("Delete the draft"), f"sl:x:{draft.id}"),),
        (Button(words._("Back to the preview"), f"sl:o:{draft.id}"),),
        back=False,
    )


def show_faults(chat: Conversation, draft: SellDraft, told: InvalidFields) -> None:
    """What keeps a draft from being put up, and the way to each field."""
    words, currency = chat.words, filled(draft.fields)["currency"]
    faults = {fault.field: in_typed_units(fault, currency) for fault in reversed(told.errors)}
    lines = [f"• {escape(fault_of_field(faults[name], words))}" for name in reversed(faults)]
    chat.show(
        "\n".join((words._("<b>Almost done.</b> Check:"), *lines)),
        *edit_rows(draft, [name for name in reversed(faults) if name in CODE_OF], words),
        (Button(words._("More options"), f"sl:m:{draft.id}"), Button(words._("Later"), f"sl:l:{draft.id}")),
        back=False,
    )


def refusal_rows(chat: Conversation, draft: SellDraft, error: StarbidError) -> list[Row]:
    """The ways out of a refused publication, for one who lacks money for it. A debt may be in any currency: it is
    settled by itself, and the lot put up after that.
    """
    match error:
        case SubscriptionRequired():
            return _publish_rows(chat, draft)
        case InsufficientFunds():
            return _top_up_rows(chat, draft, error.missing)
        case InDebt():
            settling = settling_rows(error.owed, chat.app.settings.business, chat.words)
            return [*settling, (go_on_button(draft.id, chat.words),)]
        case _:
            return []


def go_on_button(draft_id: str, words: Language) -> Button:
    """Leads back to a draft, once what was in its way is settled."""
    return Button(words._("Continue your draft"), f"sl:o:{draft_id}")
