"""Errors as pages: what happened, and a way out. Where somebody has to log in, straight to the login."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain.errors import StarbidError
from starbid.domain.people import language_of
from starbid.i18n import Language, language
from web.errors import CsrfFailed, LoginRequired, message_of
from web.http import Request, Response, html, redirect
from web.pages.context import PageContext, page_context, page_words
from web.pages.rendering import render as render_template

_FORM_PAGES = {
    "settings": "/settings", "new_auction": "/new_auction", "login": "/login", "logout": "/", "language": "/",
}  # fmt: skip
"""Where the forms of addresses that are no pages stand, by the address's first part."""


def render(status: int, error: StarbidError, request: Request) -> Response:
    """The answer for people. It must come even where the person cannot be read."""
    if isinstance(error, LoginRequired):
        return _to_login(request)
    words, page = _context(request)
    _ = words._
    titles = {
        403: _("This is not for you"),
        404: _("Not found"),
        405: _("That does not work here"),
        413: _("Too large"),
        429: _("One moment, please"),
        503: _("One moment, please"),
    }
    title = titles.get(status, _("Something went wrong") if status >= 500 else _("That did not work"))
    back, elsewhere = "", False
    if isinstance(error, CsrfFailed):
        title, back, elsewhere = _("That did not work"), _way_back(request), error.no_cookie
    text = message_of(error, words)
    if status == 413 and request.path.endswith(("/new_auction", "/edit")):
        text = _("The pictures have more than 4 MB in all. Send fewer or smaller ones.")
    values = {"title_text": title, "text": text, "back": back, "elsewhere": elsewhere}
    return html(render_template("error.html", words, page=page, status=status, **values), status)


def _to_login(request: Request) -> Response:
    """With htmx the whole page goes, not the part that was asked for."""
    target = "/login?" + urlencode({"next": _way_back(request)})
    if request.headers.get("hx-request"):
        return Response("", 200, headers={"hx-redirect": target, "cache-control": "no-store"})
    return redirect(target)


def _way_back(request: Request) -> str:
    """The page itself; for a form's address the page that the form stands on."""
    if request.is_read:
        return request.path + (f"?{request.raw_query}" if request.raw_query else "")
    parts = request.path.split("/")
    if parts[1] == "auction" and len(parts) > 2:
        return "/".join(parts[:3])
    return _FORM_PAGES.get(parts[1], request.path)


def _context(request: Request) -> tuple[Language, PageContext]:
    try:
        words = page_words(request)
        return words, page_context(request, words)
    except Exception:  # the fault may be the store's; then the page is that of nobody
        words = language(language_of(request.headers.get("accept-language")))
        bot, url = request.app.settings.bot_username, request.app.settings.bot_url
        token = request.visitor.csrf_token
        return words, PageContext(None, None, token, request.now, request.path, None, False, bot, url)
