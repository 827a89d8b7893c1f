"""Putting a draft up from the chat: what the preview showed and nothing else, once, and the ways out where it fails."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.errors import (
    Conflict,
    EditedMeanwhile,
    FormReused,
    InDebt,
    InsufficientFunds,
    Invalid,
    InvalidFields,
    StarbidError,
    SubscriptionRequired,
)
from starbid.domain.unfinished import PublishAct
from starbid.field_words import field_fault
from starbid.services.ports import SellDraft
from starbid.telegram import keyboards
from starbid.telegram.html import escape, title
from starbid.wording import refusal
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.money_step import missing_for, with_note
from webhook.refusing import refuse
from webhook.screens import stars
from webhook.screens.about_lot import open_button, view_of
from webhook.screens.selling_fields import PHOTOS, draft_id
from webhook.screens.selling_preview import refusal_rows, show, show_faults, version_of
from webhook.screens.selling_setting import ask_field


def press(chat: Conversation, args: list[str]) -> None:
    """`<draft>:<version>`. Raises DraftGone."""
    written, version = callback_data.parts(args, 2)
    _publish(chat, written, version, subscribing=False)


def press_subscribing(chat: Conversation, args: list[str]) -> None:
    """The same, and pays for the subscription on the way where one is missing."""
    written, version = callback_data.parts(args, 2)
    _publish(chat, written, version, subscribing=True)


def press_top_up(chat: Conversation, args: list[str]) -> None:
    """`<draft>:<version>:<sum>`: an invoice, and the draft is put up once it is paid; at once, where no subscription is
    missing any more.
    """
    written, version, sum_ = callback_data.parts(args, 3)
    amount = callback_data.named_sum(sum_)
    draft = _as_shown(chat, written, version)
    if draft is None:
        return
    if amount.currency != chat.app.settings.business.subscription.currency or draft.lot:  # nobody pays for an edit
        raise callback_data.Garbled
    try:
        publication = chat.app.draft_publishing.publication(draft, chat.now)
        chat.app.draft_pictures.require_there(chat.person.id, draft, chat.now)
        chat.app.publishing.require_running(chat.now)
        is_paid_for = not chat.app.publishing.needs_subscription(chat.person.id, chat.now)
    except InvalidFields as told:
        show_faults(chat, draft, told)
    except Invalid as fault:
        ask_field(chat, draft, PHOTOS, escape(field_fault(fault, chat.words)))
    except InDebt as error:
        _tell_missing(chat, draft, error)
    else:
        if is_paid_for:
            _put_up(chat, draft)
        else:
            stars.top_up(chat, amount, PublishAct(draft.request_id), publication)


def _publish(chat: Conversation, written: str, version: str, *, subscribing: bool) -> None:
    draft = _as_shown(chat, written, version)
    if draft:
        _put_up(chat, draft, subscribing=subscribing)


def _put_up(chat: Conversation, draft: SellDraft, *, subscribing: bool = False) -> None:
    try:
        lot = chat.app.draft_publishing.publish(chat.person.id, draft, chat.now, subscribing=subscribing)
    except Conflict:
        raise
    except InvalidFields as told:
        show_faults(chat, draft, told)
    except Invalid as fault:
        ask_field(chat, draft, PHOTOS, escape(field_fault(fault, chat.words)))
    except EditedMeanwhile:
        now = chat.app.drafts.of_lot(chat.person.id, draft.lot, chat.words.zone, chat.now)
        note = chat.words._("The lot has been changed elsewhere since then. This is how it is now: edit it once more.")
        show(chat, now, note)
    except FormReused as told:
        tell(chat, told.auction_id)
    except (SubscriptionRequired, InsufficientFunds, InDebt) as error:
        _tell_missing(chat, draft, error)
    except StarbidError as error:
        refuse(chat, error)
    else:
        chat.acted = True
        chat.change_buttons(lambda _: None)
        tell(chat, lot.auction.id, is_saved=bool(draft.lot))


def _tell_missing(
    chat: Conversation, draft: SellDraft, error: SubscriptionRequired | InsufficientFunds | InDebt
) -> None:
    """What has to be paid first, and how."""
    words, missing = chat.words, missing_for(error, None)
    text = escape(with_note(refusal(error, words), missing, chat.app.settings.business, words))
    chat.say(f"{text} {words._('The draft is kept.')}", *refusal_rows(chat, draft, error))


def _as_shown(chat: Conversation, written: str, version: str) -> SellDraft | None:
    """The draft, where it is what the button's preview shows; else None, and the person sees it as it is. Raises
    DraftGone.
    """
    draft = chat.app.drafts.opened(chat.person.id, draft_id(written), chat.now)
    if (draft.id, version_of(draft)) == (written, version):
        return draft
    show(chat, draft, chat.words._("The draft has changed since then. Check it once more."))
    return None


def tell(chat: Conversation, auction_id: str, *, is_saved: bool = False) -> None:
    """What has become of a draft."""
    view, words = view_of(chat, auction_id), chat.words
    auction, name = view.lot.auction, title(view.lot.card.title, words)
    if is_saved:
        text = words._("“{title}” is saved.", title=name)
    elif view.status is Status.SCHEDULED:
        text = words._(
            "“{title}” is published; it starts {moment}.", title=name, moment=words.moment(auction.starts_at)
        )
    else:
        text = words._("“{title}” is published, until {moment}.", title=name, moment=words.moment(auction.ends_at))
    chat.conclude(text, (open_button(chat, view), keyboards.another(words, auction_id)),
                  (keyboards.go(words._("My lots and deals"), "my"),))  # fmt: skip
