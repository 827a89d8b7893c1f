"""Apps over real DynamoDB adapters, for moto and the emulator, and everything in their tables."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache
from itertools import count
from time import monotonic
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import boto3

from local import template
from local.resources import create_buckets, create_tables
from starbid.bootstrap import App
from starbid.config import TABLES
from starbid.domain.lots import Lot
from starbid.domain.people import SUBSCRIPTION, Person
from starbid.pace import ProcessPace
from starbid.storage import clients, deal_rows, rows
from starbid.storage.addresses import DynamoAddresses
from starbid.storage.assistant_rows import account_from, pack_from, question_from
from starbid.storage.bid_logs import BucketLogs
from starbid.storage.catalogue.listing_rows import listing_from
from starbid.storage.catalogue.listings import DynamoCatalogue
from starbid.storage.codec import Wire, decode
from starbid.storage.deal_files import BucketCopies, DynamoDealFiles
from starbid.storage.event_rows import event_from
from starbid.storage.export_files import BucketExports
from starbid.storage.intents import DynamoIntents
from starbid.storage.models import PaymentRow, person_from
from starbid.storage.pauses import pauses_from
from starbid.storage.payouts import payout_from
from starbid.storage.pictures import BucketPictures
from starbid.storage.scratch import DynamoScratch
from starbid.storage.searches import DynamoSearches
from starbid.storage.showcases import DynamoShowcases
from starbid.storage.store import DynamoStore
from starbid.storage.talks import DynamoTalks
from starbid.storage.watches import DynamoWatches

from . import emulator, factories
from .fakes import StagedApp
from .invariants import Dump, assert_invariants
from .memory_tables import Tables

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-central-1"}
_SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
)
_numbers = count(1)
_kept: defaultdict[str, list[template.Template]] = defaultdict(list)
"""Empty tables by the emulator's address."""


class DynamoApp(StagedApp):
    """An App whose store, scratch, pictures and logs are the real adapters."""

    store: DynamoStore
    catalogue: DynamoCatalogue
    scratch: DynamoScratch
    watches: DynamoWatches
    searches: DynamoSearches
    showcase_rows: DynamoShowcases
    addresses: DynamoAddresses
    deal_files: DynamoDealFiles
    file_copies: BucketCopies
    talks: DynamoTalks
    intents: DynamoIntents
    pictures: BucketPictures
    log_files: BucketLogs


@contextmanager
def dynamo_app(endpoint: str | None) -> Iterator[DynamoApp]:
    """A DynamoApp in empty tables made from template.yaml.

    `endpoint` None means whatever botocore reaches by itself: moto, where it is on. In an emulator the tables are
    emptied and kept for the next test of this process: making them takes longer than most tests.
    """
    with _reaching(endpoint):
        kept = _kept[endpoint] if endpoint else []
        stack = kept.pop() if kept else _made()
        try:
            yield _app_of(stack)
        finally:
            if endpoint:
                _empty(endpoint, stack)
                kept.append(stack)


@contextmanager
def app_beside_a_run(endpoint: str) -> Iterator[DynamoApp]:
    """A DynamoApp in the tables that a local run has in this emulator; its clock is a clock of tests all the same."""
    with _reaching(endpoint):
        yield _app_of(template.load(settings={}))


@contextmanager
def _reaching(endpoint: str | None) -> Iterator[None]:
    """Meanwhile AWS is at this address."""
    saved = dict(os.environ)
    os.environ |= CREDENTIALS | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {})
    clients.forget_clients()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)
        clients.forget_clients()


def _app_of(stack: template.Template) -> DynamoApp:
    """For its threads, which wait for each other, time passes: a lease that is not given back has to run out."""
    tables = {name.lower(): stack.environment[f"{name}_TABLE"] for name in TABLES}
    exports_bucket = stack.environment["EXPORTS_BUCKET"]
    app = DynamoApp(
        store=DynamoStore(tables),
        catalogue=DynamoCatalogue(tables),
        scratch=DynamoScratch(tables),
        watches=DynamoWatches(tables),
        searches=DynamoSearches(tables),
        addresses=DynamoAddresses(tables),
        deal_files=DynamoDealFiles(tables),
        file_copies=BucketCopies(stack.environment["PICTURES_BUCKET"]),
        talks=DynamoTalks(tables),
        intents=DynamoIntents(tables),
        pictures=BucketPictures(stack.environment["PICTURES_BUCKET"]),
        log_files=BucketLogs(stack.environment["BID_LOGS_BUCKET"]),
        export_files=BucketExports(exports_bucket),
    )
    app.settings = replace(app.settings, tables=tables, exports_bucket=exports_bucket)  # of whatever else is asked for
    began = monotonic()
    app.pace = ProcessPace(lambda: app.now() + timedelta(milliseconds=int(1000 * (monotonic() - began))))
    return app


def _made() -> template.Template:
    stack = _without_expiry(template.load(settings={}, stack=f"t{uuid4().hex[:8]}"))
    create_tables(boto3.client("dynamodb"), stack)
    create_buckets(boto3.client("s3"), stack)
    return stack


def _empty(endpoint: str, stack: template.Template) -> None:
    for name, table in stack.tables.items():
        keys = [key["AttributeName"] for key in table.create["KeySchema"]]
        deletes = [{"DeleteRequest": {"Key": {key: item[key] for key in keys}}} for item in _everything(endpoint, name)]
        for first in range(0, len(deletes), 25):
            left = _ask(endpoint, "BatchWriteItem", {"RequestItems": {name: deletes[first : first + 25]}})
            assert not left["UnprocessedItems"]
    for bucket in stack.buckets:
        for found in _s3(endpoint).list_objects_v2(Bucket=bucket).get("Contents", []):
            _s3(endpoint).delete_object(Bucket=bucket, Key=found["Key"])


@cache
def _s3(endpoint: str) -> Any:
    return emulator.client("s3", endpoint)


def _without_expiry(stack: template.Template) -> template.Template:
    """The tests' clock is in the past: the emulator would delete new rows as expired."""
    return replace(stack, tables={name: replace(table, ttl=None) for name, table in stack.tables.items()})


def create_queue(name: str, *, fifo: bool = False) -> str:
    """In the emulator that the environment names, or moto; answers its address."""
    attributes: dict[Any, str] = {"FifoQueue": "true"} if fifo else {}
    made = boto3.client("sqs").create_queue(QueueName=f"{name}.fifo" if fifo else name, Attributes=attributes)
    return made["QueueUrl"]


def join(app: App, user_id: int, *, stars: int = 0, seller: bool = False) -> Person:
    """Register somebody, with Stars from a real charge, and if asked the right to sell for 30 days."""
    until = app.now() + SUBSCRIPTION if seller else None
    person = app.store.add_person(factories.person(user_id, joined_at=app.now(), subscribed_until=until))
    if stars:
        factories.pay(app, user_id, stars)
    return person


def put_up(app: App, seller_id: int = factories.SELLER, **changes: Any) -> Lot:
    """Publish a lot of a seller who has joined."""
    draft = factories.draft(app.now(), **changes)
    return app.publishing.publish(seller_id, draft, (), f"r{next(_numbers)}", app.now())


def hammer(calls: Sequence[Callable[[], Any]], threads: int = 32) -> list[Any]:
    """Run all calls at once; returns results and exceptions in order."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        return [future.exception() or future.result() for future in [pool.submit(call) for call in calls]]


def dump(store: DynamoStore) -> Tables:
    """Everything that is stored, as domain objects."""
    tables = Tables()
    readers: dict[str, Callable[[Wire], None]] = {
        "auctions": lambda wire: _add_part(tables, decode(wire)),
        "bids": lambda wire: _add(tables.bids, rows.bid_from(decode(wire)), lambda bid: (bid.auction_id, bid.number)),
        "wallets": lambda wire: _add(
            tables.wallets, rows.wallet_from(decode(wire)), lambda wallet: (wallet.user_id, wallet.currency)
        ),
        "ledger": lambda wire: _add(tables.transfers, rows.transfer_from(decode(wire)), lambda transfer: transfer.id),
        "users": lambda wire: _add(tables.people, person_from(decode(wire)), lambda person: person.id),
        "payments": lambda wire: _add_payment(tables, wire),
        "outbox": lambda wire: _add(tables.events, event_from(decode(wire)), lambda event: event.id),
        "assistant": lambda wire: _add_of_helper(tables, decode(wire)),
        "listings": lambda wire: _add(tables.listings, listing_from(decode(wire)), lambda lot: lot.auction_id),
    }
    for name, read in readers.items():
        for wire in _everything(store.client.meta.endpoint_url, store.tables[name]):
            read(wire)
    return tables


def _everything(endpoint: str, table: str) -> Iterator[Wire]:
    """All items of a table; of AWS by botocore, so that operators can check restored tables."""
    if endpoint.endswith(".amazonaws.com"):
        for page in clients.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from page["Items"]
        return
    asked: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
    while True:
        page = _ask(endpoint, "Scan", asked)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _ask(endpoint: str, operation: str, asked: Mapping[str, Any]) -> Any:
    """The emulator's answer, past botocore: its parser would take most of the time of a check."""
    headers = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Authorization": _SIGNED}
    with urlopen(Request(endpoint, json.dumps(asked).encode(), headers), timeout=60) as response:
        return json.load(response)


def check(store: DynamoStore) -> Tables:
    """Raises AssertionError if an invariant is broken; returns what is stored."""
    tables = dump(store)
    found = {table.name: list(getattr(tables, table.name).values()) for table in fields(Dump)}
    assert_invariants(Dump(**found), in_order=False)
    return tables


def _add(table: dict[Any, Any], item: Any, key: Callable[[Any], Any]) -> None:
    table[key(item)] = item


def _add_part(tables: Tables, item: Mapping[str, Any]) -> None:
    plain = dict(item)
    match plain["part"]:
        case "state":
            tables.auctions[plain["auction_id"]] = rows.auction_from(plain)
        case "card":
            tables.cards[plain["auction_id"]] = rows.card_from(plain)
        case "pauses":
            tables.pauses[""] = pauses_from(plain)
        case _:
            tables.deals[plain["auction_id"]] = deal_rows.deal_from(plain)


def _add_of_helper(tables: Tables, item: Mapping[str, Any]) -> None:
    match str(item["part"]).partition("#")[0]:
        case "account":
            tables.accounts[item["user_id"]] = account_from(dict(item))
        case "q":
            question = question_from(dict(item))
            tables.questions[question.user_id, question.id] = question
        case _:
            pack = pack_from(item["pack"])
            tables.used_packs[item["user_id"], pack.id] = pack


def _add_payment(tables: Tables, wire: Wire) -> None:
    what = str(decode(wire)["payment_id"]).partition("#")[0]
    if what == "charge":
        charge = PaymentRow.from_raw_data(wire).charge()
        tables.charges[charge.id] = charge
    elif what == "order":
        order = PaymentRow.from_raw_data(wire).order()
        tables.orders[order.id] = order
    elif what == "payout":
        payout = payout_from(decode(wire))
        tables.payouts[payout.id] = payout
