"""What every kind of auction has to give, so that a new one is a module and a line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Auction, Bid, BidKind, Ending
from starbid.domain.audit import RESERVE
from starbid.domain.audit_price import RULES
from starbid.domain.errors import InvalidFields
from starbid.domain.kinds import KINDS, is_unusual, kind_of, least_bid
from starbid.domain.sentences import Sentence
from tests.support.factories import ANNA, draft, xtr
from tests.support.fakes import START
from tests.support.logs import played

every = pytest.mark.parametrize("name", sorted(KINDS))
SPECIFIC = {
    "english": {"reserve_price": 200, "buy_now_price": 300, "bid_step": 5},
    "dutch": {"floor_price": 50, "drop_amount": 10, "drop_seconds": 60},
    "sealed": {"reserve_price": 200},
    "vickrey": {"reserve_price": 200},
}


def some(name: str, count: int = 60) -> list[tuple[Auction, list[Bid]]]:
    return [played(name, seed) for seed in range(count)]


def test_the_kinds_are_those_of_the_contract() -> None:
    assert set(KINDS) == {"english", "dutch", "sealed", "vickrey"} == set(RULES)
    assert all(kind.name == name for name, kind in KINDS.items())


@every
def test_its_own_fields_make_terms_and_those_of_other_kinds_are_refused(name: str) -> None:
    terms = draft(START, type=name, **SPECIFIC[name]).terms
    assert terms.kind == name
    foreign: dict[str, Any] = {}
    for fields in SPECIFIC.values():
        foreign |= {field: value for field, value in fields.items() if field not in KINDS[name].fields}
    foreign.pop("drop_seconds", None)
    for field, value in foreign.items():
        with pytest.raises(InvalidFields) as refused:
            draft(START, type=name, **SPECIFIC[name], **{field: value})
        assert [(error.field, error.reason) for error in refused.value.errors] == [(field, "not_for_type")]


@every
def test_it_says_in_words_how_it_works_and_why_a_lot_cost_what_it_did(name: str) -> None:
    kind = KINDS[name]
    for lot, _ in some(name):
        badges = [kind.badge] if kind.badge else []
        said = [kind.label, *badges, *kind.rules(lot, lot.starts_at)]
        if lot.ending is Ending.SOLD:
            said += kind.why(lot)
        assert all(isinstance(sentence, Sentence) for sentence in said)
        assert len(kind.rules(lot, lot.starts_at)) >= 2


@every
def test_an_ended_lot_shows_the_price_that_was_paid_and_who_won(name: str) -> None:
    for lot, _ in some(name):
        view = KINDS[name].view(lot, lot.ends_at + timedelta(days=1))
        assert (view.next_min_bid, view.buy_now_price) == (None, None)
        assert view.leader_id == (lot.leader_id if lot.ending is Ending.SOLD else None)
        if lot.ending is Ending.SOLD:
            assert view.price == lot.price


@every
def test_the_winners_maximum_is_opened_only_where_it_is_the_price(name: str) -> None:
    for lot, rows in some(name, 200):
        if lot.ending is not Ending.SOLD:
            continue
        opened = kind_of(lot).opened(lot, rows)
        assert all(row.maximum == lot.price for row in rows if row.number in opened and row.bidder_id == lot.leader_id)
        assert RESERVE not in opened or lot.terms.reserve_price == lot.price


@every
def test_ten_times_the_least_bid_is_unusual(name: str) -> None:
    lot = next(lot for lot, rows in some(name) if not rows)
    least = least_bid(lot, ANNA).amount
    assert is_unusual(lot, ANNA, xtr(10 * least))
    assert not is_unusual(lot, ANNA, xtr(10 * least - 1))


def test_unusual_for_a_sealed_bidder_is_ten_times_their_own_next() -> None:
    lot = next(lot for lot, rows in some("sealed") if not rows)
    assert not is_unusual(lot, ANNA, xtr(5_000), xtr(4_000))
    assert is_unusual(lot, ANNA, xtr(40_010), xtr(4_000))


def test_a_lot_was_bought_at_once_where_its_last_bid_says_so() -> None:
    """Lots here end to the millisecond; the one of seed 3638 was won at its buy-now price, and not bought."""
    for lot, rows in [*some("english", 500), played("english", 3638)]:
        assert lot.bought == bool(rows and rows[-1].kind is BidKind.BUY)
