"""What the API tells of lots, bids, people and money. Amounts in minor units, times ISO 8601 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starbid.domain.auction import Auction, Status
from starbid.domain.bills import Bill
from starbid.domain.closing import Closed
from starbid.domain.kinds.base import Accepted
from starbid.domain.ledger import Transfer, lot_of
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.links import picture_path
from starbid.services.ports import ApiToken, Listing
from starbid.services.views import AuctionView, LotView, ShownBid, view_auction


def moment(at: datetime) -> str:
    """`2026-05-01T12:00:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def lot(view: LotView) -> dict[str, Any]:
    auction, card = view.lot.auction, view.lot.card
    return {
        "id": auction.id,
        "type": view.kind.name,
        "goods": card.goods,
        "title": card.title,
        "description": card.description,
        "category": card.listed_in,
        "seller_id": card.seller_public_id,
        "reserve_met": view.reserve_met,
        "starts_at": moment(auction.starts_at),
        **_standing(view),
    }


def listed(listing: Listing, now: datetime) -> dict[str, Any]:
    """A live lot of a list: what of it is known without opening it."""
    return {
        "id": listing.auction_id,
        "type": listing.kind,
        "status": Status.LIVE.value,
        "currency": listing.price.currency,
        "goods": listing.goods,
        "title": listing.title,
        "category": listing.category,
        "seller_id": listing.seller_public_id,
        "price": listing.price_at(now).amount,
        "bids_count": listing.bids_count,
        "buy_now_price": _amount(listing.buy_now_price),
        "picture": picture_path(listing.picture, "medium") if listing.picture else None,
        "starts_at": moment(listing.starts_at),
        "ends_at": moment(listing.ends_at),
    }


def public_bid(bid: ShownBid) -> dict[str, Any]:
    """A bid as everybody may see it: never anybody's maximum."""
    return {
        "number": bid.number,
        "kind": bid.kind.value,
        "bidder": bid.bidder,
        "price": _amount(bid.price),
        "leader": bid.leader,
        "placed_at": moment(bid.placed_at),
    }


def own_bid(accepted: Accepted) -> dict[str, Any]:
    """An accepted bid, for its bidder: the bid, and how the lot stood after it."""
    bid = accepted.bid
    staked = bid.maximum if bid.sealed else None
    return {
        "auction_id": bid.auction_id,
        "number": bid.number,
        "kind": bid.kind.value,
        "amount": bid.maximum.amount,
        "placed_at": moment(bid.placed_at),
        "extended": bid.extended,
        **_standing(view_auction(accepted.auction, bid.bidder_id, bid.placed_at, staked)),
    }


def purchase(closed: Closed) -> dict[str, Any]:
    """A lot that was bought, for its buyer."""
    assert closed.bid is not None
    bid = closed.bid
    return {
        "auction_id": bid.auction_id,
        "number": bid.number,
        "kind": bid.kind.value,
        "amount": bid.price.amount,
        "placed_at": moment(bid.placed_at),
        **_standing(view_auction(closed.auction, bid.bidder_id, bid.placed_at)),
        "deal": closed.deal.state.value if closed.deal else None,
    }


def cancelled(auction: Auction, now: datetime) -> dict[str, Any]:
    return {"id": auction.id, "status": auction.status(now).value, "version": auction.version}


def wallet(kept: Wallet) -> dict[str, int]:
    return {"available": kept.available.amount, "held": kept.held.amount}


def entry(transfer: Transfer) -> dict[str, Any]:
    """A movement of a person's money; `amount` is what it did to `available + held`."""
    return {
        "id": transfer.id,
        "kind": transfer.kind,
        "amount": transfer.change.amount,
        "currency": transfer.currency,
        "auction_id": lot_of(transfer),
        "at": moment(transfer.at),
    }


def person(known: Person, now: datetime) -> dict[str, Any]:
    return {
        "id": known.id,
        "public_id": known.public_id,
        "name": known.name,
        "username": known.username,
        "language": known.language,
        "joined_at": moment(known.joined_at),
        "subscribed_until": moment(known.subscribed_until) if known.may_sell(now) and known.subscribed_until else None,
        "may_sell": known.may_sell(now) and not known.blocked,
        "blocked": known.blocked,
    }


def top_up(bill: Bill) -> dict[str, Any]:
    return {
        "id": bill.id,
        "provider": bill.provider.value,
        "amount": bill.amount.amount,
        "currency": bill.amount.currency,
        "status": bill.status,
        "pay_url": bill.pay_url or None,
        "expires_at": moment(bill.expires_at),
    }


def token(kept: ApiToken) -> dict[str, Any]:
    return {"id": kept.public_id, "name": kept.name, "created_at": moment(kept.created_at)}


def _standing(view: AuctionView) -> dict[str, Any]:
    return {
        "status": view.status.value,
        "currency": view.auction.currency,
        "price": view.price.amount,
        "next_min_bid": _amount(view.next_min_bid),
        "leader": view.leader,
        "you_lead": view.you_lead,
        "your_maximum": _amount(view.your_maximum),
        "bids_count": view.auction.bids_count,
        "buy_now_price": _amount(view.buy_now_price),
        "ends_at": moment(view.auction.ends_at),
        "version": view.auction.version,
        "card_version": view.auction.card_version,
    }


def _amount(money: Money | None) -> int | None:
    return None if money is None else money.amount
