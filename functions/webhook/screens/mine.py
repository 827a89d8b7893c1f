"""What is one's own: lots, deals, bids."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.i18n import Language
from starbid.services.ports import SellDraft
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import deal_line, needs_meaning, price_meaning, quoted, time_left
from starbid.telegram.fitting import Part, fitted
from starbid.telegram.html import LIST_TITLE, cut, one_line, title
from starbid.telegram.keyboards import Row
from starbid.telegram.kind_words import words_of
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.open_drafts import draft_button
from webhook.screens.selling_preview import photo_count

SHOWN = 8
"""Lots of one list; the site has them all."""


@screens.command("my")
def my(chat: Conversation, _rest: str) -> None:
    """Drafts, own lots, and deals as a buyer, each with whose turn it is."""
    words = chat.words
    selling = chat.app.browsing.lots_of(chat.person.id, chat.person.id, chat.now).items[:SHOWN]
    mine = chat.app.browsing.bids_of(chat.person.id, chat.now).items
    bought = [bid.view for bid in mine if bid.view.is_buyer][:SHOWN]
    drafts = chat.app.drafts.all(chat.person.id, chat.now)
    if not selling and not bought and not drafts:
        chat.show(
            words._("Your lots and deals will be here.\nSell something, or find a lot to bid on."),
            (keyboards.go(words._("Sell"), "sell"), keyboards.go(words._("Live lots"), "auctions")),
            (keyboards.go(words._("Groups and channels"), "connect"),),
        )
        return
    parts = (
        Part(words._("<b>Drafts</b>"), tuple(_draft_line(draft, words) for draft in drafts)),
        Part(words._("<b>Selling</b>"), tuple(_line(view, chat) for view in selling)),
        Part(words._("<b>Bought</b>"), tuple(_line(view, chat) for view in bought)),
    )
    chat.show(
        fitted([part for part in parts if part.lines], words),
        *((draft_button(chat, draft),) for draft in drafts),
        *openers([*selling, *bought]),
        (
            keyboards.go(words._("Groups and channels"), "connect"),
            keyboards.site(words._("All on the site"), "/my/auctions", chat.app.settings),
        ),
    )


def _draft_line(draft: SellDraft, words: Language) -> str:
    name = title(draft.fields.get("title", ""), words, LIST_TITLE) or words._("without a title")
    count = len(draft.pictures) + len(draft.uploads)
    photos = f" · {photo_count(count, words)}" if count else ""
    return words._("Draft: {title}", title=name) + photos


@screens.command("bids")
def bids(chat: Conversation, _rest: str) -> None:
    """Lots one has bid on: leading, outbid, won, lost."""
    words = chat.words
    mine = chat.app.browsing.bids_of(chat.person.id, chat.now).items[:SHOWN]
    if not mine:
        chat.show(
            words._("You have not bid yet.\nFind a lot: a bid takes one tap."),
            (keyboards.go(words._("Live lots"), "auctions"),),
        )
        return
    lines = tuple(f"{_mark(bid.view)} {_line(bid.view, chat)}" for bid in mine)
    chat.show(
        fitted([Part(words._("<b>Your bids</b>"), lines)], words),
        *openers([bid.view for bid in mine]),
        (keyboards.site(words._("All on the site"), "/my/bids", chat.app.settings),),
    )


def _line(view: LotView, chat: Conversation) -> str:
    words = chat.words
    head = f"{quoted(view.lot.card.title, words, LIST_TITLE)} · {words.money(view.price)}"
    if needs_meaning(view):
        head += f" ({price_meaning(view, words, chat.now)})"
    if view.deal:
        return f"{head}\n    {deal_line(view, view.deal, words, chat.now, chat.app.settings.business.deal_times)}"
    if view.status is Status.LIVE:
        return f"{head} · {_lead(view, chat)}{time_left(view, words)}"
    if view.status is Status.SCHEDULED:
        return f"{head} · {words._('starts in {time}', time=words.time_left(view.lot.auction.starts_at - chat.now))}"
    return f"{head} · {_ended(view, chat)}"


def _lead(view: LotView, chat: Conversation) -> str:
    if view.is_seller:
        count = words_of(view).count(view, chat.words)
        return f"{count} · " if count else ""
    if view.kind.is_sealed:
        own = view.your_maximum
        return chat.words._("your sealed bid: {amount}", amount=chat.words.money(own)) + " · " if own else ""
    return (chat.words._("you lead") if view.you_lead else chat.words._("outbid")) + " · "


def _ended(view: LotView, chat: Conversation) -> str:
    if view.status is Status.SOLD and not view.is_seller:
        return chat.words._("went to somebody else")
    if view.status is Status.CLOSING:
        return chat.words._("time is up")
    return price_meaning(view, chat.words, chat.now)


def _mark(view: LotView) -> str:
    if view.fell_through:
        return "⚪"
    if view.is_buyer or (view.you_lead and view.status is Status.LIVE):
        return "🟢"
    if view.status is not Status.LIVE:
        return "⚪"
    return "🔒" if view.kind.is_sealed else "🟠"


def openers(views: list[LotView]) -> list[Row]:
    """A button per lot, two in a row."""
    distinct = {view.lot.auction.id: view for view in views}
    buttons = [
        keyboards.lot(cut(one_line(view.lot.card.title), 28), auction_id) for auction_id, view in distinct.items()
    ]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
