"""How a login becomes a session. One that would take another person's place asks first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starbid.domain.people import Person
from starbid.services.logins import LoginOver
from web.identity.presence import note
from web.kernel.http import Request, Response
from web.kernel.session import Session, session_cookie

REPLACE = "replace"
"""The field that says that its sender was asked, and goes on as the new person."""


@dataclass(frozen=True)
class Switch:
    """The question. `action` and `fields` are the form that goes on as the new person; `stay` leads back."""

    action: str
    fields: Mapping[str, str]
    stay: str
    now_name: str
    new_name: str


def other_person(request: Request, new_id: int) -> Person | None:
    """Who is logged in on this browser, where that is not the one who would be."""
    person = request.visitor.person
    return person if person and person.id != new_id else None


def enter(request: Request, user_id: int, how: str, *, framed: bool = False) -> tuple[Session, str]:
    """A new session and its cookie; `how` as in LoggedIn. Somebody else's, whose place it takes, ends on the server.
    One of the same person goes on in it: the same line of the list, forms of open pages count, and both end together.

    Raises LoginOver for somebody who is not registered.
    """
    old = request.visitor.session
    if old and old.user_id != user_id:
        leave(request, old)
    person = request.app.store.person(user_id, consistent=True)
    if person is None:
        raise LoginOver
    request.app.people.note_login(user_id, how, request.now)
    goes_on = old and old.user_id == user_id and not old.is_over(person.ended_sessions)  # it may have ended meanwhile
    session = begin(person, request, framed=framed, lineage=old.lineage if old and goes_on else "")
    note(request, person, session)
    return session, session_cookie(session, request.app.settings)


def leave(request: Request, session: Session) -> None:
    """It is over, on the server. Raises Conflict."""
    now = request.app.now()  # later than any session of this browser began while the request waited for its function
    request.app.sessions.left(session.user_id, session.id, now)


def begin(person: Person, request: Request, *, framed: bool, lineage: str = "") -> Session:
    """A session that none of the person's ended ones covers."""
    return Session.begin(person.id, person.ended_sessions.next_at(request.now), framed=framed, lineage=lineage)


def ask_first(request: Request, switch: Switch, status: int) -> Response:
    """The page that asks; it works without JavaScript."""
    from web.shared.context import show

    return show(request, "identity/switch.html", status, switch=switch)
