"""What a lot's page says of its price and its log: the receipt after the sale, the link to check the bids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starbid.domain import audit
from starbid.domain.auction import Ending
from starbid.domain.kinds import kind_of
from starbid.domain.money import Money
from starbid.i18n import Language
from starbid.services.views import LotView


@dataclass(frozen=True)
class Proof:
    """What shows the winner's own maximum to anybody they give it to: `line` is what the entry committed to."""

    number: int
    amount: Money
    line: str


def verify_path(view: LotView) -> str:
    """The link to check the bids, with the head of their log. Empty while there is nothing to seal: until the first bid
    the terms may still change.
    """
    auction = view.lot.auction
    return audit.verify_path(auction) if auction.bids_count or auction.is_final else ""


def receipt(view: LotView, words: Language) -> tuple[str, ...]:
    """Why a sold lot costs what it does; nothing of any other."""
    auction = view.lot.auction
    if auction.ending is not Ending.SOLD:
        return ()
    return tuple(words.say(reason) for reason in kind_of(auction).why(auction))


def proof_of(opening: Mapping[str, Any] | None, currency: str) -> Proof | None:
    """An opening of the log (`audit.opening`) as the page shows it."""
    if opening is None:
        return None
    amount = opening["amount"]
    return Proof(opening["number"], Money(amount, currency), f"{opening['salt']}:{amount}")
