"""A unit of writing as one TransactWriteItems call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starbid.domain.addresses import Address
from starbid.domain.auction import Auction, Bid
from starbid.domain.deals import Deal
from starbid.domain.events import AnyEvent
from starbid.domain.intents import Intent, Outcome
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Card
from starbid.domain.money import Money
from starbid.domain.pausing import under
from starbid.domain.payments import Charge, Purpose
from starbid.domain.people import Reputation
from starbid.domain.wallet import WalletChange
from starbid.services.ports import ConditionFailed, Contended, IdempotencyRecord, Refusal, Standing, Throttled
from starbid.storage import deal_rows, rows
from starbid.storage.achievements import ProgressVerbs
from starbid.storage.addresses import address_item, address_key, expiry
from starbid.storage.assistant import AssistantVerbs
from starbid.storage.audit_trail import AuditVerbs
from starbid.storage.bills import BillVerbs
from starbid.storage.codec import Item, Wire, decode, encode
from starbid.storage.deal_files import FileVerbs
from starbid.storage.deal_rows import deal_from
from starbid.storage.desk import DeskVerbs
from starbid.storage.errors import Cancelled, aws_errors
from starbid.storage.event_rows import event_item
from starbid.storage.intent_rows import UNDECIDED, intent_key, outcome_item, outcome_of
from starbid.storage.models import PaymentRow, person_from, wire_of
from starbid.storage.pauses import PauseVerbs
from starbid.storage.payouts import PayoutVerbs
from starbid.storage.rows import auction_from, bid_from, card_from, transfer_from, wallet_from
from starbid.storage.talks import TalkVerbs
from starbid.storage.unit_parts import Part, PeopleVerbs, wallet_key
from starbid.storage.wallet_update import WalletUpdate, condition_of, free_to_bid

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MEMORY_SECONDS = 2 * 86_400


class DynamoUnit(
    PeopleVerbs, BillVerbs, PayoutVerbs, AuditVerbs, DeskVerbs, PauseVerbs, AssistantVerbs, ProgressVerbs, FileVerbs,
    TalkVerbs,
):  # fmt: skip
    """Implements `ports.Unit`."""

    def __init__(self, client: DynamoDBClient, tables: Mapping[str, str]) -> None:
        super().__init__(tables)
        self._client = client

    def create_auction(self, auction: Auction, card: Card) -> None:
        self._put("auction", auction.id, "auctions", encode(rows.auction_item(auction)), "auction_id", auction_from)
        self._put("card", auction.id, "auctions", encode(rows.card_item(card)), "auction_id", card_from)

    def save_auction(self, before: Auction, after: Auction) -> None:
        def read(item: Item) -> Auction:
            return under(auction_from(item), before.pauses)

        self._replace("auction", after.id, "auctions", encode(rows.auction_item(after)), before.version, read)

    def save_card(self, before: Card, after: Card) -> None:
        self._replace("card", after.auction_id, "auctions", encode(rows.card_item(after)), before.version, card_from)

    def add_bid(self, bid: Bid) -> None:
        key = f"{bid.auction_id}#{bid.number}"
        self._put("bid", key, "bids", encode(rows.bid_item(bid)), "auction_id", bid_from)

    def change_wallet(
        self,
        change: WalletChange,
        standing: Standing = Standing.ANY,
        needed: Money | None = None,
        *,
        bids_at: datetime | None = None,
    ) -> None:
        currency = change.available.currency
        changes = {"available": change.available.amount, "held": change.held.amount}
        update = WalletUpdate(changes, change.bought.amount if change.bought else 0)
        update.require_standing(standing)
        if bids_at is not None:
            update.require(*free_to_bid(bids_at))
        if needed is not None:
            update.require_money(needed.amount)
        if change.bought_was is not None:
            update.require_same("bought", change.bought_was.amount)
        if change.available_was is not None:
            update.require_same("available", change.available_was.amount)
        if change.stake:
            update.stake(change.stake)
        if needed is not None and update.is_nothing and update.condition:
            self._check_wallet(change.user_id, currency, update.condition, update.values)
        else:
            self._update_wallet(change.user_id, currency, update)

    def change_debt(self, user_id: int, available: Money, owed: Money, bought: Money) -> None:
        update = WalletUpdate({"available": available.amount, "owed": owed.amount}, bought.amount)
        self._update_wallet(user_id, available.currency, update)

    def offset_debt(self, user_id: int, part: Money, number: int) -> None:
        update = WalletUpdate({"available": -part.amount, "owed": -part.amount, "offsets": 1})
        update.require_offsets(number - 1)
        self._update_wallet(user_id, part.currency, update)

    def require_money(self, user_id: int, amount: Money, bids_at: datetime) -> None:
        good, values = condition_of(Standing.GOOD)
        free, moment = free_to_bid(bids_at)
        values = values | moment | {":needed": amount.amount}
        self._check_wallet(user_id, amount.currency, f"available >= :needed AND {good} AND {free}", values)

    def require_standing(self, user_id: int, currency: str, standing: Standing) -> None:
        self._check_wallet(user_id, currency, *condition_of(standing))

    def post(self, transfer: Transfer) -> None:
        item = encode(rows.transfer_item(transfer))
        self._put("transfer", transfer.id, "ledger", item, "transfer_id", transfer_from)

    def open_deal(self, deal: Deal) -> None:
        self._put("deal", deal.auction_id, "auctions", encode(deal_rows.deal_item(deal)), "auction_id", deal_from)

    def save_deal(self, before: Deal, after: Deal) -> None:
        self._replace(
            "deal",
            after.auction_id,
            "auctions",
            encode(deal_rows.deal_item(after)),
            before.version,
            deal_from,
        )

    def keep_address(self, auction_id: str, address: Address) -> None:
        item = encode(address_item(auction_id, address))
        self._add("address", auction_id, "addresses", "Put", {"Item": item}, "", {}, dict)

    def expire_address(self, auction_id: str, at: datetime) -> None:
        over = expiry(auction_id, at)
        action = {
            "Key": encode(address_key(auction_id)),
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in over),
        }
        values = {f":{name}": value for name, value in over.items()}
        self._add("address", auction_id, "addresses", "Update", action, "", values, dict)

    def add_reputation(self, user_id: int, gain: Reputation) -> None:
        changes = {name: count for name, count in gain.counters().items() if count} | {"version": 1}
        action = {
            "Key": encode({"user_id": user_id}),
            "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in changes),
        }
        values = {f":{name}": count for name, count in changes.items()}
        self._add("person", str(user_id), "users", "Update", action, "attribute_exists(user_id)", values, person_from)

    def count_pair(self, deal: Deal) -> None:
        item = encode({"pair": deal_rows.pair_of(deal), "auction_id": deal.auction_id})
        self._put("pair", deal.auction_id, "pairs", item, "pair", dict)

    def require_seller(self, person_id: int, now: datetime) -> None:
        free = "(attribute_not_exists(no_lots_until) OR no_lots_until <= :now)"
        condition = f"subscribed_until > :now AND blocked = :no AND {free}"
        values = {":now": rows.ms(now), ":no": False}
        key = encode({"user_id": person_id})
        self._check("users", person_id, key, condition, values, "person", person_from)

    def add_charge(self, charge: Charge) -> None:
        self._put("charge", charge.id, "payments", wire_of(PaymentRow.of_charge(charge)), "payment_id", _charge)
        if charge.order_id:
            self._complete_order(charge.order_id, charge)

    def save_charge(self, before: Charge, after: Charge) -> None:
        self._replace("charge", after.id, "payments", wire_of(PaymentRow.of_charge(after)), before.version, _charge)

    def emit(self, event: AnyEvent) -> None:
        action: TransactWriteItemTypeDef = {
            "Put": {"TableName": self._tables["outbox"], "Item": encode(event_item(event))}
        }
        self._parts.append(Part("event", event.id, action, dict))

    def decide_intent(self, intent: Intent, outcome: Outcome) -> None:
        action = {"Key": encode(intent_key(intent)), "UpdateExpression": "SET outcome = :outcome"}
        values = {":outcome": outcome_item(outcome)}
        self._add("intent", intent.id, "intents", "Update", action, UNDECIDED, values, outcome_of)

    def record(self, record: IdempotencyRecord) -> None:
        item = encode(idempotency_item(record))
        condition = "attribute_not_exists(pk)"
        self._add("idempotency", record.key, "scratch", "Put", {"Item": item}, condition, {}, idempotency_from)

    def commit(self) -> None:
        try:
            with aws_errors():
                self._client.transact_write_items(
                    TransactItems=[part.action for part in self._parts],
                    ClientRequestToken=uuid4().hex,  # one for all tries, botocore's and ours
                )
        except Throttled as busy:
            raise Contended(*busy.args) from busy
        except Cancelled as cancelled:
            if cancelled.unmet:
                raise ConditionFailed(tuple(self._refusals(cancelled.unmet))) from cancelled
            if cancelled.busy:
                refusals = tuple(self._refusals(dict.fromkeys(cancelled.busy)))
                raise Contended(*cancelled.args, refusals=refusals) from cancelled
            raise

    def _refusals(self, unmet: Mapping[int, Wire | None]) -> Iterator[Refusal]:
        for place, item in unmet.items():
            part = self._parts[place]
            yield Refusal(part.what, part.key, part.read(decode(item)) if item else None)

    def _put(self, what: str, key: str, table: str, item: Wire, absent: str, read: Callable[[Item], Any]) -> None:
        self._add(what, key, table, "Put", {"Item": item}, f"attribute_not_exists({absent})", {}, read)

    def _replace(self, what: str, key: str, table: str, item: Wire, version: int, read: Callable[[Item], Any]) -> None:
        self._add(what, key, table, "Put", {"Item": item}, "version = :version", {":version": version}, read)

    def _check(
        self,
        table: str,
        key: int,
        wire_key: Wire,
        condition: str,
        values: Item,
        what: str,
        read: Callable[[Item], Any],
    ) -> None:
        self._add(what, str(key), table, "ConditionCheck", {"Key": wire_key}, condition, values, read)

    def _check_wallet(self, user_id: int, currency: str, condition: str, values: Item) -> None:
        self._check("wallets", user_id, wallet_key(user_id, currency), condition, values, "wallet", wallet_from)

    def _update_wallet(self, user_id: int, currency: str, update: WalletUpdate) -> None:
        """Adding makes a wallet where there is none."""
        if update.is_nothing:
            return
        action = {"Key": wallet_key(user_id, currency), "UpdateExpression": update.expression} | update.names
        self._add("wallet", str(user_id), "wallets", "Update", action, update.condition, update.values, wallet_from)

    def _complete_order(self, order_id: str, charge: Charge) -> None:
        action = {
            "Key": encode({"payment_id": f"order#{order_id}"}),
            "UpdateExpression": "SET #state = :credited, first_charge = if_not_exists(first_charge, :charge)",
            "ExpressionAttributeNames": {"#state": "state"},
        }
        condition = "attribute_not_exists(first_charge)" if charge.purpose is Purpose.PACK else ""
        values: Item = {":credited": "credited", ":charge": charge.id}
        self._add("order", order_id, "payments", "Update", action, condition, values, dict)


def idempotency_key(key: str) -> Item:
    return {"pk": f"idempotency#{key}", "sk": "-"}


def idempotency_item(record: IdempotencyRecord) -> Item:
    return idempotency_key(record.key) | {
        "fingerprint": record.fingerprint,
        "result": json.dumps(record.result),
        "expires_at": int(time.time()) + MEMORY_SECONDS,
    }


def idempotency_from(item: Item) -> IdempotencyRecord:
    return IdempotencyRecord(item["pk"].removeprefix("idempotency#"), item["fingerprint"], json.loads(item["result"]))


def _charge(item: Item) -> Charge:
    return PaymentRow.from_raw_data(encode(item)).charge()
