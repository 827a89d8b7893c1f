"""Cards follow a price that falls by the clock: one chain of wake-ups a lot, until there is nothing to follow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.services.cards.falling import PACE, card_of
from starbid.services.cards.redrawing import CARDS_AT_ONCE
from starbid.services.ports import CARD_SECONDS, Look, TryLater, Unreachable
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market
from tests.support.fakes import START
from tests.support.street import Street


def test_a_card_is_drawn_at_each_fall_down_to_the_floor_and_never_again() -> None:
    street = Street()
    street.opens(ANNA)
    assert street.runs() == [(60, ANNA, 900), (120, ANNA, 800), (180, ANNA, 700)]


def test_two_who_look_make_one_chain() -> None:
    street = Street()
    street.opens(ANNA)
    street.app.clock.forward(seconds=20)
    street.opens(BORIS)
    assert len(street.app.outgoing.wakes) == 1
    assert street.runs() == [(at, who, price) for at, price in ((60, 900), (120, 800), (180, 700)) for who in (1, 2)]


def test_who_comes_later_joins_the_chain() -> None:
    street = Street()
    street.opens(ANNA)
    street.wake(street.next_message())
    street.opens(BORIS)
    assert len(street.app.outgoing.wakes) == 1


def test_a_message_waits_as_long_as_until_the_fall() -> None:
    street = Street()
    street.app.clock.forward(seconds=17.25)
    street.opens(ANNA)
    assert street.app.outgoing.wakes == [(street.id, START + timedelta(seconds=60), 43)]


def test_a_lot_that_is_not_on_yet_is_drawn_from_its_start_on() -> None:
    begins = START + timedelta(minutes=10)
    street = Street(starts_at=begins.isoformat())
    street.opens(ANNA)
    assert street.runs() == [(600, ANNA, 1_000), (660, ANNA, 900), (720, ANNA, 800), (780, ANNA, 700)]


def test_the_way_to_a_far_fall_is_made_in_stages_that_draw_nothing() -> None:
    street = Street(floor_price=900, drop_seconds=3_000)
    street.opens(ANNA)
    stages = []
    while street.app.outgoing.wakes:
        at = street.next_message()
        street.wake(at)
        stages.append(((at - START).total_seconds(), len(street.take_edits())))
    assert stages == [(600, 0), (1_200, 0), (1_800, 0), (2_400, 0), (3_000, 1)]


@pytest.mark.parametrize(("drop_seconds", "apart"), [(1, 30), (7, 35), (30, 30), (31, 31), (45, 45)])
def test_fast_falls_are_drawn_at_a_pace_that_telegram_bears(drop_seconds: int, apart: int) -> None:
    street = Street(floor_price=500, drop_amount=1, drop_seconds=drop_seconds, duration_seconds=86_400)
    street.opens(ANNA)
    moments = [at for at, _, _ in street.runs()]
    assert moments == [apart * n for n in range(1, len(moments) + 1)]
    assert apart >= PACE.total_seconds()
    assert moments[-1] - apart < 500 * drop_seconds <= moments[-1], "down to the floor"


@pytest.mark.parametrize("kind", [{"type": "english"}, {"type": "sealed"}, {"type": "vickrey"}])
def test_nobody_is_woken_for_a_lot_whose_price_only_bids_move(kind: dict[str, Any]) -> None:
    app, lot = market(**kind)
    app.shown_cards.put(card_of(lot.auction, ANNA, 7, Look(), app.now()), app.now())
    app.falling.follow(lot.auction, app.now())
    app.bidding.bid(lot.auction.id, BORIS, 500, app.now())
    app.cards.redraw(lot.auction.id, app.now())
    assert app.outgoing.wakes == []
    assert len(app.messenger.redrawn) == 1


# --- its end ----------------------------------------------------------------------------------------------------------


def test_a_lot_that_was_bought_is_drawn_as_sold_and_followed_no_further() -> None:
    street = Street()
    street.opens(ANNA)
    street.wake(street.next_message())
    street.take_edits()
    street.app.bidding.buy(street.id, BORIS, 900, street.app.now())
    street.wake()
    assert street.take_edits() == [(60, ANNA, 900)], "as the stream of changes asks"
    assert street.runs() == []


def test_a_lot_that_was_cancelled_is_followed_no_further() -> None:
    street = Street()
    street.opens(ANNA)
    street.app.publishing.cancel(SELLER, street.id, street.app.now())
    street.wake()
    street.take_edits()
    assert street.runs() == []


def test_a_lot_that_ended_unsold_is_followed_no_further() -> None:
    street = Street()
    street.opens(ANNA)
    due = street.next_message()
    street.app.clock.forward(hours=1, seconds=2)
    street.app.closing.close(street.id, street.app.now())
    street.wake(due)
    assert street.app.outgoing.wakes == []


def test_without_cards_nobody_is_woken_again_and_the_lot_is_not_read() -> None:
    street = Street()
    street.opens(ANNA)
    street.app.shown_cards.drop(street.id, ANNA)
    street.app.store.trips.clear()
    assert street.runs() == []
    assert street.app.store.trips == []


def test_cards_that_readers_deleted_are_forgotten_and_end_the_chain() -> None:
    street = Street()
    street.app.messenger.gone = {street.opens(ANNA)}
    assert [who for _, who, _ in street.runs()] == [ANNA]
    assert street.cards() == {}
    assert street.app.clock.now == START + timedelta(seconds=120), "one more wake-up found nothing"


def test_who_blocked_the_bot_keeps_no_chain_going() -> None:
    street = Street()
    street.opens(ANNA)
    street.app.messenger.fail_next(Unreachable())
    assert street.runs() == []
    assert street.app.clock.now == START + timedelta(seconds=120)
    street.app.people.greet(ANNA, "Anna", None, "en", street.app.now())
    street.opens(ANNA)
    assert street.runs() == [(180, ANNA, 700)]


def test_a_blocked_person_is_left_in_silence_and_keeps_no_chain_going() -> None:
    street = Street()
    street.opens(ANNA)
    street.app.store.block(ANNA)
    assert street.runs() == []
    assert street.app.clock.now == START + timedelta(seconds=120)


def test_a_card_at_the_floor_asks_for_nothing() -> None:
    street = Street()
    street.app.clock.forward(seconds=200)
    street.opens(ANNA)
    assert street.app.outgoing.wakes == []


def test_nobody_is_woken_after_the_end() -> None:
    street = Street(floor_price=200, drop_seconds=7, duration_seconds=60)
    street.opens(ANNA)
    assert street.runs() == [(35, ANNA, 500)]


# --- many -------------------------------------------------------------------------------------------------------------


def crowd(street: Street, people: int) -> None:
    for person in range(1_000, 1_000 + people):
        join(street.app, person)
        street.opens(person)


def test_more_cards_than_one_turn_can_edit_slow_the_chain_down_instead_of_piling_up() -> None:
    street = Street()
    crowd(street, 2 * CARDS_AT_ONCE + 1)
    due = street.next_message()
    for _ in range(2):
        street.wake(due)
        assert street.app.outgoing.wakes == [(street.id, due, 0)], "the next wake-up is asked for by the last turn"
        street.app.outgoing.wakes.clear()
    street.wake(due)
    assert len({who for _, who, _ in street.take_edits()}) == 2 * CARDS_AT_ONCE + 1
    assert [at for _, at, _ in street.app.outgoing.wakes] == [START + timedelta(seconds=120)]


@pytest.mark.parametrize("first_turn_knows_its_moment", [True, False])
def test_a_price_that_falls_faster_than_cards_are_edited_makes_no_endless_turns(
    first_turn_knows_its_moment: bool,
) -> None:
    """By the last card the first one is old again; it waits for the next wake-up."""
    street = Street(drop_seconds=1, drop_amount=1)
    crowd(street, CARDS_AT_ONCE + 1)
    due = street.next_message()
    street.wake(due if first_turn_knows_its_moment else None)
    rest = street.next_message()
    street.app.clock.forward(seconds=10)
    street.wake(rest)
    edits = street.take_edits()
    assert len(edits) == len({who for _, who, _ in edits}) == CARDS_AT_ONCE + 1
    assert [at for _, at, _ in street.app.outgoing.wakes] == [START + timedelta(seconds=60)]


def test_cards_that_nobody_has_opened_for_long_are_followed_as_long_as_they_are_drawn() -> None:
    street = Street(drop_seconds=CARD_SECONDS - 3_600, duration_seconds=30 * 86_400)
    street.opens(ANNA)
    street.opens(CLARA)
    assert [price for _, who, price in street.runs() if who == CLARA] == [900, 800, 700]


def test_a_turn_that_got_nowhere_brings_no_further_one() -> None:
    street = Street()
    crowd(street, CARDS_AT_ONCE + 1)
    street.app.scratch.exchange_member = lambda *_: False  # type: ignore[method-assign]
    with pytest.raises(TryLater):
        street.wake(street.next_message())
    assert street.app.outgoing.wakes == []
