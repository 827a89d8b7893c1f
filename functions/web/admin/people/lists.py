"""The lists of people. Their whole state is in the address."""

from __future__ import annotations

from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from starbid.services.desk.finding import LONGEST_QUERY, State, Wanted
from web.admin import views
from web.admin.desk import Desk
from web.admin.people import view
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words

desk = Desk()
SHOWN = 50
SORTS = ("newest", "oldest")


@desk.get("/admin/users", Right.SEE)
def users(request: Request, operator: Operator) -> Response:
    """`q`: a Telegram id, a user name or half a name; `state`: one of State; `sort`: by when they joined; `cursor`."""
    words, query = page_words(request), request.query
    text = query.get("q", "").strip()[:LONGEST_QUERY]
    state = State(query["state"]) if query.get("state") in {*State} else State.ALL
    sort = query["sort"] if query.get("sort") in SORTS else SORTS[0]
    wanted = Wanted(text, state, backward=sort == SORTS[0])
    found = request.app.finding.people(wanted, request.now, limit=SHOWN, cursor=query.get("cursor") or None)
    roles = {person.id: request.app.operators.role_of(person) for person in found.items}
    kept = {"q": text or None, "state": state if state is not State.ALL else None}
    kept["sort"] = sort if sort != SORTS[0] else None
    return panel(
        request,
        operator,
        "admin/people.html",
        saved=views.shown(request, operator),
        people=view.lines(found.items, roles, words, request.now),
        text=text,
        state=state,
        states=view.states(words),
        sort=sort,
        goes_on=query.get("cursor"),
        next_url=path_with("/admin/users", **kept, cursor=found.cursor) if found.cursor else None,
    )
