"""Least privilege: what the template allows, seen as a whole."""

from typing import Any

import pytest

from tests.template.conftest import Document


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_nothing_is_allowed_on_every_resource(template: Document) -> None:
    for statement in template.all_statements():
        if "Principal" not in statement:  # a role's trust has no resource
            assert "*" not in _list(statement["Resource"]), statement.get("Sid")


def test_no_statement_allows_a_whole_service(template: Document) -> None:
    for statement in template.all_statements():
        assert not [action for action in _list(statement["Action"]) if "*" in action], statement.get("Sid")


@pytest.mark.parametrize("table", ["LedgerTable", "OutboxTable"])
def test_what_is_written_once_is_never_deleted(template: Document, table: str) -> None:
    for statement in template.all_statements():
        if "Resource" in statement and table in str(statement["Resource"]):
            assert "dynamodb:DeleteItem" not in _list(statement["Action"]), statement.get("Sid")


def test_nobody_may_change_the_ledger(template: Document) -> None:
    for statement in template.all_statements():
        if "LedgerTable" in str(statement.get("Resource")):
            assert "dynamodb:UpdateItem" not in _list(statement["Action"]), statement.get("Sid")


def test_no_function_may_scan_a_table(template: Document) -> None:
    for statement in template.all_statements():
        assert "dynamodb:Scan" not in _list(statement["Action"]), statement.get("Sid")


def test_who_makes_schedules_may_lend_the_role_to_the_scheduler_only(template: Document) -> None:
    lending = [s for s in template.all_statements() if "iam:PassRole" in _list(s["Action"])]
    assert lending
    for statement in lending:
        assert statement["Condition"]["StringEquals"] == {"iam:PassedToService": "scheduler.amazonaws.com"}


def test_a_function_may_read_the_secrets_that_it_is_given_and_no_others(template: Document) -> None:
    for function in template.functions:
        given = [name for name in template.environment(function)["GIVEN_SECRETS"].split(",") if name]
        wanted = {f":parameter/starbid/${{AWS::StackName}}/{name}" for name in given}
        statements = template.statements(function)
        reading = [s for s in statements if "ssm:GetParameters" in _list(s["Action"])]
        assert {_parameter(r) for s in reading for r in _list(s["Resource"])} == wanted, function
        opening = [s for s in statements if "kms:Decrypt" in _list(s["Action"])]
        conditions = [s["Condition"]["StringEquals"]["kms:EncryptionContext:PARAMETER_ARN"] for s in opening]
        assert {_parameter(arn) for one in conditions for arn in _list(one)} == wanted, function


def test_functions_that_need_no_secret_are_given_none(template: Document) -> None:
    without = {function for function in template.functions if not template.environment(function)["GIVEN_SECRETS"]}
    assert without == {
        "AuctionCloserFunction",
        "NotifierFunction",
        "ProjectorFunction",
        "RecorderFunction",
        "AchieverFunction",
        "LogKeeperFunction",
        "MailReportsFunction",
    }


def _parameter(arn: dict[str, str]) -> str:
    return arn["Fn::Sub"].removeprefix("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}")


def test_buckets_are_private_and_encrypted(template: Document) -> None:
    policies = [p["Bucket"]["Ref"] for p in template.of("S3::BucketPolicy").values()]
    for bucket, properties in template.of("S3::Bucket").items():
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}, bucket
        assert "BucketEncryption" in properties, bucket
        assert bucket in policies, bucket


def test_no_policy_says_one_sid_twice(template: Document) -> None:
    """IAM takes such a policy for malformed, and the deployment fails."""
    policies = [
        policy for _, found in template.functions.items() for policy in found["Policies"] if "Statement" in policy
    ]
    policies += [each["PolicyDocument"] for each in template.of("IAM::ManagedPolicy").values()]
    for policy in policies:
        sids = [statement["Sid"] for statement in policy["Statement"]]
        assert len(set(sids)) == len(sids), sids
