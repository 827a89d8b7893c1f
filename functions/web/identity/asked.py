"""What a browser keeps of a login that it began elsewhere: a cookie for ten minutes, signed, for one answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from starbid.config import Settings
from starbid.domain.openid import LoginRequest
from web.identity.telegram import Proven
from web.kernel.signed import signed, unsigned

COOKIE = "starbid_login"
LASTS = timedelta(minutes=10)
_PATH = "/login/oidc"
_LONGEST_NEXT = 300
_SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def keeping(request: LoginRequest, target: str, now: datetime, settings: Settings) -> str:
    """Set-Cookie that keeps a request, and where to go on to after it."""
    payload = {
        "s": request.state,
        "n": request.nonce,
        "v": request.verifier,
        "to": target if len(target) <= _LONGEST_NEXT else "/",
        "t": _seconds(now),
    }
    return _cookie(signed(payload, settings.secret_key, "login"), int(LASTS.total_seconds()), settings)


def forgetting(settings: Settings) -> str:
    """Set-Cookie that ends it."""
    return _cookie("", 0, settings)


def kept(value: str | None, now: datetime, settings: Settings) -> tuple[LoginRequest, str] | None:
    """The request and where to go on to; None for what is no such cookie, or too old."""
    told = unsigned(value, settings.secret_key, "login")
    if not _is_fresh(told, now):
        return None
    return LoginRequest(told["s"], told["n"], told["v"]), told["to"]


def vouched(proven: Proven, now: datetime, settings: Settings) -> str:
    """Somebody whom the issuer has just vouched for, to be carried by a form that asks whether to go on as them."""
    payload = {"u": proven.user_id, "n": proven.name[:64], "a": proven.username, "h": proven.hash, "t": _seconds(now)}
    return signed(payload, settings.secret_key, "vouched")


def read_vouched(value: str, now: datetime, settings: Settings) -> Proven | None:
    """None for anything else, and for one that is ten minutes old."""
    told = unsigned(value, settings.secret_key, "vouched")
    if not _is_fresh(told, now):
        return None
    return Proven(told["u"], told["n"], told["a"], None, told["h"])


def _is_fresh(told: dict[str, Any], now: datetime) -> bool:
    return bool(told) and timedelta() <= now - (_EPOCH + told["t"] * _SECOND) < LASTS


def _seconds(now: datetime) -> int:
    return (now - _EPOCH) // _SECOND


def _cookie(value: str, max_age: int, settings: Settings) -> str:
    """SameSite=Lax lets it come along when the issuer sends the browser back."""
    secure = "; Secure" if settings.secure_cookies else ""
    return f"{COOKIE}={value}; Path={_PATH}; Max-Age={max_age}; HttpOnly{secure}; SameSite=Lax"
