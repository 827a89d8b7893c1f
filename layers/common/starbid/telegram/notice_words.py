"""Notices in words: what happened, what it means, what can be done (design: "Money, time, words")."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain.auction import Status
from starbid.domain.audit import head_of
from starbid.domain.deals import DealState
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.notices import unpack
from starbid.telegram import keyboards
from starbid.telegram.deal_words import DEAL_WORDS
from starbid.telegram.debt_words import DEBT_WORDS, bid_did_not_count, offset_button, unsold_as_winner_owed
from starbid.telegram.html import MAX_TEXT, cut, escape, units
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.notice import Message, Telling, about_lot, with_steps
from starbid.telegram.subscription_words import SUBSCRIPTION_WORDS
from starbid.telegram.watch_words import WATCH_WORDS


def wording(telling: Telling) -> Message:
    """Text (HTML) and keyboard of a notice; KeyError for a kind without words."""
    return WORDS[telling.notice.kind](telling)


def _price_now(t: Telling) -> str:
    """What "now" means in the moment of the telling: notices may be held up, or overtake each other."""
    return t.words.money(t.lot.price) if t.lot.status is Status.LIVE else t.money("price")


def _new_bid(t: Telling) -> Message:
    """The lot as it is by now, which may be several bids later; a purchase was no bid."""
    auction = t.lot.lot.auction
    bids = t.words.ngettext("{n} bid so far.", "{n} bids so far.", auction.bids_count - auction.bought)
    price = t.money("price") if auction.bought else t.words.money(t.lot.price)
    text = t.words._("New bid on “{title}”: now {price}.", title=t.title, price=price)
    return f"{text}\n{bids}", about_lot(t)


def _outbid(t: Telling) -> Message:
    text = t.words._(
        "You were outbid on “{title}”: now {price}.\nYour {released} is free again.",
        title=t.title,
        price=_price_now(t),
        released=t.money("released"),
    )
    view = t.lot
    if not view.may_bid or view.next_min_bid is None or view.you_lead:
        return text, about_lot(t)
    auction = view.lot.auction
    again = t.words._("Bid {price}", price=t.words.money(view.next_min_bid))
    row = (
        keyboards.bid(again, auction.id, view.next_min_bid, auction.version),
        keyboards.maximum(t.words._("My maximum"), auction.id, view.lot.card.version),
    )
    return text, (row, *about_lot(t))


def _extended(t: Telling) -> Message:
    ends_at = max(datetime.fromisoformat(str(t.notice.facts["ends_at"])), t.lot.lot.auction.ends_at)
    text = t.words._("A late bid extended “{title}”: now {price}.", title=t.title, price=_price_now(t))
    moment = t.words.moment(ends_at)
    end = (
        t.words._("It ends in {time}: {moment}.", time=t.words.time_left(ends_at - t.now), moment=moment)
        if t.lot.status is Status.LIVE
        else t.words._("The new end is {moment}.", moment=moment)
    )
    return f"{text}\n{end}", about_lot(t)


def _won(t: Telling) -> Message:
    text = t.words._(
        "You won “{title}” for {price}.\n"
        "The seller delivers next; the money is kept safe until you confirm that you got it.",
        title=t.title,
        price=t.money("price"),
    )
    return f"{text}\n{_seal(t)}", about_lot(t)


def _seal(t: Telling) -> str:
    """The head of the bid log, to be kept: with it the log can be checked, whoever keeps the log."""
    return t.words._("Log code: {head}", head=f"<code>{head_of(t.lot.lot.auction)}</code>")


def _lost(t: Telling) -> Message:
    if t.notice.facts.get("owed"):
        return bid_did_not_count(t)
    if t.notice.facts.get("winner_owed"):
        text = t.words._("“{title}” was not sold.\nNothing of your money is held for it any more.", title=t.title)
    elif "price" in t.notice.facts:
        text = t.words._(
            "“{title}” went to somebody else for {price}.\nNothing of your money is held for it any more.",
            title=t.title,
            price=t.money("price"),
        )
    else:
        text = t.words._(
            "“{title}” was not sold: its reserve price was not reached.\n"
            "Nothing of your money is held for it any more.",
            title=t.title,
        )
    return text, ((keyboards.go(t.words._("Find another lot"), "auctions"), keyboards.menu(t.words)),)


def _sold(t: Telling) -> Message:
    deal = t.lot.deal
    payout = t.words.money(deal.payout) if deal else t.money("price")
    text = t.words._(
        "“{title}” is sold for {price}.\nDeliver it now: when the buyer confirms, {payout} goes to your wallet.",
        title=t.title,
        price=t.money("price"),
        payout=payout,
    )
    return f"{text}\n{_seal(t)}", with_steps(t)


def _unsold(t: Telling) -> Message:
    if t.notice.facts.get("owed"):
        return unsold_as_winner_owed(t)
    if t.notice.facts.get("best_bid") and t.lot.kind.is_sealed:
        text = t.words._(
            "“{title}” was not sold: no bid reached your reserve price.\nYou can put it up again.", title=t.title
        )
    elif t.notice.facts.get("best_bid"):
        text = t.words._(
            "“{title}” was not sold: the best bid, {price}, did not reach your reserve price.\n"
            "You can put it up again.",
            title=t.title,
            price=t.money("best_bid"),
        )
    elif t.lot.kind.falls:
        text = t.words._("“{title}” ended, and nobody bought it.\nYou can put it up again.", title=t.title)
    else:
        text = t.words._("“{title}” ended without a bid.\nYou can put it up again.", title=t.title)
    return text, with_steps(t)


def _cancelled(t: Telling) -> Message:
    free = t.words._("Whatever was held for it is free again.")
    reason = str(t.notice.facts.get("reason") or "")
    if not reason:
        return "\n".join((t.words._("“{title}” was cancelled.", title=t.title), free)), about_lot(t)
    lines = [
        t.words._("An operator took “{title}” down.", title=t.title),
        t.words._("Reason: {reason}", reason=escape(cut(reason, 500))),
        free,
    ]
    if t.lot.is_seller:
        lines.append(t.words._("It cannot be put up again. If that is a mistake, write to us: /support"))
    return "\n".join(lines), about_lot(t)


def _delivered(t: Telling) -> Message:
    deal = t.lot.deal
    text = t.words._(
        "The seller delivered “{title}”. Look at it and confirm; then the money goes to the seller.", title=t.title
    )
    if deal and deal.state is DealState.DELIVERED and deal.due_at:
        text += "\n" + t.words._("Unless you object, that happens on {moment}.", moment=t.words.moment(deal.due_at))
    if deal and deal.delivery:
        text += "\n\n" + escape(cut(deal.delivery, MAX_TEXT - units(text) - 2))
    return text, with_steps(t)


def _credited(t: Telling) -> Message:
    text = t.words._("{amount} arrived in your wallet.", amount=t.money("amount"))
    return f"{text}\n{balance_line(t.balance(), t.words)}", _about_money(t, t.words._("Find a lot"), "auctions")


def _refunded(t: Telling) -> Message:
    text = t.words._("{amount} went back to you in Telegram Stars.", amount=t.money("amount"))
    owed = unpack(t.notice.facts["owed"])
    if owed:
        rest = t.words._(
            "{owed} of it was spent already. Until that is settled you cannot bid or sell.", owed=t.words.money(owed)
        )
        return f"{text}\n{rest}", offset_button(t, owed)
    return f"{text}\n{balance_line(t.balance(), t.words)}", _about_money(t, t.words._("Wallet"), "balance")


def _debt_offset(t: Telling) -> Message:
    """What is left is told as it is by now: notices may be held up."""
    text = t.words._(
        "{amount} from your wallet settled what a refunded payment had left open.", amount=t.money("amount")
    )
    wallet = t.balance().after_offset()
    if wallet.owed:
        left = t.words.money(wallet.owed)
        rest = t.words._("{left} is still open; until it is settled you cannot bid or sell.", left=left)
        return f"{text}\n{rest}", offset_button(t, wallet.owed)
    free = t.words._("Nothing is open any more: you can bid and sell again.")
    return f"{text}\n{free}\n{balance_line(wallet, t.words)}", _about_money(t, t.words._("Find a lot"), "auctions")


def balance_line(wallet: Wallet, words: Language) -> str:
    """Available and held, always side by side."""
    return words._(
        "Available {available}, held {held}.", available=words.money(wallet.available), held=words.money(wallet.held)
    )


def _about_money(t: Telling, text: str, command: str) -> Keyboard:
    return ((keyboards.go(text, command), keyboards.menu(t.words)),)


WORDS: dict[str, Callable[[Telling], Message]] = {
    **DEAL_WORDS,
    **DEBT_WORDS,
    **SUBSCRIPTION_WORDS,
    **WATCH_WORDS,
    "new_bid": _new_bid,
    "outbid": _outbid,
    "extended": _extended,
    "won": _won,
    "lost": _lost,
    "sold": _sold,
    "unsold": _unsold,
    "cancelled": _cancelled,
    "delivered": _delivered,
    "credited": _credited,
    "refunded": _refunded,
    "debt_offset": _debt_offset,
}
"""One for each of services.notices.KINDS."""
