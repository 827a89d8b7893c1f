"""The limits that a new account and a first deployment meet."""

import re

import pytest

from local.cloudformation import read_yaml
from local.template import load
from tests.template.conftest import ROOT, Document

FROM_SAM = 2
"""Managed policies that SAM gives each role: for logs, and for X-Ray."""
QUOTA = 10
"""Maximum of managed policies of a role, unless the account has a higher limit."""


def test_a_role_has_no_more_managed_policies_than_a_new_account_allows(template: Document) -> None:
    for function, properties in template.functions.items():
        managed = [policy for policy in properties["Policies"] if "Ref" in policy]
        assert len(managed) + FROM_SAM <= QUOTA, function


@pytest.mark.parametrize(("function", "parameter"), [
    ("WebhookFunction", "WebhookReservedConcurrency"),
    ("AuctionCloserFunction", "CloserReservedConcurrency"),
    ("AssistantFunction", "AssistantReservedConcurrency"),
])  # fmt: skip
def test_concurrency_is_reserved_only_where_it_is_asked_for(template: Document, function: str, parameter: str) -> None:
    """0 unchanged would never let the function run."""
    reserved = template.functions[function]["ReservedConcurrentExecutions"]["Fn::If"]
    assert reserved[1:] == [{"Ref": parameter}, {"Ref": "AWS::NoValue"}]
    assert template.conditions[reserved[0]] == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, "0"]}]}


def test_no_other_function_reserves_anything(template: Document) -> None:
    reserving = {f for f, p in template.functions.items() if "ReservedConcurrentExecutions" in p}
    assert reserving == {"WebhookFunction", "AuctionCloserFunction", "AssistantFunction"}


def test_answers_of_the_helper_leave_a_new_account_room_for_all_else(template: Document) -> None:
    """Each takes up to 45 seconds, and such an account has ten executions for all functions together."""
    source = template.functions["AssistantFunction"]["Events"]["Asked"]["Properties"]
    assert source["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "AssistantConcurrency"}}
    at_once = read_yaml(ROOT / "template.yaml")["Parameters"]["AssistantConcurrency"]["Default"]
    assert int(at_once) <= 3


ROOM = 4096
"""Bytes of names and values in a function's environment, at most."""
SUFFIX = len("-1ABCDEFGHIJKL")


def test_the_environment_of_no_function_outgrows_lambda() -> None:
    """With names as AWS makes them, and long addresses where an operator chooses them."""
    chosen = {
        "BASE_URL": f"https://{'b' * 50}.example",
        "ADMIN_IDS": ",".join(["1234567890"] * 5),
        "SUPPORT_WEBHOOK_URL": f"https://{'s' * 60}.example",
        "OPENAI_BASE_URL": f"https://{'o' * 60}.example/v1",
        "OPENAI_MODEL": "m" * 60,
        "EMAIL_SENDER": f"Starbid <{'e' * 30}@mail.example>",
        "VAPID_PUBLIC_KEY": "B" * 87,
        "VAPID_SUBJECT": f"mailto:{'v' * 30}@mail.example",
    }
    queues = "https://sqs.ap-southeast-2.amazonaws.com"
    for function in load(settings=chosen, queue_base=queues).functions.values():
        made_up = re.findall(r"starbid-local-[A-Z]\w+", " ".join(function.environment.values()))
        size = sum(len(name) + len(value) for name, value in function.environment.items())
        assert size + SUFFIX * len(made_up) <= ROOM, f"{function.id}: {size} and {len(made_up)} names"


def test_security_fixes_of_the_runtime_come_by_themselves(template: Document) -> None:
    assert template.globals["RuntimeManagementConfig"] == {"UpdateRuntimeOn": "Auto"}
    assert not [f for f, p in template.functions.items() if "RuntimeManagementConfig" in p]


def test_calls_that_are_turned_away_for_minutes_raise_an_alarm_and_a_short_burst_does_not(template: Document) -> None:
    alarm = template.of("CloudWatch::Alarm")["ThrottlesAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", "Throttles", "Sum")
    assert "Dimensions" not in alarm, "the limit is the account's, so all its functions count"
    assert (alarm["Period"], alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (60, 3, 5)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
