"""The web function: pages, JSON API, files. Reads the request, finds its handler, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from starbid import observability
from starbid.bootstrap import App, app
from web.identity.presence import seen
from web.identity.recognition import recognise
from web.kernel.caching import varying
from web.kernel.compression import compressed
from web.kernel.csrf import is_foreign, require_form_token
from web.kernel.exceptions import CsrfFailed, Internal, TooLarge
from web.kernel.headers import secured
from web.kernel.http import Request, Response, as_address, redirect
from web.kernel.reading import read_request
from web.kernel.routing import Route, Router
from web.kernel.session import SESSION_COOKIE, for_frame
from web.kernel.visitor import Visitor
from web.shared.address_traffic import require_room
from web.shared.error_answers import answer
from web.shared.refusals import as_refusal, is_trouble


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answers an event of the HTTP API, payload format 2.0."""
    return handle(event, app())


def handle(event: Mapping[str, Any], application: App) -> dict[str, Any]:
    """The same with the App given. HEAD is answered as GET: the gateway leaves out the body, and tells its length."""
    request = read_request(event, application, recognise, _router())
    response = compressed(request, varying(request, _respond(request)))
    return secured(response, application.settings).to_event()


def _respond(request: Request) -> Response:
    route, variables = None, dict[str, str]()
    try:
        _router().admit(request)
        if request.method == "OPTIONS":
            return _options(request)
        elsewhere = _elsewhere(request)
        if elsewhere:
            return elsewhere
        route, variables = _router().find(request)
        _guard(request, route)
        response = route.handler(request, **variables)
    except Exception as error:
        told = _told_first(request, error)
        if is_trouble(told):
            observability.logger("web").exception("request failed", extra=_about(request, route))
            _note_fault(request, route, told)
        response = _shown_again(request, told, route, variables) or answer(told, request)
    return _kept_in_frames(request, response.with_cookies(*_new_cookies(request), *_seen(request, response)))


def _seen(request: Request, response: Response) -> tuple[str, ...]:
    """What is noted beside an answer never takes its place."""
    try:
        return seen(request, response)
    except Exception:
        observability.logger("web").exception("session not noted", extra={"request_id": request.id})
        return ()


def _elsewhere(request: Request) -> Response | None:
    """Where a GET of people's goes that is for the address of a form, or for a page with a slash too many."""
    if request.is_api or request.method not in ("GET", "HEAD"):
        return None
    router, path = _router(), request.path
    if router.methods(path):
        return None if "GET" in router.methods(path) else redirect(as_address(request.here))
    bare = path.rstrip("/")
    if bare == path or not router.methods(bare):
        return None
    return redirect(as_address(f"{bare}?{request.raw_query}" if request.raw_query else bare), 308)


def _shown_again(
    request: Request, error: Exception, route: Route | None, variables: Mapping[str, str]
) -> Response | None:
    """The page of a form that was refused before its handler ran, with what was typed and a fresh token; None where
    there is no such page for the one who sent it. What another site sent is not put into our forms.
    """
    if not isinstance(error, CsrfFailed | TooLarge) or route is None or route.again is None:
        return None
    try:
        if request.wants_json or is_foreign(request) or request.visitor.user_id is None:
            return None
        return route.again(request, CsrfFailed(kept=True) if isinstance(error, CsrfFailed) else error, **variables)
    except Exception as fault:
        if is_trouble(fault):
            observability.logger("web").exception("form not shown again", extra=_about(request, route))
        return None


def _note_fault(request: Request, route: Route | None, error: Exception) -> None:
    """For the event log: a fault that we did not think of, which has no words of its own."""
    if isinstance(as_refusal(error), Internal):
        visitor = _known_visitor(request)
        who = visitor.claimed_id if visitor else None
        request.app.faults.note("web", route.path if route else "", error, request.now, who)


def _told_first(request: Request, error: Exception) -> Exception:
    """Who is nobody any more is told that, and not what else is wrong."""
    visitor = _known_visitor(request)
    try:
        if visitor:
            visitor.require_presumed()
    except Exception as first:
        return first
    return error


def _kept_in_frames(request: Request, response: Response) -> Response:
    """Every cookie of a page in Telegram's frame, not only the session: a browser drops the plain ones there. What a
    script of such a page asks for is known by the session alone; a session's cookie knows by itself where it stands.
    """
    if not response.cookies or not request.app.settings.secure_cookies:
        return response
    visitor = _known_visitor(request)
    if request.is_frame:
        return replace(response, cookies=tuple(map(for_frame, response.cookies)))
    if visitor and visitor.claimed and visitor.claimed.framed:
        own = f"{SESSION_COOKIE}="
        kept = (cookie if cookie.startswith(own) else for_frame(cookie) for cookie in response.cookies)
        return replace(response, cookies=tuple(kept))
    return response


def _guard(request: Request, route: Route) -> None:
    """No address sends too much. A wrong API token is refused everywhere in the API; what changes something proves
    where it comes from.
    """
    require_room(request, route)
    if request.is_api:
        _ = request.visitor
    if not request.is_read and route.csrf:
        if not request.is_api:
            require_form_token(request)
        elif not request.visitor.by_token:
            request.visitor.require_claim()
            _require_header_token(request)


def _require_header_token(request: Request) -> None:
    try:
        request.visitor.require_csrf(request.headers.get("x-csrf-token"))
    except CsrfFailed:
        request.visitor.require_user()
        raise


def _options(request: Request) -> Response:
    return Response("", 204, headers={"allow": ", ".join(_router().allowed(request.path))})


def _new_cookies(request: Request) -> tuple[str, ...]:
    visitor = _known_visitor(request)
    return visitor.new_cookies if visitor else ()


def _known_visitor(request: Request) -> Visitor | None:
    """None where nobody has asked who it is."""
    return request.__dict__.get("visitor")


@cache
def _router() -> Router:
    from web import account, admin, api, assistant, browse, identity, lot, sell, site, support, wallet

    router = Router()
    for feature in (browse, lot, sell, wallet, account, identity, site, support, assistant, api, admin):
        router.include(feature.router)
    return router


def _about(request: Request, route: Route | None) -> dict[str, object]:
    """What a log line tells of a request. Never its query, which may hold the proof of a login."""
    return {
        "request_id": request.id,
        "method": request.method,
        "route": route.path if route else None,
        "path": request.path if route is None else None,
    }
