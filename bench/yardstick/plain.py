"""An ordinary function: boto3, pynamodb, telegram.ext and powertools at the top, one item read."""

from __future__ import annotations

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model
from telegram.ext import Application

logger = Logger(service="plain")
metrics = Metrics(namespace="plain", service="plain")
resolver = APIGatewayHttpResolver()
dynamodb = boto3.client("dynamodb")
bot = Application.builder().token("1:token").build()


class Wallet(Model):
    class Meta:
        table_name = os.environ["WALLETS_TABLE"]
        region = os.environ["AWS_DEFAULT_REGION"]
        host = os.environ["AWS_ENDPOINT_URL"]

    user_id = NumberAttribute(hash_key=True)
    currency = UnicodeAttribute(range_key=True)


@resolver.get("/")
def page() -> dict[str, Any]:
    return {"wallets": sum(1 for _ in Wallet.query(1))}


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return resolver.resolve(event, context)  # type: ignore[arg-type]
