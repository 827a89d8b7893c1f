"""Asking the helper: who may, and what pays for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.assistant.account import MINUTE, Phase, Source
from starbid.domain.assistant.errors import Busy, ConsentNeeded, NoCredits, NotOffered, TrialUsed
from starbid.domain.assistant.question import LONGEST_QUESTION, Place, State
from starbid.domain.errors import Blocked, Invalid, TooOften
from starbid.domain.events import ConsentChanged, TrialPaid, TrialStarted
from starbid.domain.paid_days import PaidDays
from starbid.domain.restrictions import Limit, Restricted, Restrictions
from starbid.services.assistant.asking import Left, Standing, Wish
from tests.support.answering import Helper
from tests.support.desk import decision
from tests.support.factories import ANNA, join
from tests.support.fakes import START, make_app

LAST_MIDNIGHT = datetime(2026, 5, 8, tzinfo=UTC)
"""The trial begins on the first of May, which is the first of its seven days."""


@pytest.fixture
def helper() -> Helper:
    return Helper()


def standing(helper: Helper) -> Standing:
    return helper.app.asking.standing(helper.person, helper.app.now())


def answered(helper: Helper, times: int = 1) -> None:
    """So many questions, far enough apart."""
    for _ in range(times):
        helper.ask()
        helper.work()
        helper.goes_by(seconds=20)


def subscribed(helper: Helper, *sources: str) -> None:
    """With 30 paid days for each."""
    month = timedelta(days=30)
    now = helper.app.now()
    days = tuple(PaidDays(source, now + n * month, now + (n + 1) * month) for n, source in enumerate(sources))
    helper.change(paid_days=days, subscribed_until=days[-1].ends)


def use_up(helper: Helper, *sources: str) -> None:
    """The quota of these days."""
    used = dict.fromkeys(sources, 100)
    helper.app.store.tables.accounts[ANNA] = replace(helper.account, quota_used=used)


def payer(helper: Helper) -> tuple[Source, str]:
    """What the next question is paid with."""
    helper.goes_by(minutes=1)
    helper.ask()
    assert helper.account.open
    found = helper.account.open.source, helper.account.open.of
    helper.work()
    return found


def test_a_question_reserves_what_it_costs_and_is_queued(helper: Helper) -> None:
    asked = helper.ask("How do I sell?")
    question = helper.question(asked)
    assert (question.text, question.state, question.asked_at) == ("How do I sell?", State.QUEUED, helper.app.now())
    assert (helper.phase, helper.used) == (Phase.QUEUED, 0)
    assert (standing(helper).left, standing(helper).open_id) == (9, asked)
    assert [call.question_id for call in helper.app.assistant_work.calls] == [asked]


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "a" * (LONGEST_QUESTION + 1), "a\x00b", "\ud83d"])
def test_a_text_that_is_no_question_is_refused_and_costs_nothing(helper: Helper, text: str) -> None:
    before = helper.app.store.tables.snapshot()
    with pytest.raises(Invalid):
        helper.ask(text)
    assert helper.app.store.tables == before
    assert helper.app.assistant_work.calls == []


@pytest.mark.parametrize("text", ["?", "😀", "Я" * LONGEST_QUESTION, "<b>&\u202e", "  Why?\r\n"])
def test_any_other_text_is_one(helper: Helper, text: str) -> None:
    assert helper.question(helper.ask(text)).text == text.replace("\r\n", "\n").strip()


def test_nothing_is_asked_without_consent_and_the_first_moment_of_it_stays(helper: Helper) -> None:
    asking, now = helper.app.asking, helper.app.now()
    asking.consent(ANNA, helper.app.clock.forward(seconds=1), given=True)
    assert helper.account.consent_at == now
    asking.consent(ANNA, helper.app.now(), given=False)
    with pytest.raises(ConsentNeeded):
        helper.ask()
    told = [each.given for each in helper.app.store.tables.events.values() if isinstance(each, ConsentChanged)]
    assert told == [True, False]


def test_one_question_at_a_time(helper: Helper) -> None:
    asked = helper.ask()
    with pytest.raises(Busy) as refused:
        helper.ask("Another?")
    assert refused.value.question_id == asked
    helper.work()
    helper.ask("Another?")


def test_six_a_minute_and_told_when_the_next_may_come(helper: Helper) -> None:
    for _ in range(6):
        helper.ask()
        helper.work()
        helper.goes_by(seconds=1)
    with pytest.raises(TooOften) as refused:
        helper.ask()
    assert refused.value.seconds == 54
    helper.app.clock.now = START + MINUTE - timedelta(milliseconds=1)
    with pytest.raises(TooOften):
        helper.ask()
    helper.app.clock.now = START + MINUTE
    helper.ask()


def test_trial_then_quota_then_credits_the_days_that_end_first_and_the_oldest_pack(helper: Helper) -> None:
    subscribed(helper, "stars:a", "stars:b")
    for number in (1, 2):
        helper.app.buying.change(ANNA, number, decision(helper.app))
    answered(helper, 10)
    assert payer(helper) == (Source.QUOTA, "stars:a")
    use_up(helper, "stars:a")
    assert payer(helper) == (Source.QUOTA, "stars:b")
    use_up(helper, "stars:a", "stars:b")
    first, second = (pack.id for pack in helper.account.packs)
    assert [payer(helper)[1] for _ in range(3)] == [first, second, second]
    helper.goes_by(minutes=1)
    with pytest.raises(NoCredits) as refused:
        helper.ask()
    assert not refused.value.may_try


def test_a_quota_lapses_with_its_days(helper: Helper) -> None:
    subscribed(helper, "stars:a")
    answered(helper, 10)
    helper.app.clock.now = helper.person.paid_days[0].ends - timedelta(milliseconds=1)
    assert standing(helper).quota == Left(100, helper.person.paid_days[0].ends)
    helper.ask()
    helper.work()
    helper.goes_by(milliseconds=1)
    assert standing(helper).quota is None
    with pytest.raises(NoCredits):
        helper.ask()


@pytest.mark.parametrize(("zone", "offset"), [(None, 0), ("Asia/Tokyo", 9), ("America/New_York", -4), ("No/Such", 0)])
def test_a_trial_ends_at_midnight_where_the_person_is(zone: str | None, offset: int) -> None:
    helper = Helper(zone=zone)
    midnight = LAST_MIDNIGHT - timedelta(hours=offset)
    trial = standing(helper).trial
    assert trial == Left(10, midnight)
    helper.app.clock.now = midnight - timedelta(milliseconds=1)
    helper.ask()
    helper.work()
    helper.goes_by(milliseconds=1)
    assert standing(helper).trial is None
    with pytest.raises(NoCredits):
        helper.ask()


def test_a_question_of_the_last_moment_is_answered_after_midnight_and_counts_for_the_trial(helper: Helper) -> None:
    helper.app.clock.now = LAST_MIDNIGHT - timedelta(milliseconds=1)
    asked = helper.ask()
    helper.goes_by(hours=1)
    helper.work()
    assert helper.question(asked).state is State.DONE
    assert helper.used == 1


def test_a_trial_is_started_once(helper: Helper) -> None:
    with pytest.raises(TrialUsed):
        helper.app.asking.start_trial(helper.person, helper.app.now())
    helper.goes_by(days=400)
    with pytest.raises(TrialUsed):
        helper.app.asking.start_trial(helper.person, helper.app.now())
    assert sum(isinstance(each, TrialStarted) for each in helper.app.store.tables.events.values()) == 1


def test_who_is_blocked_or_barred_asks_nothing_and_starts_no_trial(helper: Helper) -> None:
    helper.change(blocked=True)
    with pytest.raises(Blocked):
        helper.ask()
    helper.change(blocked=False, restrictions=Restrictions((Limit.ASSISTANT,), helper.app.now() + MINUTE))
    with pytest.raises(Restricted):
        helper.ask()
    with pytest.raises(Restricted):
        helper.app.asking.start_trial(helper.person, helper.app.now())
    helper.goes_by(minutes=1)
    helper.ask()


def test_nothing_is_asked_where_no_service_is_behind_it() -> None:
    app = make_app({"ASSISTANT_ENABLED": "false", "OPENAI_API_KEY": "key"})
    with pytest.raises(NotOffered):
        app.asking.ask(join(app, ANNA), Wish("Why?", Place.CHAT), "r1", app.now())
    with pytest.raises(NotOffered):
        app.asking.start_trial(join(app, ANNA), app.now())


def test_the_first_answer_out_of_a_subscription_tells_that_who_tried_it_pays_now(helper: Helper) -> None:
    subscribed(helper, "stars:a")
    answered(helper, 12)
    told = [each for each in helper.app.store.tables.events.values() if isinstance(each, TrialPaid)]
    assert len(told) == 1
    assert helper.account.has_paid
