"""Registration, settings and the right to sell."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from starbid.domain.errors import Blocked, Conflict, InDebt, InsufficientFunds, Invalid
from starbid.domain.people import SUBSCRIPTION
from starbid.domain.renewals import RenewalState
from starbid.services.ports import Contended
from tests.support.factories import ANNA, SELLER, join, market, wallet, xtr
from tests.support.fakes import START, Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of


def greet(app: FakeApp, name: str = "Anna", username: str | None = "anna", code: str | None = "ru") -> None:
    app.people.greet(ANNA, name, username, code, app.now())


def test_somebody_new_is_registered_in_their_language() -> None:
    app = make_app()
    greet(app)
    anna = app.store.tables.people[ANNA]
    assert (anna.name, anna.username, anna.language, anna.joined_at) == ("Anna", "anna", "ru", START)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(("  An \n na ", "An na"), ("x" * 200, "x" * 64), ("Anna\u202e", "Anna"), ("An\x07na", "Anna")),
        ("x" * 63 + "👍🏽", "x" * 63),
    ],
)
def test_a_name_fits_on_a_line(typed: str, kept: str) -> None:
    app = make_app()
    greet(app, typed)
    assert app.store.tables.people[ANNA].name == kept


def test_a_changed_name_is_taken_over_and_the_chosen_language_stays() -> None:
    app = make_app()
    greet(app)
    app.people.set_language(ANNA, "en")
    greet(app, "Anya", None)
    anna = app.store.tables.people[ANNA]
    assert (anna.name, anna.username, anna.language) == ("Anya", None, "en")


def test_somebody_known_and_unchanged_costs_one_read() -> None:
    app = make_app()
    greet(app)
    app.store.trips.clear()
    greet(app)
    assert app.store.trips == ["person"]


def test_being_heard_from_lifts_the_mark_of_being_unreachable() -> None:
    app = make_app()
    greet(app)
    app.people.mark_unreachable(ANNA)
    assert app.store.tables.people[ANNA].unreachable
    greet(app)
    assert not app.store.tables.people[ANNA].unreachable


def test_a_greeting_on_an_old_read_changes_only_what_it_means_to() -> None:
    app = make_app()
    greet(app)
    app.store.lag = True
    app.people.set_language(ANNA, "en")
    greet(app, "Anya")
    anna = app.store.tables.people[ANNA]
    assert (anna.name, anna.language) == ("Anya", "en")


def test_a_greeting_waits_contention_out() -> None:
    app = make_app()
    greet(app)
    app.store.fail_next(Contended(), times=2)
    greet(app, "Anya")
    assert app.store.tables.people[ANNA].name == "Anya"


@pytest.mark.parametrize("language", ["de", "", "RU", "русский"])
def test_a_language_is_one_of_ours(language: str) -> None:
    app = make_app()
    greet(app)
    with pytest.raises(Invalid):
        app.people.set_language(ANNA, language)


# --- subscription -----------------------------------------------------------------------------------------------------


def with_stars(stars: int = 250) -> FakeApp:
    app = make_app()
    join(app, ANNA, stars=stars)
    return app


def subscribe(app: FakeApp, request: str = "r1") -> None:
    app.people.subscribe(ANNA, request, app.now())


def state(app: FakeApp) -> tuple[int, timedelta | None]:
    """What is available, and how long the subscription runs."""
    until = app.store.tables.people[ANNA].subscribed_until
    return app.store.wallet(ANNA, "XTR", consistent=True).available.amount, None if until is None else until - START


def test_a_subscription_costs_its_price_and_lasts_thirty_days() -> None:
    app = with_stars()
    subscribe(app)
    assert state(app) == (150, SUBSCRIPTION)
    assert_invariants(dump_of(app.store))


def test_the_same_request_is_paid_once() -> None:
    app = with_stars()
    for _ in range(3):
        subscribe(app)
    assert state(app) == (150, SUBSCRIPTION)


def test_the_same_request_is_no_error_once_the_money_is_gone() -> None:
    app = with_stars(100)
    subscribe(app)
    subscribe(app)
    assert state(app) == (0, SUBSCRIPTION)


def test_twenty_at_once_pay_once() -> None:
    app = with_stars()
    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(lambda _: subscribe(app), range(20)))
    assert state(app) == (150, SUBSCRIPTION)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("after", [False, True])
def test_one_whose_process_died_is_paid_once_on_the_next_try(after: bool) -> None:
    app = with_stars()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        subscribe(app)
    subscribe(app)
    assert state(app) == (150, SUBSCRIPTION)


def test_a_second_request_adds_thirty_days() -> None:
    app = with_stars()
    subscribe(app)
    subscribe(app, "r2")
    assert state(app) == (50, 2 * SUBSCRIPTION)


def test_without_the_money_it_is_missed() -> None:
    app = with_stars(99)
    with pytest.raises(InsufficientFunds) as refusal:
        subscribe(app)
    assert refusal.value.missing == xtr(1)
    assert state(app) == (99, None)


def test_without_a_wallet_all_of_it_is_missed() -> None:
    app = make_app()
    join(app, ANNA)
    with pytest.raises(InsufficientFunds) as refusal:
        subscribe(app)
    assert refusal.value.missing == xtr(100)


def test_what_is_held_pays_for_nothing() -> None:
    app, lot = market(ANNA, stars=199)
    app.bidding.bid(lot.auction.id, ANNA, 100, app.now())
    with pytest.raises(InsufficientFunds):
        subscribe(app)


def test_who_is_blocked_or_owes_does_not_subscribe() -> None:
    app = with_stars()
    app.store.tables.wallets[ANNA, "XTR"] = wallet(ANNA, owed=1)
    with pytest.raises(InDebt):
        subscribe(app)
    app.store.block(ANNA)
    with pytest.raises(Blocked):
        subscribe(app)


def test_contention_is_waited_out_and_then_a_conflict() -> None:
    app = with_stars()
    app.store.fail_next(Contended(), times=3)
    subscribe(app)
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(Conflict):
        subscribe(app, "r2")
    assert state(app) == (150, SUBSCRIPTION)


def test_the_end_of_a_subscription_is_told_once() -> None:
    app = make_app()
    join(app, SELLER, seller=True)
    app.clock.forward(days=30, milliseconds=-1)
    assert app.people.end_subscriptions(app.now()) == 1, "that it ends soon"
    assert app.people.end_subscriptions(app.now()) == 0
    app.clock.forward(milliseconds=1)
    assert app.people.end_subscriptions(app.now()) == 1
    assert app.people.end_subscriptions(app.now()) == 0
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["subscription_ending", "subscription_ended"]


def test_three_days_before_it_ends_that_is_told_once() -> None:
    app = make_app()
    join(app, SELLER, seller=True)
    app.clock.forward(days=27, milliseconds=-1)
    assert app.people.end_subscriptions(app.now()) == 0
    app.clock.forward(milliseconds=1)
    assert [app.people.end_subscriptions(app.now()) for _ in range(2)] == [1, 0]
    app.clock.forward(days=3)
    assert [app.people.end_subscriptions(app.now()) for _ in range(2)] == [1, 0]
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["subscription_ending", "subscription_ended"]


def test_an_end_that_was_moved_on_is_told_again_before_it_comes() -> None:
    app = with_stars()
    subscribe(app)
    app.clock.forward(days=28)
    assert app.people.end_subscriptions(app.now()) == 1
    subscribe(app, "r2")
    app.clock.forward(days=28)
    assert app.people.end_subscriptions(app.now()) == 0
    app.clock.forward(days=1)
    assert app.people.end_subscriptions(app.now()) == 1


def test_one_extended_in_the_moment_of_its_warning_is_not_told_to_end() -> None:
    app = with_stars()
    subscribe(app)
    app.clock.forward(days=27)
    app.store.meanwhile(lambda: subscribe(app, "r2"))
    assert app.people.end_subscriptions(app.now()) == 0
    assert app.people.end_subscriptions(app.now()) == 0


@pytest.mark.parametrize(
    ("state", "days", "told"),
    [
        (RenewalState.ACTIVE, 1, ["subscribed", "renewal"]),
        (RenewalState.CANCELED, 1, ["subscribed", "renewal", "subscription_ending"]),
        (RenewalState.CANCELED, 28, ["subscribed", "renewal"]),
    ],
)
def test_what_telegram_renews_is_not_told_to_end_nor_is_an_end_that_was_told_just_now(
    state: RenewalState, days: int, told: list[str]
) -> None:
    app = make_app()
    join(app, ANNA)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "c1", payload, 100, "XTR", app.now())
    app.clock.forward(days=days)
    app.paying.hear_of_renewal(ANNA, payload, state, 2, app.now())
    app.clock.forward(days=29 - days)
    app.people.end_subscriptions(app.now())
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == told


def test_one_renewed_meanwhile_does_not_end() -> None:
    app = with_stars()
    subscribe(app)
    app.clock.forward(days=30)
    app.store.meanwhile(lambda: subscribe(app, "r2"))
    assert app.people.end_subscriptions(app.now()) == 0
    assert app.store.tables.people[ANNA].may_sell(app.now())


def test_one_end_that_fails_does_not_stop_the_others() -> None:
    app = make_app()
    for who in (1, 2):
        join(app, who, seller=True)
    app.clock.forward(days=30)
    app.store.fail_next(Contended())
    with pytest.raises(ExceptionGroup):
        app.people.end_subscriptions(app.now())
    assert app.people.end_subscriptions(app.now()) == 1
