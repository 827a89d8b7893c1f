"""Saved searches: saving the one of a list, and those that one has."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starbid.criteria_words import search_name
from starbid.domain.criteria import Looking, query_of, read_query
from starbid.domain.errors import NotFound
from starbid.domain.saved_searches import MOST, SavedSearch
from starbid.i18n import Language
from web.browse.home_view import clean, url_with
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import page_words, show, with_note

router = Router()
PAGE = "/my/searches"


@dataclass(frozen=True)
class SavedLine:
    """One of the list. `url`: what it finds now, the newest first."""

    id: str
    name: str
    url: str
    tells: bool


@router.get(PAGE)
def saved_searches(request: Request) -> Response:
    """The oldest first; never more than `MOST`."""
    person, words = request.visitor.require_person(), page_words(request)
    lines = [_line(search, words) for search in request.app.saved_searches.of(person.id)]
    return show(request, "browse/saved.html", lines=lines, most=MOST)


def _line(search: SavedSearch, words: Language) -> SavedLine:
    address = urlencode(query_of(Looking(search.criteria, sort="newest")))
    return SavedLine(search.id, search_name(search.criteria, words), f"/?{address}", search.tells)


@router.post(PAGE, page="/")
def save(request: Request) -> Response:
    """The fields of the list that is to be saved; back there afterwards. Saved twice it is one.

    Raises SearchTooWide, SearchesFull.
    """
    user_id, asked = request.visitor.require_user(), clean(request.form)
    search = request.app.saved_searches.save(user_id, read_query(asked).criteria, request.now)
    return with_note(redirect(url_with(asked)), "search-saved" if search.tells else "search-silent")


@router.post("/my/searches/<search_id>/tell", page=PAGE)
def tell(request: Request, search_id: str) -> Response:
    """`on`: 1 to be told of new lots, 0 to keep the search without. One that is gone is no fault."""
    user_id, on = request.visitor.require_user(), request.form.get("on", "") == "1"
    try:
        request.app.saved_searches.tell(user_id, search_id, on=on)
    except NotFound:
        return redirect(PAGE)
    return with_note(redirect(PAGE), "search-told" if on else "search-silent")


@router.post("/my/searches/<search_id>/delete", page=PAGE)
def delete(request: Request, search_id: str) -> Response:
    """Pressed twice it is gone as well."""
    try:
        request.app.saved_searches.drop(request.visitor.require_user(), search_id)
    except NotFound:
        return redirect(PAGE)
    return with_note(redirect(PAGE), "search-deleted")
