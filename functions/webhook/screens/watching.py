"""Watched lots: the list, and the button on cards."""

from __future__ import annotations

from starbid.domain.auction import Auction, Status
from starbid.domain.errors import NotFound
from starbid.services.views import LotView
from starbid.services.watching import will_tell
from starbid.telegram import keyboards
from starbid.telegram.card_words import needs_meaning, price_meaning, quoted, time_left
from starbid.telegram.html import LIST_TITLE
from webhook import callback_data, cards
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.mine import openers

SHOWN = 8
"""Lots of one message; a button shows the next."""


@screens.command("watchlist")
def watchlist(chat: Conversation, _rest: str) -> None:
    """The lots that the person watches: what ends next comes first."""
    _show(chat, 0)


@screens.command("watch")
def watch(chat: Conversation, lot: str) -> None:
    """Watch a lot by its id, with or without `auction_` before it; the list where none is named. Raises NotFound."""
    if not lot:
        watchlist(chat, "")
        return
    try:
        auction_id = callback_data.lot_id(lot.strip().lstrip("/").removeprefix("auction_"))
    except callback_data.Garbled:
        raise NotFound from None
    auction = chat.app.watching.watch(chat.person.id, auction_id, chat.now)
    chat.say(_promise(auction, chat), (keyboards.lot(chat.words._("Open the lot"), auction_id),))


@screens.press("wl")
def more(chat: Conversation, args: list[str]) -> None:
    """The next part of the list."""
    (start,) = callback_data.parts(args, 1)
    _show(chat, callback_data.number(start))


@screens.press("w", keeps_question=True)
def press(chat: Conversation, args: list[str]) -> None:
    """The button names what it wants, 1 to watch and 0 to stop: pressed twice it does nothing more."""
    auction_id, wanted = callback_data.parts(args, 2)
    auction_id = callback_data.lot_id(auction_id)
    if wanted not in ("0", "1"):
        raise callback_data.Garbled
    if wanted == "1":
        auction = chat.app.watching.watch(chat.person.id, auction_id, chat.now)
        told = _promise(auction, chat)
    else:
        chat.app.watching.unwatch(chat.person.id, auction_id)
        told = chat.words._("Removed from favourites.")
    if chat.on_card:
        view = chat.app.browsing.lot(auction_id, chat.person.id, chat.now)
        cards.refresh_card(chat, view, watching=wanted == "1")
    chat.toast(told)


def _promise(auction: Auction, chat: Conversation) -> str:
    """What a person who watches will hear of the lot."""
    _, (of_start, of_end) = chat.words._, will_tell(auction, chat.now)
    if of_start:
        return _("Added to favourites. I will write when it starts.")
    if of_end:
        return _("Added to favourites. I will write 15 minutes before it ends.")
    return _("Added to favourites. It ends soon, so there will be no reminder.")


def _show(chat: Conversation, start: int) -> None:
    words = chat.words
    page = chat.app.watching.watched(chat.person.id, chat.now, start, SHOWN)
    if not page.items:
        chat.show(
            words._(
                "No favourites yet.\nPress “Add to favourites” on a lot, and I will write 15 minutes before it ends."
            ),
            (keyboards.go(words._("Live lots"), "auctions"), keyboards.go(words._("Saved searches"), "searches")),
        )
        return
    lines = [line(view, chat) for view in page.items]
    onward = (keyboards.watched(words._("More"), page.cursor),) if page.cursor else ()
    chat.show(
        "\n".join((words._("<b>Favourites</b>"), *lines)),
        *openers(list(page.items)),
        (*onward, keyboards.site(words._("All on the site"), "/watchlist", chat.app.settings)),
        (keyboards.go(words._("Saved searches"), "searches"),),
    )


def line(view: LotView, chat: Conversation) -> str:
    """A lot in a list of lots of others."""
    words, auction = chat.words, view.lot.auction
    head = f"{quoted(view.lot.card.title, words, LIST_TITLE)} · {words.money(view.price)}"
    if needs_meaning(view):
        head += f" ({price_meaning(view, words, chat.now)})"
    match view.status:
        case Status.SCHEDULED:
            begins = words._("starts in {time}", time=words.time_left(auction.starts_at - chat.now))
            return f"🕒 {head} · {begins}"
        case Status.LIVE:
            lead = f"{words._('you lead')} · " if view.you_lead else ""
            return f"{'🟢' if lead else '•'} {head} · {lead}{time_left(view, words)}"
        case Status.CLOSING:
            return f"⚪ {head} · {words._('time is up')}"
        case _:
            return f"⚪ {head} · {price_meaning(view, words, chat.now)}"
