"""API tokens: the secret is shown once, only its SHA-256 is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

from starbid.domain.errors import Invalid, NotFound
from starbid.services.ports import ApiToken, Store
from web.errors import TooManyTokens

PREFIX = "sb_"
MOST_TOKENS = 20
NAME_LENGTH = (1, 64)
_BEARER = re.compile(r"bearer +(sb_[A-Za-z0-9_-]{32})", re.IGNORECASE)


def new_secret() -> str:
    """`sb_` and 32 url-safe characters."""
    return PREFIX + secrets.token_urlsafe(24)


def derived_secret(key: str, user_id: int, request_key: str, created_at: datetime) -> str:
    """The secret of a request that may be repeated: made again for each answer, so that it is stored nowhere."""
    text = f"api-token:{user_id}:{int(created_at.timestamp() * 1000)}:{request_key}"
    mac = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return PREFIX + base64.urlsafe_b64encode(mac[:24]).decode()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def token_id(token: ApiToken) -> str:
    """The public name of a token: enough to choose it among one's own, useless for anything else."""
    return token.digest[:16]


def read_name(value: object) -> str:
    """1 to 64 characters; raises Invalid."""
    if value in (None, ""):
        raise Invalid("name", "required")
    least, most = NAME_LENGTH
    name = " ".join(value.split()) if isinstance(value, str) else ""
    if not least <= len(name) <= most or "\x00" in name:
        raise Invalid("name", "length", least=least, most=most)
    return name


def create_token(store: Store, user_id: int, name: object, now: datetime, secret: str | None = None) -> str:
    """Keep a new token; answers its secret, which cannot be had again. Raises Invalid, TooManyTokens."""
    checked = read_name(name)
    if len(store.tokens_of(user_id)) >= MOST_TOKENS:
        raise TooManyTokens
    secret = secret or new_secret()
    store.add_token(ApiToken(digest_of(secret), user_id, checked, now))
    return secret


def drop_token(store: Store, user_id: int, wanted: str) -> None:
    """Delete the token of that id. Raises NotFound where the person has none such."""
    for token in store.tokens_of(user_id):
        if hmac.compare_digest(token_id(token).encode(), wanted.encode()):
            store.drop_token(user_id, token.digest)
            return
    raise NotFound


def user_of(store: Store, authorization: str) -> int | None:
    """The owner of the token in an `Authorization` header, None where there is none."""
    match = _BEARER.fullmatch(authorization.strip())
    token = store.token(digest_of(match[1])) if match else None
    return token.user_id if token else None
