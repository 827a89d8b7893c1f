"""Sessions that end, people who are blocked, and what others know them by."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from starbid.domain.errors import Blocked, Conflict
from starbid.domain.money import XTR
from starbid.domain.people import Person
from starbid.services.people import newcomer
from starbid.services.ports import Contended
from tests.support.blocking import block, unblock
from tests.support.factories import ANNA, BORIS, SELLER, draft, join, market, put_up
from tests.support.fakes import START, Death, FakeApp, make_app

PUBLIC_ID = re.compile(r"[a-z2-7]{13}")


def anna(app: FakeApp) -> Person:
    return app.store.tables.people[ANNA]


@pytest.fixture
def app() -> FakeApp:
    made = make_app()
    join(made, ANNA, stars=500)
    return made


def ends(app: FakeApp, session_id: str) -> bool:
    return anna(app).ended_sessions.covers(session_id, "nonce", START)


def test_a_session_that_is_ended_stays_so_and_leaves_the_others(app: FakeApp) -> None:
    for _ in range(2):
        app.people.end_session(ANNA, "n1", app.now())
    assert ends(app, "n1")
    assert not ends(app, "n2")
    assert anna(app).version == 2, "the second time nothing is written"


def test_two_that_end_at_once_both_end(app: FakeApp) -> None:
    app.store.meanwhile(lambda: app.people.end_session(ANNA, "n2", app.now()))
    app.people.end_session(ANNA, "n1", app.now())
    assert ends(app, "n1")
    assert ends(app, "n2")


def test_the_end_of_all_is_not_undone_by_who_read_the_person_before(app: FakeApp) -> None:
    app.store.meanwhile(lambda: app.people.end_sessions(ANNA, app.now()))
    app.people.set_language(ANNA, "ru")
    assert ends(app, "any")
    assert anna(app).language == "ru"


def test_an_end_that_cannot_be_written_is_said_to_have_failed(app: FakeApp) -> None:
    app.store.fail_next(Contended(), times=20)
    with pytest.raises(Conflict):
        app.people.end_sessions(ANNA, app.now())
    assert not ends(app, "any")


# --- blocking ---------------------------------------------------------------------------------------------------------


def test_a_block_ends_all_sessions_and_stands_in_the_wallet(app: FakeApp) -> None:
    block(app, ANNA)
    assert anna(app).blocked
    assert ends(app, "any")
    assert app.store.tables.wallets[ANNA, XTR].blocked
    assert app.store.tables.wallets[ANNA, XTR].available.amount == 500


def test_a_block_stands_where_there_was_no_wallet_and_in_every_currency() -> None:
    app = make_app()
    join(app, ANNA)
    block(app, ANNA)
    assert app.store.tables.wallets[ANNA, XTR].blocked


def test_who_is_blocked_bids_no_more_while_their_leading_bid_stands() -> None:
    app, lot = market(ANNA, BORIS, start_price=100)
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    block(app, ANNA)
    with pytest.raises(Blocked):
        app.bidding.bid(lot.auction.id, ANNA, 400, app.now())
    assert app.store.auction(lot.auction.id).leader_id == ANNA
    unblock(app, ANNA)
    app.bidding.bid(lot.auction.id, ANNA, 400, app.now())


def test_an_unblocked_person_has_to_log_in_anew(app: FakeApp) -> None:
    block(app, ANNA)
    unblock(app, ANNA)
    assert not anna(app).blocked
    assert not app.store.tables.wallets[ANNA, XTR].blocked
    assert ends(app, "any")


@pytest.mark.parametrize("after", [False, True])
def test_a_block_whose_process_died_is_whole_on_the_next_try(app: FakeApp, after: bool) -> None:
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        block(app, ANNA)
    assert anna(app).blocked == app.store.tables.wallets[ANNA, XTR].blocked == after
    block(app, ANNA)
    assert anna(app).blocked
    assert app.store.tables.wallets[ANNA, XTR].blocked


def test_a_blocked_seller_changes_no_lot_and_puts_none_up_again() -> None:
    app, lot = market(start_price=100)
    block(app, SELLER)
    acts: tuple[Callable[[], object], ...] = (
        lambda: app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), title="Another"), (), app.now()),
        lambda: app.publishing.publish(SELLER, draft(app.now()), (), "r", app.now()),
        lambda: app.publishing.relist(SELLER, lot.auction.id, app.now()),
    )
    for act in acts:
        with pytest.raises(Blocked):
            act()
    assert app.store.lot(lot.auction.id).card == lot.card


def test_being_blocked_is_said_before_what_else_is_wrong_with_an_edit() -> None:
    app, lot = market(start_price=100)
    block(app, ANNA)
    with pytest.raises(Blocked):
        app.publishing.edit(ANNA, lot.auction.id, draft(app.now()), (), app.now())


def test_no_invoice_is_made_for_who_is_blocked_and_a_payment_on_its_way_counts(app: FakeApp) -> None:
    _, payload = app.paying.order_stars(ANNA, 70, app.now())
    block(app, ANNA)
    orders: tuple[Callable[[], object], ...] = (
        lambda: app.paying.order_stars(ANNA, 5, app.now()),
        lambda: app.paying.order_subscription(ANNA, START),
    )
    for order in orders:
        with pytest.raises(Blocked):
            order()
    app.paying.credit(ANNA, "late", payload, 70, XTR, app.now())
    assert app.store.wallet(ANNA, XTR, consistent=True).available.amount == 570


# --- names and ids ----------------------------------------------------------------------------------------------------


def test_everybody_gets_an_id_of_their_own_that_stays() -> None:
    app = make_app()
    ids = {app.people.greet(user_id, "Same", None, "en", app.now()).public_id for user_id in range(1, 200)}
    assert len(ids) == 199
    assert all(PUBLIC_ID.fullmatch(public_id) for public_id in ids)
    again = app.people.greet(1, "Renamed", None, "en", app.now())
    assert again.public_id in ids


def test_twenty_first_greetings_at_once_give_one_id() -> None:
    app = make_app()
    with ThreadPoolExecutor(20) as crowd:
        found = list(crowd.map(lambda _: app.people.greet(ANNA, "Anna", None, "en", app.now()), range(20)))
    assert {person.public_id for person in found} == {anna(app).public_id}


def test_a_row_of_an_older_version_gets_its_id_with_the_next_greeting_and_once() -> None:
    app = make_app()
    join(app, ANNA, public_id="", name="Anna")
    first = app.people.greet(ANNA, "Anna", None, "en", app.now()).public_id
    assert PUBLIC_ID.fullmatch(first)
    assert app.people.greet(ANNA, "Anna", None, "en", app.now()).public_id == first


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200b"])
def test_who_has_no_name_is_not_called_by_their_number(name: str) -> None:
    person = newcomer(7_190_380_018, name, None, "en", START)
    assert person.name == f"#{person.public_id[:5]}"


def test_a_name_that_was_taken_away_leaves_the_one_before() -> None:
    app = make_app()
    app.people.greet(ANNA, "Anna", None, "en", app.now())
    assert app.people.greet(ANNA, "\u200b", None, "en", app.now()).name == "Anna"


def test_who_is_only_known_by_a_payment_has_an_id_and_a_name_too() -> None:
    app = make_app()
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "c", payload, 100, XTR, app.now())
    assert PUBLIC_ID.fullmatch(anna(app).public_id)
    assert str(ANNA) != anna(app).name


def test_lots_carry_what_others_know_the_seller_by_also_when_they_go_up_again() -> None:
    app = make_app()
    lot = put_up(app, duration_seconds=60)
    seller = app.store.tables.people[SELLER]
    assert lot.card.seller_public_id == seller.public_id
    app.clock.forward(minutes=2)
    app.closing.close(lot.auction.id, app.now())
    again = app.publishing.relist(SELLER, lot.auction.id, app.now())
    assert again.card.seller_public_id == seller.public_id
    app.store.project(app.now())
    assert {row.seller_public_id for row in app.store.tables.listings.values()} == {seller.public_id}
