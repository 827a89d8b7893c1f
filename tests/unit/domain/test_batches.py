"""Bids that are decided together: their order, their room, and what each wallet needs."""

from __future__ import annotations

from datetime import timedelta

from starbid.domain.auction import Auction, Ending, Terms
from starbid.domain.batches import Batch, Share, decide
from starbid.domain.deals import DealTimes
from starbid.domain.errors import AuctionClosed, BidTooLow, InsufficientFunds
from starbid.domain.intents import Intent, Memory, Outcome, Placed, Refused, Repeated, Wish
from starbid.domain.wallet import Wallet
from tests.support.factories import ANNA, BORIS, CLARA, auction, terms, wallet, xtr
from tests.support.fakes import START

RICH = {who: wallet(who, 1_000) for who in (ANNA, BORIS, CLARA)}


def intent(who: int, amount: int, after: float = 0, wish: Wish = Wish.BID, key: str | None = None) -> Intent:
    memory = Memory(key, "f") if key else None
    arrived_at = START + timedelta(seconds=after)
    return Intent(f"{who} {amount} {after}", "lot1", who, wish, xtr(amount), arrived_at, None, True, memory)


def decided(*intents: Intent, lot: Auction | None = None, wallets: dict[int, Wallet] = RICH, room: int = 100) -> Batch:
    return decide(lot or auction(), wallets, intents, (), 5, DealTimes(), room)


def said(batch: Batch) -> list[object]:
    def word(outcome: Outcome) -> object:
        match outcome:
            case Placed(number):
                return number
            case Refused(error):
                return type(error)
        return type(outcome)

    return [word(outcome) for _, outcome in batch.outcomes]


def share(batch: Batch, who: int) -> Share:
    return next(share for share in batch.shares if share.user_id == who)


def test_each_bid_meets_the_lot_as_the_one_before_it_left_it() -> None:
    batch = decided(intent(ANNA, 200), intent(BORIS, 150), intent(BORIS, 155), intent(CLARA, 300))
    assert said(batch) == [1, 2, BidTooLow, 3]
    assert [row.price.amount for row in batch.rows] == [100, 155, 205]
    assert (batch.after.leader_id, batch.after.version) == (CLARA, batch.before.version + 3)


def test_who_led_and_was_outbid_within_a_batch_ends_as_they_began_but_had_to_have_the_money() -> None:
    batch = decided(intent(ANNA, 200), intent(BORIS, 300))
    assert share(batch, ANNA) == Share(ANNA, None, xtr(200))
    assert share(batch, BORIS).change is not None


def test_a_hold_that_ends_within_the_batch_pays_for_the_next_bid_of_the_same_person() -> None:
    poor = RICH | {ANNA: wallet(ANNA, 200)}
    batch = decided(intent(ANNA, 200), intent(BORIS, 300), intent(ANNA, 200, 1), wallets=poor)
    assert said(batch) == [1, 2, BidTooLow]
    lot = decided(intent(ANNA, 200), wallets=poor).after
    held = RICH | {ANNA: wallet(ANNA, 0, held=200)}
    batch = decided(intent(BORIS, 210), intent(ANNA, 200), lot=lot, wallets=held)
    assert said(batch) == [2, BidTooLow]
    batch = decided(intent(BORIS, 205), intent(CLARA, 190), intent(ANNA, 201), lot=lot, wallets=held)
    assert said(batch)[-1] is BidTooLow


def test_money_for_one_bid_of_three_pays_for_one() -> None:
    sealed = auction(lot_terms("sealed"))
    once = {ANNA: wallet(ANNA, 300)}
    batch = decided(intent(ANNA, 300), intent(ANNA, 400), intent(ANNA, 500), lot=sealed, wallets=once)
    assert said(batch) == [1, InsufficientFunds, InsufficientFunds]
    assert share(batch, ANNA).needed == xtr(300)


def test_raises_of_one_person_are_one_change_of_their_wallet() -> None:
    batch = decided(intent(ANNA, 300), intent(ANNA, 400), intent(ANNA, 550), lot=auction(lot_terms("sealed")))
    mine = share(batch, ANNA)
    assert mine.change is not None
    assert mine.change.stake is not None
    assert (mine.change.held.amount, mine.change.stake.before, mine.change.stake.after) == (550, None, xtr(550))
    assert mine.needed == xtr(550)


def test_a_purchase_begins_a_batch_of_its_own_and_closes_the_lot_to_those_behind_it() -> None:
    lot = auction(terms(buy_now=500, reserve=400))
    buy = intent(BORIS, 500, 1, Wish.BUY)
    first = decided(intent(ANNA, 100), buy, intent(CLARA, 150, 2), lot=lot)
    assert said(first) == [1]
    second = decided(buy, intent(CLARA, 150, 2), lot=first.after)
    assert said(second) == [2, AuctionClosed]
    assert second.closed is not None
    assert second.after.ending is Ending.SOLD
    assert (second.rows, second.shares) == ((), ())


def test_a_key_counts_once_in_a_batch_and_not_at_all_where_it_was_answered() -> None:
    batch = decided(intent(ANNA, 200, key="k"), intent(ANNA, 300, 1, key="k"), intent(BORIS, 300, 2, key="l"))
    assert said(batch) == [1, Repeated, 2]
    again = decide(auction(), RICH, [intent(ANNA, 200, key="k")], {"k"}, 5, DealTimes(), 100)
    assert said(again) == [Repeated]


def test_a_batch_takes_no_more_items_than_there_is_room_for() -> None:
    """The lot, and for each bid of somebody new its row, wallet and outcome."""
    many = [intent(who, 100 + 10 * who, who) for who in range(10, 60)]
    wallets = {who: wallet(who, 1_000) for who in range(10, 60)}
    for room, most in ((100, 33), (10, 3), (9, 2)):
        assert len(decided(*many, wallets=wallets, room=room).outcomes) == most
    keyed = [intent(who, 100 + 10 * who, who, key=str(who)) for who in range(10, 60)]
    assert len(decided(*keyed, wallets=wallets).outcomes) == 24


def test_refusals_take_a_place_each_and_nothing_of_the_lot() -> None:
    batch = decided(*(intent(ANNA, 1, n) for n in range(120)), room=100)
    assert len(batch.outcomes) == 100
    assert (batch.rows, batch.shares, batch.after) == ((), (), batch.before)


def lot_terms(kind: str) -> Terms:
    return Terms(kind, xtr(100), extend_seconds=0)
