"""What waits for the end of quiet hours: the fake, DynamoDB as moto has it, and the emulator do the same."""

from __future__ import annotations

from datetime import timedelta

from starbid.services.ports import Notice
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import StagedApp


def notice(number: int, who: int = ANNA) -> Notice:
    return Notice(f"n{number}", who, "sold", "lamp", {"price": [number, "XTR"], "text": "💡 «лампа»"})


def test_what_waits_is_told_in_its_order_and_the_newest_of_a_subject_alone(any_app: StagedApp) -> None:
    waiting, now = any_app.waiting_notices, any_app.now()
    waiting.put(ANNA, "b", notice(1), now)
    waiting.put(ANNA, "a", notice(2), now + timedelta(seconds=1))
    waiting.put(ANNA, "b", notice(3), now + timedelta(seconds=2))
    waiting.put(BORIS, "a", notice(4, BORIS), now)
    assert [each.notice for each in waiting.of(ANNA, now)] == [notice(2), notice(3)]
    for _ in range(2):
        waiting.drop(ANNA, "a")
    assert [(each.subject, each.notice) for each in waiting.of(ANNA, now)] == [("b", notice(3))]
    assert [each.notice.id for each in waiting.of(BORIS, now)] == ["n4"]


def test_nothing_waits_for_ever(any_app: StagedApp) -> None:
    waiting, now = any_app.waiting_notices, any_app.now()
    waiting.put(ANNA, "a", notice(1), now)
    assert waiting.of(ANNA, now + timedelta(days=3, seconds=1)) == []
