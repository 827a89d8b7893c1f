"""A proof of who somebody is, good for one login."""

from __future__ import annotations

import hashlib

from starbid.domain.people import Person
from starbid.domain.texts import one_line
from starbid.services.claiming import Turn, claimed
from web.identity.entering import enter
from web.identity.telegram import Proven
from web.kernel.exceptions import LoginRefused
from web.kernel.http import Request, Response, redirect

CLAIM_SECONDS = 60
USED_SECONDS = 2 * 86_400
"""A proof lives for a day; that it was used is remembered for longer, by whichever clock still calls it fresh."""


def log_in_once(request: Request, proven: Proven, target: str, how: str = "telegram") -> Response:
    """Logs in unless the proof was used; one that failed on our side may be used again. Raises LoginRefused."""
    now, later = min(request.app.moments()), max(request.app.moments())
    keep = USED_SECONDS + int((later - now).total_seconds())
    with claimed(request.app.claims, key_of(proven), CLAIM_SECONDS, keep, now) as turn:
        if turn is not Turn.MINE:
            raise LoginRefused("used")
        _, cookie = enter(request, registered(request, proven).id, how)
    return redirect(target).with_cookies(cookie)


def key_of(proven: Proven) -> str:
    return f"login:{hashlib.sha256(proven.hash.encode()).hexdigest()}"


def name_of(request: Request, proven: Proven) -> str:
    """What to call somebody who may not be registered yet."""
    return one_line(proven.name) or request.words._("another account")


def registered(request: Request, proven: Proven) -> Person:
    return proven.register(request.app.people, request.headers.get("accept-language"), request.now)
