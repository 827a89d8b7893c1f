"""Which requests are counted by the address that they come from."""

from __future__ import annotations

from starbid.domain.address_limits import Traffic
from web.kernel.exceptions import Malformed
from web.kernel.http import Request
from web.kernel.routing import Route

PROOFS = {"/login/telegram", "/login/oidc/callback"}
"""GETs that carry the proof of a login."""
SEARCHES = {"/", "/rss", "/api/v1/auctions"}
"""Lists that words may be searched in."""
SUGGESTIONS = {"/suggest"}


def require_room(request: Request, route: Route) -> None:
    """Raises TooOften. Costly acts of people who are logged in have limits of their own (`starbid.domain.limits`)."""
    traffic = traffic_of(request, route)
    if traffic:
        request.app.address_limits.require(traffic, request.source_ip, request.now)


def traffic_of(request: Request, route: Route) -> Traffic | None:
    """What a request counts as; None where it is not counted.

    A form without a token proves itself by other means: the few servers of a mail provider send one-click unsubscribes
    for all its people. Who has had a session counts as logged in, also when it is over: to know that is a read, and
    that cookie is had by a login alone, which is counted.
    """
    if request.is_read:
        if route.path in PROOFS:
            return Traffic.LOGIN
        searches = route.path in SUGGESTIONS or (route.path in SEARCHES and _has_words(request))
        return Traffic.SEARCH if searches else None
    if route.path.startswith("/login/"):
        return Traffic.LOGIN
    is_of_guest = route.csrf and not request.is_api and request.visitor.claimed_id is None
    return Traffic.FORM if is_of_guest else None


def _has_words(request: Request) -> bool:
    try:
        return bool(request.query.get("q", "").strip())
    except Malformed:
        return False
