""" "Log in with Telegram" by OpenID Connect: to the issuer, and back with a code (spec, section 5)."""

from __future__ import annotations

import hmac

from starbid.domain.openid import IdTokenRefused, LoginRequest, LoginUnavailable
from starbid.observability import logger
from starbid.services.claiming import Turn, claimed
from web.identity.asked import COOKIE, LASTS, forgetting, keeping, kept, read_vouched, vouched
from web.identity.entering import Switch, ask_first, enter, other_person
from web.identity.login import ways_in
from web.identity.once import CLAIM_SECONDS, key_of, log_in_once, name_of, registered
from web.identity.telegram import Proven
from web.kernel.exceptions import LoginRefused, LoginSilent, NoSuchPage, WebError
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import page_words
from web.shared.refusals import message_of

router = Router()
HOW = "oidc"
_LONGEST_CODE = 2048


@router.get("/login/oidc", page="/login", way_in=True)
def begin(request: Request) -> Response:
    """Sends the browser to the issuer. The last one that it began is the one that it can end."""
    _require_offer(request)
    if request.method == "HEAD":
        return Response("", 204)
    target = request.onward(request.query.get("next"))
    try:
        asked, address = request.app.openid_logins.begin()
    except LoginUnavailable as error:
        return _silent(request, error, target)
    return redirect(address).with_cookies(keeping(asked, target, request.now, request.app.settings))


@router.get("/login/oidc/callback", page="/login", way_in=True)
def come_back(request: Request) -> Response:
    """`code` and `state` from the issuer, or its `error`. A code is good for one login, in the browser that began."""
    _require_offer(request)
    if request.method == "HEAD":  # a look ahead must not use the code up
        return Response("", 204)
    asked = kept(request.cookies.get(COOKIE), request.now, request.app.settings)
    if asked is None and request.visitor.person:  # this answer was used here already
        return redirect("/")
    state, code = request.query.get("state", ""), request.query.get("code", "")
    if asked is None or not hmac.compare_digest(asked[0].state.encode(), state.encode("utf-8", "replace")):
        return _refused(request, "browser", "/")
    login, target = asked[0], request.onward(asked[1])
    if request.query.get("error"):
        return _refused(request, "declined" if request.query["error"] == "access_denied" else "issuer", target)
    if not 0 < len(code) <= _LONGEST_CODE:
        return _refused(request, "issuer", target)
    try:
        response = _entered(request, login, code, target)
    except IdTokenRefused as error:
        logger("web").warning("login refused", extra={"request_id": request.id, "reason": error.reason})
        return _refused(request, "issuer", target)
    except LoginRefused as error:
        return _refused(request, error.reason, target)
    except LoginUnavailable as error:
        return _silent(request, error, target)
    return response.with_cookies(forgetting(request.app.settings))


@router.post("/login/oidc", page="/login")
def go_on(request: Request) -> Response:
    """`proof`: whom the issuer vouched for, `next`. Goes on as them, in the place of who is logged in."""
    _require_offer(request)
    proven = read_vouched(request.form.get("proof", ""), request.now, request.app.settings)
    if proven is None:
        raise LoginRefused("stale")
    return log_in_once(request, proven, request.onward(request.form.get("next")), HOW)


def _entered(request: Request, login: LoginRequest, code: str, target: str) -> Response:
    """Logged in, or asked first. Raises LoginRefused, IdTokenRefused, LoginUnavailable."""
    app, used = request.app, Proven(0, "", None, None, f"state:{login.state}")
    keep = int(LASTS.total_seconds())
    with claimed(app.claims, key_of(used), CLAIM_SECONDS, keep, request.now) as turn:
        if turn is not Turn.MINE:
            raise LoginRefused("used")
        told = app.openid_logins.finish(code, login, app.moments())
        proven = Proven(told.user_id, told.name, told.username, None, f"{HOW}:{login.state}")
        other = other_person(request, proven.user_id)
        if other:
            fields = {"proof": vouched(proven, request.now, app.settings), "next": target}
            new_name = name_of(request, proven)
            return ask_first(request, Switch("/login/oidc", fields, target, other.name, new_name), 200)
        _, cookie = enter(request, registered(request, proven).id, HOW)
    return redirect(target).with_cookies(cookie)


def _require_offer(request: Request) -> None:
    """Raises NoSuchPage where this login is not on offer."""
    if not request.app.settings.has_openid:
        raise NoSuchPage


def _silent(request: Request, error: LoginUnavailable, target: str) -> Response:
    """What the browser keeps stays: the same answer may be tried again."""
    logger("web").warning("login unavailable", extra={"request_id": request.id, "said": error.said})
    return _other_ways(request, LoginSilent(), target)


def _refused(request: Request, reason: str, target: str) -> Response:
    return _other_ways(request, LoginRefused(reason), target).with_cookies(forgetting(request.app.settings))


def _other_ways(request: Request, error: WebError, target: str) -> Response:
    """What went wrong, and the ways in below it. Raises the error for programs."""
    if request.wants_json:
        raise error
    return ways_in(request, target, error.status, message_of(error, page_words(request)))
