"""Rows of deals: part `deal` of a lot. Times are milliseconds, amounts minor units."""

from __future__ import annotations

from starbid.domain.deals import Deal, DealState
from starbid.domain.money import Money
from starbid.domain.offers import Offer, OfferState
from starbid.domain.ratings import Rating
from starbid.storage.codec import Item
from starbid.storage.rows import at, ms, shelf


def deal_item(deal: Deal) -> Item:
    """A disputed deal stands on the shelves of disputes from `disputed_at` on, any other on those of what is due."""
    disputed = deal.state is DealState.DISPUTED
    stands_at = deal.disputed_at if disputed else deal.due_at
    return {
        "auction_id": deal.auction_id,
        "part": "deal",
        "version": deal.version,
        "seller": deal.seller_id,
        "buyer": deal.buyer_id,
        "currency": deal.price.currency,
        "price": deal.price.amount,
        "fee": deal.fee.amount,
        "sold_at": ms(deal.sold_at),
        "state": deal.state.value,
        "delivery": deal.delivery,
        "delivered_at": ms(deal.delivered_at) if deal.delivered_at else None,
        "dispute": deal.dispute,
        "disputed_at": ms(deal.disputed_at) if deal.disputed_at else None,
        "answer": deal.answer,
        "reason": deal.reason or None,
        "ended_at": ms(deal.ended_at) if deal.ended_at else None,
        "ratings": [_rating_item(rating) for rating in deal.ratings] or None,
        "offer": _offer_item(deal.offer) if deal.offer else None,
        "relisted": deal.relisted or None,
        "second_of": deal.second_of or None,
        "due_shelf": shelf("dispute" if disputed else "deal", deal.auction_id) if stands_at else None,
        "due_at": ms(stands_at) if stands_at else None,
    }


def deal_from(item: Item) -> Deal:
    currency, state = item["currency"], DealState(item["state"])
    moves_by_itself = "due_at" in item and state is not DealState.DISPUTED
    return Deal(
        auction_id=item["auction_id"],
        seller_id=item["seller"],
        buyer_id=item["buyer"],
        price=Money(item["price"], currency),
        fee=Money(item["fee"], currency),
        sold_at=at(item["sold_at"]),
        due_at=at(item["due_at"]) if moves_by_itself else None,
        state=state,
        delivery=item.get("delivery"),
        delivered_at=at(item["delivered_at"]) if "delivered_at" in item else None,
        dispute=item.get("dispute"),
        disputed_at=at(item["disputed_at"]) if "disputed_at" in item else None,
        answer=item.get("answer"),
        reason=item.get("reason", ""),
        ended_at=at(item["ended_at"]) if "ended_at" in item else None,
        ratings=tuple(_rating_from(rating) for rating in item.get("ratings", ())),
        offer=_offer_from(item["offer"], currency) if "offer" in item else None,
        relisted=item.get("relisted", False),
        second_of=item.get("second_of", ""),
        version=item["version"],
    )


def _rating_item(rating: Rating) -> Item:
    return {"by_seller": rating.by_seller, "stars": rating.stars, "text": rating.text, "at": ms(rating.at)}


def _rating_from(item: Item) -> Rating:
    return Rating(item["by_seller"], item["stars"], item["text"], at(item["at"]))


def _offer_item(offer: Offer) -> Item:
    return {"to": offer.to_id, "price": offer.price.amount, "until": ms(offer.until), "state": offer.state.value}


def _offer_from(item: Item, currency: str) -> Offer:
    return Offer(item["to"], Money(item["price"], currency), at(item["until"]), OfferState(item["state"]))
