"""Ordinary days, on which no alarm may ring."""

from __future__ import annotations

from notifier.sender import pause_after
from scripts.alarms.faults import ASSISTANT, CLOSER, PAYMENTS
from scripts.alarms.stories import HOUR, Story
from scripts.alarms.timelines import MINUTE, Timeline
from starbid.services.cards.falling import LONGEST_DELAY

SOME_HOURS = 3 * HOUR


def _first_hours(line: Timeline, begin: float, _: float) -> None:
    """Deployed as documented, with the secrets there: only sweeps run, the queues are unused."""
    for function in (CLOSER, PAYMENTS, ASSISTANT):
        for at in line.each(line.template.rate(f"{function}.Sweep") * MINUTE, begin):
            line.invoked(function, at)


def _busy_hours(line: Timeline, _begin: float, _sleeps: float) -> None:
    line.busy()


def _telegram_is_away_for_a_moment(line: Timeline, begin: float, _: float) -> None:
    """Fifty notices fail for half a minute."""
    for notice in range(50):
        at, receives = begin + notice / 5, 0
        while at < begin + MINUTE / 2:
            receives += 1
            line.failed("sender", at)
            at += pause_after(receives)


def _one_invocation_is_lost(line: Timeline, begin: float, _: float) -> None:
    """Of each function; it is tried again and succeeds."""
    for function in line.template.functions:
        line.invoked(function, begin, error=True)
        line.invoked(function, begin + MINUTE)


def _one_sweep_meets_a_conflict(line: Timeline, begin: float, _: float) -> None:
    line.failed("closer", begin)


def _answer_is_lost(line: Timeline, begin: float, _: float) -> None:
    """Its worker died. The sweep has called again within minutes, but the message stays hidden for its time."""
    line.invoked(ASSISTANT, begin, error=True)
    for age in range(0, line.template.visibility("AssistantQueue"), MINUTE):
        line.oldest("AssistantQueue", begin + age, age)


def _one_answer_is_empty(line: Timeline, begin: float, _: float) -> None:
    line.failed("assistant", begin)


def _store_is_busy(line: Timeline, begin: float, _: float) -> None:
    """Thirty requests in half a minute are answered 503."""
    for at in range(30):
        line.refused(begin + at)


def _price_falls_far_ahead(line: Timeline, begin: float, _: float) -> None:
    """A message of a card waits as long as the code allows. AWS does not say whether that counts as age."""
    for age in range(0, int(LONGEST_DELAY.total_seconds()) + MINUTE // 2, MINUTE // 2):
        line.oldest("NoticeQueue", begin + age, age)


def _many_are_told(line: Timeline, begin: float, _: float) -> None:
    """10 000 notices, 20 a second."""
    for age in range(0, 10_000 // 20, MINUTE):
        line.oldest("NoticeQueue", begin + age, age)


def _stranger_knocks(line: Timeline, begin: float, _: float) -> None:
    """Fifty requests to the webhook's address within a minute."""
    for at in range(50):
        line.failed("webhook", begin + at)


CALM = (
    Story("The first hours, deployed as documented", _first_hours, minutes=SOME_HOURS),
    Story("Busy hours without a fault", _busy_hours, minutes=SOME_HOURS),
    Story("Fifty notices fail for half a minute", _telegram_is_away_for_a_moment),
    Story("Each function loses one invocation, which is tried again", _one_invocation_is_lost),
    Story("One sweep of the closer meets a conflict", _one_sweep_meets_a_conflict),
    Story("The worker of a question dies, and another answers it", _answer_is_lost),
    Story("The language model gives one empty answer", _one_answer_is_empty),
    Story("Thirty requests in half a minute are answered 503", _store_is_busy),
    Story("A message waits for a price to fall", _price_falls_far_ahead),
    Story("10 000 people are told that a lot has ended", _many_are_told),
    Story("A stranger sends fifty updates within a minute", _stranger_knocks),
)
