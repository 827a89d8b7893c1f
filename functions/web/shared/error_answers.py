"""The answer to what a handler raised: JSON for programs, a page with a way out for people. The only such place."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain import errors as domain
from starbid.domain.errors import StarbidError
from starbid.domain.languages import language_of
from starbid.i18n import Language, language
from starbid.observability import logger
from web.kernel.exceptions import CsrfFailed, LoginRequired, MethodNotAllowed, Unauthenticated
from web.kernel.http import Request, Response, html, redirect, text, to_json
from web.shared.context import PageContext, page_context, page_words
from web.shared.refusals import as_refusal, error_body, message_of, status_of, with_patience
from web.shared.rendering import render as render_template


def answer(error: Exception, request: Request) -> Response:
    """The answer to what a handler raised."""
    told = as_refusal(error)
    status = status_of(told)
    words = _words(request)
    if request.wants_json:
        response = to_json(error_body(told, words), status)
    else:
        response = _page(status, told, request, words)
    if not request.is_api:
        response = response.with_headers(vary="Accept")
    if isinstance(told, MethodNotAllowed):
        return response.with_headers(allow=", ".join(told.allowed))
    if isinstance(told, Unauthenticated) and request.is_api:
        return response.with_headers(www_authenticate="Bearer")
    return with_patience(response, told)


def _page(status: int, error: domain.StarbidError, request: Request, words: Language) -> Response:
    """The error's page; in plain words where the page itself fails, as it may for the same reason."""
    try:
        return render(status, error, request)
    except Exception:
        logger("web").exception("error page failed", extra={"request_id": request.id})
        return text(message_of(error, words), status)


def _words(request: Request) -> Language:
    """The request's language; an error must be told even where the person behind it cannot be read."""
    try:
        return request.words
    except Exception:
        return language(language_of(request.headers.get("accept-language")))


def render(status: int, error: StarbidError, request: Request) -> Response:
    """The answer for people. It must come even where the person cannot be read."""
    if isinstance(error, LoginRequired):
        return _to_login(request, error.back)
    words, page = _context(request)
    _ = words._
    titles = {
        403: _("You have no access here"),
        404: _("Not found"),
        405: _("That does not work here"),
        410: _("No longer here"),
        413: _("Too large"),
        429: _("One moment"),
        503: _("One moment"),
    }
    title = titles.get(status, _("Something went wrong") if status >= 500 else _("That did not work"))
    back, elsewhere = "", False
    if isinstance(error, CsrfFailed):
        title, back, elsewhere = _("That did not work"), request.here, error.no_cookie
    text = message_of(error, words)
    values = {"title_text": title, "text": text, "back": back, "elsewhere": elsewhere}
    return html(render_template("shared/error.html", words, page=page, status=status, **values), status)


def _to_login(request: Request, back: str) -> Response:
    """With htmx the whole page goes, not the part that was asked for."""
    target = "/login?" + urlencode({"next": request.onward(back or request.here)})
    if request.headers.get("hx-request"):
        return Response("", 200, headers={"hx-redirect": target, "cache-control": "no-store"})
    return redirect(target)


def _context(request: Request) -> tuple[Language, PageContext]:
    try:
        words = page_words(request)
        return words, page_context(request, words)
    except Exception:  # the fault may be the store's; then the page is that of nobody
        words = language(language_of(request.headers.get("accept-language")))
        settings = request.app.settings
        bot, url, business = settings.bot_username, settings.bot_url, settings.business
        token = request.visitor.form_token
        return words, PageContext(
            None, None, token, request.app.now(), request.path, request.here, "/", None, framed=False, bot=bot,
            bot_url=url, business=business,
        )  # fmt: skip
