"""Vickrey auction: sealed bids, the highest wins and pays the second highest.

Source of every rule here: spec, section 3 ("Sealed and Vickrey").
"""

from __future__ import annotations

from starbid.domain.auction import Auction
from starbid.domain.kinds.sealed import Sealed
from starbid.domain.money import Money
from starbid.domain.sentences import Sentence, _


class Vickrey(Sealed):
    name = "vickrey"
    label = _("Second price")
    badge: Sentence | None = _("Second price")
    line = _("Bids are hidden until the end; the highest wins and pays the second-highest amount.")
    pays = _("You pay the second-highest bid, never more than yours.")

    def price(self, auction: Auction, best: Money) -> Money:
        """max(start, reserve, second highest bid)."""
        start = auction.terms.start_price
        return max(start, auction.terms.reserve_price or start, auction.runner_up_maximum or start)

    def winning_rule(self) -> Sentence:
        return _(
            "The highest bid wins but pays only the second-highest amount, so bid what the lot is worth to "
            "you. Of equal bids the earlier one wins."
        )

    def why(self, auction: Auction) -> tuple[Sentence, ...]:
        price, second = auction.price, auction.runner_up_maximum
        if second and price == second:
            return (_("The highest bid won and pays the second-highest amount: {price}.", price=price),)
        if price == auction.terms.reserve_price:
            return (
                _(
                    "No other bid reached the seller's minimum price, so the winner pays that price: {price}.",
                    price=price,
                ),
            )
        return (_("There was no other bid, so the winner pays the start price: {price}.", price=price),)
