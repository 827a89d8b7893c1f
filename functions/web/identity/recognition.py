"""How a request tells who sent it: by the cookie of a session, or in the API by a token."""

from __future__ import annotations

from web.identity.tokens import user_of
from web.kernel.exceptions import Unauthenticated
from web.kernel.http import Request
from web.kernel.session import GUEST_COOKIE, SESSION_COOKIE, read_guest, read_session
from web.kernel.visitor import Visitor


def recognise(request: Request) -> Visitor:
    """In the API a present `Authorization` alone decides; elsewhere, and without one, the session cookie.

    Raises Unauthenticated for an `Authorization` that is no token of ours.
    """
    app, in_api, only_reads = request.app, request.is_api, request.is_read
    authorization = request.headers.get("authorization")
    if in_api and authorization is not None:
        owner = user_of(app.store, authorization)
        if owner is None:
            raise Unauthenticated
        return Visitor(app, None, token_owner=owner, in_api=True, only_reads=only_reads)
    secret = app.settings.secret_key
    claimed = read_session(request.cookies.get(SESSION_COOKIE), secret, request.now)
    guest = None if claimed else read_guest(request.cookies.get(GUEST_COOKIE), secret)
    return Visitor(app, claimed, guest_nonce=guest, in_api=in_api, only_reads=only_reads)
