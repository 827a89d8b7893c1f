"""Entries of what is no event: bids, movements of money, people, operators' acts, messages to the bot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from starbid.domain.auction import Bid, BidKind
from starbid.domain.audit_trail import AuditEntry
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.ledger import Transfer, lot_of
from starbid.domain.people import Person
from starbid.services.ports import Heard
from starbid.services.recording.money import TOP_UPS
from starbid.services.recording.registry import Details, name

REGISTERED = name(LogKind.PERSON, "registered")
name(LogKind.BID, *(kind.value for kind in BidKind))
name(LogKind.MESSAGE, "command", "button", "text", "photo", "file", "other")


class Reach(StrEnum):
    """Whether the bot may write to a person, and whether they may act."""

    LEFT = name(LogKind.PERSON, "bot_blocked")
    CAME_BACK = name(LogKind.PERSON, "bot_unblocked")
    BLOCKED = name(LogKind.PERSON, "blocked")
    UNBLOCKED = name(LogKind.PERSON, "unblocked")


def of_bid(bid: Bid) -> LogEntry:
    """`price` is the lot's after it, which everybody sees; a `hidden` bid has none. A maximum is the bidder's own."""
    details: Details = {"number": bid.number, "currency": bid.price.currency, "seller_id": bid.seller_id}
    details |= {"hidden": 1} if bid.sealed else {"price": bid.price.amount, "leads": int(bid.leads)}
    if bid.extended:
        details["extended"] = 1
    lot = bid.auction_id
    entry_id = f"bid:{lot}:{bid.number}"
    return LogEntry(entry_id, bid.placed_at, LogKind.BID, bid.kind.value, bid.bidder_id, f"lot/{lot}", details)


def of_transfer(transfer: Transfer) -> LogEntry:
    """`amount` is what it did to the person's own money. The other amounts are what it did to each account: `user`,
    `receivable`, `source`, `escrow`, `revenue`, `adjustments`, `payouts`; they add up to nothing. `provider`: of whose
    source the money is.
    """
    kind = LogKind.TOPUP if transfer.kind in TOP_UPS else LogKind.PAYMENT
    details: Details = {"amount": transfer.change.amount, "currency": transfer.currency}
    for account, change in _accounts(transfer):
        details[account] = int(details.get(account, 0)) + change
    provider = next((e.account[len("source:") :] for e in transfer.entries if e.account.startswith("source:")), "")
    if provider:
        details["provider"] = provider
    lot = lot_of(transfer)
    subject = f"lot/{lot}" if lot else f"transfer/{transfer.id}"
    entry_id = f"transfer:{transfer.id}"
    return LogEntry(entry_id, transfer.at, kind, transfer.kind.value, transfer.user_id, subject, details)


def _accounts(transfer: Transfer) -> Iterator[tuple[str, int]]:
    """`user:5` as `user`, `platform:escrow` as `escrow`."""
    for line in transfer.entries:
        what, _, rest = line.account.partition(":")
        yield (rest if what == "platform" else what), line.change.amount


def of_registration(person: Person) -> LogEntry:
    entry_id, details = f"registered:{person.id}", {"language": person.language}
    return LogEntry(entry_id, person.joined_at, LogKind.PERSON, REGISTERED, person.id, "", details)


def of_reach(before: Person, after: Person, at: datetime) -> tuple[LogEntry, ...]:
    """What changed of how a person may be reached and may act. `at`: when their row was written."""
    found = []
    if before.unreachable != after.unreachable:
        found.append(Reach.LEFT if after.unreachable else Reach.CAME_BACK)
    if before.blocked != after.blocked:
        found.append(Reach.BLOCKED if after.blocked else Reach.UNBLOCKED)
    return tuple(
        LogEntry(f"{what}:{after.id}:{after.version}", at, LogKind.PERSON, what.value, after.id) for what in found
    )


def of_audit(act: AuditEntry) -> LogEntry:
    """Who did what on whom. Why, and from which address, stands in the audit log alone."""
    details: Details = {"admin_id": act.admin_id}
    return LogEntry(f"audit:{act.id}", act.at, LogKind.ADMIN, act.action, act.user_id, act.subject, details)


def of_heard(key: str, heard: Heard, at: datetime) -> LogEntry:
    """`key` names the update."""
    details: Details = {"command": heard.command} if heard.command else {}
    return LogEntry(f"heard:{key}", at, LogKind.MESSAGE, heard.form, heard.user_id, "", details)
