"""Puts the past into the tables, row by row and past the streams: nobody is told old news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from local.demo.past.books import Books
from starbid.bootstrap import App
from starbid.domain.analytics.counting import count
from starbid.domain.event_log import LogEntry
from starbid.domain.events import LotEvent
from starbid.domain.wallet import Wallet
from starbid.services.recording import LotFacts, of_bid, of_event, of_registration, of_transfer
from starbid.storage import deal_rows, rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, Wire, encode
from starbid.storage.event_log import MOST_PARTS, log_item
from starbid.storage.figure_rows import additions
from starbid.storage.finds import person_keys
from starbid.storage.models import PaymentRow, PersonRow, wire_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 25
"""Rows that DynamoDB takes at once."""


def store(books: Books, market: App) -> None:
    tables, dynamo = market.settings.tables, client("dynamodb")
    for name, wires in rows_of(books):
        _write(dynamo, tables[name], list(wires))
    _count(books, dynamo, tables["rollups"], market.now())


def rows_of(books: Books) -> Iterator[tuple[str, Iterable[Wire]]]:
    yield "users", (wire_of(PersonRow.of(person)) for person in books.people.values())
    yield (
        "finds",
        (encode({"term": term, "ref": ref}) for person in books.people.values() for term, ref in person_keys(person)),
    )
    yield "wallets", (encode(_wallet(wallet)) for wallet in books.wallets.values())
    yield "auctions", (encode(rows.auction_item(auction)) for auction in books.auctions.values())
    yield "auctions", (encode(rows.card_item(card)) for card in books.cards.values())
    yield "auctions", (encode(deal_rows.deal_item(deal)) for deal in books.deals.values())
    yield "bids", (encode(rows.bid_item(bid)) for bid in books.bids)
    yield "payments", (wire_of(PaymentRow.of_charge(charge)) for charge in books.charges)
    yield "event_log", (encode(log_item(entry)) for entry in _entries(books))
    yield "ledger", (encode(rows.transfer_item(transfer)) for transfer in books.transfers)
    yield (
        "pairs",
        (encode({"pair": deal_rows.pair_of(deal), "auction_id": deal.auction_id}) for deal in books.pairs.values()),
    )


def _wallet(wallet: Wallet) -> Item:
    stakes = {f"{rows.STAKE}{lot}": stake.amount for lot, stake in wallet.stakes.items()}
    return {
        "user_id": wallet.user_id,
        "currency": wallet.currency,
        "available": wallet.available.amount,
        "held": wallet.held.amount,
        "bought": wallet.bought.amount,
        **stakes,
    }


def _entries(books: Books) -> Iterator[LogEntry]:
    """What the recorder would have logged."""
    yield from map(of_registration, books.people.values())
    yield from map(of_bid, books.bids)
    yield from map(of_transfer, books.transfers)
    for event in books.events:
        yield from of_event(event, _facts(books, event) if isinstance(event, LotEvent) else None)


def _facts(books: Books, event: LotEvent) -> LotFacts:
    auction, card = books.auctions[event.auction_id], books.cards[event.auction_id]
    return LotFacts(auction.terms.kind, card.category, card.goods)


def _count(books: Books, dynamo: DynamoDBClient, table: str, now: datetime) -> None:
    """The figures of all of it at once, as the log's keeping would have counted them bit by bit."""
    entries = sorted(_entries(books), key=lambda entry: (entry.at, entry.id))
    parts = additions(count(entries, {}), now, table)
    for first in range(0, len(parts), MOST_PARTS):
        dynamo.transact_write_items(TransactItems=parts[first : first + MOST_PARTS])


def _write(dynamo: DynamoDBClient, table: str, wires: list[Wire]) -> None:
    for first in range(0, len(wires), BATCH):
        left: dict[str, Any] = {table: [{"PutRequest": {"Item": wire}} for wire in wires[first : first + BATCH]]}
        while left:
            left = dynamo.batch_write_item(RequestItems=left).get("UnprocessedItems", {})
