"""Where a person is logged in: each session can be ended, and all others at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.errors import NotFound
from starbid.services.ports import KnownSession
from starbid.services.sessions import MOST_KNOWN
from starbid.session_words import session_name
from web.identity.entering import begin
from web.identity.presence import known, note
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.kernel.session import session_cookie
from web.shared.context import page_words, with_note

router = Router()


MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as the page lists it. `is_this`: the one that looks."""

    id: str
    name: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class SessionList:
    """`more`: how many go on that it does not show, or at least that many where `or_more`."""

    lines: list[SessionLine]
    more: int
    or_more: bool


def session_list(request: Request) -> SessionList:
    """This session first, then the others by when they were seen last."""
    person, own = request.visitor.require_person(), request.visitor.session
    assert own is not None
    this = known(request, own)
    going_on = request.app.sessions.of(person.id, person.ended_sessions, request.now)
    others = [each for each in going_on if each.id != this.id]
    shown = others[: MOST_SHOWN - 1]
    lines = [_line(request, this, is_this=True)] + [_line(request, each, is_this=False) for each in shown]
    return SessionList(lines, len(others) - len(shown), len(going_on) == MOST_KNOWN)


def _line(request: Request, session: KnownSession, *, is_this: bool) -> SessionLine:
    name = session_name(session, page_words(request))
    return SessionLine(session.id, name, session.issued_at, session.seen_at, is_this)


@router.post("/settings/sessions/end")
def end_session(request: Request) -> Response:
    """`session`: its id. One that is over already is fine; this one ends by logging out."""
    user_id, wanted = request.visitor.require_user(), request.form.get("session", "")[:100]
    own = request.visitor.session
    if own and own.id == wanted:
        return redirect("/settings#sessions")
    try:
        request.app.sessions.end(user_id, wanted, request.app.now())
    except NotFound:
        return redirect("/settings#sessions")
    return with_note(redirect("/settings"), "session-ended")


@router.post("/settings/sessions")
def end_other_sessions(request: Request) -> Response:
    """Ends all of the person's sessions; the one that asks goes on as a new one. `push`: this browser, if the person is
    told things in it (static/push.js); in all others they are told nothing more.
    """
    user_id, browser = request.visitor.require_user(), request.form.get("push", "")[:100]
    now = request.app.now()  # what began while this request waited for its function ends too
    person = request.app.sessions.end_all(user_id, now, but_browser=browser)
    framed = request.visitor.claimed is not None and request.visitor.claimed.framed
    session = begin(person, request, framed=framed)
    note(request, person, session)
    return with_note(redirect("/settings"), "sessions-ended").with_cookies(
        session_cookie(session, request.app.settings)
    )
