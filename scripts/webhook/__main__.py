"""Tells Telegram of a deployed bot: commands, descriptions, menu button, webhook. Then checks what it was told.

It asks first, and changes only what differs; the webhook is told each time, because Telegram does not show which secret
it sends. Settings and secrets are those of the stack. Exits 1 where something is wrong. No secret is ever printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import urllib3
from telegram.error import InvalidToken

from scripts.webhook.findings import Finding, Weight, of_address, of_bot, of_entry, of_webhook
from scripts.webhook.rotation import Outside, RotationStoppedError, rotate
from scripts.webhook.stack import GIVEN, StoredSecrets, settings_of
from starbid.config_reader import ConfigError
from starbid.services.ports import Rejected, TryLater
from starbid.telegram.bot_api import BotApi
from starbid.telegram.registration import UPDATES, WEBHOOK_PATH, entries, settle

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_ssm import SSMClient

HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_SECONDS = 30.0
"""A cold start may be in it."""


class StackAtHand:
    """A stack, its bot, and the way to its webhook.

    How many updates Telegram sends at once is known to Telegram alone: where this shell does not say, it stays.
    """

    def __init__(self, lambda_: LambdaClient, ssm: SSMClient, stack: str, env: Mapping[str, str]) -> None:
        settings = settings_of(lambda_, ssm, stack, env)
        self.kept = StoredSecrets(ssm, stack)
        self.bot = BotApi(settings.bot_token, settings.telegram_api, test=settings.telegram_test)
        told = 0 if env.get(GIVEN) else self.bot.webhook().most
        self.settings = replace(settings, webhook_connections=told or settings.webhook_connections)

    @property
    def address(self) -> str:
        return self.settings.base_url + WEBHOOK_PATH

    def tell(self, secret: str) -> None:
        """Have Telegram send updates to the webhook with this secret."""
        self.bot.set_webhook(self.address, secret, UPDATES, self.settings.webhook_connections)

    def accepts(self, secret: str) -> bool:
        """Whether the webhook takes an update with nothing in it that carries this secret."""
        headers = {HEADER: secret, "Content-Type": "application/json"}
        try:
            answer = urllib3.request(
                "POST", self.address, body=b"{}", headers=headers, timeout=ANSWER_SECONDS, retries=False
            )
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200


def findings(stack: StackAtHand, *, change: bool, now: datetime) -> Iterator[Finding]:
    """Set what differs (with `change`), then say how all of it is. Raises TryLater and Rejected."""
    yield from of_bot(stack.bot.me(), stack.settings)
    for entry in entries(stack.bot, stack.settings):
        yield of_entry(entry.name, *settle(entry, change=change))
    fault = of_address(stack.settings)
    if fault:
        yield fault
        return
    if change:
        stack.tell(stack.kept.read()[0])  # as it is now: a rotation may have begun since the settings were read
    yield from of_webhook(stack.bot.webhook(), stack.settings, now)
    if stack.accepts(stack.kept.read()[0]):
        yield Finding("webhook: answers", Weight.FINE, "it accepts the stored secret")
    else:
        yield Finding("webhook: answers", Weight.WRONG, "it does not take an update with the stored secret")


def table(found: list[Finding]) -> str:
    """The findings as they are printed."""
    width = max(len(each.what) for each in found)
    return "\n".join(f"{each.weight.value:<2} {each.what:<{width}}  {each.words}" for each in found)


def run(lambda_: LambdaClient, ssm: SSMClient, asked: argparse.Namespace, env: Mapping[str, str], now: datetime) -> int:
    """The exit code. Raises what AWS and Telegram say."""
    stack = StackAtHand(lambda_, ssm, asked.stack, env)
    if asked.rotate:
        fault = of_address(stack.settings)
        if fault:
            raise RotationStoppedError(fault.words)
        rotate(stack.kept, Outside(stack.tell, stack.accepts, time.sleep, print))
        stack = StackAtHand(lambda_, ssm, asked.stack, env)
    found = list(findings(stack, change=not asked.check, now=now))
    print(table(found))
    return 1 if any(each.weight is Weight.WRONG for each in found) else 0


def read_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make webhook", description=__doc__)
    parser.add_argument("--stack", default="starbid", help="name of the CloudFormation stack (default: starbid)")
    parser.add_argument("--region", help="AWS region (default: that of your AWS profile)")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--check", action="store_true", help="change nothing, say what differs")
    way.add_argument("--rotate", action="store_true", help="change the webhook's secret first, without a gap")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    asked = read_arguments(words)

    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        clients = boto3.client("lambda", region_name=asked.region), boto3.client("ssm", region_name=asked.region)
        return run(*clients, asked, os.environ, datetime.now(UTC))
    except InvalidToken:
        fault = "Telegram does not know the stored bot token: TELEGRAM_BOT_TOKEN=<the right one> make secrets"
    except (TryLater, Rejected) as trouble:
        fault = f"Telegram did not do it ({trouble}): run it again"
    except RotationStoppedError as stop:
        fault = str(stop)
    except ConfigError as wrong:
        fault = str(wrong)
    except ClientError as refused:
        fault = f"AWS refuses: {refused}. Is the stack called {asked.stack}, in this region?"
    except BotoCoreError as trouble:
        fault = f"AWS cannot be asked: {trouble}"
    print(fault, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
