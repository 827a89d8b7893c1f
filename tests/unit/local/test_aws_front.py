"""SQS and EventBridge Scheduler as boto3 meets them: shapes, limits and errors."""

from __future__ import annotations

from typing import Any

import pytest

from local.aws_front import AwsFront, ProgramsOnly
from tests.support.json_client import Answer, AnyAnswer, JsonClient
from tests.unit.local.world import World

QUEUE = "starbid-local-JobQueue"
URL = f"http://127.0.0.1/000000000000/{QUEUE}"


class Aws:
    def __init__(self, world: World) -> None:
        self._client = JsonClient(AwsFront(world.queues, world.schedules, world.template, world.mails), AnyAnswer)
        self.target = {"Arn": world.template.functions["JobFunction"].arn, "RoleArn": "r", "Input": '{"a": 1}'}

    def sqs(self, action: str, **body: Any) -> Answer:
        headers = {"X-Amz-Target": f"AmazonSQS.{action}"}
        return self._client.post("/sqs/", json={"QueueUrl": URL, **body}, headers=headers)

    def scheduler(self, method: str, name: str, query: str = "", **body: Any) -> Answer:
        return self._client.open(f"/scheduler/schedules/{name}{query}", method=method, json=body or None)

    def schedule(self, name: str, method: str = "POST", **more: Any) -> Answer:
        body = {
            "GroupName": "group",
            "ScheduleExpression": "at(2030-01-01T12:01:00)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": self.target,
            "ActionAfterCompletion": "DELETE",
        }
        return self.scheduler(method, name, **{**body, **more})


@pytest.fixture
def aws(world: World) -> Aws:
    return Aws(world)


def test_a_message_is_sent_and_counted(aws: Aws) -> None:
    answer = aws.sqs("SendMessage", MessageBody="hello").json
    assert answer["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592"
    aws.sqs("SendMessage", MessageBody="later", DelaySeconds=900)
    attributes = aws.sqs("GetQueueAttributes", AttributeNames=["All"]).json["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "1"
    assert attributes["ApproximateNumberOfMessagesDelayed"] == "1"


def test_a_batch_tells_of_each_message(aws: Aws) -> None:
    entries = [{"Id": "a", "MessageBody": "x"}, {"Id": "b", "MessageBody": "y", "DelaySeconds": 901}]
    answer = aws.sqs("SendMessageBatch", Entries=entries).json
    assert [one["Id"] for one in answer["Successful"]] == ["a"]
    assert [(one["Id"], one["Code"]) for one in answer["Failed"]] == [("b", "InvalidParameterValue")]


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("SendMessage", {"MessageBody": "x", "DelaySeconds": 901}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": "x", "DelaySeconds": -1}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": ""}, "MissingParameter"),
        ("SendMessage", {"MessageBody": "x" * (1024 * 1024 + 1)}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": "x", "QueueUrl": "http://q/1/none"}, "QueueDoesNotExist"),
        ("SendMessageBatch", {"Entries": []}, "EmptyBatchRequest"),
        ("SendMessageBatch", {"Entries": [{"Id": "a"}] * 11}, "TooManyEntriesInBatchRequest"),
        ("ChangeMessageVisibility", {"ReceiptHandle": "x", "VisibilityTimeout": 1}, "ReceiptHandleIsInvalid"),
        ("CreateQueue", {}, "InvalidAction"),
        ("GetQueueUrl", {}, "UnsupportedOperation"),
    ],
)
def test_what_sqs_refuses_is_refused(aws: Aws, action: str, body: Any, code: str) -> None:
    response = aws.sqs(action, **body)
    assert response.status_code == 400
    assert response.json["__type"] == code


def test_a_message_is_received_postponed_and_deleted(aws: Aws) -> None:
    aws.sqs("SendMessage", MessageBody="hello")
    (message,) = aws.sqs("ReceiveMessage", MaxNumberOfMessages=10).json["Messages"]
    assert message["Body"] == "hello"
    assert aws.sqs("ReceiveMessage").json == {}
    aws.sqs("ChangeMessageVisibility", ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    (again,) = aws.sqs("ReceiveMessage").json["Messages"]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    aws.sqs("DeleteMessage", ReceiptHandle=again["ReceiptHandle"])
    aws.sqs("PurgeQueue")
    assert aws.sqs("GetQueueAttributes").json["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_schedule_is_made_shown_changed_and_deleted(aws: Aws) -> None:
    assert aws.schedule("close-a").json["ScheduleArn"].endswith(":schedule/group/close-a")
    shown = aws.scheduler("GET", "close-a", "?groupName=group").json
    assert (shown["Name"], shown["State"]) == ("close-a", "ENABLED")
    assert aws.schedule("close-a", "PUT", ScheduleExpression="at(2030-01-01T12:02:00)").status_code == 200
    assert aws.scheduler("GET", "", "?ScheduleGroup=group").json["Schedules"] == [
        {"GroupName": "group", "Name": "close-a"}
    ]
    assert aws.scheduler("DELETE", "close-a", "?groupName=group").status_code == 200
    assert aws.scheduler("GET", "close-a", "?groupName=group").status_code == 404


def test_a_schedule_of_a_taken_name_is_a_conflict(aws: Aws) -> None:
    aws.schedule("close-a")
    response = aws.schedule("close-a")
    assert response.status_code == 409
    assert response.headers["x-amzn-ErrorType"] == "ConflictException"


def test_a_schedule_fires_with_its_input(aws: Aws, world: World) -> None:
    aws.schedule("close-a")
    world.timeline.advance(120)
    assert world.called("JobFunction") == [(60, {"a": 1})]
    assert aws.scheduler("GET", "close-a", "?groupName=group").status_code == 404


def test_a_disabled_schedule_does_not_fire(aws: Aws, world: World) -> None:
    aws.schedule("close-a", State="DISABLED")
    world.timeline.advance(120)
    assert world.called("JobFunction") == []


def test_a_recurring_schedule_may_be_made_too(aws: Aws, world: World) -> None:
    aws.schedule("often", ScheduleExpression="rate(1 minute)")
    world.timeline.advance(180)
    assert [at for at, _ in world.called("JobFunction")] == [60, 120, 180]


@pytest.mark.parametrize(
    ("name", "more", "status", "kind"),
    [
        ("a", {"ScheduleExpression": "at(soon)"}, 400, "ValidationException"),
        ("a", {"ScheduleExpressionTimezone": "Nowhere"}, 400, "ValidationException"),
        ("a", {"FlexibleTimeWindow": None}, 400, "ValidationException"),
        ("a", {"Target": {"Arn": "arn:aws:lambda:x:y:function:none"}}, 400, "ValidationException"),
        ("a" * 65, {}, 400, "ValidationException"),
        ("a b", {}, 400, "ValidationException"),
    ],
)
def test_what_scheduler_refuses_is_refused(aws: Aws, name: str, more: Any, status: int, kind: str) -> None:
    response = aws.schedule(name, **more)
    assert (response.status_code, response.json["__type"]) == (status, kind)


def test_a_schedule_that_is_not_there_is_not_found(aws: Aws) -> None:
    assert aws.schedule("none", "PUT").json["__type"] == "ResourceNotFoundException"
    assert aws.scheduler("DELETE", "none").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Referer": "http://evil.example/"},
        {"Host": "evil.example"},
    ],
)
def test_no_page_of_a_browser_may_call_it(world: World, headers: dict[str, str]) -> None:
    client = JsonClient(ProgramsOnly(AwsFront(world.queues, world.schedules, world.template, world.mails)), AnyAnswer)
    body = {"ScheduleExpression": "at(2030-01-01T12:01:00)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    body["Target"] = {"Arn": world.template.functions["JobFunction"].arn}
    answer = client.post("/scheduler/schedules/x", json=body, headers=headers)
    assert (answer.status_code, answer.json["__type"]) == (403, "AccessDeniedException")
    assert world.schedules.names() == []
    assert client.post("/scheduler/schedules/x", json=body).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"null"])
def test_what_is_no_json_object_is_refused_as_aws_does(world: World, body: bytes) -> None:
    client = JsonClient(AwsFront(world.queues, world.schedules, world.template, world.mails), AnyAnswer)
    answer = client.post("/sqs/", data=body, headers={"X-Amz-Target": "AmazonSQS.SendMessage"})
    assert (answer.status_code, answer.json["__type"]) == (400, "SerializationException")
