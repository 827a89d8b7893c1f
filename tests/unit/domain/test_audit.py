"""The log as it is written: chained, with hidden amounts as commitments that tell nothing until they are opened."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from starbid.domain import audit, closing
from starbid.domain.auction import Bid, Ending
from starbid.domain.audit_check import problems
from starbid.domain.deals import DealTimes
from starbid.domain.kinds import kind_of
from tests.support.factories import ANNA, BORIS, auction, bid, terms, wallet, xtr
from tests.support.logs import ended, fresh, log_of, played


def test_the_head_of_a_lot_without_bids_stands_on_its_terms_and_changes_with_them() -> None:
    lot = auction()
    assert audit.head_of(lot) == audit.digest(audit.terms_of(lot))
    assert audit.head_of(replace(lot, terms=terms(101))) != audit.head_of(lot)


def test_an_entry_stands_on_the_hash_of_the_one_before() -> None:
    lot = auction()
    first = bid(lot, ANNA, 200)
    second = bid(first.auction, BORIS, 300)
    assert first.bid.chain == first.auction.head == audit.digest(audit.entry(lot, first.bid, audit.head_of(lot)))
    assert second.bid.chain == audit.digest(audit.entry(lot, second.bid, first.bid.chain))


def test_a_digest_is_one_that_anybody_can_compute() -> None:
    line = {"b": None, "a": "лот", "n": 1}
    plain = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    assert audit.digest(line) == hashlib.sha256(plain.encode()).hexdigest()


def test_a_maximum_is_hidden_behind_a_salt_of_its_own() -> None:
    lot = auction()
    first = bid(lot, ANNA, 200)
    second = bid(first.auction, BORIS, 200)
    one, two = (audit.entry(lot, done.bid, "")["commitment"] for done in (first, second))
    assert one != two
    assert one == audit.commitment(audit.salt_of(lot, 1), 200)
    assert "200" not in json.dumps(audit.entry(lot, first.bid, ""))
    assert len({audit.salt_of(lot, number) for number in range(100)}) == 100
    assert audit.salt_of(lot, 1) != audit.salt_of(replace(lot, salt="another"), 1)


def test_of_a_sealed_bid_neither_amount_nor_rank_is_public() -> None:
    for seed in range(50):
        lot, rows = played("sealed", seed)
        for row in rows:
            line = audit.entry(lot, row, "")
            assert (line["price"], line["leader"]) == (None, None)


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_nothing_is_opened_of_a_lot_that_was_not_sold(kind: str) -> None:
    for seed in range(100):
        lot, rows = played(kind, seed)
        if lot.ending is not Ending.SOLD:
            assert log_of(lot, rows)["openings"] == []


def test_the_secret_of_a_lot_stands_nowhere_in_its_log() -> None:
    for kind in ("english", "dutch", "sealed", "vickrey"):
        for seed in range(30):
            lot, rows = played(kind, seed)
            assert lot.salt not in json.dumps(log_of(lot, rows))


def test_no_account_stands_in_a_log() -> None:
    lot, rows = played("english", 15)
    lot = replace(lot, seller_id=777_888_999)
    assert "777888999" not in json.dumps(log_of(lot, rows))
    assert all(entry["bidder"].startswith("#") for entry in log_of(lot, rows)["entries"])


def test_a_moment_is_utc_to_the_millisecond() -> None:
    assert audit.moment(datetime(2026, 5, 1, 12, 0, 0, 123_999, tzinfo=UTC)) == "2026-05-01T12:00:00.123Z"
    assert audit.moment(datetime(2026, 5, 1, 12, 0, tzinfo=UTC)) == "2026-05-01T12:00:00.000Z"


def test_a_winners_maximum_that_set_the_price_is_opened_though_it_was_raised_since() -> None:
    """ANNA's 200 met BORIS's 200: the price. What she raised it to stays hidden."""
    lot = auction()
    rows: list[Bid] = []
    for who, amount in ((ANNA, 200), (BORIS, 200), (ANNA, 900)):
        accepted = bid(lot, who, amount)
        lot, rows = accepted.auction, [*rows, accepted.bid]
    assert lot.price == xtr(200)
    assert kind_of(lot).opened(lot, rows) == {1, 2}


def test_a_lot_that_closes_in_the_millisecond_of_its_end_at_its_buy_now_price_was_not_bought_at_once() -> None:

    lot = replace(fresh("english", Random(1)), terms=terms(100, buy_now=200, reserve=200))
    rows: list[Bid] = []
    for who, amount in ((ANNA, 150), (BORIS, 200)):
        accepted = bid(lot, who, amount)
        lot, rows = accepted.auction, [*rows, accepted.bid]
    sold = lot.ended(Ending.SOLD, lot.ends_at, xtr(200))
    assert kind_of(sold).opened(sold, rows) == {1, 2, audit.RESERVE}


def test_two_of_ten_thousand_bidders_have_no_one_name_in_the_log() -> None:
    """With six digits two of them had, and the check said that the leader had bid against themselves."""
    lot = auction()
    people: dict[str, int] = {}
    for user_id in range(10_000):
        alike = people.setdefault(lot.pseudonym(user_id)[:7], user_id)
        if alike != user_id:
            break
    first = bid(lot, alike, 200)
    second = bid(first.auction, user_id, 300)
    sold = ended(closing.close(second.auction, wallet(user_id), 5, DealTimes(), lot.ends_at))
    assert problems(log_of(sold, [first.bid, second.bid])) == []
