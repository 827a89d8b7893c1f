"""Logging in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from web.identity.entering import REPLACE, Switch, ask_first, enter, leave, other_person
from web.identity.once import key_of, log_in_once, name_of, registered
from web.identity.recognition import sessions_in
from web.identity.telegram import read_init_data, read_widget
from web.kernel.csrf import is_foreign, require_form_token
from web.kernel.exceptions import LoginRefused, Malformed, OtherAccount
from web.kernel.forms import read_query
from web.kernel.http import Request, Response, redirect, to_json
from web.kernel.json_body import read_object
from web.kernel.routing import Router
from web.kernel.session import csrf_token, ended_cookie
from web.shared.refusals import error_body

router = Router()


@router.get("/login/telegram", page="/login", way_in=True)
def log_in_by_query(request: Request) -> Response:
    """The Login Widget and `login_url` buttons. Each query is good for one login; being asked does not use it up.

    With `next` alone it goes on as a guest: so Telegram opens a button for who does not agree to be told of.
    """
    if request.method == "HEAD":  # a preview must not use the proof up
        return Response("", 204)
    if set(request.query) == {"next"}:
        return redirect(request.onward(request.query["next"]))
    proven = read_widget(request.query, request.app.settings.bot_token, request.app.moments())
    target = request.onward(request.query.get("next"))
    other = other_person(request, proven.user_id)
    if other is None:
        return log_in_once(request, proven, target)
    if request.app.claims.finished(key_of(proven)):
        raise LoginRefused("used")
    proof = urlencode({name: value for name, value in request.query.items() if name != "next"})
    fields = {"proof": proof, "next": target}
    return ask_first(request, Switch("/login/telegram", fields, target, other.name, name_of(request, proven)), 200)


@router.post("/login/telegram", page="/login")
def log_in_instead(request: Request) -> Response:
    """`proof`: the query that was asked about, `next`. Goes on as the new person."""
    try:
        query = read_query(request.form.get("proof", ""))
    except Malformed:
        raise LoginRefused("fields") from None
    proven = read_widget(query, request.app.settings.bot_token, request.app.moments())
    return log_in_once(request, proven, request.onward(request.form.get("next")))


@router.post("/login/webapp", csrf=False, page="/login")
def log_in_by_web_app(request: Request) -> Response:
    """A Mini App's `init_data`, as a form or JSON. It proves the person, so no token is needed beside it, unless they
    are to take somebody else's place (`replace`).
    """
    if is_foreign(request):  # another site must not log a visitor in as somebody else
        raise LoginRefused("foreign")
    told = _web_app_fields(request)
    settings = request.app.settings
    proven = read_init_data(told.init_data, settings.bot_token, request.app.moments(), test=settings.telegram_test)
    other = other_person(request, proven.user_id)
    if other and not told.replaces:
        return _ask_in_frame(request, told, other.name, name_of(request, proven))
    if other:
        require_form_token(request)
    person = registered(request, proven)
    session, cookie = enter(request, person.id, "mini_app", framed=settings.secure_cookies)
    if request.wants_html:
        return redirect(told.target).with_cookies(cookie)
    token = csrf_token(session.lineage, settings.secret_key)
    answer = {"ok": True, "user_id": person.id, "csrf_token": token, "next": told.target}
    return to_json(answer).with_cookies(cookie)


def _ask_in_frame(request: Request, told: _WebAppFields, now_name: str, new_name: str) -> Response:
    """409: a page for a form, an error for the script that asks in a dialogue of Telegram's."""
    if not request.wants_html:
        return to_json(error_body(OtherAccount(now_name, new_name), request.words), 409)
    fields = {"init_data": told.init_data, "next": told.target, REPLACE: "1"}
    return ask_first(request, Switch("/login/webapp", fields, told.target, now_name, new_name), 409)


@router.post("/logout")
def log_out(request: Request) -> Response:
    """The session ends on the server too: its cookie is worth nothing any more, wherever a copy of it is. So does one
    that this browser kept beside it. `push`: this browser, if the person is told things in it (static/push.js).
    """
    kept = sessions_in(request)
    if request.visitor.session:
        _leave_browser(request, request.visitor.session.user_id)
        for session in kept:
            leave(request, session)
    ended = [ended_cookie(session, request.app.settings) for session in kept]
    return redirect("/").with_cookies(*ended or [ended_cookie(None, request.app.settings)])


def _leave_browser(request: Request, user_id: int) -> None:
    """Nobody is told things on a screen that they have left."""
    browser = request.form.get("push", "")[:100]
    if browser and request.app.settings.push.is_offered:
        request.app.browsers.forget(user_id, browser)


@dataclass(frozen=True)
class _WebAppFields:
    """`target`: where to go on to; `replaces`: even in the place of somebody else."""

    init_data: str
    target: str
    replaces: bool


def _web_app_fields(request: Request) -> _WebAppFields:
    is_json = request.headers.get("content-type", "").lower().startswith("application/json")
    data: Mapping[str, object] = read_object(request) if is_json else request.form
    init_data, target = data.get("init_data"), data.get("next")
    if not isinstance(init_data, str):
        raise LoginRefused("fields")
    return _WebAppFields(
        init_data, request.onward(target if isinstance(target, str) else None), data.get(REPLACE) in ("1", True)
    )
