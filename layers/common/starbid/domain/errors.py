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

    @property
    def details(self) -> dict[str, Any]:
        return {}


def passes(rule: Callable[..., object], *asked: Any) -> bool:
    """Whether a rule that raises a refusal has nothing against it: so what is offered is what is not refused."""
    try:
        rule(*asked)
    except StarbidError:
        return False
    return True


class Invalid(StarbidError):
    """A field that cannot be accepted. `field` is its name in forms and JSON, `reason` a stable key for the words."""

    code = "invalid"

    def __init__(self, field: str, reason: str, **facts: int | str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason, self.facts = field, reason, facts

    @property
    def details(self) -> dict[str, Any]:
        return {"field": self.field, "reason": self.reason, **self.facts}


class InvalidFields(StarbidError):
    """Several fields at once, so that a form can mark all of them."""

    code = "invalid"

    def __init__(self, errors: tuple[Invalid, ...]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors

    @property
    def details(self) -> dict[str, Any]:
        return {"fields": [error.details for error in self.errors]}


class NotFound(StarbidError):
    code = "not_found"


class Blocked(StarbidError):
    """The person is blocked by an operator."""

    code = "blocked"


class InDebt(StarbidError):
    """A payment was taken back after it was spent. Until `owed` is settled its owner bids in no lot of that currency,
    and sells nothing.
    """

    code = "in_debt"

    def __init__(self, owed: Money) -> None:
        super().__init__(f"{owed.amount} {owed.currency} owed")
        self.owed = owed

    @property
    def details(self) -> dict[str, Any]:
        return {"owed": self.owed.amount}


class SubscriptionRequired(StarbidError):
    """Selling takes a subscription; `price` buys 30 days of it."""

    code = "subscription_required"

    def __init__(self, price: Money) -> None:
        super().__init__(f"a subscription costs {price.amount}")
        self.price = price

    @property
    def details(self) -> dict[str, Any]:
        return {"price": self.price.amount}


class LotChanged(StarbidError):
    """The seller has changed the lot since the person saw it. `card_version` is that of the words as they are now."""

    code = "lot_changed"

    def __init__(self, card_version: int) -> None:
        super().__init__(f"the words are of version {card_version}")
        self.card_version = card_version

    @property
    def details(self) -> dict[str, Any]:
        return {"card_version": self.card_version}


class NotStarted(StarbidError):
    code = "not_started"


class AuctionClosed(StarbidError):
    code = "auction_closed"


class OwnAuction(StarbidError):
    code = "own_auction"


class BidTooLow(StarbidError):
    """`next_min` is the least amount that would be accepted now."""

    code = "bid_too_low"

    def __init__(self, next_min: Money) -> None:
        super().__init__(f"the least bid is {next_min.amount}")
        self.next_min = next_min

    @property
    def details(self) -> dict[str, Any]:
        return {"next_min_bid": self.next_min.amount}


class UnusualBid(StarbidError):
    """A bid of ten times the least one or more, which would be accepted: it counts once it is confirmed."""

    code = "unusual_bid"

    def __init__(self, amount: Money) -> None:
        super().__init__(f"is {amount.amount} what is meant?")
        self.amount = amount

    @property
    def details(self) -> dict[str, Any]:
        return {"amount": self.amount.amount}


class PriceMoved(StarbidError):
    """The lot is no longer what the person saw. `price` is the present one, None where it cannot be bought any more."""

    code = "price_moved"

    def __init__(self, price: Money | None) -> None:
        super().__init__("the price has moved")
        self.price = price

    @property
    def details(self) -> dict[str, Any]:
        return {"price": self.price.amount if self.price else None}


class NotForSale(StarbidError):
    """The lot has no buy-now price, or it has gone away."""

    code = "not_for_sale"


class InsufficientFunds(StarbidError):
    """`missing` is what has to be added to `available` for the action to pass."""

    code = "insufficient_funds"

    def __init__(self, available: Money, needed: Money) -> None:
        super().__init__(f"{available.amount} of {needed.amount}")
        self.available, self.needed = available, needed

    @property
    def missing(self) -> Money:
        return self.needed - self.available

    @property
    def details(self) -> dict[str, Any]:
        return {"available": self.available.amount, "needed": self.needed.amount, "missing": self.missing.amount}


class NotBiddable(StarbidError):
    """The price of this lot falls by itself: it is bought at the price of the moment, not bid on."""

    code = "not_biddable"


class NotClosed(StarbidError):
    """What is asked for is secret while the lot runs."""

    code = "not_closed"


class LogNotReady(StarbidError):
    """The bid log of a lot that has just ended is being written; to be asked for again in `seconds`."""

    code = "log_not_ready"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds

    @property
    def details(self) -> dict[str, Any]:
        return {"seconds": self.seconds}


class HasBids(StarbidError):
    """A lot with bids can be neither edited nor cancelled by its seller."""

    code = "has_bids"


class WatchlistFull(StarbidError):
    """A person watches `most` lots already."""

    code = "watchlist_full"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} lots are watched")
        self.most = most

    @property
    def details(self) -> dict[str, Any]:
        return {"most": self.most}


class TooManyTokens(StarbidError):
    """A person has `most` API tokens already."""

    code = "too_many_tokens"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} tokens are there")
        self.most = most

    @property
    def details(self) -> dict[str, Any]:
        return {"most": self.most}


class TooOften(StarbidError):
    """The person has done this so often that it has to wait `seconds`."""

    code = "too_many_requests"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds

    @property
    def details(self) -> dict[str, Any]:
        return {"seconds": self.seconds}


class NotYours(StarbidError):
    """The action belongs to another person (the seller's, the buyer's)."""

    code = "forbidden"


class KeyReused(StarbidError):
    """An `Idempotency-Key` came again with another body."""

    code = "idempotency_key_reused"


class Conflict(StarbidError):
    """Others were faster three times in a row; the same request may simply be sent again."""

    code = "conflict"
