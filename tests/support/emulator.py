"""A DynamoDB and S3 with isolated transactions: one emulator per test process, separate tables for each test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from local.emulator import Emulator
from local.resources import create_buckets, create_tables
from local.template import Template, load

REGION = "eu-central-1"
_numbers = itertools.count(1)


def client(service: str, endpoint: str) -> Any:
    """boto3's client of a service outside AWS."""
    make: Any = boto3.client  # its stubs accept literal names of services only
    return make(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@dataclass(frozen=True)
class Cloud:
    """A test's part of the emulator: `environment` are the variables of a function."""

    endpoint: str
    template: Template
    environment: dict[str, str]

    def client(self, service: str) -> Any:
        return client(service, self.endpoint)

    def rows(self, variable: str) -> list[dict[str, Any]]:
        """Every item of the table that a variable names, in DynamoDB's JSON."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=self.environment[variable])
        return [item for page in pages for item in page["Items"]]


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An emulator that stores nothing, started once per test process."""
    running = Emulator(None)
    yield running
    running.stop()


@pytest.fixture
def tables(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """All tables and buckets of the template under this test's names; the environment points at them."""
    stack = f"test{os.getpid()}-{next(_numbers)}"
    template = load(settings={"BASE_URL": "http://127.0.0.1:8000"}, stack=stack, queue_base="http://127.0.0.1:9")
    cloud = Cloud(emulator.endpoint, template, {**template.environment, **_secrets()})
    create_tables(cloud.client("dynamodb"), template)
    create_buckets(cloud.client("s3"), template)
    aws = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
    for name, value in {**cloud.environment, **aws, "AWS_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    _forget()
    yield cloud
    _forget()
    for name in template.tables:
        cloud.client("dynamodb").delete_table(TableName=name)


def _secrets() -> dict[str, str]:
    return {
        "SSM_PREFIX": "",
        "SECRET_KEY": "a secret key of tests",
        "TELEGRAM_BOT_TOKEN": "1000001:test-token",
        "TELEGRAM_BOT_USERNAME": "starbid_bot",
        "TELEGRAM_WEBHOOK_SECRET": "webhook-secret",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_METRICS_DISABLED": "true",
    }


def _forget() -> None:
    """Remove another test's environment from the process."""
    from starbid import bootstrap
    from starbid.storage.clients import forget_clients

    bootstrap.reset()
    forget_clients()
