"""The session: a signed cookie, checked with the application's clock. Which of them their people have ended before
their time stands with the person (starbid.domain.sessions); web.kernel.visitor looks.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from starbid.domain.sessions import LIFETIME, EndedSessions
from starbid.services.sessions import session_id
from web.kernel.signed import signed, unsigned

if TYPE_CHECKING:
    from starbid.config import Settings

SESSION_COOKIE = "starbid_session"
GUEST_COOKIE = "starbid_guest"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_MASKED = re.compile("[0-9a-f]{128}")
_FRAME_ATTRIBUTES = ("secure", "samesite", "partitioned")


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. `nonce` names the session; `framed` was begun inside Telegram's frame.

    `lineage` ties CSRF tokens to it: the nonce of the first of the sessions that took each other's place in a browser,
    of one person and without a logout between them. So a page goes on that was open while they logged in again.
    `seen_at`: when that it is used was noted last, if not when it began.
    """

    user_id: int
    issued_at: datetime
    nonce: str
    framed: bool
    lineage: str
    seen_at: datetime | None = None

    @property
    def last_seen(self) -> datetime:
        """As far as its list knows: no more often than once a day."""
        return self.seen_at or self.issued_at

    @property
    def id(self) -> str:
        """What stands for it on pages and in lists, the same as long as its lineage goes on."""
        return session_id(self.lineage)

    def is_over(self, ended: EndedSessions) -> bool:
        """Before its time, where that is what ended of its person's."""
        return ended.covers(self.id, self.nonce, self.issued_at)

    @classmethod
    def begin(cls, user_id: int, now: datetime, *, framed: bool = False, lineage: str = "") -> Session:
        nonce = new_nonce()
        return cls(user_id, now, nonce, framed, lineage or nonce)


def write_session(session: Session, secret: str) -> str:
    """The cookie's value."""
    payload = {
        "u": session.user_id,
        "t": (session.issued_at - _EPOCH) // _MS,
        "n": session.nonce,
        "f": int(session.framed),
        "l": session.lineage,
    }
    if session.seen_at:
        payload["s"] = (session.seen_at - _EPOCH) // _MS
    return signed(payload, secret, "session")


def read_session(value: str | None, secret: str, now: datetime) -> Session | None:
    """The session in a cookie; None where it is missing, tampered with or 30 days old."""
    session = _signed_session(value, secret)
    return session if session and now < session.issued_at + LIFETIME else None


@lru_cache(maxsize=256)
def _signed_session(value: str | None, secret: str) -> Session | None:
    """However old. Kept, as a page asks every few seconds what is new."""
    payload = unsigned(value, secret, "session")
    try:
        return Session(
            user_id=int(payload["u"]),
            issued_at=_EPOCH + int(payload["t"]) * _MS,
            nonce=str(payload["n"]),
            framed=bool(payload["f"]),
            lineage=str(payload.get("l", payload["n"])),  # those from before there were lineages have none
            seen_at=_EPOCH + int(payload["s"]) * _MS if "s" in payload else None,
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def new_nonce() -> str:
    return secrets.token_urlsafe(12)


def write_guest(nonce: str, secret: str) -> str:
    """The cookie of a visitor who is not logged in; it holds nothing but what a CSRF token needs."""
    return signed({"n": nonce}, secret, "guest")


def read_guest(value: str | None, secret: str) -> str | None:
    nonce = unsigned(value, secret, "guest").get("n")
    return nonce if isinstance(nonce, str) else None


def csrf_token(nonce: str, secret: str) -> str:
    """What proves that one of our own pages sent a form."""
    return hmac.new(secret.encode(), f"csrf:{nonce}".encode(), hashlib.sha256).hexdigest()


def masked(token: str) -> str:
    """The token as it stands in a page, other letters each time: the length of a compressed page, which also shows
    what somebody typed, tells nothing about it.
    """
    plain = bytes.fromhex(token)
    pad = os.urandom(len(plain))
    return (pad + _mixed(pad, plain)).hex()


def unmasked(token: str) -> str:
    """What was masked; anything else as it is."""
    if not _MASKED.fullmatch(token):
        return token
    both = bytes.fromhex(token)
    return _mixed(both[: len(both) // 2], both[len(both) // 2 :]).hex()


def _mixed(pad: bytes, data: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(pad, data, strict=True))


def csrf_fits(token: str | None, nonce: str | None, secret: str) -> bool:
    """Whether it is the token of the nonce, masked or not."""
    if not token or not nonce:
        return False
    token = unmasked(token)
    return hmac.compare_digest(csrf_token(nonce, secret).encode(), token.encode("utf-8", "surrogatepass"))


def session_cookie(session: Session, settings: Settings) -> str:
    """Set-Cookie for a session that has begun, or was seen again: it lasts no longer for that."""
    value = write_session(session, settings.secret_key)
    left = LIFETIME - (session.last_seen - session.issued_at)
    return _cookie(SESSION_COOKIE, value, int(left.total_seconds()), settings, framed=session.framed)


def ended_cookie(session: Session | None, settings: Settings) -> str:
    """Set-Cookie that ends it; a cookie goes only under the attributes that it came with."""
    return _cookie(SESSION_COOKIE, "", 0, settings, framed=session is not None and session.framed)


def guest_cookie(nonce: str, settings: Settings) -> str:
    value = write_guest(nonce, settings.secret_key)
    return _cookie(GUEST_COOKIE, value, int(LIFETIME.total_seconds()), settings, framed=False)


def for_frame(cookie: str) -> str:
    """A whole Set-Cookie value as browsers keep it from a page in another site's frame: in a jar of that site's."""
    own = [part for part in cookie.split("; ") if part.partition("=")[0].lower() not in _FRAME_ATTRIBUTES]
    return "; ".join([*own, "Secure", "SameSite=None", "Partitioned"])


def _cookie(name: str, value: str, max_age: int, settings: Settings, *, framed: bool) -> str:
    """`Secure` exactly where the site is https; a frame of another site needs SameSite=None and a jar of its own."""
    parts = [f"{name}={value}", "Path=/", f"Max-Age={max_age}", "HttpOnly"]
    if settings.secure_cookies:
        parts.append("Secure")
    if framed and settings.secure_cookies:
        parts += ["SameSite=None", "Partitioned"]
    else:
        parts.append("SameSite=Lax")
    return "; ".join(parts)
