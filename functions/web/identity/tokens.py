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


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


def secret_of(key: str, user_id: int, nonce: str) -> str:
    """`sb_` and 32 url-safe characters: made from a nonce and our own key, so that a repeated request can be
    answered with the same secret though it is stored nowhere.
    """
    mac = hmac.new(key.encode(), f"api-token:{user_id}:{nonce}".encode(), hashlib.sha256).digest()
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


def create_token(store: Store, key: str, user_id: int, name: object, now: datetime) -> tuple[ApiToken, str]:
    """Keep a new token; answers it with its secret, which is not to be had again. `key` is SECRET_KEY.

    Raises Invalid, TooManyTokens.
    """
    nonce = new_nonce()
    return keep_token(store, user_id, name, now, secret_of(key, user_id, nonce)), secret_of(key, user_id, nonce)


def keep_token(store: Store, user_id: int, name: object, now: datetime, secret: str) -> ApiToken:
    """Keep a token whose secret is known. Raises as `create_token` does."""
    token = ApiToken(digest_of(secret), user_id, read_name(name), now)
    if len(store.tokens_of(user_id)) >= MOST_TOKENS:
        raise TooManyTokens
    store.add_token(token)
    return token


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
