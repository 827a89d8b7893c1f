"""Secrets of API tokens: each is shown once, only its SHA-256 is kept (starbid.services.tokens)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from starbid.domain.base64url import to_text
from starbid.domain.errors import Invalid
from starbid.domain.texts import flat, is_storable, require_length
from starbid.services.ports import ApiToken, Store

PREFIX = "sb_"
NAME_LENGTH = (1, 64)
_BEARER = re.compile(r"bearer +(sb_[A-Za-z0-9_-]{32})", re.IGNORECASE)


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


def secret_of(key: str, user_id: int, nonce: str) -> str:
    """`sb_` and 32 url-safe characters: made from a nonce and our own key, so that a repeated request can be
    answered with the same secret though it is stored nowhere.
    """
    mac = hmac.new(key.encode(), f"api-token:{user_id}:{nonce}".encode(), hashlib.sha256).digest()
    return PREFIX + to_text(mac[:24])


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def read_name(value: object) -> str:
    """1 to 64 characters on one line; raises Invalid."""
    if value in (None, ""):
        raise Invalid("name", "required")
    if not isinstance(value, str) or not is_storable(value):
        raise Invalid("name", "text")
    name = flat(value)
    require_length("name", name, *NAME_LENGTH)
    return name


def new_token(key: str, user_id: int, name: object, nonce: str, now: datetime) -> tuple[ApiToken, str]:
    """A token to be kept, with its secret, which is not to be had again. `key` is SECRET_KEY. Raises Invalid."""
    secret = secret_of(key, user_id, nonce)
    return ApiToken(digest_of(secret), user_id, read_name(name), now), secret


def user_of(store: Store, authorization: str) -> int | None:
    """The owner of the token in an `Authorization` header, None where there is none."""
    match = _BEARER.fullmatch(authorization.strip())
    token = store.token(digest_of(match[1])) if match else None
    return token.user_id if token else None
