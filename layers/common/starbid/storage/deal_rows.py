"""Rows of deals: part `deal` of a lot. Times are milliseconds, amounts minor units."""

from __future__ import annotations

from datetime import timedelta

from starbid.domain.deal_ratings import counted_review
from starbid.domain.deals import Deal, DealState
from starbid.domain.money import Money
from starbid.domain.ratings import Rating
from starbid.storage.codec import Item
from starbid.storage.rows import at, ms, shard

_MS = timedelta(milliseconds=1)


def deal_item(deal: Deal) -> Item:
    """A disputed deal stands on shards of its own, any other on those of what is due; one whose price is in escrow in
    the indexes of its two sides too, and one whose review counts in that of its seller's reviews. `due_at` is when
    somebody has to look at it; where that is to remind, the deal moves on by itself at `moves_at`.
    """
    due, review = ms(deal.looks_at) if deal.looks_at else None, counted_review(deal)
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
        "files": deal.files or None,
        "delivered_at": ms(deal.delivered_at) if deal.delivered_at else None,
        "dispute": deal.dispute,
        "disputed_at": ms(deal.disputed_at) if deal.disputed_at else None,
        "answer": deal.answer,
        "dispute_pictures": list(deal.dispute_pictures) or None,
        "answer_pictures": list(deal.answer_pictures) or None,
        "reason": deal.reason or None,
        "ended_at": ms(deal.ended_at) if deal.ended_at else None,
        "ratings": [_rating_item(rating) for rating in deal.ratings] or None,
        "second_of": deal.second_of or None,
        "bought": deal.bought or None,
        "frozen_at": ms(deal.frozen_at) if deal.frozen_at else None,
        "freeze_left": deal.freeze_left // _MS or None,
        "left": deal.left // _MS or None,
        "idle": deal.idle // _MS or None,
        "counts": deal.counts or None,
        "waiting_buyer": deal.buyer_id if deal.is_open else None,
        "waiting_seller": deal.seller_id if deal.is_open else None,
        "due_shard": shard("dispute" if deal.state is DealState.DISPUTED else "deal", deal.auction_id) if due else None,
        "due_at": due,
        "moves_at": ms(deal.due_at) if deal.remind_at and deal.due_at else None,
        "addressed_at": ms(deal.addressed_at) if deal.addressed_at else None,
        "rated_seller": deal.seller_id if review else None,
        "rated_at": ms(review.at) if review else None,
        "rated_stars": review.stars if review else None,
    }


def deal_from(item: Item) -> Deal:
    currency, state = item["currency"], DealState(item["state"])
    looks_at, moves_at = item.get("due_at"), item.get("moves_at")
    due = looks_at if moves_at is None else moves_at
    return Deal(
        auction_id=item["auction_id"],
        seller_id=item["seller"],
        buyer_id=item["buyer"],
        price=Money(item["price"], currency),
        fee=Money(item["fee"], currency),
        sold_at=at(item["sold_at"]),
        due_at=at(due) if due is not None else None,
        state=state,
        remind_at=at(looks_at) if looks_at is not None and moves_at is not None else None,
        addressed_at=at(item["addressed_at"]) if "addressed_at" in item else None,
        delivery=item.get("delivery"),
        files=item.get("files", 0),
        delivered_at=at(item["delivered_at"]) if "delivered_at" in item else None,
        dispute=item.get("dispute"),
        disputed_at=at(item["disputed_at"]) if "disputed_at" in item else None,
        answer=item.get("answer"),
        dispute_pictures=tuple(item.get("dispute_pictures", ())),
        answer_pictures=tuple(item.get("answer_pictures", ())),
        reason=item.get("reason", ""),
        ended_at=at(item["ended_at"]) if "ended_at" in item else None,
        ratings=tuple(_rating_from(rating) for rating in item.get("ratings", ())),
        second_of=item.get("second_of", ""),
        bought=item.get("bought", 0),
        frozen_at=at(item["frozen_at"]) if "frozen_at" in item else None,
        freeze_left=item.get("freeze_left", 0) * _MS,
        left=item.get("left", 0) * _MS,
        idle=item.get("idle", 0) * _MS,
        counts=item.get("counts", False),
        version=item["version"],
    )


def pair_of(deal: Deal) -> str:
    """The two people of a deal, in either role."""
    return "#".join(map(str, sorted((deal.seller_id, deal.buyer_id))))


def _rating_item(rating: Rating) -> Item:
    return {"by_seller": rating.by_seller, "stars": rating.stars, "text": rating.text, "at": ms(rating.at)}


def _rating_from(item: Item) -> Rating:
    return Rating(item["by_seller"], item["stars"], item["text"], at(item["at"]))
