"""What batches of reading promise, the same for every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.meter import Meter
from starbid.domain.money import XTR
from starbid.services.ports import questions_of
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import StagedApp

NOBODY = 999


@pytest.fixture
def market(any_app: StagedApp) -> StagedApp:
    join(any_app, SELLER, seller=True)
    join(any_app, ANNA, stars=100_000)
    return any_app


def test_a_batch_finds_what_single_reads_find(market: StagedApp) -> None:
    lot, store = put_up(market), market.store
    batch = store.batch()
    auction, seen = batch.auction(lot.auction.id, consistent=True), batch.lot(lot.auction.id)
    wallet = batch.wallet(ANNA, XTR, consistent=True)
    anna, seller, again = batch.person(ANNA), batch.person(SELLER), batch.person(ANNA)
    batch.fetch()
    assert (auction.value, seen.value) == (lot.auction, lot)
    assert wallet.value == store.wallet(ANNA, XTR, consistent=True)
    assert (anna.value, seller.value) == (store.person(ANNA), store.person(SELLER))
    assert again.value == anna.value


def test_what_is_not_there_is_none_and_leaves_the_rest_as_it_is(market: StagedApp) -> None:
    batch = market.store.batch()
    auction, lot, wallet = batch.auction("nothing"), batch.lot("none"), batch.wallet(NOBODY, XTR)
    nobody, anna = batch.person(NOBODY), batch.person(ANNA)
    mark, question = batch.watch_mark(ANNA, "nothing", market.now()), batch.question(ANNA, market.now())
    batch.fetch()
    assert (auction.value, lot.value, wallet.value, nobody.value) == (None, None, None, None)
    assert (mark.value, question.value) == (False, None)
    assert anna.value == market.store.person(ANNA)


def test_a_watch_mark_is_found_while_the_lot_is_on_the_list(market: StagedApp) -> None:
    lot = put_up(market).auction.id

    def is_marked(user_id: int) -> bool:
        batch = market.store.batch()
        mark = batch.watch_mark(user_id, lot, market.now())
        batch.fetch()
        return mark.value

    market.watching.watch(ANNA, lot, market.now())
    assert (is_marked(ANNA), is_marked(SELLER)) == (True, False)
    market.watching.unwatch(ANNA, lot)
    assert not is_marked(ANNA)


def test_a_muted_lot_is_found_beside_the_question_until_it_is_over(market: StagedApp) -> None:
    lot = put_up(market).auction.id
    market.muting.mute(ANNA, lot, market.now())
    market.scratch.put_member(*questions_of(ANNA), {"question": "amount"}, 60, market.now())
    for who, days, expected in ((ANNA, 0, True), (SELLER, 0, False), (ANNA, 400, False)):
        batch = market.store.batch()
        now = market.now() + timedelta(days=days)
        muted, question = batch.is_muted(who, lot, now), batch.question(who, now)
        batch.fetch()
        assert (muted.value, question.value is not None) == (expected, expected)
    market.muting.unmute(ANNA, lot)
    assert not market.muting.is_muted(ANNA, lot, market.now())


def test_the_question_to_a_person_is_found_while_it_waits(market: StagedApp) -> None:
    market.scratch.put_member(*questions_of(ANNA), {"question": "amount"}, 60, market.now())
    for seconds, expected in ((59, {"question": "amount"}), (60, None)):
        batch = market.store.batch()
        question = batch.question(ANNA, market.now() + timedelta(seconds=seconds))
        batch.fetch()
        assert question.value == expected


def test_a_value_is_not_there_before_the_batch_is_fetched(market: StagedApp) -> None:
    person = market.store.batch().person(ANNA)
    with pytest.raises(AttributeError):
        _ = person.value


def test_a_batch_is_one_round_trip_and_reads_consistently_only_the_tables_of_which_that_is_asked(
    emulated: DynamoApp,
) -> None:
    join(emulated, SELLER, seller=True)
    lot = put_up(emulated).auction.id
    batch = emulated.store.batch()
    batch.auction(lot)
    batch.wallet(SELLER, XTR)
    batch.person(SELLER)
    batch.person(SELLER, consistent=True)
    with Meter(emulated.store.client).measure() as found:
        batch.fetch()
    assert (found.round_trips, found.calls, found.read_units) == (1, ["BatchGetItem"], 0.5 + 0.5 + 0.5 + 1)
