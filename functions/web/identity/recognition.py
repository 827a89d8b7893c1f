"""How a request tells who sent it: by the cookie of a session, or in the API by a token."""

from __future__ import annotations

from web.identity.tokens import user_of
from web.kernel.exceptions import Unauthenticated
from web.kernel.http import Request
from web.kernel.session import GUEST_COOKIE, SESSION_COOKIE, Session, read_guest, read_session
from web.kernel.visitor import Visitor

MOST_SESSIONS = 4
"""Cookies of one name that are read: browsers send two at most."""


def recognise(request: Request) -> Visitor:
    """In the API a present `Authorization` alone decides; elsewhere, and without one, the session cookie.

    Raises Unauthenticated for an `Authorization` that is no token of ours.
    """
    app, in_api, only_reads = request.app, request.is_api, request.is_read
    authorization = request.headers.get("authorization")
    if in_api and authorization is not None:
        owner = user_of(app.store, authorization)
        if owner is None:
            raise Unauthenticated
        return Visitor(app, None, token_owner=owner, in_api=True, only_reads=only_reads)
    claimed = next(iter(sessions_in(request)), None)
    guest = None if claimed else read_guest(request.cookies.get(GUEST_COOKIE), app.settings.secret_key)
    return Visitor(app, claimed, guest_nonce=guest, in_api=in_api, only_reads=only_reads)


def sessions_in(request: Request) -> list[Session]:
    """Those that the cookies name, the newest first. A browser may send two: one of a page in Telegram's frame stands
    in a jar of its own, beside one from before, which may have ended since.
    """
    secret, values = request.app.settings.secret_key, request.cookie_values.get(SESSION_COOKIE, ())
    found = [session for value in values[:MOST_SESSIONS] if (session := read_session(value, secret, request.now))]
    return sorted(found, key=lambda session: session.issued_at, reverse=True)
