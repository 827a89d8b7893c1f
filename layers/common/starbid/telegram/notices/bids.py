"""Notices in words about bids, and about how a lot ended: what happened, what it means, what can be done.

(Design: "Money, time, words".)
"""

from __future__ import annotations

from starbid.domain.addresses import require_address
from starbid.domain.auction import Status
from starbid.domain.deal_rules import DealStep
from starbid.domain.errors import passes
from starbid.services.notices import bids
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.notices.telling import (
    Message,
    Telling,
    about_course,
    about_lot,
    end_line,
    offset_button,
    says,
    with_deadline,
    with_steps,
)
from starbid.telegram.verify_link import verify_link
from starbid.wording import came_back


@says(bids.NEW_BID)
def _new_bid(t: Telling) -> Message:
    """The lot as it is by now, which may be several bids and a moved end later; a purchase was no bid."""
    auction = t.lot.lot.auction
    so_far = t.words.ngettext("{n} bid so far.", "{n} bids so far.", auction.bids_count - auction.bought)
    price = t.money("price") if auction.bought else t.words.money(t.lot.price)
    text = t.words._("New bid on “{title}”: now {price}.", title=t.title, price=price)
    return f"{text}\n{so_far} {end_line(t)}".rstrip(), about_course(t)


@says(bids.OUTBID)
def _outbid(t: Telling) -> Message:
    text = t.words._("You were outbid on “{title}”: now {price}.", title=t.title, price=_price_now(t))
    text = f"{text}\n{_back(t)}"
    view = t.lot
    if view.auction.extended_by:
        text = f"{text}\n{end_line(t)}".rstrip()
    if not view.may_bid or view.next_min_bid is None or view.you_lead:
        return text, about_course(t)
    auction = view.lot.auction
    again = t.words._("Bid {price}", price=t.words.money(view.next_min_bid))
    row = (
        keyboards.bid(again, auction.id, view.next_min_bid, auction.version),
        keyboards.maximum(t.words._("Set a maximum"), auction.id, auction.card_version),
    )
    return text, (row, *about_course(t))


def _back(t: Telling) -> str:
    """Among many bids the person may have led, and lost the lead, once more since: then the amount is another one."""
    if t.lot.lot.auction.bids_count > t.facts["bids"]:
        return t.words._("Your money for it is back.")
    return t.words._("Your {released} is back.", released=t.money("released"))


@says(bids.EXTENDED)
def _extended(t: Telling) -> Message:
    ends_at = max(t.at("ends_at"), t.lot.lot.auction.ends_at)
    text = t.words._(
        "“{title}” was extended: a bid in the last minutes adds time. Now {price}.", title=t.title, price=_price_now(t)
    )
    moment = t.words.moment(ends_at)
    end = (
        t.words._("It ends in {time}: {moment}.", time=t.words.time_left(ends_at - t.now), moment=moment)
        if t.lot.status is Status.LIVE
        else t.words._("The new end is {moment}.", moment=moment)
    )
    return f"{text}\n{end}", about_course(t)


def _price_now(t: Telling) -> str:
    """What "now" means in the moment of the telling: notices may be held up, or overtake each other."""
    return t.words.money(t.lot.price) if t.lot.status is Status.LIVE else t.money("price")


@says(bids.WON)
def _won(t: Telling) -> Message:
    text = t.words._(
        "You won “{title}” for {price}.\nStarbid keeps the money until you confirm that you got it.",
        title=t.title,
        price=t.money("price"),
    )
    lines = (with_deadline(t, text), came_back(t.lot, t.words), _verify(t))
    return "\n".join(line for line in lines if line), (*_address_row(t), *about_lot(t))


def _address_row(t: Telling) -> Keyboard:
    deal = t.lot.deal
    if deal is None or not passes(require_address, deal, t.lot.viewer_id, t.now):
        return ()
    return ((keyboards.step(t.words._("Give the address"), DealStep.GIVE_ADDRESS, deal.auction_id),),)


@says(bids.SOLD)
def _sold(t: Telling) -> Message:
    deal = t.lot.deal
    payout = t.words.money(deal.payout) if deal else t.money("price")
    text = t.words._(
        "“{title}” is sold for {price}.\nOnce the buyer confirms, {payout} goes to your wallet.",
        title=t.title,
        price=t.money("price"),
        payout=payout,
    )
    return f"{with_deadline(t, text)}\n{_verify(t)}", with_steps(t)


def _verify(t: Telling) -> str:
    return verify_link(t.lot.lot.auction, t.words, t.settings)


@says(bids.LOST)
def _lost(t: Telling) -> Message:
    if t.facts["owed"]:
        return _bid_did_not_count(t)
    if t.facts["winner_owed"]:
        text = t.words._("“{title}” was not sold.", title=t.title)
    elif t.facts["price"]:
        text = t.words._("“{title}” went to somebody else for {price}.", title=t.title, price=t.money("price"))
    else:
        text = t.words._("“{title}” was not sold: its reserve price was not reached.", title=t.title)
    return f"{text}\n{_free(t)}", ((keyboards.go(t.words._("Find another lot"), "auctions"), keyboards.menu(t.words)),)


def _free(t: Telling) -> str:
    """To one who bid and did not win. Of bids that everybody sees, only the leader's money was frozen to the end."""
    if t.lot.kind.is_sealed:
        return t.words._("Your money for it is back.")
    return t.words._("None of your money is frozen for it.")


def _bid_did_not_count(t: Telling) -> Message:
    """To somebody who would have won, or set the price, and owed."""
    text = t.words._(
        "Your bid on “{title}” did not count: a payment of yours was taken back, and the debt is not settled.\n"
        "The money frozen for the bid goes towards it first.",
        title=t.title,
    )
    return text, offset_button(t, t.balance().owed)


@says(bids.UNSOLD)
def _unsold(t: Telling) -> Message:
    if t.facts["owed"]:
        return _unsold_as_winner_owed(t)
    if t.facts["best_bid"] and t.lot.kind.is_sealed:
        text = t.words._(
            "“{title}” was not sold: no bid reached your reserve price.\nYou can relist it.", title=t.title
        )
    elif t.facts["best_bid"]:
        text = t.words._(
            "“{title}” was not sold: the best bid, {price}, did not reach your reserve price.\nYou can relist it.",
            title=t.title,
            price=t.money("best_bid"),
        )
    elif t.lot.kind.falls:
        text = t.words._("“{title}” ended, and nobody bought it.\nYou can relist it.", title=t.title)
    else:
        text = t.words._("“{title}” ended without a bid.\nYou can relist it.", title=t.title)
    return text, with_steps(t)


def _unsold_as_winner_owed(t: Telling) -> Message:
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
        rest = t.words._("You can relist it.")
    return f"{text}\n{rest}", with_steps(t)


@says(bids.CANCELLED)
def _cancelled(t: Telling) -> Message:
    if not t.reason:
        return t.words._("“{title}” was withdrawn.", title=t.title), about_lot(t)
    lines = [t.words._("An operator withdrew “{title}”.", title=t.title), t.reason]
    if t.lot.auction.bids_count:
        lines.append(t.words._("All money frozen for it is back."))
    if t.lot.is_seller:
        lines.append(t.words._("It cannot be relisted. If that is a mistake, write to us: /support"))
    return "\n".join(lines), about_lot(t)
