"""What the in-memory store keeps: every table a dict of immutable items."""

from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from starbid.domain.achievements.progress import Progress
from starbid.domain.addresses import Address
from starbid.domain.assistant.account import Account, Pack
from starbid.domain.assistant.question import Question
from starbid.domain.auction import Auction, Bid
from starbid.domain.audit_trail import AuditEntry
from starbid.domain.bills import Bill
from starbid.domain.deals import Deal
from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.events import AnyEvent
from starbid.domain.intents import Intent, Outcome
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Card
from starbid.domain.pause import Pauses
from starbid.domain.payments import Charge, Order, Provider
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.domain.talks import Message, Talk
from starbid.domain.wallet import Wallet
from starbid.services.ports import ApiToken, DeskRow, IdempotencyRecord, Listing


@dataclass(frozen=True)
class Waiting:
    """A bid that waits, until it has an outcome, or was `withdrawn`."""

    intent: Intent
    outcome: Outcome | None = None
    withdrawn: bool = False

    @property
    def is_undecided(self) -> bool:
        return self.outcome is None and not self.withdrawn


@dataclass(frozen=True)
class Lease:
    """Of a lot's line."""

    holder: str
    until: datetime


@dataclass(frozen=True)
class KeptAddress:
    """A deal's, or what is typed of one; `until` it is over, None while its deal goes on."""

    parts: dict[str, str]
    until: datetime | None = None

    @classmethod
    def of(cls, address: Address) -> "KeptAddress":
        return cls({part: getattr(address, part) for part in ("name", "address", "phone")})


@dataclass(frozen=True)
class KeptFiles:
    """Of a deal; `until` they are over, None while it goes on."""

    files: tuple[DeliveredFile, ...] = ()
    until: datetime | None = None


@dataclass
class Tables:
    """All items, by key. Who waits is not compared: nothing has happened to them yet."""

    auctions: dict[str, Auction] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    deals: dict[str, Deal] = field(default_factory=dict)
    bids: dict[tuple[str, int], Bid] = field(default_factory=dict)
    wallets: dict[tuple[int, str], Wallet] = field(default_factory=dict)
    marks: dict[tuple[int, str], None] = field(default_factory=dict)
    """Wallets that hold the mark of a block, or of its end, and have never held anything else."""
    transfers: dict[str, Transfer] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    charges: dict[str, Charge] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    bills: dict[str, Bill] = field(default_factory=dict)
    open_bills: dict[tuple[int, Provider], str] = field(default_factory=dict)
    payouts: dict[str, Payout] = field(default_factory=dict)
    events: dict[str, AnyEvent] = field(default_factory=dict)
    idempotency_records: dict[str, IdempotencyRecord] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    pairs: dict[frozenset[int], str] = field(default_factory=dict)
    tokens: dict[str, ApiToken] = field(default_factory=dict)
    addresses: dict[str, KeptAddress] = field(default_factory=dict)
    files: dict[str, KeptFiles] = field(default_factory=dict)
    audit: dict[str, AuditEntry] = field(default_factory=dict)
    desk: dict[tuple[str, str], DeskRow] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    questions: dict[tuple[int, str], Question] = field(default_factory=dict)
    used_packs: dict[tuple[int, str], Pack] = field(default_factory=dict)
    achievements: dict[int, Progress] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    talk_messages: dict[tuple[str, int], Message] = field(default_factory=dict)
    talk_keys: dict[tuple[str, str], int] = field(default_factory=dict)
    pauses: dict[str, Pauses] = field(default_factory=dict)
    """One item, once there was a pause."""
    intents: dict[str, Waiting] = field(default_factory=dict, compare=False)
    leases: dict[str, Lease] = field(default_factory=dict, compare=False)

    def mark(self, key: tuple[int, str], *, blocked: bool, no_bids_until: datetime | None = None) -> None:
        """Makes a wallet where there is none."""
        if key not in self.wallets:
            self.wallets[key], self.marks[key] = Wallet.empty(*key), None
        self.wallets[key] = replace(self.wallets[key], blocked=blocked, no_bids_until=no_bids_until)

    def snapshot(self) -> "Tables":
        """A copy that later writes do not touch."""
        return Tables(**{table.name: copy(getattr(self, table.name)) for table in fields(self)})
