"""Logging in and out. The page at `/login` itself is one of web.pages."""

from __future__ import annotations

import hashlib

from starbid.domain.people import Person
from web.errors import CsrfFailed, LoginRefused
from web.http import Request, Response, local_path, redirect, to_json
from web.identity.session import Session, csrf_token, ended_cookie, session_cookie
from web.identity.telegram import Proven, read_init_data, read_widget
from web.jsonbody import read_object
from web.routing import Router

router = Router()
CLAIM_SECONDS = 60
USED_FOR_DAYS = 2
"""A proof lives for a day; that it was used is remembered for longer."""


@router.get("/login/telegram")
def log_in_by_query(request: Request) -> Response:
    """The Login Widget and `login_url` buttons. Each query is good for one login."""
    if request.method == "HEAD":  # a preview must not use the proof up
        return Response("", 204)
    proven = read_widget(request.query, request.app.settings.bot_token, request.app.moments())
    person = _use_once(request, proven)
    session = Session.begin(person.id, request.now)
    target = local_path(request.query.get("next"))
    return redirect(target).with_cookies(session_cookie(session, request.app.settings))


@router.post("/login/webapp", csrf=False)
def log_in_by_web_app(request: Request) -> Response:
    """A Mini App's `init_data`, as a form or JSON. It proves the person, so no token is needed beside it."""
    _require_same_site(request)
    init_data, target = _web_app_fields(request)
    settings = request.app.settings
    proven = read_init_data(init_data, settings.bot_token, request.app.moments())
    person = _registered(request, proven)
    session = Session.begin(person.id, request.now, framed=settings.secure_cookies)
    cookie = session_cookie(session, settings)
    if request.wants_html:
        return redirect(target).with_cookies(cookie)
    token = csrf_token(session.nonce, settings.secret_key)
    return to_json({"ok": True, "user_id": person.id, "csrf_token": token, "next": target}).with_cookies(cookie)


@router.post("/logout")
def log_out(request: Request) -> Response:
    return redirect("/").with_cookies(ended_cookie(request.visitor.session, request.app.settings))


def _use_once(request: Request, proven: Proven) -> Person:
    """Registers the person unless the proof was used; one that failed on our side may be used again."""
    scratch = request.app.scratch
    key = f"login:{hashlib.sha256(proven.hash.encode()).hexdigest()}"
    if not scratch.claim(key, CLAIM_SECONDS, request.now):
        raise LoginRefused("used")
    try:
        person = _registered(request, proven)
    except Exception:
        scratch.forget(key)
        raise
    scratch.finish(key, USED_FOR_DAYS, request.now)
    return person


def _registered(request: Request, proven: Proven) -> Person:
    return proven.register(request.app.people, request.headers.get("accept-language"), request.now)


def _require_same_site(request: Request) -> None:
    """Another site must not log a visitor in as somebody else."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    ours = (request.app.settings.base_url, f"{_scheme(request)}://{request.headers.get('host', '')}")
    if site in ("cross-site", "same-site") or (origin is not None and origin.rstrip("/") not in ours):
        raise LoginRefused("foreign")


def _scheme(request: Request) -> str:
    return request.headers.get("x-forwarded-proto", "http")


def _web_app_fields(request: Request) -> tuple[str, str]:
    """(init_data, where to go on to)."""
    if request.headers.get("content-type", "").lower().startswith("application/json"):
        data = read_object(request)
        init_data, target = data.get("init_data"), data.get("next")
    else:
        init_data, target = request.form.get("init_data"), request.form.get("next")
    if not isinstance(init_data, str):
        raise LoginRefused("fields")
    return init_data, local_path(target if isinstance(target, str) else None)


def require_form_token(request: Request) -> None:
    """The CSRF token of a page's POST: header `X-CSRF-Token`, or the form's field. Raises CsrfFailed."""
    token = request.headers.get("x-csrf-token")
    if token is None:
        kind = request.headers.get("content-type", "").lower()
        if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
            raise CsrfFailed
        token = request.form.get("csrf_token")
    request.visitor.require_csrf(token)
