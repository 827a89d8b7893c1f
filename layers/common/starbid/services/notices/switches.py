"""Which notices a person can switch off, and which are always told: each kind belongs to one of the two.

A switch counts at the moment of telling (services.telling), also for a notice that waited on the queue before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starbid.domain.channels import Channel
from starbid.domain.people import Person
from starbid.domain.switches import Switch
from starbid.services.notices import (
    achievements,
    assistant,
    bids,
    broadcasts,
    browsers,
    deals,
    desk,
    email,
    found,
    leaving,
    low_balance,
    money,
    payouts,
    refunds,
    reports,
    showcases,
    talks,
    tickets,
    top_ups,
    waited,
    watching,
)
from starbid.services.notices.registry import Kind
from starbid.services.ports import Notice

SWITCHED: Mapping[Switch, tuple[Kind, ...]] = {
    Switch.OUTBID: (bids.OUTBID,),
    Switch.EXTENDED: (bids.EXTENDED,),
    Switch.WON: (bids.WON,),
    Switch.LOST: (bids.LOST, bids.CANCELLED),
    Switch.FAVOURITES: (watching.BEGAN, watching.ENDING_SOON),
    Switch.SECOND_CHANCE: (deals.SECOND_CHANCE, deals.SECOND_CHANCE_DECLINED, deals.SECOND_CHANCE_EXPIRED),
    Switch.NEW_BIDS: (bids.NEW_BID,),
    Switch.SOLD: (bids.SOLD,),
    Switch.UNSOLD: (bids.UNSOLD,),
    Switch.DELIVERY: (deals.ADDRESS_GIVEN, deals.DELIVERED),
    Switch.RELEASED: (deals.RELEASED, deals.RETURNED),
    Switch.DISPUTES: (deals.DISPUTED, deals.DISPUTE_WITHDRAWN),
    Switch.RATINGS: (deals.RATED,),
    Switch.PAYMENTS: (money.CREDITED, money.REFUNDED, top_ups.BILL_ENDED, assistant.BOUGHT),
    Switch.LOW_BALANCE: (low_balance.LOW_BALANCE,),
    Switch.PAYOUTS: (payouts.APPROVED, payouts.PAID),
    Switch.SUBSCRIPTION: (money.SUBSCRIBED, money.SUBSCRIPTION_ENDING, money.SUBSCRIPTION_ENDED, money.RENEWAL),
    Switch.MESSAGES: (talks.WROTE,),
    Switch.SEARCH: (found.FOUND,),
    Switch.ACHIEVEMENTS: (achievements.EARNED,),
    Switch.NEWS: (broadcasts.BROADCAST,),
}
ALWAYS: tuple[Kind, ...] = (
    # somebody has to act, or loses money
    *(deals.REMINDED, deals.FROZEN, deals.THAWED, talks.UNDELIVERED, talks.BARRED),
    *(money.DEBT_OFFSET, money.SUBSCRIPTION_SHORTENED, assistant.WITHDRAWN),
    *(top_ups.BILL_PUZZLING, top_ups.BILL_RETURNED, top_ups.BILL_DIFFERS),
    *(email.EMAIL_STOPPED, browsers.BROWSER_ADDED, showcases.SHUT_OUT, showcases.TOPIC_GONE),
    *(leaving.LEAVING_ASKED, leaving.LEAVING_PUT_OFF, leaving.ACCOUNT_DELETED),
    # what was wanted, and waited
    waited.WAITED,
    # what operators say and decide
    *(desk.OPERATOR_WROTE, tickets.ANSWERED, tickets.CLOSED, assistant.CHANGED),
    *(reports.REPORTS_SETTLED, reports.HIDDEN, reports.SHOWN, reports.MOVED),
    *(payouts.REFUSED, payouts.RETURNED, refunds.REFUSED, refunds.FAILED),
    # the operators' own work
    *(deals.DISPUTE_OPENED, deals.DISPUTE_ANSWERED, reports.REPORTED, tickets.TICKET_NEWS, tickets.ADMIN_CHAT_LOST),
    tickets.ADMIN_TOPIC_LOST,
    *(top_ups.BILL_TO_REVIEW, top_ups.PROVIDER_TROUBLED, top_ups.LEDGER_DIFFERS, payouts.REQUESTED),
    refunds.REQUESTED,
)


def _lets_through(kind: Kind) -> Callable[[Notice], bool]:
    """What who muted the lot hears all the same: a debt made it end so, or an operator."""
    return lambda notice: not kind.mutes(notice)


def _is_decided(notice: Notice) -> bool:
    """An operator decided a dispute."""
    return bool(notice.facts["by"] == "admin")


_URGENT: Mapping[str, Callable[[Notice], bool]] = {
    bids.LOST.name: _lets_through(bids.LOST),
    bids.UNSOLD.name: _lets_through(bids.UNSOLD),
    bids.CANCELLED.name: _lets_through(bids.CANCELLED),
    deals.RELEASED.name: _is_decided,
    deals.RETURNED.name: _is_decided,
    money.CREDITED.name: lambda notice: bool(notice.facts.get("price")),  # it alone leads back to the act that waited
    money.REFUNDED.name: lambda notice: bool(notice.facts["owed"][0]),
}
"""Of some kinds a notice may tell what nobody may miss: that one is told whatever is switched off."""
ONLY_IN_CHAT = frozenset(
    kind.name
    for kind in (
        *(broadcasts.BROADCAST, tickets.TICKET_NEWS, tickets.ADMIN_CHAT_LOST, tickets.ADMIN_TOPIC_LOST),
        *(deals.DISPUTE_OPENED, deals.DISPUTE_ANSWERED, waited.WAITED),
    )
)
"""Further channels do not carry it: news to everybody, the operators' own work, and what waited for the chat."""
BY_ITSELF = ONLY_IN_CHAT | {kind.name for kind in (talks.WROTE, tickets.ANSWERED, tickets.CLOSED, found.FOUND)}
"""What it says is read when it is told: it is never one line of many."""
SWITCHES_OF_FURTHER = tuple(
    switch for switch, kinds in SWITCHED.items() if any(kind.name not in ONLY_IN_CHAT for kind in kinds)
)
_SWITCH_OF = {kind.name: switch for switch, kinds in SWITCHED.items() for kind in kinds}


def switch_of(kind: str) -> Switch | None:
    """What switches a kind of notice off; None for one that is always told."""
    return _SWITCH_OF.get(kind)


def is_wanted(notice: Notice, person: Person, channel: Channel = Channel.CHAT) -> bool:
    """Whether `person` wants to hear it there."""
    if channel not in person.channels or (channel is not Channel.CHAT and notice.kind in ONLY_IN_CHAT):
        return False
    return is_urgent(notice) or _SWITCH_OF[notice.kind] in person.hears(channel)


def is_urgent(notice: Notice) -> bool:
    """Whether it tells what nobody may miss."""
    if notice.kind not in _SWITCH_OF:
        return True
    urgent = _URGENT.get(notice.kind)
    return urgent is not None and urgent(notice)
