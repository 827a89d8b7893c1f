"""Errors of the web and of the use cases as answers: JSON for the API, a page for people. The only such place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from starbid.domain import errors as domain
from starbid.i18n import Language
from starbid.observability import logger
from starbid.services.ports import Contended, TryLater, Unavailable
from starbid.wording import refusal

if TYPE_CHECKING:
    from web.http import Request, Response


class WebError(domain.StarbidError):
    """A request that does not get as far as a use case. `status` is its HTTP status."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400


class Malformed(WebError):
    """The body or query cannot be read; `what` says what was expected."""

    code = "malformed"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    @property
    def details(self) -> dict[str, object]:
        return {"expected": self.what}


class Unauthenticated(WebError):
    """Nobody, or an unknown token, where somebody is needed."""

    code = "unauthenticated"
    status = 401


class LoginRequired(Unauthenticated):
    """A page that needs somebody who is logged in."""


class CsrfFailed(WebError):
    """The token of our pages is missing or not of this session; `no_cookie`: there was nothing to check it by."""

    code = "csrf"
    status = 403

    def __init__(self, *, no_cookie: bool = False) -> None:
        self.no_cookie = no_cookie


class LoginRefused(WebError):
    """A login that does not hold. `reason` is one of `fields`, `hash`, `stale`, `used`, `foreign`."""

    code = "login_refused"
    status = 403

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def details(self) -> dict[str, object]:
        return {"reason": self.reason}


class OtherAccount(WebError):
    """A login as `new` where `current` is logged in (names): whoever sent it says first that they mean it."""

    code = "other_account"
    status = 409

    def __init__(self, current: str, new: str) -> None:
        super().__init__("somebody else is logged in")
        self.current, self.new = current, new

    @property
    def details(self) -> dict[str, object]:
        return {"current": self.current, "new": self.new}


class SessionRequired(WebError):
    """What a program may not do with its token: the person does it, logged in on the site."""

    code = "session_required"
    status = 403


class NoSuchPage(WebError):
    code = "not_found"
    status = 404


class MethodNotAllowed(WebError):
    """`allowed` are the methods that the path knows."""

    code = "method_not_allowed"
    status = 405

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = allowed


class TooLarge(WebError):
    """`most` is the limit in bytes."""

    code = "too_large"
    status = 413

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} bytes")
        self.most = most

    @property
    def details(self) -> dict[str, object]:
        return {"most_bytes": self.most}


class WrongMediaType(WebError):
    """`expected` is what the body should have been."""

    code = "unsupported_media_type"
    status = 415

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected

    @property
    def details(self) -> dict[str, object]:
        return {"expected": self.expected}


class Busy(WebError):
    """The store or Telegram did not answer in time; the same request may be sent again."""

    code = "unavailable"
    status = 503


class Internal(WebError):
    """A fault of ours. It tells nothing of its cause."""

    code = "internal"
    status = 500


_STATUS: dict[type[domain.StarbidError], int] = {
    domain.Invalid: 422,
    domain.InvalidFields: 422,
    domain.KeyReused: 422,
    domain.NotFound: 404,
    domain.Blocked: 403,
    domain.InDebt: 403,
    domain.SubscriptionRequired: 403,
    domain.NotYours: 403,
    domain.TooOften: 429,
    domain.LogNotReady: 503,
}
"""Everything else that a use case refuses is a matter of state: 409."""


def as_refusal(error: Exception) -> domain.StarbidError:
    """What people are told of an error; a fault of ours becomes Internal."""
    match error:
        case domain.StarbidError():
            return error
        case Contended():
            return domain.Conflict()
        case Unavailable() | TryLater():
            return Busy()
        case _:
            return Internal()


def status_of(error: domain.StarbidError) -> int:
    """The HTTP status of a refusal."""
    return error.status if isinstance(error, WebError) else _STATUS.get(type(error), 409)


def is_trouble(error: Exception) -> bool:
    """Whether somebody should look at it; that a file is not there yet is in order."""
    return not isinstance(error, domain.LogNotReady) and status_of(as_refusal(error)) >= 500


def message_of(error: domain.StarbidError, words: Language) -> str:
    """The sentence for an error, in plain text."""
    if not isinstance(error, WebError):
        return refusal(error, words)
    _ = words._
    match error:
        case LoginRefused():
            return _login_refused(error, words)
        case LoginRequired():
            return _("Please log in first.")
        case Unauthenticated():
            return _("Log in, or send a valid token.")
        case CsrfFailed():
            stale = _("This page is out of date. Reload it and try again.")
            none = _("This browser sent no cookie of ours. Reload the page; if it keeps none, use another browser.")
            return none if error.no_cookie else stale
        case NoSuchPage():
            return _("There is nothing at this address.")
        case MethodNotAllowed():
            return _("This address does not take this kind of request.")
        case TooLarge():
            return _too_large(error.most, words)
        case WrongMediaType():
            return _("The body must be {expected}.", expected=error.expected)
        case Malformed():
            return _("The request cannot be read.")
        case OtherAccount():
            names = {"now": error.current, "new": error.new}
            return _("You are logged in here as {now}. Log in as {new} instead?", **names)
        case SessionRequired():
            return _("A token cannot make tokens. Make one on /settings, where you log in yourself.")
        case Busy():
            return _("This takes longer than it should. Please try again in a moment.")
        case _:
            return _("Something went wrong on our side. Please try again in a moment.")


def _too_large(most: int, words: Language) -> str:
    megabytes = most // (1024 * 1024)
    if megabytes:
        return words._("That is too much at once; {most} MB at most.", most=megabytes)
    return words._("That is too much at once; {most} KB at most.", most=most // 1024)


def _login_refused(error: LoginRefused, words: Language) -> str:
    _ = words._
    match error.reason:
        case "stale":
            return _("This login link is too old. Please log in again.")
        case "used":
            return _("This login link has been used already. Please log in again.")
        case "foreign":
            return _("This login came from another site.")
        case _:
            return _("Telegram did not confirm this login. Please log in again.")


def error_body(error: domain.StarbidError, words: Language) -> dict[str, object]:
    """The API's error format (spec, section 5)."""
    return {"error": {"code": error.code, "message": message_of(error, words), "details": error.details}}


def answer(error: Exception, request: Request) -> Response:
    """The answer to what a handler raised."""
    from web.http import to_json

    told = as_refusal(error)
    status = status_of(told)
    words = _words(request)
    if request.is_api:
        response = to_json(error_body(told, words), status)
    else:
        response = _page(status, told, request, words)
    if isinstance(told, MethodNotAllowed):
        return response.with_headers(allow=", ".join(told.allowed))
    if isinstance(told, Unauthenticated) and request.is_api:
        return response.with_headers(www_authenticate="Bearer")
    return with_patience(response, told)


def with_patience(response: Response, error: domain.StarbidError) -> Response:
    """`Retry-After`, where it helps to come again."""
    match error:
        case Busy():
            return response.with_headers(retry_after="2")
        case domain.LogNotReady() | domain.TooOften():
            return response.with_headers(retry_after=str(error.seconds))
        case _:
            return response


def _page(status: int, error: domain.StarbidError, request: Request, words: Language) -> Response:
    """The error's page; in plain words where the page itself fails, as it may for the same reason."""
    from web.http import text
    from web.pages.errors import render

    try:
        return render(status, error, request)
    except Exception:
        logger("web").exception("error page failed", extra={"request_id": request.id})
        return text(message_of(error, words), status)


def _words(request: Request) -> Language:
    """The request's language; an error must be told even where the person behind it cannot be read."""
    from starbid.domain.people import language_of
    from starbid.i18n import language

    try:
        return request.words
    except Exception:
        return language(language_of(request.headers.get("accept-language")))
