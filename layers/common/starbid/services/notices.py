"""Who is told what. Pure: from a bid row or an event to notices; words and channels come later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starbid.domain.auction import Bid, BidKind
from starbid.domain.events import (
    AnyEvent,
    DealFroze,
    DealThawed,
    DebtOffset,
    DisputeAnswered,
    DisputeWithdrawn,
    LotBegan,
    LotCancelled,
    LotDelivered,
    LotDisputed,
    LotEndingSoon,
    LotRated,
    LotSold,
    LotUnsold,
    MoneyReleased,
    MoneyReturned,
    PaymentCredited,
    PaymentRefunded,
    RenewalChanged,
    SecondChanceDeclined,
    SecondChanceExpired,
    SecondChanceOffered,
    SubscriptionEnded,
    SubscriptionShortened,
    SubscriptionStarted,
)
from starbid.domain.money import Money
from starbid.services.ports import Notice

KINDS = (
    "new_bid",
    "outbid",
    "extended",
    "won",
    "lost",
    "sold",
    "unsold",
    "cancelled",
    "began",
    "ending_soon",
    "delivered",
    "released",
    "returned",
    "disputed",
    "dispute_opened",
    "dispute_answered",
    "dispute_withdrawn",
    "frozen",
    "thawed",
    "rated",
    "second_chance",
    "second_chance_declined",
    "second_chance_expired",
    "credited",
    "refunded",
    "debt_offset",
    "subscribed",
    "subscription_ended",
    "subscription_shortened",
    "renewal",
)
"""Every kind of notice; each has words in both languages."""


def of_bid(bid: Bid) -> tuple[Notice, ...]:
    """The seller hears of the bid, the former leader of being outbid, both sides of an extension.

    A purchase ends the lot: its event tells everybody. Of a sealed bid nobody hears, not even that it was made.
    """
    if bid.kind is BidKind.BUY or bid.sealed:
        return ()
    source = f"bid:{bid.auction_id}:{bid.number}"
    facts: dict[str, Any] = {"price": pack(bid.price), "bids": bid.number}
    told = []
    if bid.kind is BidKind.BID:
        told.append(_notice(source, "new_bid", bid.seller_id, bid.auction_id, facts))
    if bid.outbid_id is not None and bid.released is not None:
        told.append(_notice(source, "outbid", bid.outbid_id, bid.auction_id, facts | {"released": pack(bid.released)}))
    if bid.extended:
        facts = facts | {"ends_at": bid.ends_at.isoformat()}
        others = {bid.seller_id, bid.outbid_id, bid.leader_id} - {bid.bidder_id, None}
        told += [_notice(source, "extended", who, bid.auction_id, facts) for who in sorted(o for o in others if o)]
    return tuple(told)


def of_event(event: AnyEvent, others: Iterable[int] = ()) -> tuple[Notice, ...]:
    """`others` are all who bid on the lot where `needs_bidders(event)`, and who watch it where
    `needs_watchers(event)`; the admins where `needs_admins(event)`.
    """
    match event:
        case LotBegan() | LotEndingSoon():
            kind = "began" if isinstance(event, LotBegan) else "ending_soon"
            facts: dict[str, Any] = {"ends_at": event.ends_at.isoformat(), "at": event.at.isoformat()}
            audience = (who for who in others if who != event.seller_id)
            return tuple(_notice(event.id, kind, who, event.auction_id, facts) for who in audience)
        case LotSold():
            facts = {"price": pack(event.price)}
            losers = [who for who in others if who != event.winner_id]
            return (
                _notice(event.id, "won", event.winner_id, event.auction_id, facts),
                _notice(event.id, "sold", event.seller_id, event.auction_id, facts),
                *(
                    _notice(event.id, "lost", who, event.auction_id, _lost(facts, who, event.left_out))
                    for who in losers
                ),
            )
        case LotUnsold():
            owed = bool(event.left_out)
            facts = {"best_bid": pack(event.best_bid) if event.best_bid else None, "owed": owed}
            return (
                _notice(event.id, "unsold", event.seller_id, event.auction_id, facts),
                *(
                    _notice(event.id, "lost", who, event.auction_id, _lost({"winner_owed": owed}, who, event.left_out))
                    for who in others
                ),
            )
        case LotDisputed():
            facts = {"text": event.text}
            disputed = _notice(event.id, "disputed", event.seller_id, event.auction_id, facts)
            return (disputed, *_asked(event, others, facts))
        case DisputeWithdrawn():
            return (
                _notice(event.id, "dispute_withdrawn", event.seller_id, event.auction_id, {}),
                *_asked(event, others),
            )
        case DisputeAnswered():
            facts = {"text": event.text, "version": event.version}
            return tuple(_notice(event.id, "dispute_answered", who, event.auction_id, facts) for who in others)
        case MoneyReleased() | MoneyReturned():
            return (*_of_one(event), *_asked(event, others))
        case LotCancelled():
            facts = {"reason": event.reason}
            everyone = dict.fromkeys((event.seller_id, *others))
            if not event.reason:  # the seller did it
                del everyone[event.seller_id]
            return tuple(_notice(event.id, "cancelled", who, event.auction_id, facts) for who in everyone)
        case _:
            return _of_one(event)


def needs_bidders(event: AnyEvent) -> bool:
    return isinstance(event, LotSold | LotUnsold | LotCancelled)


def needs_admins(event: AnyEvent) -> bool:
    """Where an admin settled, the others' message of what is open is no longer right."""
    if isinstance(event, MoneyReleased | MoneyReturned):
        return event.by == "admin"
    return isinstance(event, LotDisputed | DisputeAnswered | DisputeWithdrawn)


def needs_watchers(event: AnyEvent) -> bool:
    return isinstance(event, LotBegan | LotEndingSoon | LotCancelled)


def _asked(
    event: LotDisputed | DisputeWithdrawn | MoneyReleased | MoneyReturned,
    admins: Iterable[int],
    facts: dict[str, Any] | None = None,
) -> tuple[Notice, ...]:
    """To the admins: what is open has changed; one message of each of them shows it (services.open_disputes)."""
    return tuple(_notice(event.id, "dispute_opened", who, event.auction_id, facts or {}) for who in admins)


def _of_one(event: AnyEvent) -> tuple[Notice, ...]:
    """To the sides of a deal, or to one person about their money."""
    match event:
        case LotDelivered():
            return (_notice(event.id, "delivered", event.buyer_id, event.auction_id, {}),)
        case MoneyReleased():
            facts = {"payout": pack(event.payout), "fee": pack(event.fee), "by": event.by, "reason": event.reason}
            told = [_notice(event.id, "released", event.seller_id, event.auction_id, facts)]
            if event.by != "buyer":
                told.append(_notice(event.id, "released", event.buyer_id, event.auction_id, facts))
            return tuple(told)
        case MoneyReturned():
            facts = {"price": pack(event.price), "by": event.by, "reason": event.reason}
            both = (event.buyer_id, event.seller_id)
            return tuple(_notice(event.id, "returned", who, event.auction_id, facts) for who in both)
        case DealFroze():
            facts = {"until": event.until.isoformat()}
            both = (event.seller_id, event.buyer_id)
            return tuple(_notice(event.id, "frozen", who, event.auction_id, facts) for who in both)
        case DealThawed():
            facts = {"until": event.until.isoformat()}
            return (_notice(event.id, "thawed", event.seller_id, event.auction_id, facts),)
        case LotRated():
            return (_notice(event.id, "rated", event.rated_id, event.auction_id, {"visible": event.visible}),)
        case SecondChanceOffered():
            facts = {"price": pack(event.price), "until": event.until.isoformat()}
            return (_notice(event.id, "second_chance", event.to_id, event.auction_id, facts),)
        case SecondChanceDeclined() | SecondChanceExpired():
            kind = "second_chance_declined" if isinstance(event, SecondChanceDeclined) else "second_chance_expired"
            return (_notice(event.id, kind, event.seller_id, event.auction_id, {"price": pack(event.price)}),)
        case _:
            return (_about_money(event),)


def _about_money(event: AnyEvent) -> Notice:
    facts: dict[str, Any]
    match event:
        case PaymentCredited():
            return _notice(event.id, "credited", event.user_id, None, {"amount": pack(event.amount)})
        case PaymentRefunded():
            facts = {"amount": pack(event.amount), "owed": pack(event.owed)}
            return _notice(event.id, "refunded", event.user_id, None, facts)
        case DebtOffset():
            facts = {"amount": pack(event.amount), "left": pack(event.left)}
            return _notice(event.id, "debt_offset", event.user_id, None, facts)
        case SubscriptionStarted():
            return _notice(event.id, "subscribed", event.user_id, None, {"until": event.until.isoformat()})
        case SubscriptionShortened():
            facts = {"until": event.until.isoformat()}
            return _notice(event.id, "subscription_shortened", event.user_id, None, facts)
        case RenewalChanged():
            facts = {"state": event.state, "another": event.another, "request_id": event.request_id}
            facts["until"] = event.until.isoformat() if event.until else None
            return _notice(event.id, "renewal", event.user_id, None, facts)
        case SubscriptionEnded():
            return _notice(event.id, "subscription_ended", event.user_id, None, {})
        case _:
            raise TypeError(f"no notice is defined for {type(event).__name__}")


def _lost(facts: dict[str, Any], who: int, left_out: Iterable[int]) -> dict[str, Any]:
    """Somebody whose bid did not count, as they owed, hears that."""
    return facts | {"owed": True} if who in left_out else facts


def pack(money: Money) -> list[int | str]:
    """Money as JSON: `[amount, currency]`."""
    return [money.amount, money.currency]


def unpack(value: list[Any]) -> Money:
    return Money(int(value[0]), str(value[1]))


def _notice(source: str, kind: str, user_id: int, auction_id: str | None, facts: dict[str, Any]) -> Notice:
    return Notice(f"{source}:{kind}:{user_id}", user_id, kind, auction_id, facts)
