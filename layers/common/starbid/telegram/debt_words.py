"""Notices in words about payments that were taken back, and what that does to deals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain.money import Money
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.notice import Message, Telling, about_lot, with_steps


def bid_did_not_count(t: Telling) -> Message:
    """To somebody who would have won, or set the price, and owed."""
    text = t.words._(
        "Your bid on “{title}” did not count: a payment of yours was taken back and is not settled.\n"
        "What was frozen for it settles that first.",
        title=t.title,
    )
    return text, offset_button(t, t.balance().owed)


def offset_button(t: Telling, owed: Money) -> Keyboard:
    """An invoice over the debt, or as much of it as one invoice may be; the wallet where there can be none."""
    amount = t.settings.business.purchase_of(owed)
    if not amount:
        return ((keyboards.go(t.words._("Wallet"), "balance"), keyboards.menu(t.words)),)
    return (
        (keyboards.stars(t.words._("Settle {amount}", amount=t.words.money(amount)), amount),),
        (keyboards.menu(t.words),),
    )


def unsold_as_winner_owed(t: Telling) -> Message:
    """To the seller; the offer that was made at once is told with it."""
    text = t.words._("“{title}” was not sold: a payment of the highest bidder was taken back.", title=t.title)
    offer = t.lot.lot.auction.offer
    if offer and offer.is_open(t.now):
        rest = t.words._(
            "It is offered to the next bidder for {price}, until {moment}.",
            price=t.words.money(offer.price),
            moment=t.words.moment(offer.until),
        )
    else:
        rest = t.words._("You can put it up again.")
    return f"{text}\n{rest}", with_steps(t)


def returned_for_debt(t: Telling) -> Message:
    if t.lot.is_seller:
        text = t.words._(
            "The deal about “{title}” has ended: the buyer's payment was taken back and was not settled.\n"
            "The lot is yours again.",
            title=t.title,
        )
        return text, with_steps(t)
    text = t.words._(
        "The deal about “{title}” has ended: its price, {price}, went to what a payment that was taken back had left "
        "open.",
        title=t.title,
        price=t.money("price"),
    )
    return text, about_lot(t)


def _frozen(t: Telling) -> Message:
    moment = t.words.moment(datetime.fromisoformat(str(t.notice.facts["until"])))
    if t.lot.is_seller:
        text = t.words._(
            "Do not deliver “{title}” yet: Telegram took the buyer's payment back.\n"
            "The deal is paused, and so is your time to deliver. If the buyer does not settle it, the lot is yours "
            "again on {moment}.",
            title=t.title,
            moment=moment,
        )
        return text, about_lot(t)
    text = t.words._(
        "“{title}” is paused: a payment of yours was taken back.\n"
        "Top up by {moment}, otherwise the deal ends and its price settles what is open.",
        title=t.title,
        moment=moment,
    )
    return text, offset_button(t, t.balance().owed)


def _thawed(t: Telling) -> Message:
    moment = t.words.moment(datetime.fromisoformat(str(t.notice.facts["until"])))
    text = t.words._(
        "The buyer of “{title}” has settled what was open: you can deliver, by {moment}.", title=t.title, moment=moment
    )
    return text, with_steps(t)


DEBT_WORDS: dict[str, Callable[[Telling], Message]] = {
    "frozen": _frozen,
    "thawed": _thawed,
}
