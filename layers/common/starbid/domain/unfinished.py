"""What a person was about to do when money was missing. It is kept with the order of that money and finished once the
money is there: exactly what they confirmed, and never more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from starbid.domain.money import Money

FINISH_WITHIN = timedelta(hours=1)
"""So long after the order was made the act is finished without being asked about again."""


@dataclass(frozen=True, slots=True)
class BidAct:
    """A bid of up to `maximum` on the words of `card_version`: quick, one's own maximum, or sealed.

    `version` is that of the lot on the button that was pressed: where it has moved, the person is asked again. None for
    an amount that holds however the price stands below it. `confirmed`: an unusual amount that was asked back once.
    """

    name: ClassVar[str] = "bid"
    lot: str
    maximum: Money
    card_version: int
    version: int | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class BuyAct:
    """A purchase at `price` or below, on the words of `card_version`."""

    name: ClassVar[str] = "buy"
    lot: str
    price: Money
    card_version: int


@dataclass(frozen=True, slots=True)
class TakeAct:
    """A second-chance offer of the lot, taken at its price."""

    name: ClassVar[str] = "take"
    lot: str
    price: Money


@dataclass(frozen=True, slots=True)
class SubscribeAct:
    """30 days of the right to sell, paid once for each `request_id`. `extends`: the person had the right already, and
    wants more days; one who only wants the right pays nothing where they have come by it meanwhile.
    """

    name: ClassVar[str] = "subscribe"
    request_id: str
    extends: bool


@dataclass(frozen=True, slots=True)
class PublishAct:
    """The lot that was filled in, put up once for each `request_id`, with a subscription where one is missing. What is
    on the form stands apart (`services.ports.Publications`).
    """

    name: ClassVar[str] = "publish"
    request_id: str


Act = BidAct | BuyAct | TakeAct | SubscribeAct | PublishAct
ACTS: dict[str, type[Act]] = {kind.name: kind for kind in (BidAct, BuyAct, TakeAct, SubscribeAct, PublishAct)}


def price_of(act: Act) -> Money | None:
    """What is spent on a lot at most; None for what is bought from Starbid."""
    match act:
        case BidAct():
            return act.maximum
        case BuyAct() | TakeAct():
            return act.price
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An act that waits for its money, and until when it is finished without another question."""

    act: Act
    until: datetime

    @classmethod
    def at(cls, act: Act, now: datetime) -> Unfinished:
        return cls(act, now + FINISH_WITHIN)


def lot_of(act: Act) -> str | None:
    """The lot that an act is about; None where there is none yet."""
    match act:
        case BidAct() | BuyAct() | TakeAct():
            return act.lot
        case _:
            return None


def subscription_with(request_id: str) -> str:
    """The request of a subscription that is paid along with a publication, be it from the wallet or after a payment."""
    return f"sell-{request_id}"
