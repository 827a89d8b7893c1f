"""What people are told of a request that was refused or failed: its status, its sentence, the API's error body."""

from __future__ import annotations

from starbid.domain import errors as domain
from starbid.domain.assistant import errors as assistant
from starbid.domain.bills import ProviderFailed
from starbid.domain.email_errors import EmailLinkForged, EmailLinkOfAnother, EmailLinkOver, EmailNotOffered
from starbid.domain.exports import ExportGone, NoSuchExport
from starbid.domain.payout_errors import NoSuchPayout
from starbid.domain.refund_requests import NoSuchRequest
from starbid.domain.restrictions import Restricted
from starbid.domain.roles import NotAllowed
from starbid.domain.talks import NoSuchMessage
from starbid.i18n import Language
from starbid.services.desk.carrying_out import NoSuchPerson
from starbid.services.ports import Contended, TryLater, Unavailable
from starbid.wording import refusal
from web.kernel.exceptions import (
    Busy,
    CsrfFailed,
    Internal,
    LoginRefused,
    LoginRequired,
    LoginSilent,
    Malformed,
    MethodNotAllowed,
    NoSuchPage,
    OtherAccount,
    SessionRequired,
    TooLarge,
    Unauthenticated,
    WebError,
    WrongMediaType,
)
from web.kernel.http import Response

_STATUS: dict[type[domain.StarbidError], int] = {
    domain.Invalid: 422,
    domain.InvalidFields: 422,
    domain.KeyReused: 422,
    domain.NotFound: 404,
    NoSuchPayout: 404,
    NoSuchRequest: 404,
    NoSuchMessage: 404,
    NoSuchPerson: 404,
    domain.Blocked: 403,
    Restricted: 403,
    domain.InDebt: 403,
    domain.SubscriptionRequired: 403,
    NotAllowed: 403,
    domain.NotYours: 403,
    domain.TooOften: 429,
    domain.LogNotReady: 503,
    NoSuchExport: 404,
    ExportGone: 410,
    ProviderFailed: 503,
    EmailLinkForged: 400,
    EmailLinkOver: 410,
    EmailLinkOfAnother: 403,
    EmailNotOffered: 404,
    assistant.NoCredits: 402,
    assistant.ConsentNeeded: 403,
    assistant.NotOffered: 503,
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


_IN_ORDER = (domain.LogNotReady, ProviderFailed, assistant.NotOffered)


def is_trouble(error: Exception) -> bool:
    """Whether somebody should look at it; that a file is not there yet is in order, and of a provider that fails
    operators know by then.
    """
    return not isinstance(error, _IN_ORDER) and status_of(as_refusal(error)) >= 500


def message_of(error: domain.StarbidError, words: Language) -> str:
    """The sentence for an error, in plain text."""
    if not isinstance(error, WebError):
        return refusal(error, words)
    _ = words._
    match error:
        case LoginRefused() | LoginSilent():
            return _login_refused(error, words)
        case LoginRequired():
            return _("Log in first.")
        case Unauthenticated():
            return _("Log in, or send a valid token.")
        case CsrfFailed():
            return _old_page(error, words)
        case NoSuchPage():
            return _("There is nothing at this address.")
        case MethodNotAllowed():
            return _("This address does not accept this kind of request.")
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
            return _("A token cannot create tokens. Create one on /settings, where you log in yourself.")
        case Busy():
            return _("This is taking too long. Try again in a moment.")
        case _:
            return _("Something went wrong on our side. Try again in a moment.")


def _old_page(error: CsrfFailed, words: Language) -> str:
    _ = words._
    if error.no_cookie:
        return _("This browser sent no cookie of ours. Reload the page; if it keeps none, use another browser.")
    if error.kept:
        return _("This page was out of date, so nothing was done. Look at it once more and press the button again.")
    return _("This page is out of date. Reload it and try again.")


def _too_large(most: int, words: Language) -> str:
    megabytes = most // (1024 * 1024)
    if megabytes:
        return words._("That is too large: {most} MB at most.", most=megabytes)
    return words._("That is too large: {most} KB at most.", most=most // 1024)


def _login_refused(error: LoginRefused | LoginSilent, words: Language) -> str:
    _ = words._
    if isinstance(error, LoginSilent):
        return _("Telegram's login is not answering. Log in through the bot, or try again in a moment.")
    match error.reason:
        case "stale":
            return _("This login link has expired. Log in again.")
        case "used":
            return _("This login link has already been used. Log in again.")
        case "foreign":
            return _("This login came from another site.")
        case "browser":
            return _("This login began in another browser, or too long ago. Log in again.")
        case "declined":
            return _("You did not confirm the login in Telegram.")
        case _:
            return _("Telegram did not confirm this login. Log in again.")


def error_body(error: domain.StarbidError, words: Language) -> dict[str, object]:
    """The API's error format (spec, section 5)."""
    return {"error": {"code": error.code, "message": message_of(error, words), "details": error.details}}


def with_patience(response: Response, error: domain.StarbidError) -> Response:
    """`Retry-After`, where it helps to come again."""
    match error:
        case Busy():
            return response.with_headers(retry_after="2")
        case domain.LogNotReady() | domain.TooOften():
            return response.with_headers(retry_after=str(error.seconds))
        case _:
            return response
