"""Secrets from SSM Parameter Store, read in one batch per cold start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starbid.config import check_secret, secrets_named
from starbid.observability import hide

WEBHOOK = "TELEGRAM_WEBHOOK_SECRET"


def with_secrets(env: Mapping[str, str]) -> dict[str, str]:
    """The variables together with the secrets that this process is given. Where `SSM_PREFIX` is empty they are among
    the variables, and where it is given none nothing is asked for.
    """
    prefix, names = env.get("SSM_PREFIX", ""), secrets_named(env)
    return {**env, **(load_secrets(prefix, names) if prefix and names else {})}


def load_secrets(prefix: str, names: Sequence[str]) -> dict[str, str]:
    """The SecureStrings `<prefix>/<name>` that exist, by name. A missing one is reported by the settings' check."""
    from starbid.storage.clients import client
    from starbid.storage.errors import aws_errors

    wanted = {f"{prefix.rstrip('/')}/{name}": name for name in names}
    with aws_errors():
        answer = client("ssm").get_parameters(Names=list(wanted), WithDecryption=True)
    return {wanted[each["Name"]]: each["Value"] for each in answer["Parameters"]}


def webhook_secrets(prefix: str) -> tuple[str, ...]:
    """Those of the webhook that are stored now, the one that Telegram was told first. Raises ConfigError where there is
    none of use, and the errors of AWS.
    """
    stored = load_secrets(prefix, [WEBHOOK])
    check_secret(WEBHOOK, stored.get(WEBHOOK, ""))
    secrets = tuple(stored[WEBHOOK].split(","))
    hide(*secrets)
    return secrets
