"""Secrets from SSM Parameter Store, read in one batch per cold start."""

from __future__ import annotations

from collections.abc import Sequence

from starbid.storage.clients import client


def load_secrets(prefix: str, names: Sequence[str]) -> dict[str, str]:
    """The SecureStrings `<prefix>/<name>` that exist, by name. A missing one is reported by the settings' check."""
    wanted = {f"{prefix.rstrip('/')}/{name}": name for name in names}
    answer = client("ssm").get_parameters(Names=list(wanted), WithDecryption=True)
    return {wanted[each["Name"]]: each["Value"] for each in answer["Parameters"]}
