"""Subscriptions that Telegram renews: whose report counts, and what a person is shown."""

from datetime import timedelta

from starbid.domain.renewals import (
    KEPT,
    ORDERED_FOR,
    Choice,
    Renewal,
    RenewalState,
    choice,
    reported,
    shown,
    state_of,
    with_stopped,
    without,
    without_failed,
)
from tests.support.fakes import START

ACTIVE, CANCELED, FAILED = RenewalState


def heard(*told: tuple[str, RenewalState, int]) -> tuple[Renewal, ...]:
    renewals: tuple[Renewal, ...] = ()
    for order_id, state, update_id in told:
        renewals = reported(renewals, order_id, state, update_id, START)
    return renewals


def test_the_newest_update_is_right_however_late_an_older_one_comes() -> None:
    assert state_of(heard(("a", ACTIVE, 5), ("a", FAILED, 3)), "a") is ACTIVE
    assert state_of(heard(("a", FAILED, 3), ("a", ACTIVE, 5)), "a") is ACTIVE


def test_an_update_that_comes_twice_says_nothing_new() -> None:
    once = heard(("a", CANCELED, 5))
    assert reported(once, "a", CANCELED, 5, START + timedelta(hours=1)) is once


def test_numbers_are_compared_for_as_long_as_telegram_brings_an_update() -> None:
    known = heard(("a", ACTIVE, 500))
    moment = START + ORDERED_FOR
    assert reported(known, "a", FAILED, 3, moment - timedelta(milliseconds=1)) is known
    assert reported(known, "a", FAILED, 3, moment) == (Renewal("a", FAILED, 3, moment),)


def test_one_that_is_renewed_is_shown_before_others_and_else_the_last_that_changed() -> None:
    assert shown(()) is None
    assert shown(heard(("a", ACTIVE, 1), ("b", CANCELED, 2))) is ACTIVE
    assert shown(heard(("a", FAILED, 1), ("b", CANCELED, 2))) is CANCELED
    assert shown(heard(("a", CANCELED, 1), ("b", CANCELED, 2), ("a", FAILED, 3))) is FAILED


def test_a_failure_is_forgotten_once_it_is_paid_for_otherwise() -> None:
    assert without_failed(heard(("a", FAILED, 1), ("b", CANCELED, 2))) == heard(("b", CANCELED, 2))


def test_only_the_last_few_are_kept() -> None:
    many = heard(*((str(number), CANCELED, number) for number in range(KEPT + 3)))
    assert [each.order_id for each in many] == [str(number) for number in range(3, KEPT + 3)]


def test_of_too_many_those_that_are_renewed_are_the_last_to_go() -> None:
    kept = heard(("runs on", ACTIVE, 1), *((str(number), CANCELED, number) for number in range(2, KEPT + 4)))
    assert [each.order_id for each in kept] == ["runs on", *(str(number) for number in range(5, KEPT + 4))]
    assert shown(kept) is ACTIVE
    many = heard(*((str(number), ACTIVE, number) for number in range(KEPT + 1)))
    assert [each.order_id for each in many] == [str(number) for number in range(1, KEPT + 1)]
    assert [each.order_id for each in reported(many, "late", FAILED, 9, START)][-2:] == [str(KEPT), "late"]


def test_one_that_we_ended_is_forgotten() -> None:
    assert without(heard(("a", ACTIVE, 1), ("b", FAILED, 2)), "a") == heard(("b", FAILED, 2))


def test_what_runs_can_be_stopped_and_what_was_stopped_here_is_allowed_while_days_are_left() -> None:
    runs = heard(("a", ACTIVE, 1), ("b", CANCELED, 2))
    assert [choice(runs, may_sell=days) for days in (True, False)] == [Choice.STOP, Choice.STOP]
    stopped = with_stopped(runs, ["a"])
    assert [choice(stopped, may_sell=days) for days in (True, False)] == [Choice.ALLOW, None]
    assert choice(heard(("b", CANCELED, 2)), may_sell=True) is None
