"""What Telegram signs: a Mini App's initData, and the query of the Login Widget and of `login_url` buttons."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starbid.domain.base64url import to_bytes
from starbid.domain.people import Person, is_user_id
from starbid.domain.texts import as_text
from starbid.services.people import People
from web.kernel.exceptions import LoginRefused, Malformed
from web.kernel.forms import Fields, read_query

LONGEST_AGE = timedelta(days=1)
Moments = tuple[datetime, ...]
CLOCK_SKEW = timedelta(minutes=5)
_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}(==)?")
TELEGRAM_KEY = bytes.fromhex("e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d")
TEST_KEY = bytes.fromhex("40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec")
"""Telegram's public keys for Mini Apps (core.telegram.org/bots/webapps, "Validating data for Third-Party Use")."""


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


def read_init_data(init_data: str, bot_token: str, moments: Moments, *, test: bool = False) -> Proven:
    """Verify a Mini App's initData: by its hash, key HMAC("WebAppData", token) over all fields but `hash`; or else by
    Telegram's own signature for this bot (`test`: of its test environment). Raises LoginRefused.
    """
    try:
        fields = read_query(init_data)
    except Malformed:
        raise LoginRefused("fields") from None
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    if not _has_hash(fields, key, unsigned=()) and not _is_signed(fields, bot_token.partition(":")[0], test=test):
        raise LoginRefused("hash")
    _require_fresh(fields, moments)
    proof = fields["hash"]
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
    if not _has_hash(query, key, unsigned=("next",)):
        raise LoginRefused("hash")
    _require_fresh(query, moments)
    proof, user_id = query["hash"], query.get("id", "")
    return _proven(int(user_id) if user_id.isascii() and user_id.isdigit() else None, query, None, proof)


def _has_hash(fields: Fields, key: bytes, unsigned: tuple[str, ...]) -> bool:
    """Whether `hash` is that of all other fields."""
    proof = fields.get("hash", "")
    if fields.has_repeats or not _HASH.fullmatch(proof):
        return False
    text = _joined(fields, ("hash", *unsigned))
    return hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), proof)


def _is_signed(fields: Fields, bot_id: str, *, test: bool) -> bool:
    """Whether `signature` is Telegram's, by Ed25519, for that bot and all fields but it and `hash`."""
    written = fields.get("signature", "")
    if fields.has_repeats or not _HASH.fullmatch(fields.get("hash", "")) or not _SIGNATURE.fullmatch(written):
        return False
    from starbid.openid.signatures import is_signed_by_ed25519

    signature = to_bytes(written)
    signed = f"{bot_id}:WebAppData\n{_joined(fields, ('hash', 'signature'))}"
    return is_signed_by_ed25519(TEST_KEY if test else TELEGRAM_KEY, signed.encode(), signature)


def _joined(fields: Fields, but: tuple[str, ...]) -> str:
    return "\n".join(f"{name}={value}" for name, value in sorted(fields.items()) if name not in but)


def _require_fresh(fields: Fields, moments: Moments) -> None:
    """Not older than a day by one of the clocks. Raises LoginRefused."""
    told = fields.get("auth_date", "")
    if not told.isascii() or not told.isdigit() or len(told) > 11:
        raise LoginRefused("fields")
    at = datetime.fromtimestamp(int(told), UTC)
    if not any(now - LONGEST_AGE <= at <= now + CLOCK_SKEW for now in moments):
        raise LoginRefused("stale")


def _proven(user_id: object, user: Any, told: str | None, proof: str) -> Proven:
    if not is_user_id(user_id):
        raise LoginRefused("fields")
    names = [as_text(user.get(field)) for field in ("first_name", "last_name")]
    return Proven(
        user_id=user_id,
        name=" ".join(name for name in names if name),
        username=as_text(user.get("username")) or None,
        language=told,
        hash=proof,
    )
