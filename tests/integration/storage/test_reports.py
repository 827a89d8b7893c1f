"""Reports of lots, and acts of operators, in the tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from starbid.domain.errors import NotFound
from starbid.domain.reports import Outcome, ReportsSettled
from tests.support.desk import deciding
from tests.support.dynamo import DynamoApp, hammer, join, put_up
from tests.support.factories import ANNA, BORIS, CLARA, SELLER
from tests.support.fakes import StagedApp


def listed(app: StagedApp) -> str:
    join(app, SELLER, seller=True)
    return put_up(app).auction.id


def reported(app: StagedApp) -> str:
    lot = listed(app)
    for who, why in ((ANNA, "fraud"), (BORIS, "It is <mine>")):
        join(app, who)
        app.reports.report(who, lot, why, app.now(), "Look & see")
    return lot


def test_what_people_say_of_a_lot_is_kept_and_queued(any_app: StagedApp) -> None:
    lot = reported(any_app)
    (waiting,) = any_app.reports.queue(any_app.now()).items
    assert waiting == any_app.reports.of(lot, any_app.now())
    assert (waiting.auction_id, waiting.count, waiting.since) == (lot, 2, any_app.now())
    said = any_app.reports.said(lot, any_app.now()).items
    assert {(each.reporter_id, each.reason, each.text) for each in said} == {
        (ANNA, "fraud", "Look & see"),
        (BORIS, "other", "It is <mine>"),
    }


def test_an_act_on_a_lot_ends_its_reports_and_stands_on_record(any_app: StagedApp) -> None:
    lot = reported(any_app)
    any_app.lot_acts.hide(deciding("A fake", any_app.now()), lot)
    assert any_app.reports.queue(any_app.now()).items == ()
    known = any_app.reports.of(lot, any_app.now())
    assert known.last
    assert known.last.outcome is Outcome.HIDDEN
    stored = any_app.store.lot(lot, consistent=True)
    assert stored.auction.hidden
    any_app.lot_acts.move(deciding("Toys", any_app.now()), lot, "games")
    assert any_app.store.lot(lot, consistent=True).card.listed_in == "games"
    entries = any_app.audit_trail.entries(user_id=stored.card.seller_id).items
    assert {(entry.action, entry.subject, entry.reason) for entry in entries} == {
        ("hide-lot", f"lot/{lot}", "A fake"),
        ("move-lot", f"lot/{lot}", "Toys"),
    }


def test_a_hidden_lot_is_there_for_its_people_alone(any_app: StagedApp) -> None:
    lot = reported(any_app)
    join(any_app, CLARA, stars=1000)
    any_app.bidding.bid(lot, CLARA, 500, any_app.now())
    any_app.lot_acts.hide(deciding("A fake", any_app.now()), lot)
    seller = any_app.store.auction(lot).seller_id
    for who in (seller, CLARA, 900):
        assert any_app.browsing.lot(lot, who, any_app.now()).lot.auction.hidden
    for stranger in (None, ANNA):
        with pytest.raises(NotFound):
            any_app.browsing.lot(lot, stranger, any_app.now())


def test_of_many_who_decide_at_once_one_does_and_nobody_is_told_twice(emulated: DynamoApp) -> None:
    lot, now = reported(emulated), emulated.now()
    calls: list[Callable[[], object]] = [
        partial(emulated.reports.dismiss, deciding("Fine", now), lot) for _ in range(6)
    ]
    calls += [partial(emulated.lot_acts.cancel, deciding("A fake", now), lot)]
    results = hammer(calls)
    assert {type(result) for result in results if isinstance(result, Exception)} <= {ReportsSettled}
    known = emulated.reports.of(lot, now)
    assert known.last
    assert not known.is_open
    seller = emulated.store.auction(lot).seller_id
    actions = [entry.action for entry in emulated.audit_trail.entries(user_id=seller).items]
    assert actions.count("cancel-lot") == 1
    assert actions.count("dismiss-reports") == (known.last.outcome is Outcome.DISMISSED)


def test_many_who_report_at_once_are_counted_each_once(emulated: DynamoApp) -> None:
    lot = listed(emulated)
    people = [join(emulated, 50 + number).id for number in range(4)]
    calls: list[Callable[[], object]] = [
        partial(emulated.reports.report, who, lot, "fraud", emulated.now()) for who in people for _ in range(2)
    ]
    hammer(calls)
    for who in people:  # those that met others four times say it once more
        emulated.reports.report(who, lot, "fraud", emulated.now())
    assert emulated.reports.of(lot, emulated.now()).count == len(people)
