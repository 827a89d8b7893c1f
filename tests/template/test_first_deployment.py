"""The limits that a new account and a first deployment meet."""

import pytest

from tests.template.conftest import Document

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
])  # fmt: skip
def test_concurrency_is_reserved_only_where_it_is_asked_for(template: Document, function: str, parameter: str) -> None:
    """0 unchanged would never let the function run."""
    reserved = template.functions[function]["ReservedConcurrentExecutions"]["Fn::If"]
    assert reserved[1:] == [{"Ref": parameter}, {"Ref": "AWS::NoValue"}]
    assert template.conditions[reserved[0]] == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, "0"]}]}


def test_no_other_function_reserves_anything(template: Document) -> None:
    reserving = {f for f, p in template.functions.items() if "ReservedConcurrentExecutions" in p}
    assert reserving == {"WebhookFunction", "AuctionCloserFunction"}


def test_security_fixes_of_the_runtime_come_by_themselves(template: Document) -> None:
    assert template.globals["RuntimeManagementConfig"] == {"UpdateRuntimeOn": "Auto"}
    assert not [f for f, p in template.functions.items() if "RuntimeManagementConfig" in p]


def test_calls_that_are_turned_away_for_minutes_raise_an_alarm_and_a_short_burst_does_not(template: Document) -> None:
    alarm = template.of("CloudWatch::Alarm")["ThrottlesAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", "Throttles", "Sum")
    assert "Dimensions" not in alarm, "the limit is the account's, so all its functions count"
    assert (alarm["Period"], alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (60, 3, 5)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
