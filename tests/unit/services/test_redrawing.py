"""Cards in chats are edited to the present state of their lot, once, and none keeps another waiting."""

from collections.abc import Callable

import pytest

from starbid.domain.lots import Lot
from starbid.services.cards.redrawing import CARDS_AT_ONCE, PACE_SECONDS
from starbid.services.ports import CARD_SECONDS, Look, OutOfOrder, Place, ShownCard, TryLater, Unreachable
from tests.support.factories import ANNA, BORIS, CLARA, join, market
from tests.support.fakes import Death, FakeApp


def with_cards(*chats: int) -> tuple[FakeApp, Lot]:
    """A lot whose card stands in some chats, and has since got a bid."""
    app, lot = market()
    for number, chat in enumerate(chats):
        look = Look(Place(number + 1, len(chats)), bidding=True)
        card = ShownCard(lot.auction.id, chat, 70 + number, lot.auction.version, look)
        app.shown_cards.put(card, app.now())
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    return app, lot


def redraw(app: FakeApp, lot: Lot) -> Callable[[], None]:
    return lambda: app.cards.redraw(lot.auction.id, app.now())


def versions(app: FakeApp, lot: Lot) -> dict[int, int]:
    return {card.chat_id: card.version for card in app.shown_cards.of_lot(lot.auction.id, app.now())}


def test_cards_are_edited_to_the_present_state_once() -> None:
    app, lot = with_cards(BORIS, CLARA)
    redraw(app, lot)()
    redraw(app, lot)()
    assert [(person.id, card.message_id, card.look) for person, _, card in app.messenger.redrawn] == [
        (BORIS, 70, Look(Place(1, 2), bidding=True)),
        (CLARA, 71, Look(Place(2, 2), bidding=True)),
    ]
    assert versions(app, lot) == {BORIS: 2, CLARA: 2}


def test_no_cards_cost_no_read_of_the_lot() -> None:
    app, lot = market()
    app.store.trips.clear()
    redraw(app, lot)()
    assert app.store.trips == []


def test_cards_are_forgotten_in_time() -> None:
    app, lot = with_cards(BORIS)
    app.clock.forward(seconds=CARD_SECONDS)
    redraw(app, lot)()
    assert app.messenger.redrawn == []


def test_a_card_that_has_to_wait_does_not_keep_the_others_waiting() -> None:
    app, lot = with_cards(BORIS, CLARA)
    app.messenger.fail_next(TryLater(9))
    with pytest.raises(TryLater) as wait:
        redraw(app, lot)()
    assert wait.value.seconds == 9
    assert versions(app, lot) == {BORIS: 1, CLARA: 2}
    redraw(app, lot)()
    assert versions(app, lot) == {BORIS: 2, CLARA: 2}


@pytest.mark.parametrize("kind", [TryLater, OutOfOrder])
def test_the_longest_wait_says_whether_telegram_is_out_of_order(kind: type[TryLater]) -> None:
    app, lot = with_cards(BORIS, CLARA)
    app.messenger.fail_next(TryLater(3))
    app.messenger.fail_next(kind(9))
    with pytest.raises(TryLater) as wait:
        redraw(app, lot)()
    assert (type(wait.value), wait.value.seconds) == (kind, 9)


def test_many_cards_are_redrawn_in_turns_the_oldest_first() -> None:
    app, lot = with_cards(BORIS, CLARA)
    for chat in range(1000, 1000 + CARDS_AT_ONCE):
        join(app, chat)
        app.shown_cards.put(ShownCard(lot.auction.id, chat, chat, lot.auction.version - 1), app.now())
    redraw(app, lot)()
    assert [version for chat, version in versions(app, lot).items() if version < 2] == [1, 1], "of BORIS and CLARA"
    assert app.outgoing.wakes == [(lot.auction.id, app.now(), 0)], "for the others"
    app.cards.redraw(lot.auction.id, app.now(), app.now())
    assert len(app.outgoing.wakes) == 1
    assert set(versions(app, lot).values()) == {2}
    assert len(app.messenger.redrawn) == CARDS_AT_ONCE + 2


# --- a crowd ----------------------------------------------------------------------------------------------------------


def change(app: FakeApp, lot: Lot) -> int:
    """One more bid; answers the lot's version, which the message about it carries."""
    amount = 600 + 400 * app.store.auction(lot.auction.id).bids_count
    app.bidding.bid(lot.auction.id, BORIS, amount, app.now(), confirmed=True)
    return app.store.auction(lot.auction.id).version


def test_changes_of_a_lot_are_drawn_at_a_pace_and_the_last_one_is() -> None:
    app, lot = with_cards(CLARA)
    app.cards.redraw(lot.auction.id, app.now(), version=2)
    waiting = [change(app, lot) for _ in range(3)]
    for version in waiting:
        with pytest.raises(TryLater) as wait:
            app.cards.redraw(lot.auction.id, app.now(), version=version)
        assert wait.value.seconds == PACE_SECONDS
    app.clock.forward(seconds=PACE_SECONDS)
    for version in waiting:
        app.cards.redraw(lot.auction.id, app.now(), version=version)
    assert [drawn.auction.version for _, drawn, _ in app.messenger.redrawn] == [2, waiting[-1]]


def test_a_change_that_is_drawn_already_does_not_wait_and_costs_no_read_of_the_lot() -> None:
    app, lot = with_cards(CLARA)
    version = change(app, lot)
    app.cards.redraw(lot.auction.id, app.now(), version=version)
    change(app, lot)
    app.store.trips.clear()
    app.cards.redraw(lot.auction.id, app.now(), version=version)
    assert app.store.trips == []
    assert len(app.messenger.redrawn) == 1


def test_a_turn_that_leaves_cards_asks_for_another_of_the_same_change_and_for_no_other() -> None:
    app, lot = with_cards()
    for chat in range(1000, 1001 + CARDS_AT_ONCE):
        join(app, chat)
        app.shown_cards.put(ShownCard(lot.auction.id, chat, chat, 1), app.now())
    app.cards.redraw(lot.auction.id, app.now(), version=2)
    assert (app.outgoing.refreshed, app.outgoing.wakes) == ([(lot.auction.id, 2)], [])
    change(app, lot)
    app.clock.forward(seconds=PACE_SECONDS)
    app.cards.redraw(lot.auction.id, app.now(), version=2)
    assert len(app.outgoing.refreshed) == 1, "the change since has a message of its own"
    assert min(versions(app, lot).values()) == 2


def test_a_turn_that_dies_keeps_the_next_one_waiting_for_no_longer_than_the_pace() -> None:
    app, lot = with_cards(CLARA)
    app.messenger.fail_next(Death())
    with pytest.raises(Death):
        app.cards.redraw(lot.auction.id, app.now(), version=2)
    app.clock.forward(seconds=PACE_SECONDS)
    app.cards.redraw(lot.auction.id, app.now(), version=2)
    assert versions(app, lot) == {CLARA: 2}


# --- people -----------------------------------------------------------------------------------------------------------


def test_the_card_of_who_blocked_the_bot_is_given_up() -> None:
    app, lot = with_cards(BORIS)
    app.messenger.fail_next(Unreachable())
    redraw(app, lot)()
    assert app.store.tables.people[BORIS].unreachable
    assert versions(app, lot) == {BORIS: 2}


def test_a_card_of_a_lot_that_is_gone_is_no_error() -> None:
    app, _ = with_cards(BORIS)
    app.shown_cards.put(ShownCard("nothing", BORIS, 1, 1), app.now())
    app.cards.redraw("nothing", app.now())
    assert app.messenger.redrawn == []
