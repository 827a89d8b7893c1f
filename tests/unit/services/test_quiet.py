"""Quiet hours: what can wait is told together afterwards, nothing is lost or told twice; what cannot wait does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.channels import Channel
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.quiet import QuietHours
from starbid.domain.switches import Switch
from starbid.services.ports import Crowded, Notice, Unavailable
from starbid.services.waiting_telling import SHOWN
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fake_clock import START
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there

HOURS = QuietHours(START.hour * 60, START.hour * 60 + 8 * 60)
"""It is quiet from the start of a test on, in UTC, for eight hours."""
OVER = timedelta(hours=8, minutes=1)


class Pushes:
    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, _person: Person, notice: Notice, _lot: Lot | None) -> None:
        self.told.append(notice.kind)


@pytest.fixture
def pushes() -> Pushes:
    return Pushes()


@pytest.fixture
def app(pushes: Pushes) -> FakeApp:
    app = make_app(further_channels={Channel.PUSH: lambda: pushes, Channel.EMAIL: lambda: pushes})
    for who in (ANNA, BORIS):
        join(app, who, stars=10_000)
    return app


def lot_that_ends(app: FakeApp, after: timedelta) -> str:
    lot = put_up(app, duration_seconds=int(after.total_seconds()))
    app.run_streams()
    app.messenger.told.clear()
    app.quiet.choose(SELLER, HOURS, app.now())
    app.quiet.choose(ANNA, HOURS, app.now())
    return lot.auction.id


def sold(lot_id: str, number: int = 1) -> Notice:
    return Notice(f"sold:{number}", SELLER, "sold", lot_id, {"price": [1, "XTR"]})


def unsold(lot_id: str) -> Notice:
    return Notice("unsold:1", SELLER, "unsold", lot_id, {"owed": False})


def tell(app: FakeApp, *notices: Notice) -> None:
    app.outgoing.notices.extend(notices)
    app.run_streams()


def morning(app: FakeApp, after: timedelta = OVER) -> list[str]:
    """What the seller is told when the night is over."""
    app.clock.forward(seconds=int(after.total_seconds()))
    app.scheduler.fire(app)
    for _ in range(2):  # what is told by itself goes back to the queue
        app.run_streams()
    return app.messenger.kinds_for(SELLER)


def test_the_only_notice_that_waited_is_told_as_it_is(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id))
    assert app.messenger.told == []
    assert morning(app) == ["sold"]
    assert morning(app, timedelta(days=1)) == ["sold"]


def test_several_are_told_in_one_message_the_oldest_first(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, unsold(lot_id))
    app.clock.forward(minutes=5)
    tell(app, sold(lot_id))
    assert morning(app) == ["waited"]
    ((_, digest, _),) = app.messenger.told
    assert [line.partition(" ")[0] for line in digest.facts["lines"]] == ["unsold", "sold"]
    assert morning(app, timedelta(days=1)) == ["waited"]


def test_more_than_fit_are_counted(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, *(sold(lot_id, number) for number in range(SHOWN + 3)))
    assert morning(app) == ["waited"]
    ((_, digest, _),) = app.messenger.told
    assert (len(digest.facts["lines"]), digest.facts["more"]) == (SHOWN, 3)


def test_of_many_bids_on_a_lot_one_line_waits(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    for number in range(6):
        app.bidding.bid(lot_id, (ANNA, BORIS)[number % 2], 200 + 100 * number, app.now())
        app.clock.forward(minutes=1)
        app.run_streams()
    assert morning(app) == ["new_bid"]


@pytest.mark.parametrize(("minutes", "waits"), [(8 * 60 + 14, False), (8 * 60 + 16, True)])
def test_who_is_outbid_hears_it_at_once_where_the_lot_ends_before_the_morning(
    app: FakeApp, minutes: int, *, waits: bool
) -> None:
    lot_id = lot_that_ends(app, timedelta(minutes=minutes))
    app.bidding.bid(lot_id, ANNA, 200, app.now())
    app.bidding.bid(lot_id, BORIS, 300, app.now())
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ([] if waits else ["outbid"])


@pytest.mark.parametrize(
    "notice",
    [
        Notice("1", SELLER, "payout_refused", None, {"amount": [1, "XTR"], "reason": "x"}),
        Notice("2", SELLER, "credited", None, {"amount": [1, "XTR"], "bill_id": "", "awaits": False, "price": None}),
        Notice("3", SELLER, "refunded", None, {"amount": [1, "XTR"], "owed": [5, "XTR"]}),
    ],
    ids=lambda notice: notice.kind,
)
def test_what_is_urgent_or_awaited_is_told_at_once(app: FakeApp, notice: Notice) -> None:
    lot_that_ends(app, timedelta(days=2))
    tell(app, notice)
    assert app.messenger.kinds_for(SELLER) == [notice.kind]


def test_what_is_switched_off_by_the_morning_is_not_told(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id), unsold(lot_id))
    app.people.switch(SELLER, {Switch.SOLD: False, Switch.UNSOLD: False})
    assert morning(app) == []
    app.people.switch(SELLER, {Switch.SOLD: True})
    assert morning(app, timedelta(days=1)) == []


def test_what_is_switched_off_does_not_even_wait(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    app.people.switch(SELLER, {Switch.SOLD: False})
    tell(app, sold(lot_id))
    assert app.waiting_notices.of(SELLER, app.now()) == []


def test_a_mail_makes_no_sound_and_a_push_waits(app: FakeApp, pushes: Pushes) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    app.hearing.set_up(SELLER, Channel.EMAIL)
    tell(app, sold(lot_id, 1))
    assert pushes.told == ["sold"]
    app.hearing.take_down(SELLER, Channel.EMAIL)
    app.hearing.set_up(SELLER, Channel.PUSH)
    app.people.mark_unreachable(SELLER)
    tell(app, sold(lot_id, 2))
    assert len(pushes.told) == 1
    assert morning(app) == []
    assert pushes.told == ["sold", "sold", "sold"], "both pushes, though the bot cannot write"


def test_one_whose_quiet_hours_end_sooner_than_they_did_hears_at_once(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id))
    app.quiet.choose(SELLER, None, app.now())
    assert morning(app, timedelta(minutes=1)) == ["sold"]


def test_one_whose_quiet_hours_end_later_than_they_did_hears_it_then(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id))
    app.quiet.choose(SELLER, replace(HOURS, ends=HOURS.ends + 60), app.now())
    assert morning(app) == []
    assert morning(app, timedelta(hours=1)) == ["sold"]


def test_a_wake_that_comes_twice_tells_once(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id), unsold(lot_id))
    app.clock.forward(hours=9)
    app.quiet.wake(SELLER, app.now())
    app.clock.forward(seconds=1)
    app.quiet.wake(SELLER, app.now())
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["waited"]


def test_one_who_is_blocked_by_the_morning_hears_nothing(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id), unsold(lot_id))
    person = there(app.store.person(SELLER))
    app.store.tables.people[SELLER] = replace(person, blocked=True, version=person.version + 1)
    assert morning(app) == []


def test_a_scheduler_that_fails_makes_the_notice_come_again_and_nothing_is_lost(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    app.scheduler.fail_next(Unavailable("scheduler"))
    with pytest.raises(Unavailable):
        app.sending.send(sold(lot_id), app.now())
    app.sending.send(sold(lot_id), app.now())
    assert morning(app) == ["sold"]


def test_one_whose_lot_is_gone_keeps_no_other_from_being_told(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id, 1), unsold(lot_id))
    broken = Notice("sold:9", SELLER, "sold", "nolot", {"price": [1, "XTR"]})
    app.waiting_notices.put(SELLER, "sold:9", broken, app.now())
    app.sending.send(wake_of(app), app.now())
    assert app.messenger.kinds_for(SELLER) == ["waited"]
    assert app.outgoing.notices == [broken]
    assert app.waiting_notices.of(SELLER, app.now()) == []


def wake_of(app: FakeApp) -> Notice:
    """What puts an end to the night."""
    app.clock.forward(hours=9)
    app.scheduler.fire(app)
    (wake,) = app.outgoing.notices
    app.outgoing.notices.clear()
    return wake


def test_of_many_that_are_told_by_themselves_none_waits_for_another(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    found = [Notice(f"f:{number:02}", SELLER, "found", lot_id, {"search": "s"}) for number in range(30)]
    for each in found:
        app.waiting_notices.put(SELLER, each.id, each, app.now())
    tell(app, sold(lot_id), unsold(lot_id))
    app.sending.send(wake_of(app), app.now())
    assert app.messenger.kinds_for(SELLER) == ["waited"], "the others go their own ways"
    assert app.outgoing.notices == found


def test_a_notice_that_was_kept_is_no_repeat_when_it_comes_back(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id))
    app.quiet.choose(SELLER, None, app.now())
    for _ in range(2):
        app.sending.send(sold(lot_id), app.now())
    assert app.messenger.kinds_for(SELLER) == ["sold"]


def test_a_push_that_comes_again_at_night_waits_for_the_morning(app: FakeApp, pushes: Pushes) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    app.hearing.set_up(SELLER, Channel.PUSH)
    with pytest.raises(Crowded) as told:
        app.further_telling.tell(sold(lot_id), Channel.PUSH, app.now())
    assert told.value.seconds == 8 * 3600
    app.clock.forward(seconds=told.value.seconds)
    app.further_telling.tell(sold(lot_id), Channel.PUSH, app.now())
    assert pushes.told == ["sold"]


def test_telegram_that_fails_in_the_morning_loses_nothing(app: FakeApp) -> None:
    lot_id = lot_that_ends(app, timedelta(days=2))
    tell(app, sold(lot_id), unsold(lot_id))
    app.clock.forward(hours=9)
    app.scheduler.fire(app)
    app.messenger.fail_next(TimeoutError())
    (wake,) = app.outgoing.notices
    with pytest.raises(TimeoutError):
        app.sending.send(wake, app.now())
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["waited"]
