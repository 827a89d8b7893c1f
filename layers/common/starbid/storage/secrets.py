"""Secrets from SSM Parameter Store, read in one batch per cold start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starbid.config import secrets_named


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
