"""What stands in the way of deleting an account, and where it can be ended."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.leaving import Obstacle
from starbid.i18n import Language

PLACES = {
    Obstacle.OPERATOR: "/support",
    Obstacle.LOTS: "/my/auctions",
    Obstacle.BIDS: "/my/bids",
    Obstacle.DEALS: "/my/auctions",
    Obstacle.DEBT: "/wallet",
    Obstacle.PAYOUTS: "/wallet/payout",
    Obstacle.BILLS: "/topup",
    Obstacle.REFUNDS: "/wallet",
    Obstacle.RENEWAL: "/subscribe",
    Obstacle.MONEY: "/wallet",
    Obstacle.FORMER: "/settings/delete",
}


def obstacle_name(obstacle: Obstacle, words: Language) -> str:
    """What it is, and how it ends."""
    _ = words._
    return {
        Obstacle.OPERATOR: _("You are an operator: an owner takes your role away first."),
        Obstacle.LOTS: _("You have lots on sale. Wait for their end, or withdraw those without bids."),
        Obstacle.BIDS: _("Money is frozen for your bids. Wait until these auctions end."),
        Obstacle.DEALS: _("A deal is not finished: send, confirm or settle it."),
        Obstacle.DEBT: _("You owe money. Top up to pay it."),
        Obstacle.PAYOUTS: _("A payout is under way. Wait for it, or cancel it."),
        Obstacle.BILLS: _("A top-up bill is open. Pay or cancel it."),
        Obstacle.REFUNDS: _("Support is deciding about your refund. Wait for the answer."),
        Obstacle.RENEWAL: _("Your subscription renews automatically. Turn the renewal off."),
        Obstacle.MONEY: _("There is money in your wallet. Get it refunded or paid out, or give it up."),
        Obstacle.FORMER: _("Your former account is still being deleted. Try again in an hour."),
    }[obstacle]


def leaving_line(moment: datetime, words: Language) -> str:
    """To one whose account is to be deleted, and the way out."""
    return words._("Your account will be deleted on {moment}. Keep it: /settings", moment=words.moment(moment))
