"""What an account allows, before a deployment: concurrent executions, reads of secrets, what is stored.

Changes nothing and prints no secret. Exits 1 if a deployment would fail, or its functions at their start.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.put_secrets import prefix_of
from starbid.config import NEEDED_SECRETS, SECRETS, check_secret
from starbid.config_reader import ConfigError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_ssm import SSMClient

KEPT_UNRESERVED = 100
"""What Lambda keeps for functions without a reservation, and refuses to reserve."""
USUAL_LIMIT = 1000
TELEGRAM_DEFAULT = 40
"""Parallel updates from Telegram, unless `setWebhook` says otherwise."""
RESERVING = ("webhook", "auction-closer", "assistant")
"""The functions for which a stack may reserve executions, by the ends of their names."""
THROUGHPUT = "/ssm/parameter-store/high-throughput-enabled"
READS_PER_SECOND = 40
"""Parameter Store's limit of an account in a region, unless THROUGHPUT is on."""
RAISE = (
    "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
    f"--desired-value {USUAL_LIMIT}"
)


@dataclass(frozen=True, slots=True)
class Account:
    """`limit`: concurrent executions; `unreserved`: those that no function has reserved; `own`: what the stack has
    reserved already, which a deployment may reserve again.

    `refused_secrets`: what is wrong with a stored secret, in a message that does not show it.
    """

    limit: int
    unreserved: int
    fast_secrets: bool
    missing_secrets: tuple[str, ...] = ()
    refused_secrets: tuple[str, ...] = ()
    own: int = 0

    @property
    def reservable(self) -> int:
        return max(0, self.unreserved + self.own - KEPT_UNRESERVED)


def look(lambda_: "LambdaClient", ssm: "SSMClient", stack: str) -> Account:
    """What AWS says about the account, in the clients' region."""
    limits = lambda_.get_account_settings()["AccountLimit"]
    setting = ssm.get_service_setting(SettingId=THROUGHPUT)["ServiceSetting"]
    paths = {f"{prefix_of(stack)}/{name}": name for name in SECRETS}
    stored = ssm.get_parameters(Names=list(paths), WithDecryption=True)
    values = {paths[each["Name"]]: each["Value"] for each in stored["Parameters"]}
    return Account(
        limit=limits["ConcurrentExecutions"],
        unreserved=limits["UnreservedConcurrentExecutions"],
        fast_secrets=setting["SettingValue"].lower() == "true",
        missing_secrets=tuple(name for name in NEEDED_SECRETS if name not in values),
        refused_secrets=tuple(filter(None, (_refusal(name, value) for name, value in values.items()))),
        own=sum(_reserved(lambda_, f"{stack}-{name}") for name in RESERVING),
    )


def _refusal(name: str, value: str) -> str:
    """Why the functions would refuse a secret; empty if they would not."""
    try:
        check_secret(name, value)
    except ConfigError as fault:
        return str(fault)
    return ""


def _reserved(lambda_: "LambdaClient", function: str) -> int:
    """Executions that a function has reserved; 0 if it has none, or does not exist."""
    try:
        return lambda_.get_function_concurrency(FunctionName=function).get("ReservedConcurrentExecutions", 0)
    except lambda_.exceptions.ResourceNotFoundException:
        return 0


def connections_for(limit: int, webhook: int = 0) -> int:
    """A fitting `max_connections`: as much as is reserved for the webhook, else half of the limit; 100 at most.

    Lambda would reject more, and Telegram would slow down.
    """
    return min(webhook, 100) if webhook else max(1, min(TELEGRAM_DEFAULT, limit // 2))


def faults(account: Account, wanted: int) -> Iterator[str]:
    """What would make a deployment, or its functions, fail; `wanted` executions are to be reserved in all."""
    if wanted > account.reservable:
        yield (
            f"{wanted} executions cannot be reserved, {account.reservable} can: "
            f"Lambda keeps {KEPT_UNRESERVED} unreserved. "
            "Deploy with WebhookReservedConcurrency=0 CloserReservedConcurrency=0 AssistantReservedConcurrency=0 until "
            "the limit is raised."
        )
    if account.missing_secrets:
        yield f"not stored yet: {', '.join(account.missing_secrets)}. Run `make secrets`."
    for refusal in account.refused_secrets:
        yield f"stored, but no function starts with it: {refusal}. Set it in the environment and run `make secrets`."


def advice(account: Account, webhook: int = 0) -> Iterator[str]:
    """What the account allows, and the settings that fit it."""
    yield f"Lambda: {account.limit} executions at a time, {account.reservable} of them can be reserved."
    if account.limit < USUAL_LIMIT:
        yield f"  {USUAL_LIMIT} are usual; what comes at once beyond the limit is turned away. To ask for them: {RAISE}"
    fitting = connections_for(account.limit, webhook)
    yield f"Telegram: TELEGRAM_MAX_CONNECTIONS={fitting} fits where the bot is connected."
    if account.fast_secrets:
        yield "Parameter Store: high throughput is on."
    elif account.limit > READS_PER_SECOND:
        yield (
            f"Parameter Store: {READS_PER_SECOND} reads a second. More new processes than that in a second wait for "
            "their secrets. To raise it, at a price: "
            f"aws ssm update-service-setting --setting-id {THROUGHPUT} --setting-value true"
        )
    else:
        yield f"Parameter Store: {READS_PER_SECOND} reads a second, as many as {account.limit} processes need."


def main() -> int:
    parser = argparse.ArgumentParser(prog="make preflight", description=__doc__)
    parser.add_argument("--stack", default="starbid", help="name of the CloudFormation stack (default: starbid)")
    parser.add_argument("--region", help="AWS region (default: that of your AWS profile)")
    parser.add_argument("--webhook", type=int, default=0, help="WebhookReservedConcurrency that you want (default: 0)")
    parser.add_argument("--closer", type=int, default=0, help="CloserReservedConcurrency that you want (default: 0)")
    parser.add_argument("--assistant", type=int, default=0, help="AssistantReservedConcurrency, likewise (default: 0)")
    arguments = parser.parse_args()

    import boto3

    session = boto3.Session(region_name=arguments.region)
    account = look(session.client("lambda"), session.client("ssm"), arguments.stack)
    for line in advice(account, arguments.webhook):
        print(line)
    found = list(faults(account, arguments.webhook + arguments.closer + arguments.assistant))
    for line in found:
        print(f"FAULT: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
