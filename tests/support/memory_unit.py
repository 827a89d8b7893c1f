"""All-or-nothing units of the in-memory store, as documented in `starbid.services.ports.Unit`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from starbid.domain.auction import Auction, Bid
from starbid.domain.bills import Bill
from starbid.domain.deals import Deal
from starbid.domain.events import AnyEvent
from starbid.domain.intents import Intent, Outcome
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Card
from starbid.domain.money import Money
from starbid.domain.pause import Pauses
from starbid.domain.pausing import under
from starbid.domain.payments import Charge, Order, Purpose
from starbid.domain.people import Person, Reputation
from starbid.domain.restrictions import Limit
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.ports import ApiToken, IdempotencyRecord, Refusal, Standing

from .memory_achievements import AchievementVerbs
from .memory_addresses import AddressVerbs
from .memory_assistant import AssistantVerbs
from .memory_desk import DeskVerbs
from .memory_payouts import MemoryPayoutVerbs
from .memory_tables import Tables
from .memory_talks import TalkVerbs

Check = Callable[[Tables], Refusal | None]
Write = Callable[[Tables], None]
MOST_ITEMS = 100
"""Maximum of items in a DynamoDB transaction."""


class Committer(Protocol):
    def commit(self, unit: MemoryUnit) -> None: ...


class MemoryUnit(AchievementVerbs, AddressVerbs, AssistantVerbs, DeskVerbs, MemoryPayoutVerbs, TalkVerbs):
    """Collects conditions and writes; the store checks all, then writes all, under its lock."""

    def __init__(self, store: Committer) -> None:
        self._store = store
        self._touched: set[tuple[object, ...]] = set()
        self._finished = False
        self.checks: list[Check] = []
        self.writes: list[Write] = []
        self.stream: list[Bid | AnyEvent] = []

    def create_auction(self, auction: Auction, card: Card) -> None:
        self._create("auction", "auctions", auction.id, auction)
        self._touch("card", auction.id)
        self.writes.append(lambda tables: tables.cards.__setitem__(card.auction_id, card))

    def save_auction(self, before: Auction, after: Auction) -> None:
        """Its pauses come with each read: the row has none."""
        stored = replace(after, pauses=())
        self._save("auction", "auctions", before.id, before, stored, read=lambda row: under(row, before.pauses))

    def save_pauses(self, before: Pauses, after: Pauses) -> None:
        if before.version:
            self._save("pauses", "pauses", "", before, after)
        else:
            self._create("pauses", "pauses", "", after)

    def save_card(self, before: Card, after: Card) -> None:
        self._save("card", "cards", before.auction_id, before, after)

    def add_bid(self, bid: Bid) -> None:
        self._create("bid", "bids", (bid.auction_id, bid.number), bid, name=f"{bid.auction_id}#{bid.number}")
        self.stream.append(bid)

    def change_wallet(
        self,
        change: WalletChange,
        standing: Standing = Standing.ANY,
        needed: Money | None = None,
        *,
        bids_at: datetime | None = None,
    ) -> None:
        key = (change.user_id, change.available.currency)

        def changed(tables: Tables) -> Wallet:
            wallet = tables.wallets.get(key) or Wallet.empty(*key)
            wallet = replace(wallet, available=wallet.available + change.available, held=wallet.held + change.held)
            wallet = replace(wallet, bought=wallet.bought + change.bought) if change.bought else wallet
            if change.stake is None:
                return wallet
            stakes = {lot: stake for lot, stake in wallet.stakes.items() if lot != change.stake.auction_id}
            staked = {change.stake.auction_id: change.stake.after} if change.stake.after else {}
            return replace(wallet, stakes=stakes | staked)

        def holds(tables: Tables) -> bool:
            before, after = tables.wallets.get(key) or Wallet.empty(*key), changed(tables)
            good = _stands(before, standing) and (needed is None or before.available >= needed)
            as_seen = change.stake is None or before.stakes.get(change.stake.auction_id) == change.stake.before
            as_seen = as_seen and change.bought_was in (None, before.bought) and _may_bid(before, bids_at)
            as_seen = as_seen and change.available_was in (None, before.available)
            return after.available.amount >= 0 and after.held.amount >= 0 and good and as_seen

        self._wallet(key, holds)
        self.writes.append(lambda tables: _put(tables, changed(tables)))

    def require_money(self, user_id: int, amount: Money, bids_at: datetime) -> None:
        key = (user_id, amount.currency)

        def holds(tables: Tables) -> bool:
            wallet = tables.wallets.get(key) or Wallet.empty(*key)
            return wallet.available >= amount and _stands(wallet, Standing.GOOD) and _may_bid(wallet, bids_at)

        self._wallet(key, holds)

    def require_standing(self, user_id: int, currency: str, standing: Standing) -> None:
        key = (user_id, currency)
        self._wallet(key, lambda tables: _stands(tables.wallets.get(key) or Wallet.empty(*key), standing))

    def change_debt(self, user_id: int, available: Money, owed: Money, bought: Money) -> None:
        key = (user_id, available.currency)

        def changed(tables: Tables) -> Wallet:
            wallet = tables.wallets.get(key) or Wallet.empty(*key)
            after = replace(wallet, available=wallet.available + available, owed=wallet.owed + owed)
            return replace(after, bought=wallet.bought + bought)

        self._wallet(key, lambda tables: min(changed(tables).available.amount, changed(tables).owed.amount) >= 0)
        self.writes.append(lambda tables: _put(tables, changed(tables)))

    def offset_debt(self, user_id: int, part: Money, number: int) -> None:
        key = (user_id, part.currency)

        def changed(tables: Tables) -> Wallet:
            wallet = tables.wallets.get(key) or Wallet.empty(*key)
            return replace(
                wallet, available=wallet.available - part, owed=wallet.owed - part, offsets=wallet.offsets + 1
            )

        def holds(tables: Tables) -> bool:
            after = changed(tables)
            return min(after.available.amount, after.owed.amount) >= 0 and after.offsets == number

        self._wallet(key, holds)
        self.writes.append(lambda tables: _put(tables, changed(tables)))

    def post(self, transfer: Transfer) -> None:
        self._create("transfer", "transfers", transfer.id, transfer)

    def open_deal(self, deal: Deal) -> None:
        self._create("deal", "deals", deal.auction_id, deal)

    def save_deal(self, before: Deal, after: Deal) -> None:
        self._save("deal", "deals", before.auction_id, before, after)

    def save_person(self, before: Person, after: Person) -> None:
        self._save("person", "people", before.id, before, after)

    def add_reputation(self, user_id: int, gain: Reputation) -> None:
        self._touch("person", user_id)

        def write(tables: Tables) -> None:
            there = tables.people[user_id]
            after = replace(there, reputation=there.reputation + gain, version=there.version + 1)
            tables.people[user_id] = after

        self.checks.append(lambda tables: None if user_id in tables.people else Refusal("person", str(user_id)))
        self.writes.append(write)

    def count_pair(self, deal: Deal) -> None:
        self._create("pair", "pairs", frozenset((deal.seller_id, deal.buyer_id)), deal.auction_id, deal.auction_id)

    def require_seller(self, person_id: int, now: datetime) -> None:
        self._touch("person", person_id)

        def check(tables: Tables) -> Refusal | None:
            person = tables.people.get(person_id)
            may = person is not None and person.may_sell(now) and not person.blocked
            until = person.restrictions.end_of(Limit.LOTS) if person else None
            return None if may and not (until and now < until) else Refusal("person", str(person_id), person)

        self.checks.append(check)

    def mark_wallet(self, person: Person, currency: str) -> None:
        key = (person.id, currency)
        self._touch("wallet", *key)

        until = person.restrictions.end_of(Limit.BIDS)
        self.writes.append(lambda tables: tables.mark(key, blocked=person.blocked, no_bids_until=until))

    def add_token(self, token: ApiToken, most: int) -> None:
        self._create("token", "tokens", token.digest, token)
        self._count_token(token, 1, lambda person: not person.blocked and person.tokens < most)

    def drop_token(self, token: ApiToken) -> None:
        self._touch("token", token.digest)
        gone = Refusal("token", token.digest)
        self.checks.append(lambda tables: None if tables.tokens.get(token.digest) == token else gone)

        def drop(tables: Tables) -> None:
            del tables.tokens[token.digest]

        self.writes.append(drop)
        self._count_token(token, -1, lambda _: True)

    def _count_token(self, token: ApiToken, change: int, holds: Callable[[Person], bool]) -> None:
        user_id = token.user_id
        self._touch("person", user_id)

        def check(tables: Tables) -> Refusal | None:
            person = tables.people.get(user_id)
            return None if person and holds(person) else Refusal("person", str(user_id), person)

        def write(tables: Tables) -> None:
            there = tables.people[user_id]
            tables.people[user_id] = replace(there, tokens=there.tokens + change, version=there.version + 1)

        self.checks.append(check)
        self.writes.append(write)

    def add_charge(self, charge: Charge) -> None:
        self._create("charge", "charges", charge.id, charge)
        if charge.purpose is Purpose.PACK:
            self.checks.append(lambda tables: _paid_before(charge, tables))

    def save_charge(self, before: Charge, after: Charge) -> None:
        self._save("charge", "charges", before.id, before, after)

    def add_bill(self, bill: Bill, order: Order) -> None:
        self._create("bill", "bills", bill.id, bill)
        self._create("order", "orders", order.id, order)
        self._create("open_bill", "open_bills", (bill.user_id, bill.provider), bill.id, name=bill.id)

    def save_bill(self, before: Bill, after: Bill) -> None:
        self._save("bill", "bills", before.id, before, after)
        if before.is_open and not after.is_open:
            key = (after.user_id, after.provider)
            self._touch("open_bill", key)
            self.writes.append(lambda tables: tables.open_bills.__delitem__(key))

    def emit(self, event: AnyEvent) -> None:
        self._touch("event", event.id)
        self.stream.append(event)

    def decide_intent(self, intent: Intent, outcome: Outcome) -> None:
        self._touch("intent", intent.id)

        def check(tables: Tables) -> Refusal | None:
            there = tables.intents.get(intent.id)
            waits = there is not None and there.is_undecided
            return None if waits else Refusal("intent", intent.id, there.outcome if there else None)

        def write(tables: Tables) -> None:
            tables.intents[intent.id] = replace(tables.intents[intent.id], outcome=outcome)

        self.checks.append(check)
        self.writes.append(write)

    def record(self, record: IdempotencyRecord) -> None:
        self._create("idempotency", "idempotency_records", record.key, record)

    def commit(self) -> None:
        assert not self._finished, "a unit is committed once"
        assert len(self._touched) <= MOST_ITEMS
        self._finished = True
        self._store.commit(self)

    def _touch(self, what: str, *key: object) -> None:
        item = (what, *key)
        assert item not in self._touched, f"{item} is touched twice in one unit"
        self._touched.add(item)

    def _create(self, what: str, table: str, key: Any, item: Any, name: str | None = None) -> None:
        self._touch(what, key)

        def check(tables: Tables) -> Refusal | None:
            there = getattr(tables, table).get(key)
            return Refusal(what, name or str(key), there) if there is not None else None

        self.checks.append(check)
        self.writes.append(lambda tables: getattr(tables, table).__setitem__(key, item))

    def _save(
        self, what: str, table: str, key: Any, before: Any, after: Any, read: Callable[[Any], Any] = lambda row: row
    ) -> None:
        assert after.version > before.version, f"a new version of {what} {key} is more"
        self._touch(what, key)

        def check(tables: Tables) -> Refusal | None:
            there = getattr(tables, table).get(key)
            stale = there is None or there.version != before.version
            return Refusal(what, str(key), read(there) if there else None) if stale else None

        self.checks.append(check)
        self.writes.append(lambda tables: getattr(tables, table).__setitem__(key, after))

    def _wallet(self, key: tuple[int, str], holds: Callable[[Tables], bool]) -> None:
        self._touch("wallet", *key)

        def check(tables: Tables) -> Refusal | None:
            return None if holds(tables) else Refusal("wallet", str(key[0]), tables.wallets.get(key))

        self.checks.append(check)


def _paid_before(charge: Charge, tables: Tables) -> Refusal | None:
    is_paid = any(other.order_id == charge.order_id for other in tables.charges.values())
    return Refusal("order", str(charge.order_id)) if is_paid else None


def _put(tables: Tables, wallet: Wallet) -> None:
    key = (wallet.user_id, wallet.currency)
    tables.marks.pop(key, None)
    tables.wallets[key] = wallet


def _may_bid(wallet: Wallet, at: datetime | None) -> bool:
    return at is None or wallet.no_bids_until is None or wallet.no_bids_until <= at


def _stands(wallet: Wallet, standing: Standing) -> bool:
    match standing:
        case Standing.CLEAR:
            return not wallet.owed
        case Standing.GOOD:
            return not (wallet.blocked or wallet.owed)
        case Standing.SOLVENT:
            return not wallet.owes
        case Standing.OWING:
            return wallet.owes
        case _:
            return True
