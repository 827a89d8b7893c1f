"""A file of all that is known of the person: asked for, with its progress, and fetched. For a session alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.errors import TooOften
from starbid.domain.exports import KEPT_FOR, Export, State
from starbid.i18n import Language
from web.kernel.http import Request, Response, html, redirect
from web.kernel.routing import Router
from web.shared.context import page_context, page_words, show
from web.shared.refusals import message_of, status_of
from web.shared.rendering import render

router = Router()
PAGE = "/settings/export"


@dataclass(frozen=True)
class OwnFile:
    """How it stands. `count` says how much has been read; `kept_until` is given where there is a file to fetch."""

    asked_at: datetime
    count: str
    is_open: bool
    is_stuck: bool
    kept_until: datetime | None


@router.get(PAGE)
def own_file(request: Request) -> Response:
    return _page(request)


@router.post(PAGE)
def ask(request: Request) -> Response:
    """One that is being made already is shown, and goes on if it stood still."""
    user_id = request.visitor.require_user()
    try:
        request.app.own_exports.ask(user_id, request.now)
    except TooOften as refused:
        if request.wants_json:
            raise
        return _page(request, status_of(refused), fault=message_of(refused, page_words(request)))
    return redirect(PAGE)


@router.get(f"{PAGE}/progress", page=PAGE)
def progress(request: Request) -> Response:
    """What the page asks for every two seconds while the file is made."""
    words, person = page_words(request), request.visitor.require_person()
    values = {"page": page_context(request, words), "file": _file(request, person.id, words)}
    return html(render("account/own_file_progress.html", words, **values))


@router.get(f"{PAGE}/file", page=PAGE)
def file(request: Request) -> Response:
    return redirect(request.app.own_exports.link(request.visitor.require_user(), request.now))


def _page(request: Request, status: int = 200, fault: str = "") -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    return show(request, "account/own_file.html", status, file=_file(request, person.id, words), fault=fault)


def _file(request: Request, user_id: int, words: Language) -> OwnFile | None:
    found = request.app.own_exports.find(user_id, request.now)
    return _view(found, words, request.now) if found else None


def _view(export: Export, words: Language, now: datetime) -> OwnFile:
    has_file = export.state is State.DONE and not export.is_deleted(now)
    return OwnFile(
        asked_at=export.asked_at,
        count=words.ngettext("{n} entry", "{n} entries", export.things),
        is_open=not export.is_over,
        is_stuck=export.is_stuck(now),
        kept_until=export.ended_at + KEPT_FOR if has_file and export.ended_at else None,
    )
