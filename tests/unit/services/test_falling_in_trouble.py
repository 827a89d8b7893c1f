"""No death, doubling or delay ends the chain of wake-ups that follows a falling price, or makes a second one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from starbid.services.claiming import LEASE_SECONDS
from starbid.services.ports import TryLater
from starbid.services.stamping import stamp
from starbid.storage.chats import RecordedCards
from tests.support.factories import ANNA, BORIS, SELLER, draft
from tests.support.fakes import START, Death
from tests.support.mortal import Fate, Mortal
from tests.support.street import DUTCH, Street

VISIBILITY = 360
"""Seconds after which the queue shows a message again whose reader died."""


def test_a_wake_up_that_comes_twice_draws_once_and_makes_no_second_chain() -> None:
    street = Street()
    street.opens(ANNA)
    due = street.next_message()
    for _ in range(3):
        street.wake(due)
    assert street.take_edits() == [(60, ANNA, 900)]
    assert len(street.app.outgoing.wakes) == 1


def test_a_wake_up_that_comes_late_draws_the_present_price_and_goes_on_from_there() -> None:
    street = Street()
    street.opens(ANNA)
    due = street.next_message()
    street.app.clock.forward(seconds=75)
    street.wake(due)
    assert street.take_edits() == [(135, ANNA, 800)]
    assert street.runs() == [(180, ANNA, 700)]


def test_a_wake_up_that_comes_early_waits_for_the_fall() -> None:
    street = Street()
    street.opens(ANNA)
    due = street.next_message()
    street.app.clock.forward(seconds=-0.4)
    with pytest.raises(TryLater) as wait:
        street.wake(due)
    assert wait.value.seconds == 1
    street.app.clock.forward(seconds=1)
    street.wake(due)
    assert [(who, price) for _, who, price in street.take_edits()] == [(ANNA, 900)]


def test_a_wake_up_that_was_lost_is_made_up_for_by_the_next_card() -> None:
    street = Street()
    street.opens(ANNA)
    street.app.outgoing.wakes.clear()
    street.app.clock.forward(seconds=61)
    street.opens(BORIS)
    assert street.runs() == [(120, ANNA, 800), (120, BORIS, 800), (180, ANNA, 700), (180, BORIS, 700)]


def test_a_card_that_fails_stops_neither_the_others_nor_the_chain() -> None:
    street = Street()
    for person in (ANNA, BORIS):
        street.opens(person)
    street.app.messenger.fail_next(RuntimeError("500"))
    due = street.next_message()
    with pytest.raises(ExceptionGroup):
        street.wake(due)
    assert street.take_edits() == [(60, BORIS, 900)]
    assert len(street.app.outgoing.wakes) == 1
    street.wake(due)
    assert street.take_edits() == [(60, ANNA, 900)], "the message came again"
    assert len(street.app.outgoing.wakes) == 1


def test_a_queue_that_is_out_of_reach_is_asked_again() -> None:
    street = Street()
    street.opens(ANNA)
    due = street.next_message()
    street.app.outgoing.fail_next(ConnectionError())
    with pytest.raises(ConnectionError):
        street.wake(due)
    street.wake(due)
    assert street.take_edits() == [(60, ANNA, 900)]
    assert street.runs() == [(120, ANNA, 800), (180, ANNA, 700)]


def test_while_another_is_just_asking_for_the_next_wake_up_one_waits_for_what_becomes_of_it() -> None:
    street = Street()
    street.opens(ANNA)
    due = street.next_message()
    street.app.scratch.claim(f"fall#{street.id}#{stamp(START + timedelta(seconds=120))}", LEASE_SECONDS, due)
    with pytest.raises(TryLater):
        street.wake(due)
    street.app.clock.forward(seconds=LEASE_SECONDS - 1)
    with pytest.raises(TryLater):
        street.wake(due)
    street.app.clock.forward(seconds=1)
    street.wake(due)
    assert len(street.app.outgoing.wakes) == 1


def woken_under(street: Street, due: datetime, fate: Fate) -> None:
    app = street.app
    app.falling._claims = Mortal(app.scratch, fate)
    app.cards._shown = RecordedCards(app.falling._claims)
    app.cards._messenger = Mortal(app.messenger, fate)
    app.falling._outgoing = Mortal(app.outgoing, fate)
    street.wake(due)


def moments_of_a_wake_up() -> int:
    street, fate = Street(), Fate()
    street.opens(ANNA)
    woken_under(street, street.next_message(), fate)
    return fate.moments


@pytest.mark.parametrize("drop_seconds", [60, 1_200])
@pytest.mark.parametrize("moment", range(moments_of_a_wake_up()))
def test_a_sender_that_dies_anywhere_does_not_end_the_chain(moment: int, drop_seconds: int) -> None:
    street = Street(drop_seconds=drop_seconds, duration_seconds=86_400)
    street.opens(ANNA)
    while (due := street.next_message()) < START + timedelta(seconds=drop_seconds):
        street.wake(due)
    fate = Fate(dies_at=moment)
    with pytest.raises(Death):
        woken_under(street, due, fate)
    fate.revive()
    street.take_edits()
    waiting, again = list(street.app.outgoing.wakes), due + timedelta(seconds=VISIBILITY)
    street.app.outgoing.wakes.clear()
    messages = sorted([*((at, at) for _, at, _ in waiting), (again, due)])
    drawn = []
    for comes, asked in messages:
        street.app.clock.now = max(comes, street.app.clock.now)
        street.wake(asked)
        drawn += street.take_edits()
    while street.app.outgoing.wakes:
        _, at, _ = street.app.outgoing.wakes.pop(0)
        street.app.clock.now = max(at, street.app.clock.now)
        street.wake(at)
        drawn += street.take_edits()
    assert drawn[-1][1:] == (ANNA, 700)
    assert len(drawn) <= 4, "one edit a fall, and one more where a death came between the edit and its record"


def test_a_card_opened_again_while_the_old_one_is_drawn_is_the_one_that_is_followed() -> None:
    street = Street()
    street.opens(ANNA)
    due = street.next_message()
    newer: list[int] = []
    street.app.messenger.meanwhile(lambda: newer.append(street.opens(ANNA)))
    street.wake(due)
    assert street.cards()[ANNA].message_id == newer[0]
    street.take_edits()
    street.wake(street.next_message())
    assert [card.message_id for _, _, card in street.app.messenger.redrawn] == newer


def test_a_chat_that_turned_to_another_lot_meanwhile_is_left_alone() -> None:
    street = Street()
    for person in (ANNA, BORIS):
        street.opens(person)
    street.app.messenger.meanwhile(lambda: street.app.shown_cards.drop(street.id, BORIS))
    street.wake(street.next_message())
    assert street.take_edits() == [(60, ANNA, 900)]
    assert set(street.cards()) == {ANNA}


def test_a_card_at_the_floor_is_followed_again_where_the_seller_lets_the_price_fall_once_more() -> None:
    street = Street()
    street.app.clock.forward(seconds=200)
    street.opens(ANNA)
    changed = draft(street.app.now(), **(DUTCH | {"floor_price": 600, "drop_seconds": 100}))
    street.app.publishing.edit(SELLER, street.id, changed, (), street.app.now())
    street.wake()
    assert [price for _, who, price in street.take_edits() + street.runs()] == [1_000, 900, 800, 700, 600]


def test_terms_that_the_seller_changed_are_followed_from_then_on() -> None:
    street = Street()
    street.opens(ANNA)
    changed = draft(street.app.now(), **(DUTCH | {"start_price": 2_000, "floor_price": 1_900, "drop_seconds": 100}))
    street.app.publishing.edit(SELLER, street.id, changed, (), street.app.now())
    street.wake()
    assert [at for _, at, _ in street.app.outgoing.wakes] == [START + timedelta(seconds=s) for s in (60, 100)]
    drawn = street.take_edits()
    for seconds in (60, 100):
        street.app.clock.now = START + timedelta(seconds=seconds)
        street.wake(street.app.now())
        drawn += street.take_edits()
    assert drawn == [(0, ANNA, 2_000), (100, ANNA, 1_900)]
    assert len(street.app.outgoing.wakes) == 2, "no further one"
