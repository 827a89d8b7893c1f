"""Named refusals. Each carries what its receiver needs; nobody matches the text of a message.

`code` is the public name (spec, section 5); `details` is what the JSON API hands out with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from starbid.domain.money import Money


class StarbidError(Exception):
    """A refused action. It changed nothing, held nothing and extended nothing."""

    code: ClassVar[str] = "error"

    def __init_subclass__(cls, *, code: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.code = code or cls.code

    def __init__(self, *said: str, **details: Any) -> None:
        super().__init__(*said)
        self.details = details


def passes(rule: Callable[..., object], *asked: Any) -> bool:
    """Whether a rule that raises a refusal has nothing against it: so what is offered is what is not refused."""
    try:
        rule(*asked)
    except StarbidError:
        return False
    return True


class Invalid(StarbidError, code="invalid"):
    """A field that cannot be accepted. `field` is its name in forms and JSON, `reason` a stable key for the words."""

    def __init__(self, field: str, reason: str, **facts: int | str) -> None:
        super().__init__(f"{field}: {reason}", field=field, reason=reason, **facts)
        self.field, self.reason, self.facts = field, reason, facts


class InvalidFields(StarbidError, code="invalid"):
    """Several fields at once, so that a form can mark all of them."""

    def __init__(self, errors: tuple[Invalid, ...]) -> None:
        super().__init__("; ".join(str(error) for error in errors), fields=[error.details for error in errors])
        self.errors = errors


class NotFound(StarbidError, code="not_found"): ...


class Blocked(StarbidError, code="blocked"):
    """The person is blocked by an operator."""


class InDebt(StarbidError, code="in_debt"):
    """A payment was taken back after it was spent. Until `owed` is settled its owner bids in no lot of that currency,
    and sells nothing.
    """

    def __init__(self, owed: Money) -> None:
        super().__init__(f"{owed.amount} {owed.currency} owed", owed=owed.amount)
        self.owed = owed


class SubscriptionRequired(StarbidError, code="subscription_required"):
    """Selling takes a subscription; `price` buys 30 days of it."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"a subscription costs {price.amount}", price=price.amount)
        self.price = price


class LotChanged(StarbidError, code="lot_changed"):
    """The seller has changed the lot since the person saw it. `card_version` is that of the words as they are now."""

    def __init__(self, card_version: int) -> None:
        super().__init__(f"the words are of version {card_version}", card_version=card_version)
        self.card_version = card_version


class EditedMeanwhile(StarbidError, code="edited_meanwhile"):
    """The lot was changed after this edit of it began. `card_version` is that of the words as they are now."""

    def __init__(self, card_version: int) -> None:
        super().__init__(f"the words are of version {card_version}", card_version=card_version)
        self.card_version = card_version


class NotStarted(StarbidError, code="not_started"): ...


class AuctionClosed(StarbidError, code="auction_closed"): ...


class OwnAuction(StarbidError, code="own_auction"): ...


class BidTooLow(StarbidError, code="bid_too_low"):
    """`next_min` is the least amount that would be accepted now."""

    def __init__(self, next_min: Money) -> None:
        super().__init__(f"the least bid is {next_min.amount}", next_min_bid=next_min.amount)
        self.next_min = next_min


class UnusualBid(StarbidError, code="unusual_bid"):
    """A bid of ten times the least one or more, which would be accepted: it counts once it is confirmed."""

    def __init__(self, amount: Money) -> None:
        super().__init__(f"is {amount.amount} what is meant?", amount=amount.amount)
        self.amount = amount


class PriceMoved(StarbidError, code="price_moved"):
    """The lot is no longer what the person saw. `price` is the present one, None where it cannot be bought any more."""

    def __init__(self, price: Money | None) -> None:
        super().__init__("the price has moved", price=price.amount if price else None)
        self.price = price


class NotForSale(StarbidError, code="not_for_sale"):
    """The lot has no buy-now price, or it has gone away."""


class InsufficientFunds(StarbidError, code="insufficient_funds"):
    """`missing` is what has to be added to `available` for the action to pass."""

    def __init__(self, available: Money, needed: Money) -> None:
        super().__init__(
            f"{available.amount} of {needed.amount}",
            available=available.amount,
            needed=needed.amount,
            missing=(needed - available).amount,
        )
        self.available, self.needed = available, needed

    @property
    def missing(self) -> Money:
        return self.needed - self.available


class NotBiddable(StarbidError, code="not_biddable"):
    """The price of this lot falls by itself: it is bought at the price of the moment, not bid on."""


class NotClosed(StarbidError, code="not_closed"):
    """What is asked for is secret while the lot runs."""


class LogNotReady(StarbidError, code="log_not_ready"):
    """The bid log of a lot that has just ended is being written; to be asked for again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"in {seconds} s", seconds=seconds)
        self.seconds = seconds


class HasBids(StarbidError, code="has_bids"):
    """A lot with bids can be neither edited nor cancelled by its seller."""


class WatchlistFull(StarbidError, code="watchlist_full"):
    """A person watches `most` lots already."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} lots are watched", most=most)
        self.most = most


class DraftsFull(StarbidError, code="drafts_full"):
    """A person has `most` drafts of lots already."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} drafts are kept", most=most)
        self.most = most


class DraftGone(StarbidError, code="draft_gone"):
    """The draft was put up, thrown away, or is too old. `lot`: what was put up of it, empty where nothing was."""

    def __init__(self, lot: str = "") -> None:
        super().__init__("there is no such draft (any more)")
        self.lot = lot


class TooManyTokens(StarbidError, code="too_many_tokens"):
    """A person has `most` API tokens already."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} tokens are there", most=most)
        self.most = most


class TooOften(StarbidError, code="too_many_requests"):
    """The person has done this so often that it has to wait `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"in {seconds} s", seconds=seconds)
        self.seconds = seconds


class NotYours(StarbidError, code="forbidden"):
    """The action belongs to another person (the seller's, the buyer's)."""


class KeyReused(StarbidError, code="idempotency_key_reused"):
    """An `Idempotency-Key` came again with another body."""


class FormReused(StarbidError, code="form_reused"):
    """A form that has put up the lot of `auction_id`, called `title`, came again with other words: neither that lot nor
    another one is made of them, for the person may mean either.
    """

    def __init__(self, auction_id: str, title: str) -> None:
        super().__init__(f"put up {auction_id}", auction_id=auction_id)
        self.auction_id, self.title = auction_id, title


class Spent(StarbidError, code="spent"):
    """A button or a form that has paid for a subscription, whose days are over: it pays for no second one."""


class Conflict(StarbidError, code="conflict"):
    """Others were faster three times in a row; the same request may simply be sent again."""
