"""What Telegram signs: a Mini App's initData, and the query of the Login Widget and of `login_url` buttons."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starbid.domain.people import Person
from starbid.services.people import People
from web.kernel.exceptions import LoginRefused, Malformed
from web.kernel.forms import Fields, read_query

LONGEST_AGE = timedelta(days=1)
Moments = tuple[datetime, ...]
CLOCK_SKEW = timedelta(minutes=5)
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_USER_ID = 2**53


@dataclass(frozen=True, slots=True)
class Proven:
    """A person as Telegram vouches for them; `language` is None where it was not told. `hash` names the proof."""

    user_id: int
    name: str
    username: str | None
    language: str | None
    hash: str

    def register(self, people: People, accept_language: str | None, now: datetime) -> Person:
        """The person, registered on first sight; then the browser's language stands in for one that was not told."""
        return people.greet(self.user_id, self.name, self.username, self.language or accept_language, now)


def read_init_data(init_data: str, bot_token: str, moments: Moments) -> Proven:
    """Verify a Mini App's initData: key HMAC("WebAppData", token), all fields but `hash`. Raises LoginRefused."""
    try:
        fields = read_query(init_data)
    except Malformed:
        raise LoginRefused("fields") from None
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    proof = _verify(fields, key, moments, unsigned=())
    try:
        user = json.loads(fields.get("user", ""))
        user_id = user["id"]
        told = user.get("language_code")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise LoginRefused("fields") from None
    return _proven(user_id, user, told if isinstance(told, str) else None, proof)


def read_widget(query: Fields, bot_token: str, moments: Moments) -> Proven:
    """Verify a login query: key SHA256(token), all fields but `hash` and our own `next`. Raises LoginRefused."""
    key = hashlib.sha256(bot_token.encode()).digest()
    proof = _verify(query, key, moments, unsigned=("next",))
    user_id = query.get("id", "")
    return _proven(int(user_id) if user_id.isascii() and user_id.isdigit() else None, query, None, proof)


def _verify(fields: Fields, key: bytes, moments: Moments, unsigned: tuple[str, ...]) -> str:
    """The hash of the proof, once it holds and is not older than a day by one of the clocks."""
    proof = fields.get("hash", "")
    if fields.has_repeats or not _HASH.fullmatch(proof):
        raise LoginRefused("hash")
    signed = sorted((name, value) for name, value in fields.items() if name != "hash" and name not in unsigned)
    text = "\n".join(f"{name}={value}" for name, value in signed)
    if not hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), proof):
        raise LoginRefused("hash")
    told = fields.get("auth_date", "")
    if not told.isascii() or not told.isdigit() or len(told) > 11:
        raise LoginRefused("fields")
    at = datetime.fromtimestamp(int(told), UTC)
    if not any(now - LONGEST_AGE <= at <= now + CLOCK_SKEW for now in moments):
        raise LoginRefused("stale")
    return proof


def _proven(user_id: object, user: Any, told: str | None, proof: str) -> Proven:
    if type(user_id) is not int or not 0 < user_id <= _MOST_USER_ID:
        raise LoginRefused("fields")
    names = [_text(user.get(field)) for field in ("first_name", "last_name")]
    return Proven(
        user_id=user_id,
        name=" ".join(name for name in names if name),
        username=_text(user.get("username")) or None,
        language=told,
        hash=proof,
    )


def _text(value: object) -> str:
    """A text that can be stored; anything else is none."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "") if isinstance(value, str) else ""
