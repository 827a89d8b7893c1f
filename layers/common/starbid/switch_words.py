"""What can be switched off of the notices, in words for chat and site. Plain text."""

from __future__ import annotations

from starbid.domain.switches import Switch
from starbid.i18n import Language


def switch_name(switch: Switch, words: Language) -> str:
    """Short enough for a button."""
    _ = words._
    return {
        Switch.OUTBID: _("Outbid"),
        Switch.EXTENDED: _("Extended bidding"),
        Switch.WON: _("Lot won"),
        Switch.LOST: _("Lot not won"),
        Switch.FAVOURITES: _("Favourites"),
        Switch.SECOND_CHANCE: _("Second chance"),
        Switch.NEW_BIDS: _("Bids on my lots"),
        Switch.SOLD: _("My lot sold"),
        Switch.UNSOLD: _("My lot unsold"),
        Switch.DELIVERY: _("Delivery"),
        Switch.RELEASED: _("Money of deals"),
        Switch.MESSAGES: _("Messages in deals"),
        Switch.DISPUTES: _("Disputes"),
        Switch.RATINGS: _("Ratings"),
        Switch.PAYMENTS: _("Payments"),
        Switch.LOW_BALANCE: _("Low balance"),
        Switch.PAYOUTS: _("Payouts"),
        Switch.SUBSCRIPTION: _("Subscription"),
        Switch.SEARCH: _("Saved searches"),
        Switch.ACHIEVEMENTS: _("Achievements"),
        Switch.NEWS: _("News of Starbid"),
    }[switch]


def always_told(words: Language) -> str:
    """What no switch concerns."""
    return words._(
        "Always sent: deadlines of deals, decisions of operators, messages of support, and money that is taken back."
    )
