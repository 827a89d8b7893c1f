"""What an account allows, shown before anything is deployed."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from scripts.preflight import RESERVING, THROUGHPUT, Account, advice, connections_for, faults, look
from starbid.config import SECRETS
from tests.template.conftest import Document

NEW = Account(limit=10, unreserved=10, fast_secrets=False)
USUAL = Account(limit=1000, unreserved=1000, fast_secrets=False)


def test_a_new_account_can_reserve_nothing() -> None:
    assert NEW.reservable == 0
    (fault,) = faults(NEW, wanted=1)
    assert "WebhookReservedConcurrency=0" in fault
    assert list(faults(NEW, wanted=0)) == []


@pytest.mark.parametrize(("unreserved", "reservable"), [(99, 0), (100, 0), (101, 1), (1000, 900)])
def test_a_hundred_stay_unreserved(unreserved: int, reservable: int) -> None:
    account = Account(1000, unreserved, fast_secrets=False)
    assert account.reservable == reservable
    assert list(faults(account, reservable)) == []
    assert len(list(faults(account, reservable + 1))) == 1


@pytest.mark.parametrize(
    ("limit", "webhook", "connections"),
    [(1, 0, 1), (10, 0, 5), (79, 0, 39), (80, 0, 40), (1000, 0, 40), (1000, 60, 60), (1000, 500, 100), (10, 3, 3)],
)
def test_telegram_is_told_what_fits(limit: int, webhook: int, connections: int) -> None:
    assert connections_for(limit, webhook) == connections


def test_a_small_limit_is_told_with_the_way_to_raise_it() -> None:
    assert "request-service-quota-increase" in " ".join(advice(NEW))
    assert "request-service-quota-increase" not in " ".join(advice(USUAL))
    assert THROUGHPUT in " ".join(advice(USUAL))
    assert THROUGHPUT not in " ".join(advice(NEW)), "ten processes read no more than forty times a second"


def test_secrets_that_are_missing_are_named_before_the_functions_miss_them() -> None:
    account = Account(1000, 1000, fast_secrets=True, missing_secrets=("SECRET_KEY", "TELEGRAM_BOT_TOKEN"))
    (fault,) = faults(account, wanted=0)
    assert "SECRET_KEY, TELEGRAM_BOT_TOKEN" in fault


def test_a_stored_secret_that_no_function_takes_is_named() -> None:
    account = Account(1000, 1000, fast_secrets=True, refused_secrets=("SECRET_KEY must have ...",))
    (fault,) = faults(account, wanted=0)
    assert "SECRET_KEY must have ..." in fault


def test_what_the_stack_itself_has_reserved_it_may_reserve_again() -> None:
    deployed = Account(limit=1000, unreserved=450, own=550, fast_secrets=False)
    assert list(faults(deployed, wanted=900)) == []
    assert len(list(faults(deployed, wanted=901))) == 1


def test_functions_that_may_reserve_are_those_of_the_template(template: Document) -> None:
    reserving = {
        p["FunctionName"]["Fn::Sub"] for p in template.functions.values() if "ReservedConcurrentExecutions" in p
    }
    assert reserving == {f"${{AWS::StackName}}-{name}" for name in RESERVING}


def test_what_aws_says_is_read() -> None:
    """The stubs accept only requests and answers of botocore's models."""
    account = looked(SECRET_KEY="k" * 16, TELEGRAM_WEBHOOK_SECRET="two words")
    refused = "TELEGRAM_WEBHOOK_SECRET must be 1 to 256 of A-Z a-z 0-9 _ -"
    assert account == Account(10, 10, False, ("TELEGRAM_BOT_TOKEN",), (refused,), own=7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "k" * 15),
        ("TELEGRAM_BOT_TOKEN", "bot123:abc"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257),
        ("PROVIDER_TOKEN", "two words"),
    ],
)
def test_a_stored_value_that_is_refused_is_not_shown(name: str, value: str) -> None:
    (refused,) = looked(**{name: value}).refused_secrets
    assert refused.startswith(name)
    assert value not in refused


def looked(**stored: str) -> Account:
    """An account of ten executions, seven of them reserved by the webhook; there is neither closer nor helper."""
    of_functions = boto3.client("lambda", region_name="eu-central-1", **KEYS)
    of_parameters = boto3.client("ssm", region_name="eu-central-1", **KEYS)
    with Stubber(of_functions) as functions, Stubber(of_parameters) as parameters:
        limits = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10, "TotalCodeSize": 1}
        functions.add_response("get_account_settings", {"AccountLimit": limits}, {})
        reserved = {"ReservedConcurrentExecutions": 7}
        functions.add_response("get_function_concurrency", reserved, {"FunctionName": "shop-webhook"})
        for _ in ("auction-closer", "assistant"):
            functions.add_client_error("get_function_concurrency", "ResourceNotFoundException")
        setting = {"SettingId": THROUGHPUT, "SettingValue": "false"}
        parameters.add_response("get_service_setting", {"ServiceSetting": setting}, {"SettingId": THROUGHPUT})
        found = [{"Name": f"/starbid/shop/{name}", "Value": value} for name, value in stored.items()]
        asked = {"Names": [f"/starbid/shop/{name}" for name in SECRETS], "WithDecryption": True}
        parameters.add_response("get_parameters", {"Parameters": found}, asked)
        return look(of_functions, of_parameters, "shop")


KEYS: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
