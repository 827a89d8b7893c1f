"""Rows of the hot tables: domain objects to plain items and back. Times are milliseconds, amounts minor units."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta

from starbid.domain.auction import Auction, Bid, BidKind, Ending, Terms
from starbid.domain.ledger import Entry, Transfer, TransferKind
from starbid.domain.lots import Card
from starbid.domain.money import Money
from starbid.domain.second_chance_offer import Offer, OfferState
from starbid.domain.wallet import Wallet
from starbid.storage.codec import Item

SHARDS = 2
"""How many partitions each of these is spread over: a list reads all of them, and one takes a day of a million bids."""
STAKE = "stake:"
"""In a wallet's item, before the id of a lot: the person's sealed bid on it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def ms(at: datetime) -> int:
    """A moment as whole milliseconds since 1970 UTC."""
    return (at - _EPOCH) // _MS


def at(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def shard(what: str, key: str | int) -> str:
    """Spreads what all live things share over a few partitions."""
    return f"{what}#{zlib.crc32(str(key).encode()) % SHARDS}"


def shards(what: str) -> list[str]:
    return [f"{what}#{number}" for number in range(SHARDS)]


def month_of(moment: datetime) -> str:
    """A month of UTC: `2026-11`."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def order_of(moment: datetime, row_id: str | int) -> str:
    """Sorts rows by their moment, and those of one moment by their ids."""
    return f"{max(0, ms(moment)):013}#{row_id}"


def month_keys(moment: datetime, row_id: str | int) -> Item:
    """The attributes of a row that stands in an index `by_month` (storage/monthly.py)."""
    return {"month": shard(month_of(moment), row_id), "order": order_of(moment, row_id)}


def _optional(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


def _amount(money: Money | None) -> int | None:
    return None if money is None else money.amount


def terms_item(terms: Terms) -> Item:
    return {
        "kind": terms.kind,
        "currency": terms.currency,
        "start_price": terms.start_price.amount,
        "reserve_price": _amount(terms.reserve_price),
        "buy_now_price": _amount(terms.buy_now_price),
        "bid_step": _amount(terms.bid_step),
        "extend_seconds": terms.extend_seconds,
        "max_extension_seconds": terms.max_extension_seconds,
        "floor_price": _amount(terms.floor_price),
        "drop_amount": _amount(terms.drop_amount),
        "drop_seconds": terms.drop_seconds,
    }


def terms_from(item: Item) -> Terms:
    currency = item["currency"]
    return Terms(
        kind=item["kind"],
        start_price=Money(item["start_price"], currency),
        reserve_price=_optional(item.get("reserve_price"), currency),
        buy_now_price=_optional(item.get("buy_now_price"), currency),
        bid_step=_optional(item.get("bid_step"), currency),
        extend_seconds=item["extend_seconds"],
        max_extension_seconds=item["max_extension_seconds"],
        floor_price=_optional(item.get("floor_price"), currency),
        drop_amount=_optional(item.get("drop_amount"), currency),
        drop_seconds=item.get("drop_seconds"),
    )


def auction_item(auction: Auction) -> Item:
    """The hot part of a lot, under 1 KB. It stands in the index of ends while it is open, and again with an offer that
    waits for an answer.
    """
    terms, shard_name, due_at = auction.terms, *_due(auction)
    return {
        "auction_id": auction.id,
        "part": "state",
        "version": auction.version,
        "seller": auction.seller_id,
        **terms_item(terms),
        "starts_at": ms(auction.starts_at),
        "ends_at": ms(auction.ends_at),
        "scheduled_end": ms(auction.scheduled_end),
        "price": auction.price.amount,
        "salt": auction.salt,
        "leader": auction.leader_id,
        "leader_maximum": _amount(auction.leader_maximum),
        "runner_up": auction.runner_up_id,
        "runner_up_maximum": _amount(auction.runner_up_maximum),
        "bids_count": auction.bids_count,
        "head": auction.head or None,
        "ending": auction.ending.value,
        "outcome": auction.outcome.value if auction.outcome else None,
        "released_from": auction.released_from,
        "ended_at": ms(auction.ended_at) if auction.ended_at else None,
        "cancel_reason": auction.cancel_reason or None,
        "card_version": auction.card_version,
        "card_hash": auction.card_hash,
        "left_out": list(auction.left_out) or None,
        "offer": _offer_item(auction.offer) if auction.offer else None,
        "relisted": auction.relisted or None,
        "hidden": auction.hidden or None,
        "carried": auction.carried or None,
        "stood_still": auction.stood_still // _MS or None,
        "due_shard": shard(shard_name, auction.id) if due_at else None,
        "due_at": ms(due_at) if due_at else None,
    }


def _due(auction: Auction) -> tuple[str, datetime | None]:
    """On which shard the lot stands in the index of what is due, and from when on."""
    if not auction.is_final:
        return "auction", auction.due_at
    waits = auction.offer is not None and auction.offer.state is OfferState.OPEN
    return "offer", auction.offer.until if waits and auction.offer else None


def auction_from(item: Item) -> Auction:
    currency = item["currency"]
    return Auction(
        id=item["auction_id"],
        seller_id=item["seller"],
        terms=terms_from(item),
        starts_at=at(item["starts_at"]),
        ends_at=at(item["ends_at"]),
        scheduled_end=at(item["scheduled_end"]),
        price=Money(item["price"], currency),
        salt=item["salt"],
        leader_id=item.get("leader"),
        leader_maximum=_optional(item.get("leader_maximum"), currency),
        runner_up_id=item.get("runner_up"),
        runner_up_maximum=_optional(item.get("runner_up_maximum"), currency),
        bids_count=item["bids_count"],
        head=item.get("head", ""),
        ending=Ending(item["ending"]),
        outcome=Ending(item["outcome"]) if "outcome" in item else None,
        released_from=item.get("released_from"),
        ended_at=at(item["ended_at"]) if "ended_at" in item else None,
        cancel_reason=item.get("cancel_reason", ""),
        card_version=item["card_version"],
        card_hash=item["card_hash"],
        left_out=tuple(item.get("left_out", ())),
        offer=_offer_from(item["offer"], currency) if "offer" in item else None,
        relisted=item.get("relisted", False),
        hidden=item.get("hidden", False),
        version=item["version"],
        carried=item.get("carried", 0),
        stood_still=item.get("stood_still", 0) * _MS,
    )


def _offer_item(offer: Offer) -> Item:
    return {"to": offer.to_id, "price": offer.price.amount, "until": ms(offer.until), "state": offer.state.value}


def _offer_from(item: Item, currency: str) -> Offer:
    return Offer(item["to"], Money(item["price"], currency), at(item["until"]), OfferState(item["state"]))


def card_item(card: Card) -> Item:
    return {
        "auction_id": card.auction_id,
        "part": "card",
        "version": card.version,
        "seller_id": card.seller_id,
        "seller_public_id": card.seller_public_id or None,
        "created_at": ms(card.created_at),
        "title": card.title,
        "description": card.description,
        "category": card.category,
        "goods": card.goods,
        "pictures": list(card.pictures),
        "form": card.form or None,
        "moved_to": card.moved_to or None,
        "alts": dict(card.alts) or None,
        **month_keys(card.created_at, card.auction_id),
    }


def card_from(item: Item) -> Card:
    return Card(
        auction_id=item["auction_id"],
        seller_id=item["seller_id"],
        title=item["title"],
        description=item["description"],
        category=item["category"],
        goods=item["goods"],
        pictures=tuple(item["pictures"]),
        created_at=at(item["created_at"]),
        version=item["version"],
        seller_public_id=item.get("seller_public_id", ""),
        form=item.get("form", ""),
        moved_to=item.get("moved_to", ""),
        alts=item.get("alts", {}),
    )


def bid_item(bid: Bid) -> Item:
    return {
        "auction_id": bid.auction_id,
        "number": bid.number,
        "kind": bid.kind.value,
        "bidder_id": bid.bidder_id,
        "seller": bid.seller_id,
        "currency": bid.maximum.currency,
        "maximum": bid.maximum.amount,
        "placed_at": ms(bid.placed_at),
        "price": bid.price.amount,
        "leader": bid.leader_id,
        "ends_at": ms(bid.ends_at),
        "extended": bid.extended or None,
        "outbid": bid.outbid_id,
        "released": _amount(bid.released),
        "sealed": bid.sealed or None,
        "chain": bid.chain,
        "version": bid.version,
    }


def bid_from(item: Item) -> Bid:
    currency = item["currency"]
    return Bid(
        auction_id=item["auction_id"],
        number=item["number"],
        kind=BidKind(item["kind"]),
        bidder_id=item["bidder_id"],
        seller_id=item["seller"],
        maximum=Money(item["maximum"], currency),
        placed_at=at(item["placed_at"]),
        price=Money(item["price"], currency),
        leader_id=item["leader"],
        ends_at=at(item["ends_at"]),
        extended=item.get("extended", False),
        outbid_id=item.get("outbid"),
        released=_optional(item.get("released"), currency),
        sealed=item.get("sealed", False),
        chain=item.get("chain", ""),
        version=item["version"],
    )


def is_used(item: Item) -> bool:
    """Whether a wallet's item holds more than the mark of a block or of its end, which everybody marked has in each."""
    return not item.keys() <= {"user_id", "currency", "blocked", "no_bids_until"}


def wallet_from(item: Item) -> Wallet:
    currency = item["currency"]
    return Wallet(
        user_id=item["user_id"],
        available=Money(item.get("available", 0), currency),
        held=Money(item.get("held", 0), currency),
        owed=Money(item.get("owed", 0), currency),
        bought=Money(item.get("bought", 0), currency),
        blocked=item.get("blocked", False),
        stakes={
            name.removeprefix(STAKE): Money(amount, currency) for name, amount in item.items() if name.startswith(STAKE)
        },
        offsets=item.get("offsets", 0),
        no_bids_until=at(item["no_bids_until"]) if "no_bids_until" in item else None,
    )


def transfer_item(transfer: Transfer) -> Item:
    return {
        "transfer_id": transfer.id,
        "kind": transfer.kind.value,
        "user_id": transfer.user_id,
        "at": ms(transfer.at),
        "currency": transfer.currency,
        "entries": [[entry.account, entry.change.amount] for entry in transfer.entries],
        "facts": transfer.facts or None,
        "person": f"{transfer.user_id}#{transfer.currency}",
        **month_keys(transfer.at, transfer.id),
    }


def transfer_from(item: Item) -> Transfer:
    currency = item["currency"]
    entries = tuple(Entry(account, Money(amount, currency)) for account, amount in item["entries"])
    return Transfer(
        item["transfer_id"], TransferKind(item["kind"]), item["user_id"], at(item["at"]), entries, item.get("facts", {})
    )
