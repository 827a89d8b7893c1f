"""Settings of web push (spec, section 10): the keys that say who we are to push services (RFC 8292)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starbid.config_reader import ConfigError, Reader
from starbid.domain.base64url import to_bytes
from starbid.domain.push_addresses import is_point

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PUSH_SECRET = "VAPID_PRIVATE_KEY"  # noqa: S105 - its name
PRIVATE_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
PUBLIC_KEY = re.compile(r"(B[A-Za-z0-9_-]{86})?")
SUBJECT = re.compile(r"((mailto:[^\s@<>\"]{1,64}@|https://)[A-Za-z0-9][A-Za-z0-9.-]{0,200}(/[!-~]{0,100})?)?")


@dataclass(frozen=True, slots=True)
class PushSettings:
    """`public_key` in base64url, as browsers take it; empty where notices in browsers are not on offer.

    `subject`: whom push services may write to. `local_service`: the address of one on this machine, empty for none.
    """

    public_key: str
    subject: str
    local_service: str

    @property
    def is_offered(self) -> bool:
        return bool(self.public_key)


def push_settings(read: Reader, base_url: str) -> PushSettings:
    """Raises ConfigError. A public site speaks to public push services only."""
    is_public = base_url.startswith("https://")
    key = read.shaped("VAPID_PUBLIC_KEY", PUBLIC_KEY, "a public key as `make vapid` makes it: 87 characters", "")
    if key and not is_point(to_bytes(key)):
        raise ConfigError("VAPID_PUBLIC_KEY must be a point of the curve P-256")
    given = read.shaped("VAPID_SUBJECT", SUBJECT, "mailto:<address> or https://<host>", "")
    subject = given or (base_url if is_public else "")
    if key and not subject:
        raise ConfigError("VAPID_SUBJECT must be set where VAPID_PUBLIC_KEY is")
    local = read.optional_url("VAPID_LOCAL_SERVICE")
    if local and is_public:
        raise ConfigError("VAPID_LOCAL_SERVICE is for a run on this machine: BASE_URL is https")
    if local and urlsplit(local).hostname not in LOOPBACK:
        raise ConfigError("VAPID_LOCAL_SERVICE must be on this machine")
    return PushSettings(key, subject, local)
