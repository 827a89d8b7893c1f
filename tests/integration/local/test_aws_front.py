"""boto3 itself, as the functions use it, against our SQS, Scheduler and SES."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.aws_front import AwsFront
from local.clock import Clock
from local.mail.box import LocalMails
from local.queues import Queues
from local.schedules import Schedules
from local.server import Server
from local.state import State
from local.template import Template, load
from starbid.services.ports import Letter
from starbid.storage.mails import written
from tests.support.emulator import client


@dataclass
class Front:
    url: str
    template: Template
    queues: Queues
    mails: LocalMails

    def client(self, service: str) -> Any:
        return client(service, f"{self.url}/{service}")


@pytest.fixture
def front() -> Iterator[Front]:
    server = Server(0, tell=False)
    template = load(settings={}, queue_base=f"{server.url}/sqs")
    state = State(None)
    clock = Clock(state)
    queues, mails = Queues(state, clock, template.queues), LocalMails(state, clock.now)
    server.serve(AwsFront(queues, Schedules(state, clock, template), template, mails))
    yield Front(server.url, template, queues, mails)
    server.close()


def test_messages_are_sent_by_the_addresses_of_the_template(front: Front) -> None:
    sqs = front.client("sqs")
    url = front.template.environment["NOTICE_QUEUE_URL"]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "0", "MessageBody": "a"}])
    assert [one["Id"] for one in answer["Successful"]] == ["0"]
    sqs.send_message(QueueUrl=url, MessageBody="b", DelaySeconds=900)
    (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=5)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessagesDelayed"] == "1"


def test_an_unknown_queue_and_a_wrong_delay_raise_what_boto3_names_them(front: Front) -> None:
    sqs = front.client("sqs")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.send_message(QueueUrl=f"{front.url}/sqs/1/none", MessageBody="a")
    with pytest.raises(sqs.exceptions.ClientError, match="DelaySeconds"):
        sqs.send_message(QueueUrl=front.template.environment["CLOSER_QUEUE_URL"], MessageBody="a", DelaySeconds=901)


def test_schedules_are_made_changed_and_deleted(front: Front) -> None:
    scheduler = front.client("scheduler")
    request = {
        "Name": "close-a",
        "GroupName": "group",
        "ScheduleExpression": "at(2030-01-01T00:00:00)",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "DELETE",
        "Target": {"Arn": front.template.environment["CLOSER_FUNCTION_ARN"], "RoleArn": "arn:aws:iam::0:role/r"},
    }
    scheduler.create_schedule(**request)
    with pytest.raises(scheduler.exceptions.ConflictException):
        scheduler.create_schedule(**request)
    scheduler.update_schedule(**{**request, "ScheduleExpression": "at(2031-01-01T00:00:00)"})
    shown = scheduler.get_schedule(Name="close-a", GroupName="group")
    assert shown["ScheduleExpression"] == "at(2031-01-01T00:00:00)"
    assert [one["Name"] for one in scheduler.list_schedules(GroupName="group")["Schedules"]] == ["close-a"]
    scheduler.delete_schedule(Name="close-a", GroupName="group")
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException):
        scheduler.delete_schedule(Name="close-a", GroupName="group")
    with pytest.raises(scheduler.exceptions.ValidationException):
        scheduler.create_schedule(**{**request, "ScheduleExpression": "at(soon)"})


def test_a_mail_goes_to_the_mail_box_by_the_way_of_botocore(front: Front) -> None:
    ses = client("sesv2", f"{front.url}/ses")
    letter = Letter(5, "anna@example.org", "Привет", "x", "<p>x</p>", "https://starbid.example/email/stop?t=x")
    raw = written(letter, "notices@starbid.example")
    tags = [{"Name": "person", "Value": "5"}]
    answer = ses.send_email(
        FromEmailAddress="notices@starbid.example",
        Destination={"ToAddresses": [letter.to]},
        Content={"Raw": {"Data": raw}},
        EmailTags=tags,
    )
    (mail,) = front.mails.newest(10)
    assert (mail.raw, mail.person, mail.id) == (raw, "5", answer["MessageId"])
    front.mails.troubles.let("refused", 1)
    with pytest.raises(ses.exceptions.MessageRejected):
        ses.send_email(Destination={"ToAddresses": [letter.to]}, Content={"Raw": {"Data": raw}})
