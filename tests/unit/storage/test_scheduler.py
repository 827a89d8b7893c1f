"""Schedules as EventBridge Scheduler is asked for them, and what becomes of its failures."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from starbid.services.ports import Unavailable
from starbid.storage import scheduler
from starbid.storage.scheduler import AwsScheduler
from tests.support.fakes import START, make_app

MS = timedelta(milliseconds=1)


class Aws:
    """Records calls; `faults` are the failures of the next creations."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: list[Exception] = []

    def send_message(self, **request: Any) -> None:
        self.calls.append(("send", request))
        if self.faults:
            raise self.faults.pop(0)

    def create_schedule(self, **request: Any) -> None:
        self.calls.append(("create", request))
        if self.faults:
            raise self.faults.pop(0)

    def delete_schedule(self, **request: Any) -> None:
        self.calls.append(("delete", request))
        if self.faults:
            raise self.faults.pop(0)

    def update_schedule(self, **request: Any) -> None:
        self.calls.append(("update", request))


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    aws = Aws()
    monkeypatch.setattr(scheduler, "client", lambda _service: aws)
    return aws


@pytest.fixture
def schedules(aws: Aws) -> AwsScheduler:
    return AwsScheduler(make_app({"CLOSER_FUNCTION_ARN": "arn:closer", "PAYMENTS_FUNCTION_ARN": "arn:pay"}).settings)


def error(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "CreateSchedule")


def test_what_waits_on_a_lot_is_decided_by_a_delayed_message(aws: Aws, schedules: AwsScheduler) -> None:
    schedules.drain_in("lot1", 10)
    ((what, request),) = aws.calls
    assert (what, request["DelaySeconds"]) == ("send", 10)
    assert json.loads(request["MessageBody"]) == {"job": "drain", "auction_id": "lot1"}
    aws.faults = [error("ThrottlingException", 429)]
    schedules.drain_in("lot1", 10)


def test_a_schedule_knows_whole_seconds_and_never_fires_before_its_time(aws: Aws, schedules: AwsScheduler) -> None:
    for at, asked in ((START, "12:00:00"), (START + MS, "12:00:01")):
        schedules.remind_at("lot1", at)
        assert aws.calls[-1][1]["ScheduleExpression"] == f"at(2026-05-01T{asked})"


def test_the_end_of_quiet_hours_wakes_the_payments_function_once_for_each_end(
    aws: Aws, schedules: AwsScheduler
) -> None:
    schedules.wake_at(7, START)
    ((_, request),) = aws.calls
    assert request["Name"] == f"quiet-7-{int(START.timestamp() * 1000)}"
    assert request["ScheduleExpression"] == "at(2026-05-01T12:00:30)"
    assert request["Target"]["Arn"] == "arn:pay"
    assert json.loads(request["Target"]["Input"]) == {"job": "quiet-over", "user_id": "7"}
    aws.faults = [error("ConflictException", 409)]
    schedules.wake_at(7, START)
    aws.faults = [error("ThrottlingException", 429)]
    with pytest.raises(Unavailable):
        schedules.wake_at(7, START)


def test_those_who_watch_share_a_schedule_for_each_moment(aws: Aws, schedules: AwsScheduler) -> None:
    schedules.remind_at("lot1", START)
    schedules.tell_start_at("lot1", START + MS)
    requests = [request for _, request in aws.calls]
    stamp = int(START.timestamp() * 1000)
    assert [request["Name"] for request in requests] == [f"remind-lot1-{stamp}", f"start-lot1-{stamp + 1}"]
    assert [json.loads(request["Target"]["Input"]) for request in requests] == [
        {"job": "remind", "auction_id": "lot1"},
        {"job": "start", "auction_id": "lot1"},
    ]
    assert {request["Target"]["Arn"] for request in requests} == {"arn:closer"}
    assert all(len(request["Name"]) <= 64 for request in requests)
    aws.faults = [error("ConflictException")]
    schedules.remind_at("lot1", START)
    assert aws.calls[-1][0] == "create", "it is right as it is"


def test_the_schedule_of_an_end_that_moved_is_moved(aws: Aws, schedules: AwsScheduler) -> None:
    aws.faults = [error("ConflictException")]
    schedules.close_at("lot1", START)
    assert [what for what, _ in aws.calls] == ["create", "update"]


@pytest.mark.parametrize(
    "fault",
    [error("ThrottlingException", 429), error("InternalServerException", 500), ConnectTimeoutError(endpoint_url="x")],
)
def test_what_a_sweep_covers_fails_in_silence_and_what_it_does_not_is_said(
    aws: Aws, schedules: AwsScheduler, fault: Exception
) -> None:
    aws.faults = [fault, fault]
    schedules.close_at("lot1", START)
    schedules.advance_deal_at("lot1", START)
    for ask in (schedules.remind_at, schedules.tell_start_at):
        aws.faults = [fault]
        with pytest.raises(Unavailable):
            ask("lot1", START)


def test_a_bill_is_looked_at_every_minute_until_a_while_after_its_end(aws: Aws, schedules: AwsScheduler) -> None:
    schedules.look_at_bill("0" * 32, START)
    ((what, request),) = aws.calls
    assert (what, request["Name"], request["ScheduleExpression"]) == ("create", f"bill-{'0' * 32}", "rate(1 minute)")
    assert START + timedelta(minutes=2) < request["EndDate"] < START + timedelta(minutes=10)
    assert request["ActionAfterCompletion"] == "DELETE"
    assert json.loads(request["Target"]["Input"]) == {"job": "bill", "bill": "0" * 32}
    assert request["Target"]["Arn"] == "arn:pay"


@pytest.mark.parametrize("fault", [None, error("ResourceNotFoundException", 404), error("ThrottlingException", 429)])
def test_a_bill_that_ended_is_forgotten_or_ends_by_itself(
    aws: Aws, schedules: AwsScheduler, fault: ClientError | None
) -> None:
    aws.faults = [fault] if fault else []
    schedules.forget_bill("0" * 32)
    ((what, request),) = aws.calls
    assert (what, request["Name"]) == ("delete", f"bill-{'0' * 32}")


def test_a_bill_that_had_no_schedule_is_forgotten_without_a_word(
    aws: Aws, schedules: AwsScheduler, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.faults = [error("ResourceNotFoundException", 404)]
    schedules.forget_bill("0" * 32)
    assert "could not schedule" not in capsys.readouterr().out
