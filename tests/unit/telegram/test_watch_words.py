"""What those who watch a lot are told, in the moment of the telling: nothing hidden, nothing stale."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from starbid.i18n import language
from starbid.services.views import view_lot
from starbid.telegram.notices import Telling, wording
from tests.support.factories import ANNA, BORIS, SELLER, draft, market, wallet
from tests.support.fakes import START, FakeApp

HOURS_2 = 7200


def said(app: FakeApp, lot: str, user_id: int, kind: str, code: str = "en", at: datetime | None = None) -> str:
    """The words of the notice that the streams made for somebody, told `at`."""
    now = at or app.now()
    (notice,) = [each for each in app.run_streams() if (each.kind, each.user_id) == (kind, user_id)]
    view = view_lot(app.store.lot(lot, consistent=True), user_id, now)
    return wording(Telling(notice, view, language(code), app.settings, now, lambda: wallet(user_id)))[0]


def soon(**changes: Any) -> tuple[FakeApp, str]:
    """A lot that ANNA watches, 15 minutes before its end; nobody has been told yet."""
    app, lot = market(title="A lamp", duration_seconds=HOURS_2, **changes)
    app.watching.watch(ANNA, lot.auction.id, app.now())
    return app, lot.auction.id


def remind(app: FakeApp, lot: str) -> None:
    app.clock.forward(minutes=105)
    app.scheduler.fire(app)


def test_the_price_is_that_of_the_telling_and_who_leads_is_told_so() -> None:
    app, lot = soon()
    app.bidding.bid(lot, BORIS, 500, app.now())
    remind(app, lot)
    app.bidding.bid(lot, ANNA, 900, app.now())
    assert (
        said(app, lot, ANNA, "ending_soon")
        == "“A lamp” from your favourites ends in 15 minutes.\nYou lead at ⭐\u202f510."
    )


@pytest.mark.parametrize(
    ("late", "left"), [(0, "до конца 15 минут."), (13 * 60, "до конца 2 минуты."), (899, "до конца 1 минута.")]
)
def test_the_minutes_are_those_that_are_left_in_the_telling(late: int, left: str) -> None:
    app, lot = soon()
    remind(app, lot)
    text = said(app, lot, ANNA, "ending_soon", "ru", app.now() + timedelta(seconds=late))
    assert text == f"Лот из избранного, «A lamp»: {left}\nСейчас ⭐\u202f100."


def test_of_a_sealed_lot_nothing_is_told_but_that_it_ends() -> None:
    app, lot = soon(type="sealed")
    app.bidding.bid(lot, BORIS, 777, app.now())
    remind(app, lot)
    text = said(app, lot, ANNA, "ending_soon")
    assert text == "“A lamp” from your favourites ends in 15 minutes.\nBids are hidden until the end."


def test_a_notice_that_was_held_up_beyond_the_end_says_so() -> None:
    app, lot = soon()
    remind(app, lot)
    late = app.now() + timedelta(minutes=15)
    assert said(app, lot, ANNA, "ending_soon", at=late) == "“A lamp” from your favourites has ended."


def test_a_start_is_told_with_the_end() -> None:
    app, lot = soon(starts_at="2026-05-01T13:00:00Z")
    app.clock.forward(hours=1)
    app.scheduler.fire(app)
    text = said(app, lot, ANNA, "began")
    assert text == "“A lamp” from your favourites has started.\nIt runs until 1 May 2026, 15:00 UTC."


@pytest.mark.parametrize("code", ["en", "ru"])
def test_a_reminder_that_is_told_when_the_lot_was_moved_says_so(code: str) -> None:
    app, lot = soon()
    remind(app, lot)
    app.publishing.edit(SELLER, lot, draft(app.now(), duration_seconds=86_400), (), app.now())
    words = language(code)
    moment = words.moment(app.store.auction(lot).ends_at)
    texts = {"en": "now ends later:", "ru": "конец торгов перенесён на"}
    text = said(app, lot, ANNA, "ending_soon", code)
    assert texts[code] in text
    assert moment in text


@pytest.mark.parametrize("kind", ["began", "ending_soon"])
def test_a_word_about_a_lot_that_begins_later_now_does_not_say_that_it_is_over(kind: str) -> None:
    app, lot = soon(starts_at=(START + timedelta(hours=1)).isoformat())
    app.clock.forward(hours=1)
    if kind == "began":
        app.scheduler.fire(app)
    else:
        remind(app, lot)
    later = app.now() + timedelta(days=1)
    app.publishing.edit(SELLER, lot, draft(app.now(), starts_at=later.isoformat()), (), app.now())
    assert said(app, lot, ANNA, kind) == (
        f"“A lamp” from your favourites now starts later: {language('en').moment(later)}."
    )
