"""The buttons of what somebody can do about a lot that has ended: its deal, its ratings, and what follows a refund."""

from __future__ import annotations

from datetime import datetime

from starbid.config import Settings
from starbid.domain.auction import Status
from starbid.domain.deal_ratings import may_rate
from starbid.domain.deals import DealState, DealTimes, may_take_back
from starbid.domain.disputes import may_dispute
from starbid.domain.relisting import may_relist
from starbid.domain.second_chance import may_offer
from starbid.domain.second_chance_offer import Offer
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Keyboard, Row

_OVER = (Status.SOLD, Status.UNSOLD, Status.CANCELLED)


def deal_rows(view: LotView, words: Language, now: datetime, times: DealTimes) -> list[Row]:
    """Rows of buttons, the next step first; none for a lot that goes on or is none of theirs."""
    if view.status not in _OVER:
        return []
    rows = [_steps(view, words, now, times), _afterwards(view, words, now), _chance(view, words, now)]
    return [row for row in rows if row]


def steps_of(view: LotView, words: Language, now: datetime, settings: Settings) -> Keyboard:
    """What the person can do next about the lot, above the way to it and to the menu."""
    way = (keyboards.lot(words._("Open the lot"), view.lot.auction.id), keyboards.menu(words))
    return (*deal_rows(view, words, now, settings.business.deal_times), way)


def chance_of(view: LotView, now: datetime) -> Offer | None:
    """The offer that stands for the one who looks."""
    made = view.lot.auction.offer
    return made if made and made.to_id == view.viewer_id and made.is_open(now) else None


def _steps(view: LotView, words: Language, now: datetime, times: DealTimes) -> Row:
    deal, lot_id = view.deal, view.lot.auction.id
    if deal is None:
        return ()
    if view.is_seller:
        if deal.state is DealState.AWAITING_DELIVERY and deal.frozen_at is None:
            return (keyboards.step(words._("Deliver"), "deliver", lot_id),)
        label = words._("Change my answer") if deal.answer else words._("Answer")
        return (keyboards.step(label, "answer", lot_id),) if deal.state is DealState.DISPUTED else ()
    row = [keyboards.step(words._("What was delivered"), "read", lot_id)] if deal.delivery else []
    if deal.state is DealState.DELIVERED:
        row.append(keyboards.step(words._("Confirm"), "confirm", lot_id))
    if may_take_back(deal, times, now):
        row.append(keyboards.step(words._("Take the money back"), "back", lot_id))
    if deal.state is DealState.DISPUTED and deal.answer:
        row.append(keyboards.step(words._("The seller's answer"), "heard", lot_id))
    if deal.state is DealState.DISPUTED:
        row.append(keyboards.step(words._("Withdraw the dispute"), "withdraw", lot_id))
    return tuple(row)


def _afterwards(view: LotView, words: Language, now: datetime) -> Row:
    """Objecting, rating, and what a seller does with a lot that found no buyer."""
    deal, lot_id = view.deal, view.lot.auction.id
    row = []
    if deal and not view.is_seller and may_dispute(deal, now):
        row.append(keyboards.step(words._("Something is wrong"), "dispute", lot_id))
    if deal and may_rate(deal, view.is_seller):
        row.append(keyboards.step(words._("Rate"), "rate", lot_id))
    if view.is_seller and may_offer(view.lot, now):
        row.append(keyboards.step(words._("Offer to the runner-up"), "offer", lot_id))
    if view.is_seller and may_relist(view.lot, now):
        row.append(keyboards.step(words._("Put it up again"), "relist", lot_id))
    return tuple(row)


def _chance(view: LotView, words: Language, now: datetime) -> Row:
    made, lot_id = chance_of(view, now), view.lot.auction.id
    if made is None:
        return ()
    take = words._("Take it for {price}", price=words.money(made.price))
    return keyboards.step(take, "accept", lot_id), keyboards.step(words._("No, thanks"), "decline", lot_id)
