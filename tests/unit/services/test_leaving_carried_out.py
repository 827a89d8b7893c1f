"""The day comes: the name goes at once, all that is the person's own follows, what the books need stays."""

from __future__ import annotations

import itertools
import json
from contextlib import suppress
from dataclasses import replace
from unittest.mock import Mock

import pytest

from starbid.domain.errors import Blocked
from starbid.domain.leaving import GRACE, PUT_OFF, CannotLeave, Obstacle, Stage
from starbid.domain.ledger import ADJUSTMENTS, TransferKind
from starbid.domain.money import XTR, Money
from starbid.services.leaving import obstacles
from starbid.services.leaving.carrying_out import LeavingWork
from starbid.services.leaving.records import row_of
from starbid.services.own_data.kind import Erased
from tests.support.a_life import EMAIL, GROUP, emptied, lived
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, join, pay, put_up
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of
from tests.support.leaving import purse
from tests.support.mortal import Fate, Mortal
from tests.support.there import there


def leaves(app: FakeApp, user_id: int = ANNA, *, gives_up: bool = False) -> None:
    """Asks, and the day comes."""
    app.departures.ask(user_id, app.now(), gives_up=purse(app, user_id) if gives_up else {})
    app.clock.forward(days=GRACE.days)
    app.desk_work.asked.clear()


def work(app: FakeApp, user_id: int = ANNA) -> None:
    """The clerk, with all the time in the world."""
    app.leaving_work.carry_out(user_id, lambda: True)


def gone(app: FakeApp, *, gives_up: bool = False) -> None:
    leaves(app, gives_up=gives_up)
    work(app)


def stage(app: FakeApp, user_id: int = ANNA) -> Stage:
    return there(app.departures.find(user_id, app.now())).stage


def rest_of(app: FakeApp) -> str:
    """What is left of the person in every kind of data that is to go."""
    left = [
        entry
        for kind in app.own_data
        if isinstance(kind, Erased) and kind.key != "profile"
        for entry in kind.read(ANNA, None, app.now()).items
    ]
    return json.dumps(left)


def test_nothing_happens_before_the_day() -> None:
    app = make_app()
    join(app, ANNA)
    app.departures.ask(ANNA, app.now())
    app.clock.forward(days=GRACE.days - 1, hours=23)
    assert app.leaving_work.look() == 0
    work(app)
    assert app.store.tables.people[ANNA].left_at is None


def test_the_hourly_look_finds_whose_day_has_come() -> None:
    app = make_app()
    for user_id in (ANNA, BORIS):
        join(app, user_id)
        app.departures.ask(user_id, app.now())
        app.clock.forward(days=1)
    app.clock.forward(days=GRACE.days - 2)
    assert app.leaving_work.look() == 1
    assert app.desk_work.asked == [("leave", {"user_id": ANNA}, 0)]


def test_all_that_is_their_own_is_gone() -> None:
    app = lived()
    emptied(app)
    before = app.store.tables.people[ANNA]
    gone(app)
    person = app.store.tables.people[ANNA]
    assert "mine" not in person.name
    assert (person.username, person.zone, person.left_at) == (None, None, app.now())
    assert person.public_id != before.public_id
    assert rest_of(app) == "[]"
    assert stage(app) is Stage.DONE
    assert app.store.token("d" * 64) is None
    assert app.showcase_rows.one(GROUP) is None
    assert "mine-name" not in repr(app.store.tables.people)
    for word in (
        "mine-ticket",
        "mine-question",
        "mine-answer",
        EMAIL,
        "mine-search",
        "mine-draft",
        "mine-phone",
        "mine-laptop",
    ):
        kept = (app.store.tables.desk, app.contacts.of(ANNA), app.searches.of(ANNA), app.scratch.__dict__)
        assert word not in repr(kept)


def test_nobody_finds_them_by_name_any_more() -> None:
    app = lived()
    emptied(app)
    assert app.finds.people("mine").items
    gone(app)
    assert not app.finds.people("mine").items


def test_the_books_stay_as_they_were() -> None:
    app = lived()
    emptied(app)
    transfers, bids = dict(app.store.tables.transfers), dict(app.store.tables.bids)
    charges, deals = dict(app.store.tables.charges), dict(app.store.tables.deals)
    gone(app)
    assert app.store.tables.transfers == transfers
    assert app.store.tables.bids == bids
    assert app.store.tables.charges == charges
    assert app.store.tables.deals == deals
    assert_invariants(dump_of(app.store))


def test_nothing_of_others_is_touched() -> None:
    app = lived()
    emptied(app)
    app.tickets.write(BORIS, "theirs-ticket", (), "t2", app.now())
    boris = app.store.tables.people[BORIS]
    gone(app)
    assert app.store.tables.people[BORIS] == boris
    assert "theirs-ticket" in repr(app.store.tables.desk)


def test_money_that_was_given_up_is_booked() -> None:
    app = make_app()
    join(app, ANNA, stars=70)
    gone(app, gives_up=True)
    (transfer,) = (each for each in app.store.tables.transfers.values() if each.kind is TransferKind.GIVEN_UP)
    assert {entry.account: entry.change.amount for entry in transfer.entries}[ADJUSTMENTS] == 70
    wallet = app.store.wallet(ANNA, XTR)
    assert (wallet.available, wallet.bought) == (Money(0, XTR), Money(0, XTR))
    assert_invariants(dump_of(app.store))


def test_more_money_than_was_given_up_puts_it_off() -> None:
    app = make_app()
    join(app, ANNA, stars=70)
    leaves(app, gives_up=True)
    pay(app, ANNA, 1)
    work(app)
    person = app.store.tables.people[ANNA]
    assert (person.left_at, person.leaves_at) == (None, app.now() + PUT_OFF)
    assert app.store.wallet(ANNA, XTR).available == Money(71, XTR)


def test_less_money_than_was_given_up_may_go() -> None:
    app = make_app()
    join(app, ANNA, stars=70)
    leaves(app, gives_up=True)
    app.balances.adjust(ANNA, Money(-20, XTR), deciding("x", app.now()))
    work(app)
    assert stage(app) is Stage.DONE
    assert app.store.wallet(ANNA, XTR).available == Money(0, XTR)


def test_what_stands_in_the_way_on_the_day_puts_it_off_and_the_person_is_told_why() -> None:
    app = make_app()
    join(app, ANNA, seller=True)
    app.departures.ask(ANNA, app.now())
    app.clock.forward(days=GRACE.days - 1)
    lot = put_up(app, ANNA, duration_seconds=5 * 86_400).auction
    app.clock.forward(days=1)
    work(app)
    assert stage(app) is Stage.ASKED
    told = next(n for n in app.run_streams() if n.kind == "leaving_put_off")
    assert told.facts["obstacles"] == [Obstacle.LOTS.value]
    app.publishing.cancel(ANNA, lot.id, app.now())
    app.clock.forward(days=PUT_OFF.days)
    work(app)
    assert stage(app) is Stage.DONE


def test_a_lot_among_thousands_is_found_on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page looks at the newest ones alone."""
    monkeypatch.setattr(obstacles, "LOTS_AT_ONCE", 1)
    app = make_app()
    put_up(app, ANNA, duration_seconds=20 * 86_400)
    for _ in range(obstacles.PAGES):
        app.clock.forward(seconds=1)
        app.publishing.cancel(ANNA, put_up(app, ANNA).auction.id, app.now())
    leaves(app)
    work(app)
    assert stage(app) is Stage.ASKED
    assert app.store.tables.people[ANNA].left_at is None


def test_the_last_message_says_that_it_is_done_and_no_news_follow() -> None:
    app = make_app()
    join(app, ANNA)
    gone(app)
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ["leaving_asked", "account_deleted"]
    assert not app.store.tables.people[ANNA].hears(app.store.tables.people[ANNA].channels[0])


def test_done_twice_it_is_done_once() -> None:
    app = make_app()
    join(app, ANNA, stars=70)
    gone(app, gives_up=True)
    after = app.store.tables.people[ANNA]
    work(app)
    work(app)
    assert app.store.tables.people[ANNA] == after
    app.run_streams()
    assert app.messenger.kinds_for(ANNA).count("account_deleted") == 1


def test_killed_between_any_two_calls_it_goes_on() -> None:
    for moment in itertools.count():
        app = lived()
        emptied(app)
        leaves(app)
        fate = Fate(moment)
        store, desk = Mortal(app.store, fate), Mortal(app.desk, fate)
        kinds = _mortal_kinds(app, fate)
        mortal = LeavingWork(store, desk, app.obstacles, kinds, app.desk_work, app.now)
        with suppress(Death):
            mortal.carry_out(ANNA, lambda: True)
        app.clock.forward(hours=1)
        if stage(app) is not Stage.DONE:
            assert app.leaving_work.look() == 1
        work(app)
        assert stage(app) is Stage.DONE, fate.last
        assert rest_of(app) == "[]", fate.last
        app.run_streams()
        assert app.messenger.kinds_for(ANNA).count("account_deleted") == 1
        assert_invariants(dump_of(app.store))
        if not fate.was_met:
            break
    assert moment > 15


def _mortal_kinds(app: FakeApp, fate: Fate) -> list[Erased]:
    """The process may die before or after each of them."""
    return [_MortalKind(kind, fate) for kind in app.own_data if isinstance(kind, Erased)]


class _MortalKind(Erased):
    """A kind whose erasing may be the last thing that a process does."""

    def __init__(self, kind: Erased, fate: Fate) -> None:
        self.key = kind.key  # type: ignore[misc]
        self._kind = Mortal(kind, fate)

    def read(self, *asked: object) -> object:  # type: ignore[override]
        return self._kind.read(*asked)

    def erase(self, *asked: object) -> bool:
        return bool(self._kind.erase(*asked))


def test_no_token_is_left_when_something_else_cannot_be_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    app = lived()
    emptied(app)
    leaves(app)
    for kind in app.own_data:
        if isinstance(kind, Erased) and kind.key not in ("profile", "api_tokens"):
            monkeypatch.setattr(kind, "erase", Mock(side_effect=Death))
    with suppress(Death):
        work(app)
    assert app.store.tokens_of(ANNA) == []


def test_a_token_that_another_worker_has_just_erased_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = lived()
    (token,) = app.tokens.of(ANNA)
    app.tokens.drop(ANNA, token.public_id)
    monkeypatch.setattr(app.tokens, "of", lambda _: [token])
    kind = next(each for each in app.own_data if each.key == "api_tokens")
    assert isinstance(kind, Erased)
    assert kind.erase(ANNA, app.now())


def test_with_little_time_left_another_message_goes_on() -> None:
    app = lived()
    emptied(app)
    for number in range(30):
        ticket = app.tickets.write(ANNA, f"mine-{number}", (), f"k{number}", app.now()).ticket.id
        app.tickets.close(ANNA, ticket, app.now())
        app.clock.forward(minutes=1)
    leaves(app)
    app.leaving_work.carry_out(ANNA, lambda: False)
    assert app.desk_work.asked == [("leave", {"user_id": ANNA}, 0)]
    assert stage(app) is Stage.ERASING
    for _ in range(10):
        app.leaving_work.carry_out(ANNA, lambda: False)
    assert stage(app) is Stage.DONE
    assert rest_of(app) == "[]"


def test_who_stays_at_the_last_moment_stays() -> None:
    app = make_app()
    join(app, ANNA)
    leaves(app)
    app.departures.stay(ANNA, app.now())
    work(app)
    assert app.store.tables.people[ANNA].left_at is None
    assert stage(app) is Stage.STAYED


def test_once_the_name_is_gone_nobody_can_stay_any_more() -> None:
    app = make_app()
    join(app, ANNA)
    gone(app)
    app.departures.stay(ANNA, app.now())
    assert app.store.tables.people[ANNA].left_at


def test_who_comes_again_is_a_newcomer() -> None:
    app = lived()
    emptied(app)
    gone(app)
    left = app.store.tables.people[ANNA]
    again = app.people.greet(ANNA, "Anna again", "anna", "ru", app.now())
    assert (again.name, again.username, again.language, again.left_at) == ("Anna again", "anna", "ru", None)
    assert again.public_id != left.public_id
    assert not again.reputation
    assert not again.may_sell(app.now())
    assert app.store.wallet(ANNA, XTR).owed == Money(0, XTR)
    assert app.people.greet(ANNA, "Anna again", "anna", "ru", app.now()) == again


def test_a_greeting_on_a_read_from_before_the_end_makes_a_newcomer() -> None:
    """Else the deleted account had a name again, and stayed deleted."""
    app = make_app()
    join(app, ANNA, name="Anna", seller=True)
    before = app.store.tables.people[ANNA]
    gone(app)
    again = app.people.greet(ANNA, "Anya", None, "en", app.now(), known=before)
    assert (again.name, again.left_at, again.subscribed_until) == ("Anya", None, None)
    assert again.public_id != before.public_id
    assert app.store.tables.people[ANNA] == again


def test_who_comes_again_and_leaves_again_waits_until_all_from_before_is_erased() -> None:
    app = lived()
    emptied(app)
    leaves(app)
    app.leaving_work.carry_out(ANNA, lambda: False)
    died = there(app.departures.find(ANNA, app.now()))
    app.desk.save(row_of(replace(died, stage=Stage.ERASING, erased=frozenset(), version=died.version + 1)))
    app.people.greet(ANNA, "Anna again", None, "en", app.now())
    with pytest.raises(CannotLeave) as refused:
        app.departures.ask(ANNA, app.now())
    assert refused.value.obstacles == (Obstacle.FORMER,)
    app.clock.forward(hours=1)
    assert app.leaving_work.look() == 1
    work(app)
    assert rest_of(app) == "[]"
    assert app.departures.ask(ANNA, app.now()).leaves_at == app.now() + GRACE


def test_a_block_outlives_the_account() -> None:
    app = make_app()
    join(app, ANNA)
    app.moderation.block(ANNA, deciding("spam", app.now()))
    leaves(app)
    work(app)
    assert app.store.tables.people[ANNA].blocked
    again = app.people.greet(ANNA, "Anna", None, "en", app.now())
    assert again.blocked
    with pytest.raises(Blocked):
        app.bidding.bid(put_up(app).auction.id, ANNA, 100, app.now())


def test_a_trial_of_the_helper_is_not_had_twice() -> None:
    app = lived()
    emptied(app)
    gone(app)
    again = app.people.greet(ANNA, "Anna", None, "en", app.now())
    assert not app.asking.standing(again, app.now()).may_try


def test_a_payment_that_comes_late_is_not_lost() -> None:
    app = make_app()
    join(app, ANNA)
    _, payload = app.paying.order_stars(ANNA, 50, app.now())
    gone(app)
    app.paying.credit(ANNA, "late", payload, 50, XTR, app.now())
    assert app.store.wallet(ANNA, XTR).available == Money(50, XTR)
    assert_invariants(dump_of(app.store))


def test_a_bid_at_the_last_moment_makes_it_start_over() -> None:
    """Between the look and the transaction somebody spends what was given up."""
    app = make_app()
    join(app, ANNA, stars=500)
    lot = put_up(app).auction.id
    leaves(app, gives_up=True)
    lot = put_up(app).auction.id
    look = app.obstacles.of
    bids = iter([True])

    def looked(person: object, now: object, **how: bool) -> object:
        standing = look(person, now, **how)  # type: ignore[arg-type]
        if next(bids, False):
            app.bidding.bid(lot, ANNA, 300, app.now())
        return standing

    app.obstacles.of = looked  # type: ignore[method-assign, assignment]
    work(app)
    assert app.store.tables.people[ANNA].left_at is None
    assert app.store.wallet(ANNA, XTR).held == Money(300, XTR)
    assert_invariants(dump_of(app.store))
