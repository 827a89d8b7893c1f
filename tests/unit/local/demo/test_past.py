"""The sixty days before the demo: made by the rules, and the same each time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import timedelta
from functools import cache
from typing import Any

from local.demo.past.books import Books
from local.demo.past.crowd import DAYS, Present
from local.demo.past.life import Life
from local.demo.past.storing import rows_of
from starbid.domain.deals import DealState
from starbid.services.settings import Business
from tests.support.books import Dump
from tests.support.fakes import START
from tests.support.invariants import assert_invariants


@cache
def past() -> Books:
    return Life(Present(START, Business(), str)).live()


def test_nobody_lost_a_star_in_it() -> None:
    books = past()
    found: dict[str, Iterable[Any]] = {
        "auctions": books.auctions.values(),
        "bids": books.bids,
        "charges": books.charges,
        "deals": books.deals.values(),
        "events": books.events,
        "people": books.people.values(),
        "transfers": books.transfers,
        "wallets": books.wallets.values(),
    }
    tables: dict[str, Any] = {table.name: list(found.get(table.name, ())) for table in fields(Dump)}
    assert_invariants(Dump(**tables))


def test_it_is_the_same_each_time() -> None:
    again = Life(Present(START, Business(), str)).live()
    assert again.transfers == past().transfers
    assert again.bids == past().bids


def test_it_fills_every_chart_and_queue() -> None:
    books = past()
    days = {(START - transfer.at).days for transfer in books.transfers}
    assert len(days) > DAYS * 0.8
    assert {deal.state for deal in books.deals.values()} >= {
        DealState.COMPLETED, DealState.REFUNDED, DealState.DELIVERED, DealState.AWAITING_DELIVERY,
    }  # fmt: skip
    assert {charge.amount.currency for charge in books.charges} == {"XTR", "RUB"}
    assert {auction.terms.kind for auction in books.auctions.values()} == {"english", "sealed", "vickrey", "dutch"}


def test_nothing_of_it_is_still_on_sale_or_yet_to_come() -> None:
    assert all(auction.is_final for auction in past().auctions.values())
    assert all(event.at < START for event in past().events)
    assert min(person.joined_at for person in past().people.values()) >= START - timedelta(days=DAYS)


def test_every_row_of_it_can_be_stored() -> None:
    stored = {table: len(list(wires)) for table, wires in rows_of(past())}
    assert stored["bids"] == len(past().bids)
    assert stored["event_log"] > len(past().bids) + len(past().transfers)
