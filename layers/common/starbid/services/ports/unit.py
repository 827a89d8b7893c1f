"""Units of writing: all or nothing, and what a refused one says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Protocol

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
from starbid.domain.money import Money
from starbid.domain.pause import Pauses
from starbid.domain.payments import Charge, Order
from starbid.domain.payouts import Payout
from starbid.domain.people import Person, Reputation
from starbid.domain.talks import Message, Talk
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.ports.desk import DeskRow


class Standing(Enum):
    """How a wallet has to stand for a write, before it: CLEAR owes nothing, GOOD is not blocked either; SOLVENT owes no
    more than is available, OWING owes more.
    """

    ANY = auto()
    CLEAR = auto()
    GOOD = auto()
    SOLVENT = auto()
    OWING = auto()


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A bearer token as it is kept: only the SHA-256 of its secret."""

    digest: str
    user_id: int
    name: str
    created_at: datetime

    @property
    def public_id(self) -> str:
        """Enough to choose it among one's own, useless for anything else."""
        return self.digest[:16]


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """The remembered outcome of a request that may come twice. `fingerprint` is of its body, `result` is JSON."""

    key: str
    fingerprint: str
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A condition of a unit that did not hold. `what` names the item; `current` is the item as it is now."""

    what: str
    key: str
    current: Any = None


class ConditionFailed(Exception):
    """A unit was not written because of conditions; nothing of it happened."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__(", ".join(f"{r.what} {r.key}" for r in refusals))
        self.refusals = refusals

    def current(self, what: str) -> Any:
        """The present item behind the refusal of `what`, None where that one is not to blame or does not exist."""
        return next((r.current for r in self.refusals if r.what == what), None)

    def blames(self, what: str) -> bool:
        return any(r.what == what for r in self.refusals)


class Contended(Exception):
    """A unit met another on the same items, or the store was throttled; nothing of it happened; try again.

    `refusals` are the items that are to blame, without their `current`; empty where that is not known.
    """

    def __init__(self, *said: object, refusals: tuple[Refusal, ...] = ()) -> None:
        super().__init__(*said)
        self.refusals = refusals


class Unavailable(Exception):
    """The store did not answer; whether a unit was written is not known. The same request may be sent again."""


class Throttled(Unavailable):
    """The store takes no more at the moment; nothing was done."""


class Unit(Protocol):
    """One all-or-nothing write. Verbs collect, `commit` writes. An item may be touched by one verb only.

    `commit` raises ConditionFailed where a condition does not hold, Contended where it should be tried again.
    """

    def create_auction(self, auction: Auction, card: Card) -> None:
        """what="auction": the id is taken."""

    def save_auction(self, before: Auction, after: Auction) -> None:
        """what="auction": the version is no longer `before`'s."""

    def save_pauses(self, before: Pauses, after: Pauses) -> None:
        """what="pauses": the version is no longer `before`'s."""

    def save_card(self, before: Card, after: Card) -> None:
        """what="card": the version is no longer `before`'s."""

    def add_bid(self, bid: Bid) -> None:
        """what="bid": the number is taken."""

    def change_wallet(
        self,
        change: WalletChange,
        standing: Standing = Standing.ANY,
        needed: Money | None = None,
        *,
        bids_at: datetime | None = None,
    ) -> None:
        """what="wallet": a balance would fall below zero, less than `needed` is available before it, the stake or the
        bought part is not as it was before, the wallet does not stand as asked for, or its owner is barred from
        bids at `bids_at`.
        """

    def require_money(self, user_id: int, amount: Money, bids_at: datetime) -> None:
        """what="wallet": less than `amount` available, blocked, in debt, or barred from bids at `bids_at`. Changes
        nothing.
        """

    def require_standing(self, user_id: int, currency: str, standing: Standing) -> None:
        """what="wallet": it does not stand as asked for. Changes nothing."""

    def change_debt(self, user_id: int, available: Money, owed: Money, bought: Money) -> None:
        """what="wallet": `available`, `owed` and `bought` change together (differences); neither of the first two may
        fall below zero.
        """

    def offset_debt(self, user_id: int, part: Money, number: int) -> None:
        """`part` goes from `available` to `owed`, as the person's settlement `number` (from 1 on).

        what="wallet": less than `part` available or owed, or this settlement has been made.
        """

    def post(self, transfer: Transfer) -> None:
        """what="transfer": a transfer of this id exists."""

    def open_deal(self, deal: Deal) -> None:
        """what="deal": the lot has one."""

    def save_deal(self, before: Deal, after: Deal) -> None:
        """what="deal": the version is no longer `before`'s."""

    def keep_address(self, auction_id: str, address: Address) -> None:
        """Where a deal's lot goes, in the place of what was said before. Always holds."""

    def expire_address(self, auction_id: str, at: datetime) -> None:
        """The address of an ended deal is over from then on. Always holds: where there is none, there will be none."""

    def keep_files(self, auction_id: str, files: tuple[DeliveredFile, ...]) -> None:
        """What is handed over with a deal. Always holds."""

    def expire_files(self, auction_id: str, at: datetime) -> None:
        """The files of an ended deal are over from then on. Always holds."""

    def save_person(self, before: Person, after: Person) -> None:
        """what="person": the version is no longer `before`'s."""

    def add_reputation(self, user_id: int, gain: Reputation) -> None:
        """Adds to the counters, and 1 to the version. what="person": nobody of this id is registered (no `current`)."""

    def count_pair(self, deal: Deal) -> None:
        """what="pair": a deal of these two people counts for their reputation already."""

    def save_progress(self, progress: Progress) -> None:
        """As `Achievements.save`. what="progress": it is not of the version before."""

    def audit(self, entry: AuditEntry) -> None:
        """What an operator does by this unit. what="audit": it has been done."""

    def save_account(self, before: Account, after: Account) -> None:
        """what="account": the version of the helper's account is no longer `before`'s (0: it exists)."""

    def add_question(self, question: Question) -> None:
        """what="question": one of this id exists."""

    def save_question(self, question: Question) -> None:
        """what="question": there is none of this id."""

    def drop_question(self, user_id: int, question_id: str) -> None:
        """Safe to repeat."""

    def keep_pack(self, user_id: int, pack: Pack) -> None:
        """One that is used up."""

    def save_row(self, row: DeskRow) -> None:
        """As `Desk.save`. what="row": there is one already, or it is of another version than the one before."""

    def save_talk(self, talk: Talk) -> None:
        """what="talk": it is of another version than the one before (of version 1: it is there)."""

    def save_talk_message(self, talk_id: str, message: Message) -> None:
        """what="talk_message": it is of another version than the one before (of version 1: it is there)."""

    def keep_talk_key(self, talk_id: str, key: str, number: int, before: int | None, until: datetime) -> None:
        """What has become message `number`. what="talk_key": the number of this key is not the one `before`."""

    def require_seller(self, person_id: int, now: datetime) -> None:
        """what="person": not subscribed at `now`, blocked, or barred from lots."""

    def mark_wallet(self, person: Person, currency: str) -> None:
        """Who is blocked, or barred from bids and until when: bids look here. Makes a wallet where there is none.
        Always holds.
        """

    def add_token(self, token: ApiToken, most: int) -> None:
        """Keeps a token and counts it. what="person": nobody of this id, blocked, or `most` tokens are there."""

    def drop_token(self, token: ApiToken) -> None:
        """Deletes a token and counts it. what="token": it is gone already, or was never its owner's."""

    def add_charge(self, charge: Charge) -> None:
        """what="charge": it is known. what="order": it is of a pack, and another one has paid its order."""

    def save_charge(self, before: Charge, after: Charge) -> None:
        """what="charge": the version is no longer `before`'s."""

    def add_bill(self, bill: Bill, order: Order) -> None:
        """A new bill with its order, which is the person's open one at its provider. what="bill": the id is taken;
        what="open_bill": they have another one open there.
        """

    def save_bill(self, before: Bill, after: Bill) -> None:
        """what="bill": the version is no longer `before`'s. One that is not open any more makes room for another."""

    def add_payout(self, payout: Payout) -> None:
        """what="payout": the id is taken."""

    def save_payout(self, before: Payout, after: Payout) -> None:
        """what="payout": the version is no longer `before`'s."""

    def take_payout(self, before: Wallet, amount: Money, bought: Money) -> None:
        """Takes `amount` out of what is available, `bought` of it out of what was paid in.

        what="wallet": what is available, held or bought is no longer `before`'s, or something is owed: what may be paid
        out was reckoned from all of these.
        """

    def emit(self, event: AnyEvent) -> None:
        """Put an event into the outbox. One whose id is there already is not told again, whatever it says."""

    def decide_intent(self, intent: Intent, outcome: Outcome) -> None:
        """what="intent": it was decided (`current` is its outcome), or withdrawn."""

    def record(self, record: IdempotencyRecord) -> None:
        """what="idempotency": the key is known."""

    def commit(self) -> None: ...
