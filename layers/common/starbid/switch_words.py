"""What can be switched off of the notices, in words for chat and site. Plain text."""

from __future__ import annotations

from starbid.domain.channels import Channel
from starbid.domain.quiet import QuietHours
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


def channel_name(channel: Channel, words: Language) -> str:
    """Short enough for a button beside the others."""
    _ = words._
    return {Channel.CHAT: _("Telegram"), Channel.EMAIL: _("E-mail"), Channel.PUSH: _("Browser")}[channel]


def quiet_span(hours: QuietHours) -> str:
    """`22:00–7:00`."""
    begins, ends = (f"{minutes // 60}:{minutes % 60:02}" for minutes in (hours.begins, hours.ends))
    return f"{begins}–{ends}"


def told_in_quiet(words: Language) -> str:
    """What does not wait for the end of quiet hours."""
    return words._(
        "Sent at once all the same: being outbid, an extended end and reminders where the lot ends before that, your "
        "own payments, money that is taken back and debts, deadlines of deals, messages that were not delivered, "
        "decisions of operators and answers of support, groups and channels that shut the bot out, and changes of your "
        "account: a new browser, a stopped e-mail address, its deletion. E-mail never waits."
    )


def always_told(words: Language) -> str:
    """What no switch concerns."""
    return words._(
        "Always sent: deadlines of deals, messages that were not delivered, decisions of operators, answers of "
        "support, payments that go wrong, money that is taken back and debts, groups and channels that shut the bot "
        "out, and changes of your account."
    )
