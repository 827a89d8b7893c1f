"""That a session began or is still used, for the list that its person sees: noted once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starbid.domain.people import Person
from starbid.observability import logger
from starbid.services.ports import KnownSession
from starbid.services.retrying import OUTAGES
from web.identity.devices import device_of
from web.kernel.http import Request, Response
from web.kernel.session import SESSION_COOKIE, Session, session_cookie

SEEN_EVERY = timedelta(days=1)


def known(request: Request, session: Session) -> KnownSession:
    """A session of the browser that sent the request, as its list has it."""
    device = device_of(request.headers.get("user-agent", ""))
    seen_at = max(session.last_seen, request.now)
    return KnownSession(session.id, session.nonce, session.issued_at, seen_at, device, session.framed)


def note(request: Request, person: Person, session: Session) -> None:
    """Puts it on the list. That may fail: it is noted again the next day."""
    try:
        request.app.sessions.note(person.id, known(request, session), person.ended_sessions, request.now)
    except OUTAGES:
        logger("web").warning("session not noted", extra={"request_id": request.id})


def seen(request: Request, response: Response) -> tuple[str, ...]:
    """Set-Cookie values: a page that somebody looked at renews what the cookie knows of it, once a day."""
    visitor = request.__dict__.get("visitor")
    if visitor is None or "session" not in visitor.__dict__ or not request.is_read or request.is_api:
        return ()
    session, own = visitor.session, f"{SESSION_COOKIE}="
    if session is None or request.now - session.last_seen < SEEN_EVERY:
        return ()
    if any(cookie.startswith(own) for cookie in response.cookies) or visitor.person is None:
        return ()
    renewed = replace(session, seen_at=request.now)
    note(request, visitor.person, renewed)
    return (session_cookie(renewed, request.app.settings),)
