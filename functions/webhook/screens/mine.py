"""What is one's own: lots, deals, bids."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import deal_line, needs_meaning, price_meaning, quoted
from starbid.telegram.html import cut, one_line
from starbid.telegram.keyboards import Row
from webhook.registry import screens
from webhook.talk import Talk

SHOWN = 8
"""Lots of one list; the site has them all."""


@screens.command("my")
def my(talk: Talk, _rest: str) -> None:
    """Own lots, and deals as a buyer, each with whose turn it is."""
    words = talk.words
    selling = talk.app.browsing.lots_of(talk.person.id, talk.person.id, talk.now).items[:SHOWN]
    mine = talk.app.browsing.bids_of(talk.person.id, talk.now).items
    bought = [bid.view for bid in mine if bid.view.is_buyer][:SHOWN]
    if not selling and not bought:
        talk.show(
            words._("Here will be your lots and your deals.\nPut up a lot, or find one to bid on."),
            (keyboards.go(words._("Sell"), "sell"), keyboards.go(words._("Live lots"), "auctions")),
        )
        return
    parts = []
    if selling:
        parts.append("\n".join((words._("<b>You sell</b>"), *(_line(view, talk) for view in selling))))
    if bought:
        parts.append("\n".join((words._("<b>You bought</b>"), *(_line(view, talk) for view in bought))))
    talk.show(
        "\n\n".join(parts),
        *openers([*selling, *bought]),
        (keyboards.site(words._("All on the site"), "/my/auctions", talk.app.settings),),
    )


@screens.command("bids")
def bids(talk: Talk, _rest: str) -> None:
    """Lots one has bid on: leading, outbid, won, lost."""
    words = talk.words
    mine = talk.app.browsing.bids_of(talk.person.id, talk.now).items[:SHOWN]
    if not mine:
        talk.show(
            words._("You have not bid yet.\nFind a lot: the first bid takes one press."),
            (keyboards.go(words._("Live lots"), "auctions"),),
        )
        return
    lines = [f"{_mark(bid.view)} {_line(bid.view, talk)}" for bid in mine]
    talk.show(
        "\n".join((words._("<b>Your bids</b>"), *lines)),
        *openers([bid.view for bid in mine]),
        (keyboards.site(words._("All on the site"), "/my/bids", talk.app.settings),),
    )


def _line(view: LotView, talk: Talk) -> str:
    words = talk.words
    head = f"{quoted(view.lot.card.title, words)} · {words.money(view.price)}"
    if needs_meaning(view):
        head += f" ({price_meaning(view, words, talk.now)})"
    if view.deal:
        return f"{head}\n    {deal_line(view, view.deal, words)}"
    if view.status is Status.LIVE:
        left = words.time_left(view.lot.auction.ends_at - talk.now)
        return f"{head} · {_lead(view, talk)}{words._('{time} left', time=left)}"
    if view.status is Status.SCHEDULED:
        return f"{head} · {words._('begins in {time}', time=words.time_left(view.lot.auction.starts_at - talk.now))}"
    return f"{head} · {_ended(view, talk)}"


def _lead(view: LotView, talk: Talk) -> str:
    if view.is_seller:
        return talk.words.ngettext("{n} bid", "{n} bids", view.lot.auction.bids_count) + " · "
    if view.lot.auction.terms.sealed:
        own = view.your_maximum
        return talk.words._("your sealed bid: {amount}", amount=talk.words.money(own)) + " · " if own else ""
    return (talk.words._("you lead") if view.you_lead else talk.words._("outbid")) + " · "


def _ended(view: LotView, talk: Talk) -> str:
    if view.status is Status.SOLD and not view.is_seller:
        return talk.words._("went to somebody else")
    if view.status is Status.CLOSING:
        return talk.words._("time is over")
    return price_meaning(view, talk.words, talk.now)


def _mark(view: LotView) -> str:
    if view.fell_through:
        return "⚪"
    if view.is_buyer or (view.you_lead and view.status is Status.LIVE):
        return "🟢"
    if view.status is not Status.LIVE:
        return "⚪"
    return "🔒" if view.lot.auction.terms.sealed else "🟠"


def openers(views: list[LotView]) -> list[Row]:
    """A button per lot, two in a row."""
    distinct = {view.lot.auction.id: view for view in views}
    buttons = [
        keyboards.lot(cut(one_line(view.lot.card.title), 28), auction_id) for auction_id, view in distinct.items()
    ]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
