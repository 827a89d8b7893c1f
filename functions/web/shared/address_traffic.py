"""Which requests are counted by the address that they come from."""

from __future__ import annotations

from starbid.domain.address_limits import Traffic
from web.kernel.exceptions import Malformed
from web.kernel.http import Request
from web.kernel.routing import Route

PROOFS = {"/login/telegram", "/login/oidc/callback"}
"""GETs that carry the proof of a login."""
SEARCHES = {"/", "/api/v1/auctions"}
"""Lists that words may be searched in."""
SUGGESTIONS = {"/suggest"}


def require_room(request: Request, route: Route) -> None:
    """Raises TooOften. People who are logged in have limits of their own (`starbid.domain.limits`)."""
    traffic = traffic_of(request, route)
    if traffic:
        request.app.address_limits.require(traffic, request.source_ip, request.now)


def traffic_of(request: Request, route: Route) -> Traffic | None:
    """What a request counts as; None where it is not counted."""
    if request.is_read:
        if route.path in PROOFS:
            return Traffic.LOGIN
        searches = route.path in SUGGESTIONS or (route.path in SEARCHES and _has_words(request))
        return Traffic.SEARCH if searches else None
    if route.path.startswith("/login/"):
        return Traffic.LOGIN
    return Traffic.FORM if not request.is_api and request.visitor.claimed_id is None else None


def _has_words(request: Request) -> bool:
    try:
        return bool(request.query.get("q", "").strip())
    except Malformed:
        return False
