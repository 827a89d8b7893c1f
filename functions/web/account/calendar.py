"""The calendar of one's favourites: its address, and what programs get there."""

from __future__ import annotations

from starbid.domain.people import Person
from starbid.i18n import language
from web.kernel.caching import with_etag
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import with_note
from web.shared.lot_calendar import TYPE, end_of, written

router = Router()
KEPT = "private, max-age=900"


@router.post("/watchlist/calendar", page="/watchlist")
def choose(request: Request) -> Response:
    """`do`: `renew` for an address, in place of the former one; `stop` for none."""
    user_id, calendars = request.visitor.require_user(), request.app.watch_calendars
    if request.form.get("do") == "stop":
        calendars.stop(user_id)
        return with_note(redirect("/watchlist"), "calendar-off")
    calendars.renew(user_id, request.now)
    return with_note(redirect("/watchlist"), "calendar-on")


@router.get("/calendar/<public_id>/starbid.ics", page="/watchlist")
def favourites(request: Request, public_id: str) -> Response:
    """For programs, which have no session: `key` says that they may. It is no part of the path, as that is logged.

    Raises NotFound.
    """
    person, views = request.app.watch_calendars.read(public_id, request.query.get("key", ""), request.now)
    words = language(person.language)
    ends = [end_of(view, request.app.settings, words) for view in views]
    body = written(f"Starbid · {words._('Favourites')}", ends, request.app.settings)
    return with_etag(request, Response(body, 200, TYPE, {"cache-control": KEPT, "x-robots-tag": "noindex"}))


def address_of(request: Request, person: Person) -> str:
    """Empty where the person has asked for none."""
    secret = request.app.watch_calendars.secret(person)
    return f"{request.app.settings.base_url}/calendar/{person.public_id}/starbid.ics?key={secret}" if secret else ""
