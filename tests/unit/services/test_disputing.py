"""Disputes: the money waits for an admin, and moves once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import Invalid, NotFound, NotYours, StarbidError
from starbid.domain.events import LotDisputed, MoneyReleased, MoneyReturned
from starbid.domain.roles import NotAllowed, Role
from starbid.services.ports import Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of

ADMIN = 900
"""As tests' ADMIN_IDS have it."""


def sale(*, delivered: bool = True) -> tuple[FakeApp, str]:
    """A lot sold to ANNA for 310; the fee is 15. One admin is registered."""
    app, lot = market(bid_step=10)
    join(app, ADMIN)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    if delivered:
        app.dealing.deliver(SELLER, lot.auction.id, "the key: 42", app.now())
    return app, lot.auction.id


def disputed() -> tuple[FakeApp, str]:
    app, lot = sale()
    app.dealing.dispute(ANNA, lot, "it does not work", app.now())
    return app, lot


def available(app: FakeApp, user_id: int) -> int:
    return app.store.wallet(user_id, "XTR", consistent=True).available.amount


@pytest.mark.parametrize("delivered", [True, False])
def test_while_disputed_nothing_moves_by_itself_for_thirty_days(delivered: bool) -> None:
    app, lot = sale(delivered=delivered)
    app.dealing.dispute(ANNA, lot, "no", app.now())
    app.clock.forward(days=30, milliseconds=-1)
    app.scheduler.fire(app)
    assert app.dealing.sweep(app.now()) == 0
    assert app.dealing.advance(lot, app.now()) is None
    assert (available(app, ANNA), available(app, SELLER)) == (9_690, 0)
    assert_invariants(dump_of(app.store))


STEPS: dict[str, Callable[[FakeApp, str], Deal]] = {
    "deliver": lambda app, lot: app.dealing.deliver(SELLER, lot, "x", app.now()),
    "confirm": lambda app, lot: app.dealing.confirm(ANNA, lot, app.now()),
    "take back": lambda app, lot: app.dealing.take_back(ANNA, lot, app.now()),
    "dispute": lambda app, lot: app.dealing.dispute(ANNA, lot, "again", app.now()),
    "rate": lambda app, lot: app.dealing.rate(ANNA, lot, 1, "", app.now()),
}


@pytest.mark.parametrize("step", STEPS)
def test_while_disputed_nobody_but_an_admin_moves_it(step: str) -> None:
    app, lot = disputed()
    app.clock.forward(days=8)
    with pytest.raises(WrongDealState) as refusal:
        STEPS[step](app, lot)
    assert refusal.value.details == {"state": "disputed"}


def test_an_admin_releases_the_money_with_the_fee() -> None:
    app, lot = disputed()
    app.dealing.resolve(deciding("the key works", app.now()), lot, True)
    assert (available(app, SELLER), available(app, ANNA)) == (295, 9_690)
    assert app.store.tables.people[SELLER].reputation.sold == 1
    assert_invariants(dump_of(app.store))


def test_an_admin_refunds_the_money_without_a_fee() -> None:
    app, lot = disputed()
    app.dealing.resolve(deciding("never sent", app.now()), lot, False)
    assert (available(app, SELLER), available(app, ANNA)) == (0, 10_000)
    assert app.store.tables.people[SELLER].reputation.sold == 0
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("person", [ANNA, SELLER])
def test_an_operator_settles_no_dispute_of_their_own(person: int) -> None:
    app, lot = disputed()
    with pytest.raises(NotYours):
        app.dealing.resolve(deciding("I say so", app.now(), by=person), lot, True)
    assert app.store.deal(lot).state is DealState.DISPUTED


def test_who_only_looks_settles_nothing() -> None:
    app, lot = disputed()
    with pytest.raises(NotAllowed):
        app.dealing.resolve(deciding("I say so", app.now(), role=Role.VIEWER), lot, True)
    assert app.store.deal(lot).state is DealState.DISPUTED


def test_a_reason_is_needed() -> None:
    app, lot = disputed()
    with pytest.raises(Invalid):
        app.dealing.resolve(deciding("  ", app.now()), lot, True)
    with pytest.raises(NotFound):
        app.dealing.resolve(deciding("why", app.now()), "nothing", True)


def test_a_dispute_after_the_release_is_too_late() -> None:
    app, lot = sale()
    app.dealing.confirm(ANNA, lot, app.now())
    with pytest.raises(WrongDealState):
        app.dealing.dispute(ANNA, lot, "changed my mind", app.now())
    assert available(app, SELLER) == 295


def test_a_dispute_after_the_time_is_too_late_though_nothing_was_released_yet() -> None:
    app, lot = sale()
    app.clock.forward(days=7)
    with pytest.raises(WrongDealState):
        app.dealing.dispute(ANNA, lot, "no", app.now())
    assert app.dealing.sweep(app.now()) == 1


def test_confirming_and_disputing_at_once_only_one_happens() -> None:
    app, lot = sale()
    app.store.meanwhile(lambda: app.dealing.dispute(ANNA, lot, "no", app.now()))
    with pytest.raises(WrongDealState):
        app.dealing.confirm(ANNA, lot, app.now())
    assert app.store.deal(lot).state is DealState.DISPUTED

    app, lot = sale()
    app.store.meanwhile(lambda: app.dealing.confirm(ANNA, lot, app.now()))
    with pytest.raises(WrongDealState):
        app.dealing.dispute(ANNA, lot, "no", app.now())
    assert app.store.deal(lot).state is DealState.COMPLETED
    assert_invariants(dump_of(app.store))


def test_a_crowd_of_confirmations_and_disputes_ends_in_one_of_them() -> None:
    app, lot = sale()

    def act(number: int) -> bool:
        try:
            if number % 2:
                app.dealing.confirm(ANNA, lot, app.now())
            else:
                app.dealing.dispute(ANNA, lot, "no", app.now())
        except StarbidError:
            return False
        return True

    with ThreadPoolExecutor(16) as crowd:
        assert sum(crowd.map(act, range(16))) == 1
    assert_invariants(dump_of(app.store))


def test_two_admins_at_once_move_the_money_once() -> None:
    app, lot = disputed()
    app.store.meanwhile(lambda: app.dealing.resolve(deciding("no", app.now()), lot, False))
    with pytest.raises(WrongDealState):
        app.dealing.resolve(deciding("yes", app.now()), lot, True)
    assert (available(app, SELLER), available(app, ANNA)) == (0, 10_000)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("release", [True, False])
@pytest.mark.parametrize("after", [False, True])
def test_a_settlement_that_died_happens_once_on_the_next_try(release: bool, after: bool) -> None:
    app, lot = disputed()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.dealing.resolve(deciding("so be it", app.now()), lot, release)
    assert_invariants(dump_of(app.store))
    assert app.dealing.resolve(deciding("so be it", app.now()), lot, release).reason == "so be it"
    with pytest.raises(WrongDealState):
        app.dealing.resolve(deciding("on second thoughts", app.now()), lot, release)
    assert (available(app, SELLER), available(app, ANNA)) == ((295, 9_690) if release else (0, 10_000))
    assert_invariants(dump_of(app.store))


def test_contention_is_waited_out() -> None:
    app, lot = sale()
    app.store.fail_next(Contended(), times=3)
    assert app.dealing.dispute(ANNA, lot, "no", app.now()).dispute == "no"


def test_open_disputes_are_listed_oldest_first_until_they_are_settled() -> None:
    app, first = sale()
    others = []
    for _ in range(2):
        lot = put_up(app, buy_now_price=150).auction.id
        app.bidding.buy(lot, BORIS, 150, app.now())
        others.append(lot)
    app.dealing.dispute(BORIS, others[1], "first", app.now())
    app.clock.forward(seconds=1)
    app.dealing.dispute(ANNA, first, "second", app.now())
    app.clock.forward(seconds=1)
    app.dealing.dispute(BORIS, others[0], "third", app.now())

    assert [deal.dispute for deal in app.dealing.open_disputes()] == ["first", "second", "third"]
    assert [deal.dispute for deal in app.dealing.open_disputes(2)] == ["first", "second"]
    app.dealing.resolve(deciding("fine", app.now()), first, True)
    assert [deal.auction_id for deal in app.dealing.open_disputes()] == [others[1], others[0]]


def test_a_dispute_is_told_to_the_seller_and_every_admin() -> None:
    app, lot = disputed()
    app.run_streams()
    app.messenger.told.clear()
    assert app.store.tables.events[f"disputed:{lot}"] == LotDisputed(
        f"disputed:{lot}", app.now(), lot, SELLER, ANNA, "it does not work"
    )
    app.dealing.resolve(deciding("the key works", app.now()), lot, True)
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["released"]
    assert app.messenger.kinds_for(ANNA) == ["released"]
    told = [notice.facts for _, notice, _ in app.messenger.told]
    assert [(facts["by"], facts["reason"]) for facts in told] == [("admin", "the key works")] * 2


def test_the_seller_and_the_admins_hear_of_a_dispute_with_its_text() -> None:
    app, _ = sale()
    app.run_streams()
    app.messenger.told.clear()
    app, lot = disputed()
    app.run_streams()
    told = {person.id: notice for person, notice, _ in app.messenger.told if "dispute" in notice.kind}
    assert {who: notice.kind for who, notice in told.items()} == {SELLER: "disputed", ADMIN: "dispute_opened"}
    assert {notice.facts["text"] for notice in told.values()} == {"it does not work"}
    assert lot in {notice.auction_id for notice in told.values()}


@pytest.mark.parametrize(("release", "kind"), [(True, MoneyReleased), (False, MoneyReturned)])
def test_the_event_of_a_settlement_says_who_and_why(release: bool, kind: type[MoneyReleased | MoneyReturned]) -> None:
    app, lot = disputed()
    app.dealing.resolve(deciding("because", app.now()), lot, release)
    (event,) = [event for event in app.store.tables.events.values() if isinstance(event, kind)]
    assert (event.by, event.reason) == ("admin", "because")


def test_the_money_of_a_dispute_stays_in_escrow() -> None:
    app, lot = disputed()
    assert app.store.deal(lot).price == xtr(310)
    assert_invariants(dump_of(app.store))
