"""Watched lots: the list, and the button on cards."""

from __future__ import annotations

from starbid.domain.auction import Auction, Status
from starbid.domain.errors import NotFound
from starbid.services.views import LotView
from starbid.services.watching import REMIND_BEFORE
from starbid.telegram import keyboards
from starbid.telegram.card_words import needs_meaning, price_meaning, quoted
from webhook import reading, showing
from webhook.registry import screens
from webhook.screens.mine import openers
from webhook.talk import Talk

SHOWN = 8
"""Lots of one message; a button shows the next."""


@screens.command("watchlist")
def watchlist(talk: Talk, _rest: str) -> None:
    """The lots that the person watches: what ends next comes first."""
    _show(talk, 0)


@screens.command("watch")
def watch(talk: Talk, lot: str) -> None:
    """Watch a lot by its id, with or without `auction_` before it; the list where none is named. Raises NotFound."""
    if not lot:
        watchlist(talk, "")
        return
    try:
        auction_id = reading.lot_id(lot.strip().lstrip("/").removeprefix("auction_"))
    except reading.Garbled:
        raise NotFound from None
    auction = talk.app.watching.watch(talk.person.id, auction_id, talk.now)
    talk.say(_promise(auction, talk), (keyboards.lot(talk.words._("Open the lot"), auction_id),))


@screens.press("wl")
def more(talk: Talk, args: list[str]) -> None:
    """The next part of the list."""
    (start,) = reading.parts(args, 1)
    _show(talk, reading.number(start))


@screens.press("w", keeps_question=True)
def press(talk: Talk, args: list[str]) -> None:
    """The button names what it wants, 1 to watch and 0 to stop: pressed twice it does nothing more."""
    auction_id, wanted = reading.parts(args, 2)
    auction_id = reading.lot_id(auction_id)
    if wanted not in ("0", "1"):
        raise reading.Garbled
    if wanted == "1":
        auction = talk.app.watching.watch(talk.person.id, auction_id, talk.now)
        told = _promise(auction, talk)
    else:
        talk.app.watching.unwatch(talk.person.id, auction_id)
        told = talk.words._("You do not watch this lot any more.")
    if talk.on_card:
        view = talk.app.browsing.lot(auction_id, talk.person.id, talk.now)
        showing.refresh_card(talk, view, watching=wanted == "1")
    talk.toast(told)


def _promise(auction: Auction, talk: Talk) -> str:
    """What a person who watches will hear of the lot."""
    _, late = talk.words._, auction.ends_at - REMIND_BEFORE
    if talk.now < auction.starts_at:
        return _("You watch this lot. I will write when it begins.")
    if late > talk.now:
        return _("You watch this lot. I will write 15 minutes before its end.")
    return _("You watch this lot. It ends soon, so no reminder will come.")


def _show(talk: Talk, start: int) -> None:
    words = talk.words
    page = talk.app.watching.watched(talk.person.id, talk.now, start, SHOWN)
    if not page.items:
        talk.show(
            words._("You do not watch any lots yet.\nPress “Watch” on a lot: I write 15 minutes before its end."),
            (keyboards.go(words._("Live lots"), "auctions"),),
        )
        return
    lines = [_line(view, talk) for view in page.items]
    onward = (keyboards.watched(words._("More"), page.cursor),) if page.cursor else ()
    talk.show(
        "\n".join((words._("<b>Your watchlist</b>"), *lines)),
        *openers(list(page.items)),
        (*onward, keyboards.site(words._("All on the site"), "/watchlist", talk.app.settings)),
    )


def _line(view: LotView, talk: Talk) -> str:
    words, auction = talk.words, view.lot.auction
    head = f"{quoted(view.lot.card.title, words)} · {words.money(view.price)}"
    if needs_meaning(view):
        head += f" ({price_meaning(view, words, talk.now)})"
    match view.status:
        case Status.SCHEDULED:
            begins = words._("begins in {time}", time=words.time_left(auction.starts_at - talk.now))
            return f"🕒 {head} · {begins}"
        case Status.LIVE:
            lead = f"{words._('you lead')} · " if view.you_lead else ""
            return f"{'🟢' if lead else '•'} {head} · {lead}" + words._(
                "{time} left", time=words.time_left(auction.ends_at - talk.now)
            )
        case Status.CLOSING:
            return f"⚪ {head} · {words._('time is over')}"
        case _:
            return f"⚪ {head} · {price_meaning(view, words, talk.now)}"
