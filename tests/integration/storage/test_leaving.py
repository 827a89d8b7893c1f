"""An account that is deleted, and the file of a person's own data, the same for every store."""

from __future__ import annotations

from starbid.domain.leaving import GRACE, Stage
from starbid.domain.money import XTR
from starbid.services.ports import ApiToken
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import StagedApp
from tests.support.leaving import purse
from tests.support.there import there


def leave(app: StagedApp, user_id: int) -> None:
    app.departures.ask(user_id, app.now(), gives_up=purse(app, user_id))
    app.clock.forward(days=GRACE.days)
    app.leaving_work.look()
    app.leaving_work.carry_out(user_id, lambda: True)


def test_a_wish_to_leave_is_kept_and_taken_back(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    asked = any_app.departures.ask(ANNA, any_app.now())
    assert there(any_app.store.person(ANNA, consistent=True)) == asked
    assert asked.leaves_at == any_app.now() + GRACE
    any_app.departures.stay(ANNA, any_app.now())
    assert there(any_app.store.person(ANNA, consistent=True)).leaves_at is None
    assert there(any_app.departures.find(ANNA, any_app.now())).stage is Stage.STAYED


def test_who_left_is_a_number_without_money_and_comes_again_as_a_newcomer(any_app: StagedApp) -> None:
    join(any_app, ANNA, stars=70)
    join(any_app, BORIS, seller=True)
    before = there(any_app.store.person(ANNA, consistent=True))
    any_app.tokens.keep(ApiToken("d" * 64, ANNA, "script", any_app.now()))
    any_app.tickets.write(ANNA, "Hello", (), "t", any_app.now())
    any_app.watching.watch(ANNA, put_up(any_app, BORIS, duration_seconds=20 * 86_400).auction.id, any_app.now())
    leave(any_app, ANNA)
    left = there(any_app.store.person(ANNA, consistent=True))
    assert (left.username, left.tokens, left.left_at, left.leaves_at) == (None, 0, any_app.now(), None)
    assert left.name != before.name
    assert not any_app.store.wallet(ANNA, XTR, consistent=True).available
    assert any_app.store.tokens_of(ANNA) == []
    assert any_app.watches.marks_of(ANNA, any_app.now()) == []
    assert any_app.desk.rows(f"tickets-of#{ANNA}", any_app.now()).items == ()
    assert there(any_app.departures.find(ANNA, any_app.now())).stage is Stage.DONE
    again = any_app.people.greet(ANNA, "Anna", "anna", "en", any_app.now())
    assert there(any_app.store.person(ANNA, consistent=True)) == again
    assert (again.name, again.left_at) == ("Anna", None)
    assert again.public_id not in (before.public_id, left.public_id)


def test_everything_is_read_page_by_page_for_the_file(any_app: StagedApp) -> None:
    join(any_app, ANNA, stars=100)
    join(any_app, BORIS, seller=True)
    lot = put_up(any_app, BORIS, buy_now_price=100).auction.id
    any_app.bidding.buy(lot, ANNA, 100, any_app.now())
    any_app.talking.write(ANNA, lot, "When?", (), "k", any_app.now())
    read = {kind.key: kind.read(ANNA, None, any_app.now()).items for kind in any_app.own_data}
    assert read["bids"][0]["purchase"]["messages"][0]["text"] == "When?"
    assert read["payments"][0]["amount"] == {"amount": 100, "currency": "XTR"}
    assert read["profile"][0]["telegram_id"] == ANNA
