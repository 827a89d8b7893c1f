"""What an account allows, told before anything is deployed."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from scripts.preflight import THROUGHPUT, Account, advice, connections_for, faults, look

NEW = Account(limit=10, unreserved=10, fast_secrets=False, missing_secrets=())
USUAL = Account(limit=1000, unreserved=1000, fast_secrets=False, missing_secrets=())


def test_a_new_account_can_reserve_nothing() -> None:
    assert NEW.reservable == 0
    (fault,) = faults(NEW, wanted=1)
    assert "WebhookReservedConcurrency=0" in fault
    assert list(faults(NEW, wanted=0)) == []


@pytest.mark.parametrize(("unreserved", "reservable"), [(99, 0), (100, 0), (101, 1), (1000, 900)])
def test_a_hundred_stay_unreserved(unreserved: int, reservable: int) -> None:
    account = Account(1000, unreserved, fast_secrets=False, missing_secrets=())
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


def test_what_aws_says_is_read() -> None:
    """The stubs take no request and no answer that botocore's models do not know."""
    of_functions = boto3.client("lambda", region_name="eu-central-1", **KEYS)
    of_parameters = boto3.client("ssm", region_name="eu-central-1", **KEYS)
    with Stubber(of_functions) as functions, Stubber(of_parameters) as parameters:
        limits = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10, "TotalCodeSize": 1}
        functions.add_response("get_account_settings", {"AccountLimit": limits}, {})
        setting = {"SettingId": THROUGHPUT, "SettingValue": "false"}
        parameters.add_response("get_service_setting", {"ServiceSetting": setting}, {"SettingId": THROUGHPUT})
        stored = [{"Name": "/starbid/shop/SECRET_KEY"}, {"Name": "/starbid/shop/TELEGRAM_WEBHOOK_SECRET"}]
        parameters.add_response("get_parameters_by_path", {"Parameters": stored}, {"Path": "/starbid/shop"})
        account = look(of_functions, of_parameters, "shop")
    assert account == Account(10, 10, fast_secrets=False, missing_secrets=("TELEGRAM_BOT_TOKEN",))


KEYS: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
