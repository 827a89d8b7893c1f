"""What proves that one of our own pages sent a form."""

from __future__ import annotations

from web.kernel.exceptions import CsrfFailed
from web.kernel.http import Request


def require_form_token(request: Request) -> None:
    """The CSRF token of a page's POST: header `X-CSRF-Token`, or the form's field. Raises CsrfFailed."""
    token = request.headers.get("x-csrf-token")
    if token is None:
        kind = request.headers.get("content-type", "").lower()
        if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
            raise CsrfFailed
        token = request.form.get("csrf_token")
    request.visitor.require_csrf(token)


def is_foreign(request: Request) -> bool:
    """Whether another site sent a form, as far as the browser tells: today's do of every POST."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = (request.app.settings.base_url, f"{_scheme(request)}://{request.headers.get('host', '')}")
    return site in ("cross-site", "same-site") or (origin is not None and origin.rstrip("/") not in ours)


def _scheme(request: Request) -> str:
    return request.headers.get("x-forwarded-proto", "http")
