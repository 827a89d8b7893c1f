"""A second chance: where a sale fell through or the winner owed, the next one may have the lot (spec, section 3).

They pay what the lot would have cost without the one who failed: the last maxima of the others, replayed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from starbid.domain import closing
from starbid.domain.auction import Auction, Bid, BidKind, Terms
from starbid.domain.closing import Closed
from starbid.domain.deal_errors import NoRunnerUp, NotSold, WrongDealState, WrongOfferState
from starbid.domain.deals import DealState, DealTimes
from starbid.domain.errors import NotYours, passes
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import latest_by_bidder
from starbid.domain.kinds.english import English
from starbid.domain.lots import Card, Lot, on_card
from starbid.domain.money import Money
from starbid.domain.pause import Paused
from starbid.domain.second_chance_offer import OFFER_TIME, Offer, OfferState
from starbid.domain.wallet import Wallet


@dataclass(frozen=True, slots=True)
class Taken:
    """An accepted offer: the old lot with it, and the new one `sold` at once with its words and pictures."""

    old: Auction
    card: Card
    sold: Closed


def replay(auction: Auction, rows: Iterable[Bid], without: Collection[int]) -> Auction:
    """The lot as it would stand if only the last bids of everybody else had been made, in order of time.

    `rows` are those last bids at least. Only standing and price mean something in what is answered.
    """
    kind, start = kind_of(auction), auction.terms.start_price
    fair = replace(
        auction,
        price=start,
        leader_id=None,
        leader_maximum=None,
        runner_up_id=None,
        runner_up_maximum=None,
        bids_count=0,
    )
    last = sorted(latest_by_bidder(list(rows)).values(), key=lambda row: row.number)
    for row in last:
        if row.bidder_id not in without and row.kind is not BidKind.BUY:
            fair = kind.counted(fair, row.bidder_id, row.maximum)
    return fair


def leave_out(auction: Auction, fair: Auction, left_out: Iterable[int]) -> Auction:
    """A sealed lot before its close, with the standing of `fair`: the bids of those who owe do not count."""
    return replace(
        auction,
        leader_id=fair.leader_id,
        leader_maximum=fair.leader_maximum,
        runner_up_id=fair.runner_up_id,
        runner_up_maximum=fair.runner_up_maximum,
        left_out=tuple(sorted(left_out)),
    )


def offer_of(fair: Auction, now: datetime) -> Offer | None:
    """What the leader of a replayed lot is offered, for 48 hours; None where nobody would have won it."""
    won = kind_of(fair).winner(fair)
    return Offer(*won, now + OFFER_TIME) if won else None


def may_offer(lot: Lot, person_id: int | None, now: datetime) -> bool:
    """Whether this person may offer the lot, as far as it shows without the bids."""
    return passes(require_offerable, lot, person_id, now)


def require_offerable(lot: Lot, person_id: int, now: datetime) -> None:
    """Raises NotYours; NotSold and WrongDealState unless the price has gone back; WrongOfferState after an offer;
    NoRunnerUp where nobody but the winner has bid: one may stand behind those who owed when the lot closed.
    """
    auction, deal = lot.auction, lot.deal
    if person_id != auction.seller_id:
        raise NotYours
    if deal is None:
        raise NotSold
    if deal.state is not DealState.REFUNDED:
        raise WrongDealState(deal.state)
    if auction.offer:
        raise WrongOfferState(auction.offer.standing(now))
    if auction.relisted:
        raise WrongOfferState("relisted")
    if auction.runner_up_id is None and not auction.left_out:
        raise NoRunnerUp


def offer(lot: Lot, seller_id: int, fair: Auction, now: datetime) -> Auction:
    """The seller offers a refunded lot to the one who leads in `fair`, at the price of `fair`, for 48 hours, once.

    Raises NotYours, NotSold, WrongDealState, NoRunnerUp, WrongOfferState.
    """
    require_offerable(lot, seller_id, now)
    made = offer_of(fair, now)
    if made is None:
        raise NoRunnerUp
    return _with(lot.auction, made)


def accept(lot: Lot, buyer: Wallet, new_id: str, salt: str, fee_percent: int, times: DealTimes, now: datetime) -> Taken:
    """The runner-up takes the offer: a lot `new_id` like the old one, bought at once at the price of the offer.

    Raises Paused, NotYours, WrongOfferState.
    """
    if lot.auction.is_paused(now):
        raise Paused
    old, price = _answered(lot.auction, buyer.user_id, OfferState.ACCEPTED, now)
    start = lot.auction.terms.start_price
    terms = Terms(English.name, start, buy_now_price=price, extend_seconds=0, max_extension_seconds=0)
    ends_at = now + lot.auction.duration
    card = replace(lot.card, auction_id=new_id, created_at=now, version=1)
    seller_id, hidden = lot.auction.seller_id, lot.auction.hidden
    fresh = Auction(new_id, seller_id, terms, now, ends_at, ends_at, start, salt, hidden=hidden)
    sold = closing.buy_now(on_card(fresh, card), buyer, price, fee_percent, times, now)
    assert sold.deal is not None
    sold = replace(sold, deal=replace(sold.deal, second_of=lot.auction.id))
    return Taken(old, card, sold)


def decline(auction: Auction, person_id: int, now: datetime) -> Auction:
    """The runner-up does not want it. Raises NotYours, WrongOfferState."""
    return _answered(auction, person_id, OfferState.DECLINED, now)[0]


def lapse(auction: Auction, now: datetime) -> Auction:
    """The time of an offer is over, and nobody answered it. Raises WrongOfferState where that is not so."""
    if auction.offer is None:
        raise WrongOfferState("none")
    return _with(auction, auction.offer.lapsed(now))


def _answered(auction: Auction, person_id: int, state: OfferState, now: datetime) -> tuple[Auction, Money]:
    """The lot with the receiver's answer, and the price of the offer."""
    if auction.offer is None:
        raise WrongOfferState("none")
    return _with(auction, auction.offer.answered(person_id, state, now)), auction.offer.price


def _with(auction: Auction, offer: Offer) -> Auction:
    return replace(auction, offer=offer, version=auction.version + 1)
