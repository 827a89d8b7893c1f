"""All kinds of data about a person, in the order of the file, and why nothing else is among them.

A test compares this with the tables of docs/architecture.md: a new one is answered for here, or it fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starbid.services.assistant.asking import Asking
from starbid.services.billing.refund_requests import RefundRequests
from starbid.services.browsers import Browsers
from starbid.services.emails.addresses import EmailAddresses
from starbid.services.own_data import interests, money, person, records, trade
from starbid.services.own_data.kind import Kind
from starbid.services.ports import (
    Achievements,
    Addresses,
    Contacts,
    Desk,
    EventLog,
    Questions,
    Searches,
    SellDrafts,
    Store,
    Talks,
    Watches,
)
from starbid.services.sessions import Sessions
from starbid.services.showcases.connecting import Connecting
from starbid.services.tokens import Tokens

ELSEWHERE: Final[Mapping[str, str]] = {
    "outbox": "events by number, for 30 days",
    "rollups": "sums and figures, by number",
    "audit": "what operators did: it is theirs, and is never changed",
    "scratch": "by number and without words, for 30 days at most; what has words is named by its kind",
    "desk": "records of operators; what people wrote is named by its kind",
    "note#<person>": "an operator's own words on why somebody is watched or barred: a block outlives the account",
    "report#<lot>": "why a lot was reported, for 400 days: an operator may have to look again",
    "export": "how far a file of theirs is, for 30 days; the file itself is deleted after a day",
    "leaving": "that the account was deleted, by number",
    "payout#<person>#<request>": "a payout that was not confirmed, for a day",
    "living#<person>#found": "new lots that were told, by number, for 14 days",
    "waits#<person>": "notices that wait for the end of quiet hours, for 3 days",
    "aside#<person>#<lot>": "photos that wait for their words, for a day",
    "parcel#<person>#<lot>": "what was not handed over, for a day",
    "conv#<person>": "the last questions of the bot, for a day",
}
"""Families of records that no kind answers for, and why that is right."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the kinds look."""

    store: Store
    contacts: Contacts
    watches: Watches
    searches: Searches
    drafts: SellDrafts
    achievements: Achievements
    questions: Questions
    talks: Talks
    addresses: Addresses
    desk: Desk
    log: EventLog
    browsers: Browsers
    emails: EmailAddresses
    sessions: Sessions
    tokens: Tokens
    connecting: Connecting
    asking: Asking
    refunds: RefundRequests


def kinds(reach: Reach) -> tuple[Kind, ...]:
    """In the order of the file, and of erasing: what could still act for the person goes first."""
    store = reach.store
    return (
        person.Profile(store),
        person.ApiTokens(reach.tokens),
        person.Reached(reach.contacts, reach.browsers, reach.emails),
        person.LoggedIn(reach.sessions),
        money.Wallets(store),
        money.Movements(store),
        money.Payments(store),
        money.RefundsAsked(reach.refunds),
        money.Bills(store),
        money.PaidOut(store),
        trade.Selling(store, reach.talks),
        trade.Bidding(store, reach.talks, reach.addresses),
        interests.Favourites(reach.watches),
        interests.SearchesSaved(reach.searches),
        interests.LotDrafts(reach.drafts),
        interests.Groups(reach.connecting),
        interests.Earned(reach.achievements),
        interests.HelperHistory(reach.questions, reach.asking),
        records.Support(reach.desk),
        records.Events(reach.log),
    )
