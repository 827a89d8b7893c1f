"""Reports of lots: each person once, decided once, by whichever act of an operator comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from starbid.domain import limits, reports
from starbid.domain.audit_trail import Decision
from starbid.domain.errors import Blocked, Invalid, NotFound, TooOften
from starbid.domain.events import LotReported, LotReportsSettled
from starbid.domain.limits import Deed, Limit
from starbid.domain.reports import AlreadyReported, Outcome, OwnReport, ReportReason, ReportsSettled
from starbid.domain.roles import NotAllowed, Role
from starbid.services.ports import Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, put_up
from tests.support.fakes import Death, FakeApp

ADMIN = 900


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    join(app, ADMIN)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return put_up(app, title="A watch").auction.id


def told(app: FakeApp) -> list[tuple[str, int]]:
    return [(notice.kind, notice.user_id) for notice in app.run_streams()]


def decide(app: FakeApp, reason: str = "I looked at it", **who: object) -> Decision:
    return deciding(reason, app.now(), **who)  # type: ignore[arg-type]


# --- reporting --------------------------------------------------------------------------------------------------------


def test_a_report_waits_in_the_queue_with_its_lot_and_an_admin_hears_of_the_first_alone(app: FakeApp, lot: str) -> None:
    app.run_streams()
    app.reports.report(ANNA, lot, "fraud", app.now(), "A copy")
    app.clock.forward(minutes=5)
    app.reports.report(BORIS, lot, "fraud", app.now())
    app.reports.report(CLARA, lot, "category", app.now())
    (waiting,) = app.reports.queue(app.now()).items
    assert (waiting.count, waiting.counts) == (3, {ReportReason.FRAUD: 2, ReportReason.CATEGORY: 1})
    assert waiting.since == app.now() - timedelta(minutes=5)
    assert told(app) == [("lot_reported", ADMIN)]


def test_the_oldest_report_comes_first(app: FakeApp, lot: str) -> None:
    other = put_up(app).auction.id
    for each in (other, lot):
        app.reports.report(ANNA, each, "other", app.now())
        app.clock.forward(seconds=1)
    app.reports.report(BORIS, other, "fraud", app.now())
    assert [each.auction_id for each in app.reports.queue(app.now()).items] == [other, lot]


def test_a_person_reports_a_lot_once_and_the_very_same_again_is_done(app: FakeApp, lot: str) -> None:
    for _ in range(2):
        app.reports.report(ANNA, lot, "fraud", app.now(), "A copy")
    with pytest.raises(AlreadyReported):
        app.reports.report(ANNA, lot, "offensive", app.now())
    assert app.reports.of(lot, app.now()).count == 1
    app.reports.dismiss(decide(app), lot)
    with pytest.raises(AlreadyReported):
        app.reports.report(ANNA, lot, "offensive", app.now())


def test_nobody_reports_their_own_lot_nor_one_that_is_not_there_nor_when_blocked(app: FakeApp, lot: str) -> None:
    with pytest.raises(OwnReport):
        app.reports.report(SELLER, lot, "fraud", app.now())
    with pytest.raises(NotFound):
        app.reports.report(ANNA, "nothing", "fraud", app.now())
    join(app, 5, blocked=True)
    with pytest.raises(Blocked):
        app.reports.report(5, lot, "fraud", app.now())


@pytest.mark.parametrize(
    ("reason", "text", "kept"),
    [
        ("fraud", "", (ReportReason.FRAUD, "")),
        ("other", "  It smells \r\n ", (ReportReason.OTHER, "It smells")),
        ("It is my own photo", "ignored", (ReportReason.OTHER, "It is my own photo")),
        ("fraud", "x" * 500, (ReportReason.FRAUD, "x" * 500)),
    ],
)
def test_a_reason_is_one_of_ours_or_the_text_itself(reason: str, text: str, kept: tuple[ReportReason, str]) -> None:
    assert reports.read_report(reason, text) == kept


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("", ""), ("   ", "A copy"), ("x" * 501, ""), ("fraud", "x" * 501), ("\x00", ""), ("fraud", "\x00"),
        ("\u2800", ""),
    ],
)  # fmt: skip
def test_a_report_that_says_nothing_or_too_much_is_refused(app: FakeApp, lot: str, reason: str, text: str) -> None:
    with pytest.raises(Invalid):
        app.reports.report(ANNA, lot, reason, app.now(), text)
    assert app.reports.queue(app.now()).items == ()


def test_reporting_has_an_end_in_an_hour(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.REPORT, Limit(2, 3600))
    lots = [put_up(app).auction.id for _ in range(3)]
    for each in lots[:2]:
        app.reports.report(ANNA, each, "fraud", app.now())
    with pytest.raises(TooOften):
        app.reports.report(ANNA, lots[2], "fraud", app.now())


def test_no_text_of_a_report_stands_in_an_event(app: FakeApp, lot: str) -> None:
    app.reports.report(ANNA, lot, "My private words", app.now())
    (event,) = [each for each in app.store.take_stream() if isinstance(each, LotReported)]
    assert (event.why, event.reporter_id, event.count) == ("other", ANNA, 1)
    assert "private" not in repr(event)


def test_a_crowd_of_reports_ends_at_five_hundred(app: FakeApp, lot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_OPEN", 2)
    for who in (ANNA, BORIS, CLARA):
        app.reports.report(who, lot, "fraud", app.now())
    assert app.reports.of(lot, app.now()).count == 2


@pytest.mark.parametrize("after", [False, True])
def test_a_report_that_died_is_there_once_when_it_is_made_again(app: FakeApp, lot: str, after: bool) -> None:
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.reports.report(ANNA, lot, "fraud", app.now())
    app.reports.report(ANNA, lot, "fraud", app.now())
    assert app.reports.of(lot, app.now()).count == 1


def test_two_who_report_at_once_are_both_counted(app: FakeApp, lot: str) -> None:
    app.store.meanwhile(lambda: app.reports.report(BORIS, lot, "offensive", app.now()))
    app.reports.report(ANNA, lot, "fraud", app.now())
    assert app.reports.of(lot, app.now()).count == 2


def test_contention_is_waited_out(app: FakeApp, lot: str) -> None:
    app.store.fail_next(Contended(), times=3)
    app.reports.report(ANNA, lot, "fraud", app.now())
    assert app.reports.of(lot, app.now()).count == 1


# --- deciding ---------------------------------------------------------------------------------------------------------


def reported(app: FakeApp, lot: str) -> None:
    for who in (ANNA, BORIS):
        app.reports.report(who, lot, "fraud", app.now())
    app.run_streams()


def outcomes(app: FakeApp) -> set[tuple[int, str]]:
    """Whom the reports' outcome was told to."""
    return {(n.user_id, n.facts["outcome"]) for n in app.run_streams() if n.kind == "reports_settled"}


def test_a_dismissal_ends_all_reports_of_the_lot_and_tells_those_who_made_them(app: FakeApp, lot: str) -> None:
    reported(app, lot)
    app.reports.dismiss(decide(app), lot)
    assert app.reports.queue(app.now()).items == ()
    assert outcomes(app) == {(ANNA, "dismissed"), (BORIS, "dismissed")}
    (entry,) = app.store.tables.audit.values()
    assert (entry.action, entry.before, entry.after) == ("dismiss-reports", "2 reports", "dismissed")


@pytest.mark.parametrize(("act", "outcome"), [("hide", "hidden"), ("move", "moved"), ("cancel", "cancelled")])
def test_an_act_on_the_lot_ends_its_reports_in_the_same_transaction(
    app: FakeApp, lot: str, act: str, outcome: str
) -> None:
    reported(app, lot)
    acts: dict[str, Callable[[Decision], object]] = {
        "hide": lambda decision: app.lot_acts.hide(decision, lot),
        "move": lambda decision: app.lot_acts.move(decision, lot, "games"),
        "cancel": lambda decision: app.lot_acts.cancel(decision, lot),
    }
    app.store.fail_next(Death())
    with pytest.raises(Death):
        acts[act](decide(app))
    assert app.reports.of(lot, app.now()).is_open
    acts[act](decide(app))
    settled = app.reports.of(lot, app.now())
    assert settled.last
    assert (settled.is_open, settled.last.outcome) == (
        False,
        {"hide": "hidden", "move": "moved", "cancel": "cancelled"}[act],
    )
    assert outcomes(app) == {(ANNA, settled.last.outcome), (BORIS, settled.last.outcome)}


def test_of_two_operators_the_first_decides_and_the_second_is_told_what(app: FakeApp, lot: str) -> None:
    reported(app, lot)
    app.store.meanwhile(lambda: app.lot_acts.hide(decide(app), lot))
    with pytest.raises(ReportsSettled) as told_:
        app.reports.dismiss(decide(app), lot)
    assert told_.value.outcome is Outcome.HIDDEN
    assert {outcome for _, outcome in outcomes(app)} == {"hidden"}


def test_the_same_decision_sent_twice_is_done_once(app: FakeApp, lot: str) -> None:
    reported(app, lot)
    decision = decide(app)
    for _ in range(3):
        app.reports.dismiss(decision, lot)
    assert len(app.store.tables.audit) == 1
    events = [each for each in app.store.take_stream() if isinstance(each, LotReportsSettled)]
    assert len(events) == 1


def test_a_report_that_comes_while_somebody_decides_is_decided_too(app: FakeApp, lot: str) -> None:
    reported(app, lot)
    app.store.meanwhile(lambda: app.reports.report(CLARA, lot, "offensive", app.now()))
    app.reports.dismiss(decide(app), lot)
    assert {who for who, _ in outcomes(app)} == {ANNA, BORIS, CLARA}


def test_who_reports_after_a_decision_opens_the_next_round_and_hears_its_outcome_alone(app: FakeApp, lot: str) -> None:
    reported(app, lot)
    app.reports.dismiss(decide(app), lot)
    app.run_streams()
    app.reports.report(CLARA, lot, "fraud", app.now())
    assert told(app) == [("lot_reported", ADMIN)]
    app.lot_acts.hide(decide(app), lot)
    assert outcomes(app) == {(CLARA, "hidden")}


def test_later_reports_of_a_hidden_lot_are_settled_by_hiding_it_once_more(app: FakeApp, lot: str) -> None:
    app.bidding.bid(lot, ANNA, 200, app.now())
    app.lot_acts.hide(decide(app), lot)
    reported(app, lot)
    app.lot_acts.hide(decide(app), lot)
    assert not app.reports.of(lot, app.now()).is_open
    assert [entry.action for entry in app.store.tables.audit.values()] == ["hide-lot", "settle-reports"]


def test_nothing_is_dismissed_where_nobody_has_reported_or_the_role_is_too_small(app: FakeApp, lot: str) -> None:
    with pytest.raises(NotFound):
        app.reports.dismiss(decide(app), lot)
    reported(app, lot)
    with pytest.raises(NotAllowed):
        app.reports.dismiss(decide(app, role=Role.VIEWER), lot)
    assert app.reports.of(lot, app.now()).is_open


def test_the_seller_hears_nothing_of_who_reported(app: FakeApp, lot: str) -> None:
    app.run_streams()
    for who in (ANNA, BORIS):
        app.reports.report(who, lot, "fraud", app.now())
    app.reports.dismiss(decide(app), lot)
    assert SELLER not in {user_id for _, user_id in told(app)}
