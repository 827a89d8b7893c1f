"""`once`: the same key gives the same answer, and the deed happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.assistant.errors import Busy
from starbid.domain.errors import AuctionClosed, Conflict, KeyReused, StarbidError, TooOften
from starbid.domain.intents import Intent, Memory, Wish
from starbid.domain.kinds.base import Accepted
from starbid.domain.lots import Lot
from starbid.domain.pause import Paused
from starbid.services.idempotency import Answer, MakeRecord, fingerprint, once
from starbid.services.ports import Contended
from starbid.services.retrying import ATTEMPTS
from tests.support.factories import ANNA, BORIS, SELLER, draft, market, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of


def refuse(refusal: StarbidError) -> Answer:
    return {"refused": refusal.code, "details": refusal.details}


def bid_once(app: FakeApp, lot: Lot, amount: int = 500, key: str = "k", mark: str = "m") -> Answer:
    """A bid of ANNA's as a handler makes it."""

    def answer(accepted: Accepted) -> Answer:
        return {"price": accepted.auction.price.amount, "number": accepted.bid.number}

    def work(memory: Memory) -> Answer:
        accepted = app.bidding.bid(lot.auction.id, ANNA, amount, app.now(), make_record=MakeRecord(memory, answer))
        return answer(accepted)

    def retell(auction_id: str, number: int) -> Answer:
        return answer(app.bidding.placed(auction_id, number))

    return once(app.store, Memory(key, mark), work, refuse, retell)


def bids_of(app: FakeApp, lot: Lot) -> int:
    return app.store.tables.auctions[lot.auction.id].bids_count


def test_the_same_request_again_gets_the_same_answer_and_bids_once() -> None:
    app, lot = market()
    first = bid_once(app, lot)
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now())
    assert bid_once(app, lot) == first == {"price": 100, "number": 1}
    assert bids_of(app, lot) == 2


def test_another_key_is_another_request() -> None:
    app, lot = market()
    bid_once(app, lot)
    assert bid_once(app, lot, amount=600, key="k2") == {"price": 100, "number": 2}


def test_the_same_key_with_another_body_is_refused() -> None:
    app, lot = market()
    bid_once(app, lot)
    with pytest.raises(KeyReused):
        bid_once(app, lot, amount=900, mark="another body")
    assert bids_of(app, lot) == 1


def test_a_refusal_is_the_answer_ever_after() -> None:
    app, lot = market(stars=499)
    refused = bid_once(app, lot)
    assert refused["refused"] == "insufficient_funds"
    app.publishing.cancel(SELLER, lot.auction.id, app.now())
    assert bid_once(app, lot) == refused
    with pytest.raises(KeyReused):
        bid_once(app, lot, mark="another body")


def test_a_conflict_is_not_the_answer_so_that_the_request_can_be_sent_again() -> None:
    app, lot = market()
    app.store.fail_next(Contended(), times=10_000)
    with pytest.raises(Conflict):
        bid_once(app, lot)
    app.store.heal()
    assert bid_once(app, lot) == {"price": 100, "number": 1}


@pytest.mark.parametrize("after", [False, True])
def test_a_request_whose_process_died_is_answered_as_if_it_had_not(after: bool) -> None:
    app, lot = market()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        bid_once(app, lot)
    assert bid_once(app, lot) == {"price": 100, "number": 1}
    assert bids_of(app, lot) == 1
    assert_invariants(dump_of(app.store))


def test_a_refusal_that_died_before_it_was_remembered_may_turn_out_otherwise() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, BORIS, 600, app.now())
    app.store.fail_next(Death())
    with pytest.raises(Death):
        bid_once(app, lot, amount=101)
    assert bid_once(app, lot, amount=101)["refused"] == "bid_too_low"


def test_a_refusal_is_told_though_a_twin_is_just_writing_it_down() -> None:
    app, lot = market(stars=499)
    app.store.fail_next(Contended(), times=ATTEMPTS - 1)
    assert bid_once(app, lot)["refused"] == "insufficient_funds"
    assert app.store.idempotency_record("k") is not None


def test_twenty_of_the_same_at_once_bid_once_and_all_get_its_answer() -> None:
    app, lot = market()
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _: bid_once(app, lot), range(20)))
    assert answers == [{"price": 100, "number": 1}] * 20
    assert bids_of(app, lot) == 1


def test_a_twin_that_commits_first_lends_its_answer() -> None:
    app, lot = market()
    app.store.meanwhile(lambda: bid_once(app, lot))
    assert bid_once(app, lot) == {"price": 100, "number": 1}
    assert bids_of(app, lot) == 1


def test_a_twin_of_another_body_that_commits_first_makes_the_key_used() -> None:
    app, lot = market()
    app.store.meanwhile(lambda: bid_once(app, lot, amount=700, mark="another body"))
    with pytest.raises(KeyReused):
        bid_once(app, lot)
    assert bids_of(app, lot) == 1


def test_a_refusal_of_what_its_twin_has_done_is_the_twins_answer() -> None:
    app, lot = market()
    done: list[Answer] = []

    def work(memory: Memory) -> Answer:
        done.append(bid_once(app, lot))
        app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
        raise AssertionError("the own bid of 500 is there already")

    assert once(app.store, Memory("k", "m"), work, refuse) == done[0] == {"price": 100, "number": 1}


@pytest.mark.parametrize("refusal", [Conflict(), Busy("the twin's question"), TooOften(60), Paused()])
@pytest.mark.parametrize("is_twin", [True, False])
def test_who_stands_in_its_own_way_gets_its_own_answer(refusal: StarbidError, is_twin: bool) -> None:
    """One request that came twice: the second finds the first's question open, its turn used up."""
    app, lot = market()

    def work(memory: Memory) -> Answer:
        bid_once(app, lot, key="k" if is_twin else "another")
        raise refusal

    if is_twin:
        assert once(app.store, Memory("k", "m"), work, refuse) == {"price": 100, "number": 1}
        return
    with pytest.raises(type(refusal)):
        once(app.store, Memory("k", "m"), work, refuse)
    assert app.store.idempotency_record("k") is None


@pytest.mark.parametrize("after", [False, True])
def test_publishing_cancelling_and_buying_are_remembered_with_their_deed(after: bool) -> None:
    app, lot = market(buy_now_price=700)
    now = app.now()
    deeds: dict[str, Callable[[Memory], Any]] = {
        "publish": lambda memory: app.publishing.publish(
            SELLER, draft(now), (), "request", now, make_record=MakeRecord(memory, lambda lot: {"id": lot.auction.id})
        ),
        "buy": lambda memory: app.bidding.buy(
            lot.auction.id,
            ANNA,
            700,
            now,
            make_record=MakeRecord(memory, lambda closed: {"ending": closed.auction.ending}),
        ),
    }
    for name, deed in deeds.items():

        def work(memory: Memory, deed: Callable[[Memory], Any] = deed) -> Answer:
            deed(memory)
            return {"fresh": True}

        app.store.fail_next(Death(), after=after)
        with pytest.raises(Death):
            once(app.store, Memory(name, "m"), work, refuse)
        first = once(app.store, Memory(name, "m"), work, refuse)
        assert ("fresh" in first) is not after
        assert "fresh" not in once(app.store, Memory(name, "m"), work, refuse)
    assert len(app.store.tables.auctions) == 2
    assert len(app.store.tables.deals) == 1


def test_a_fingerprint_tells_where_one_part_ends() -> None:
    assert fingerprint("POST", "/a", b"{}") == fingerprint("POST", "/a", b"{}")
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("a") != fingerprint("a", "")


def test_a_repeat_after_the_end_waits_for_its_first_use_which_came_in_time() -> None:
    app, lot = market()
    first = Intent("1", lot.auction.id, ANNA, Wish.BID, xtr(500), lot.auction.ends_at, memory=Memory("k", "m"))
    app.intents.take_lease(lot.auction.id, "the dead", app.now(), app.now())
    app.intents.add(replace(first, arrived_at=lot.auction.ends_at - timedelta(milliseconds=5)))
    app.clock.now = lot.auction.ends_at + timedelta(seconds=1)
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot.auction.id, BORIS, 700, app.now())
    assert bid_once(app, lot) == {"price": 100, "number": 1}
    assert bid_once(app, lot) == {"price": 100, "number": 1}
    assert bids_of(app, lot) == 1
