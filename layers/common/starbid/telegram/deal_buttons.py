"""The buttons of what somebody can do about a lot that has ended: its deal, its ratings, what follows a refund, and
what the two sides write to each other.
"""

from __future__ import annotations

from datetime import datetime

from starbid.config import Settings
from starbid.domain.addresses import is_shown
from starbid.domain.deal_rules import DealStep, open_steps
from starbid.domain.deals import DealTimes
from starbid.domain.delivered_files import are_kept
from starbid.domain.relisting import may_relist
from starbid.domain.second_chance import may_offer
from starbid.domain.talks import is_kept, may_write
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Keyboard, Row


def deal_rows(view: LotView, words: Language, now: datetime, times: DealTimes) -> list[Row]:
    """Rows of buttons, the next step first; none for a lot that goes on or is none of theirs."""
    if not view.status.is_final:
        return []
    steps = open_steps(view.deal, view.viewer_id, now, times) if view.deal else frozenset[DealStep]()
    rows = [_next(view, steps, words, now), _afterwards(view, steps, words, now), _chance(view, words, now)]
    rows.append(_talk(view, words, now))
    return [row for row in rows if row]


def steps_of(view: LotView, words: Language, now: datetime, settings: Settings) -> Keyboard:
    """What the person can do next about the lot, above the way to it and to the menu."""
    way = (keyboards.lot(words._("Open the lot"), view.lot.auction.id), keyboards.menu(words))
    return (*deal_rows(view, words, now, settings.business.deal_times), *help_rows(view, words, settings), way)


def help_rows(view: LotView, words: Language, settings: Settings) -> list[Row]:
    """The AI helper, for a seller who may answer a dispute."""
    is_asked = view.is_seller and view.deal is not None and view.deal.is_disputed
    if not is_asked or not settings.business.assistant.is_offered:
        return []
    return [(keyboards.help_reply(words._("Help me answer"), view.lot.auction.id),)]


def _next(view: LotView, steps: frozenset[DealStep], words: Language, now: datetime) -> Row:
    """The steps that lead on, beside what the other side has said or handed over."""
    deal, lot_id, row = view.deal, view.lot.auction.id, []
    if deal is None:
        return ()
    if view.is_buyer and (deal.delivery or are_kept(deal, now)):
        row.append(keyboards.step(words._("What the seller sent"), "read", lot_id))
    if DealStep.GIVE_ADDRESS in steps:
        label = words._("Correct the address") if deal.addressed_at else words._("Give the address")
        row.append(keyboards.step(label, DealStep.GIVE_ADDRESS, lot_id))
    if view.is_seller and is_shown(deal, view.viewer_id, now):
        row.append(keyboards.address(words, lot_id))
    if DealStep.DELIVER in steps:
        label = words._("Send the tracking number") if deal.is_physical else words._("Send to the buyer")
        row.append(keyboards.step(label, "deliver", lot_id))
    if DealStep.CONFIRM in steps:
        row.append(keyboards.step(words._("Confirm"), "confirm", lot_id))
    if DealStep.TAKE_BACK in steps:
        row.append(keyboards.step(words._("Take the money back"), "back", lot_id))
    if DealStep.ANSWER in steps:
        row.append(keyboards.step(words._("Change my answer") if deal.answer else words._("Answer"), "answer", lot_id))
    if deal.answer and deal.is_disputed and view.is_buyer:
        row.append(keyboards.step(words._("The seller's answer"), "heard", lot_id))
    if DealStep.WITHDRAW in steps:
        row.append(keyboards.step(words._("Withdraw the dispute"), "withdraw", lot_id))
    return tuple(row)


def _afterwards(view: LotView, steps: frozenset[DealStep], words: Language, now: datetime) -> Row:
    """Objecting, rating, and what a seller does with a lot that found no buyer."""
    lot_id, row = view.lot.auction.id, []
    if DealStep.DISPUTE in steps:
        row.append(keyboards.step(words._("Something is wrong"), "wrong", lot_id))
    if DealStep.RATE in steps:
        row.append(keyboards.step(words._("Rate"), "rate", lot_id))
    if may_offer(view.lot, view.viewer_id, now):
        row.append(keyboards.step(words._("Offer to the next bidder"), "offer", lot_id))
    if may_relist(view.lot, view.viewer_id, now):
        row.append(keyboards.step(words._("Relist"), "relist", lot_id))
    return tuple(row)


def _talk(view: LotView, words: Language, now: datetime) -> Row:
    """What the two sides have to say to each other, and have said."""
    if view.deal is None or not is_kept(view.deal, now):
        return ()
    read = keyboards.messages(words._("Messages"), view.lot.auction.id)
    if not may_write(view.deal, view.viewer_id, now):
        return (read,)
    to = words._("Write to the buyer") if view.is_seller else words._("Write to the seller")
    return keyboards.write_to(to, view.lot.auction.id), read


def _chance(view: LotView, words: Language, now: datetime) -> Row:
    made, lot_id = view.lot.auction.offer_to(view.viewer_id, now), view.lot.auction.id
    if made is None:
        return ()
    take = words._("Buy the lot for {price}", price=words.money(made.price))
    return keyboards.step(take, "accept", lot_id), keyboards.step(words._("No, thanks"), "decline", lot_id)
