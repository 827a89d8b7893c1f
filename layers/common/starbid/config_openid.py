"""Settings of "Log in with Telegram" (OpenID Connect): what @BotFather gives a bot for its website."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starbid.config_reader import ConfigError, Reader

OPENID_SECRET = "TELEGRAM_OIDC_SECRET"  # noqa: S105 - its name
TELEGRAM_ISSUER = "https://oauth.telegram.org"
ALGORITHMS = ("RS256", "ES256", "EdDSA")
"""Signatures that are understood. There is no `none`, and no HS*: everybody who knows our secret could make those."""
CLIENT_ID = re.compile(r"([A-Za-z0-9_.-]{1,64})?")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """`client_id`: empty for the bot's own id, as Telegram has it. `algorithms`: signatures that are accepted."""

    client_id: str
    issuer: str
    algorithms: tuple[str, ...]


def openid_settings(read: Reader) -> OpenIdSettings:
    """Raises ConfigError. Keys of an issuer that is asked without TLS could be anybody's: only this machine may be."""
    issuer = read.url("TELEGRAM_OIDC_ISSUER", TELEGRAM_ISSUER)
    if not issuer.startswith("https://") and urlsplit(issuer).hostname not in _LOOPBACK:
        raise ConfigError("TELEGRAM_OIDC_ISSUER must begin with https://, unless it is on this machine")
    algorithms = tuple(read.text("TELEGRAM_OIDC_ALGORITHMS", ",".join(ALGORITHMS)).replace(",", " ").split())
    if not algorithms or not set(algorithms) <= set(ALGORITHMS):
        raise ConfigError(f"TELEGRAM_OIDC_ALGORITHMS must be some of {', '.join(ALGORITHMS)}, separated by commas")
    client_id = read.shaped("TELEGRAM_OIDC_CLIENT_ID", CLIENT_ID, "as @BotFather gave it: A-Z a-z 0-9 _ . -", "")
    return OpenIdSettings(client_id, issuer, algorithms)
