"""The wallet in words: what is there, what is held for which lot, what has moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from starbid import wording
from starbid.domain.auction import Status
from starbid.domain.ledger import Transfer
from starbid.domain.money import Money
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.auctions.browsing import MyBid


@dataclass(frozen=True)
class Hold:
    auction_id: str
    title: str
    amount: Money


@dataclass(frozen=True)
class Movement:
    """One line of the ledger. `auction_id` where it belongs to a lot."""

    text: str
    at: datetime
    change: Money
    auction_id: str | None


def offset_of(before: Iterable[Wallet], after: Iterable[Wallet]) -> tuple[Money, ...]:
    """What has just gone to a debt, wallet by wallet."""
    return tuple(old.owed - new.owed for old, new in zip(before, after, strict=True) if new.owed < old.owed)


def holds(mine: Iterable[MyBid]) -> tuple[Hold, ...]:
    """What backs the lots that the person leads."""
    leading = (bid.view for bid in mine if bid.view.you_lead and bid.view.status in (Status.LIVE, Status.CLOSING))
    return tuple(
        Hold(view.lot.auction.id, view.lot.card.title, view.your_maximum) for view in leading if view.your_maximum
    )


def movement(transfer: Transfer, words: Language) -> Movement:
    text = wording.movement(transfer.kind, words)
    return Movement(text, transfer.at, transfer.change, transfer.facts.get("auction_id"))
