"""What an ID token must say before it logs anybody in (OpenID Connect Core 1.0, 3.1.3.7). Its signature was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starbid.domain.errors import StarbidError
from starbid.domain.people import MOST_USER_ID, is_user_id
from starbid.domain.texts import as_text

CLOCK_SKEW = timedelta(minutes=1)
"""How far the issuer's clock may be ahead of ours, or behind."""
LONGEST_AGE = timedelta(minutes=10)
"""From its making until it is read: it is fetched right after somebody confirmed."""
_MOST_SECONDS = 10**11


class IdTokenRefused(StarbidError, code="login_refused"):
    """It proves nobody. `reason` is for the log: what was wrong, in a word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LoginUnavailable(StarbidError, code="login_unavailable"):
    """The issuer does not answer, or not as it should. `said` is for the log."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """One way to the issuer and back, made up by chance: `state` ties the answer to the browser, `nonce` the ID token
    to this request, `verifier` the code to the one who asked for it (RFC 7636).
    """

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class TelegramIdentity:
    """Whom the issuer vouches for. `user_id` is Telegram's id of the person, not the subject of the token."""

    user_id: int
    name: str
    username: str | None


def identity_of(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, moments: Sequence[datetime]
) -> TelegramIdentity:
    """Whom the claims name. `moments`: the present, by each clock that may have dated them.

    Raises IdTokenRefused.
    """
    if claims.get("iss") != issuer:
        raise IdTokenRefused("issuer")
    _require_audience(claims, client_id)
    if not nonce or claims.get("nonce") != nonce:
        raise IdTokenRefused("nonce")
    _require_time(claims, moments)
    return TelegramIdentity(
        _user_id(claims.get("id")), _name(claims), as_text(claims.get("preferred_username")) or None
    )


def _require_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """For us, and for nobody else: a token for several could be used by one of them against another."""
    told = claims.get("aud")
    audience = told if isinstance(told, list) else [told]
    if audience != [client_id] or claims.get("azp", client_id) != client_id:
        raise IdTokenRefused("audience")


def _require_time(claims: Mapping[str, Any], moments: Sequence[datetime]) -> None:
    made, ends, begins = (_moment(claims.get(name)) for name in ("iat", "exp", "nbf"))
    if made is None or ends is None or ("nbf" in claims and begins is None):
        raise IdTokenRefused("time")
    from_then = max(made, begins or made)

    def holds(now: datetime) -> bool:
        return from_then - CLOCK_SKEW <= now < ends + CLOCK_SKEW and now - made <= LONGEST_AGE

    if not any(map(holds, moments)):
        raise IdTokenRefused("time")


def _moment(value: object) -> datetime | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _MOST_SECONDS
    return datetime.fromtimestamp(float(value), UTC) if fits and isinstance(value, int | float) else None


def _user_id(value: object) -> int:
    """A number, or its digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(MOST_USER_ID)):
        value = int(value)
    if not is_user_id(value):
        raise IdTokenRefused("id")
    return value


def _name(claims: Mapping[str, Any]) -> str:
    parts = (as_text(claims.get(field)) for field in ("given_name", "family_name"))
    return as_text(claims.get("name")) or " ".join(part for part in parts if part)
