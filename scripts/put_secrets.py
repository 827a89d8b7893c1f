"""Writes a stack's secrets to SSM Parameter Store as SecureStrings, which CloudFormation cannot make.

It needs only the stack's name, so it runs before the first deployment.

Each secret comes from the environment variable of its name, else is generated if any random value will do, else is
asked for. Stored values stay, unless the environment gives another one. What the functions would refuse is refused
here, before anything is written. No value is ever printed.

The webhook's secret is changed by `make webhook ARGS=--rotate` only: a shell that still has an old one would undo it.
"""

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from starbid.config import PROVIDER_SECRETS, SECRETS, WEBHOOK_SECRETS, check_secret
from starbid.config_assistant import MODEL_SECRET
from starbid.config_openid import OPENID_SECRET
from starbid.config_push import PUSH_SECRET
from starbid.config_reader import ConfigError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

WEBHOOK = "TELEGRAM_WEBHOOK_SECRET"
MADE_UP = ("SECRET_KEY", WEBHOOK)
OPTIONAL = (*PROVIDER_SECRETS.values(), MODEL_SECRET, PUSH_SECRET, OPENID_SECRET)

Ask = Callable[[str], str]


class MissingSecretError(Exception):
    """A required secret was not given; the message names it."""


def prefix_of(stack: str) -> str:
    """The path of a stack's secrets: SSM_PREFIX in template.yaml."""
    return f"/starbid/{stack}"


def put_secrets(ssm: "SSMClient", stack: str, env: Mapping[str, str], ask: Ask | None) -> dict[str, str]:
    """Write what is missing or given again; returns the result for each secret.

    `ask` gets the name and returns the value, empty for none. None: nobody can be asked.
    Raises MissingSecretError, and ConfigError for a value that no function accepts, before anything is written.
    """
    stored = set(stored_names(ssm, prefix_of(stack)))
    new = {name: _new_value(name, name in stored, env, ask) for name in SECRETS}
    wanted = {name: value for name, value in new.items() if value}
    for name, value in wanted.items():
        check_secret(name, value)
    if WEBHOOK in wanted and WEBHOOK in stored and _is_told(ssm, stack, wanted[WEBHOOK]):
        del wanted[WEBHOOK]
    for name, value in wanted.items():
        ssm.put_parameter(Name=f"{prefix_of(stack)}/{name}", Value=value, Type="SecureString", Overwrite=True)
    return {name: "written" if name in wanted else "kept" if name in stored else "not set" for name in SECRETS}


def _is_told(ssm: "SSMClient", stack: str, given: str) -> bool:
    """Whether this is the stored secret that Telegram sends; not, where what is stored is none. Raises ConfigError for
    another one than that.
    """
    parameter = ssm.get_parameter(Name=f"{prefix_of(stack)}/{WEBHOOK}", WithDecryption=True)
    kept = parameter["Parameter"]["Value"]
    if not WEBHOOK_SECRETS.fullmatch(kept):
        return False
    if given not in (kept, kept.split(",")[0]):
        raise ConfigError(
            f"{WEBHOOK} is stored, and this shell has another, with which Telegram's updates would be refused: unset "
            "it, and change it with make webhook ARGS=--rotate"
        )
    return True


def stored_names(ssm: "SSMClient", prefix: str) -> Iterator[str]:
    """Names of the secrets that are stored under a prefix."""
    for page in ssm.get_paginator("get_parameters_by_path").paginate(Path=prefix):
        for parameter in page["Parameters"]:
            yield parameter["Name"].rpartition("/")[2]


def _new_value(name: str, is_stored: bool, env: Mapping[str, str], ask: Ask | None) -> str:
    """The value to write; empty if there is nothing to write."""
    given = env.get(name, "").strip()
    if given or is_stored:
        return given
    if name in MADE_UP:
        return secrets.token_urlsafe(32)
    answer = ask(name).strip() if ask else ""
    if not answer and name not in OPTIONAL:
        raise MissingSecretError(f"{name} is needed: set it in the environment or type it in")
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(prog="make secrets", description=__doc__)
    parser.add_argument("--stack", default="starbid", help="name of the CloudFormation stack (default: starbid)")
    parser.add_argument("--region", help="AWS region (default: that of your AWS profile)")
    arguments = parser.parse_args()

    import boto3

    ssm = boto3.client("ssm", region_name=arguments.region)
    ask = (lambda name: getpass.getpass(f"{name} (is not shown): ")) if sys.stdin.isatty() else None
    try:
        outcome = put_secrets(ssm, arguments.stack, os.environ, ask)
    except (MissingSecretError, ConfigError) as fault:
        sys.exit(f"{fault}; nothing is written")
    for name, what in outcome.items():
        print(f"{prefix_of(arguments.stack)}/{name}: {what}")


if __name__ == "__main__":
    main()
