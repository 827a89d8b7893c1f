"""Requests and answers of the HTTP API (payload format 2.0), and the short ways to make an answer.

A handler, of a page or of the API, takes the request and the variables of its path, and returns a Response:

    router = Router()

    @router.get("/auction/<auction_id>")
    def show(request: Request, auction_id: str) -> Response:
        view = request.app.browsing.lot(auction_id, request.visitor.user_id, request.now)
        return html(template.render(lot=view, csrf_token=request.visitor.csrf_token))

    @router.post("/auction/<auction_id>/bid")
    def bid(request: Request, auction_id: str) -> Response:
        person_id = request.visitor.require_user()        # raises LoginRequired: 401
        request.form.get("amount")                        # `.all(name)` for many, `.files(name)` for uploads
        return redirect(f"/auction/{auction_id}")

What it raises becomes an error answer (web.shared.error_answers). The CSRF token of a page's POST has been checked
before.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, unquote, urlencode

from starbid.domain.languages import language_of
from starbid.i18n import Language, language, language_to
from web.kernel.exceptions import Malformed, TooLarge, WrongMediaType
from web.kernel.forms import Fields, Form, read_any_form, read_form, read_query
from web.kernel.negotiation import JSON_TYPE, names_html, prefers_json
from web.kernel.visitor import Visitor

if TYPE_CHECKING:
    from starbid.bootstrap import App

HTML = "text/html; charset=utf-8"
JSON = JSON_TYPE
TEXT = "text/plain; charset=utf-8"


class Pages(Protocol):
    """The router, as far as it knows which addresses people can look at."""

    def page_at(self, path: str, method: str = "GET") -> str | None:
        """The page that an address belongs to, itself or another; None for one that is not there."""
        ...

    def is_way_in(self, path: str) -> bool:
        """Whether it is a page to log in at."""
        ...


@dataclass(frozen=True)
class Request:
    """One request. `headers` has lower-case names; `path` is as the gateway gives it, without the query.

    `now` is the one moment at which all of this request happens, that of its arrival: what is read for it may be newer.
    `source_ip` is the address that the gateway saw. `recognise` finds out who sent it; `pages` knows what there is to
    look at.
    """

    app: App
    now: datetime
    id: str
    method: str
    path: str
    raw_query: str
    source_ip: str
    headers: Mapping[str, str]
    cookie_values: Mapping[str, tuple[str, ...]]
    event_body: str
    is_base64: bool
    recognise: Callable[[Request], Visitor]
    pages: Pages

    @cached_property
    def cookies(self) -> Mapping[str, str]:
        """By name; of one that comes twice the first counts, as the more specific path comes first."""
        return {name: values[0] for name, values in self.cookie_values.items()}

    @property
    def is_api(self) -> bool:
        return _is_api(self.path)

    @property
    def is_read(self) -> bool:
        """True for the methods that change nothing."""
        return self.method in ("GET", "HEAD", "OPTIONS")

    @property
    def is_frame(self) -> bool:
        """Whether the answer becomes a page in another page's frame, as in Telegram's web client. Asked by a script in
        the frame, it is False.
        """
        return self.headers.get("sec-fetch-dest") == "iframe"

    @property
    def wants_html(self) -> bool:
        """A page, and asked for by name."""
        return names_html(self.headers.get("accept"))

    @property
    def wants_json(self) -> bool:
        """Whether errors are told in JSON: in the API always, elsewhere to those who prefer it."""
        return self.is_api or prefers_json(self.headers.get("accept"))

    @property
    def here(self) -> str:
        """The address to come back to: this page with its query, or the page that the sent form stands on."""
        page = self.pages.page_at(self.path, self.method) or "/"
        return page + self._own_query() if page == self.path and self.is_read else page

    def _own_query(self) -> str:
        """The query with its `?`, its `next` a page of this site; nothing where it cannot be read."""
        try:
            fields = dict(self.query)
        except Malformed:
            return ""
        if "next" in fields:
            fields["next"] = self.onward(fields["next"])
        return f"?{urlencode(fields)}" if fields else ""

    def page(self, target: str | None, default: str = "/") -> str:
        """A page of this site to go on to, with its query: `target`, or the page that it belongs to where that is the
        address of a form or of a part; `default` for anything else.
        """
        local = local_path(target, "")
        written = re.split("[?#]", local, maxsplit=1)[0]
        path = unquote(written)
        found = self.pages.page_at(path) if path and not _is_api(path) else None
        if found is None:
            return default
        return as_address(found) + (local[len(written) :] if found == path else "")

    def onward(self, target: str | None, default: str = "/") -> str:
        """The same for somebody who has just logged in: no page to log in at."""
        page = self.page(target, default)
        return default if self.pages.is_way_in(re.split("[?#]", page, maxsplit=1)[0]) else page

    @cached_property
    def query(self) -> Fields:
        """The query; of a name that comes twice the last one counts. Raises Malformed."""
        return read_query(self.raw_query)

    @cached_property
    def body(self) -> bytes:
        """Raises Malformed."""
        if not self.is_base64:
            return self.event_body.encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(self.event_body, validate=True)
        except binascii.Error:
            raise Malformed("base64") from None

    @cached_property
    def form(self) -> Form:
        """The fields and files of a form, url-encoded or multipart. Raises Malformed, TooLarge, WrongMediaType."""
        return read_form(self.headers.get("content-type", ""), self.body)

    @property
    def typed(self) -> Form:
        """The form, to be shown again: one that is too large as well. Empty where it cannot be read."""
        try:
            return self.form
        except (Malformed, TooLarge, WrongMediaType):
            return read_any_form(self.headers.get("content-type", ""), self.body)

    @cached_property
    def visitor(self) -> Visitor:
        """Who is asking. In the API, an `Authorization` header alone decides; raises Unauthenticated."""
        return self.recognise(self)

    @cached_property
    def words(self) -> Language:
        """The language to answer in: pages go by the person's setting, the API by Accept-Language first."""
        accepted = self.headers.get("accept-language", "").strip()
        if self.is_api and accepted:
            return language(language_of(accepted))
        person = self.visitor.person
        return language_to(person, self.now) if person else language(language_of(accepted))


@dataclass(frozen=True)
class Response:
    """An answer. `cookies` are whole Set-Cookie values; bytes go out base64-encoded."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    def with_headers(self, **headers: str) -> Response:
        """With more headers; underscores in names stand for hyphens."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(self.body, self.status, self.content_type, {**self.headers, **more}, self.cookies)

    def with_cookies(self, *cookies: str) -> Response:
        return Response(self.body, self.status, self.content_type, self.headers, (*self.cookies, *cookies))

    def to_event(self) -> dict[str, Any]:
        """As Lambda hands it to the HTTP API."""
        binary = isinstance(self.body, bytes)
        body = base64.b64encode(self.body).decode() if isinstance(self.body, bytes) else self.body
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.status not in (204, 304):
            headers.setdefault("content-type", self.content_type)
        return {
            "statusCode": self.status,
            "headers": headers,
            "cookies": list(self.cookies),
            "body": body,
            "isBase64Encoded": binary,
        }


def html(text: str, status: int = 200) -> Response:
    """A page of one visitor: never kept by a shared cache, asked for again by the browser."""
    return Response(text, status, HTML, {"cache-control": "private, no-cache"})


def to_json(data: object, status: int = 200) -> Response:
    return Response(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        status,
        JSON,
        {"cache-control": "private, no-cache"},
    )


def text(message: str, status: int = 200) -> Response:
    return Response(message, status, TEXT, {"cache-control": "private, no-cache"})


def redirect(location: str, status: int = 303) -> Response:
    return Response("", status, TEXT, {"location": location, "cache-control": "no-store"})


def no_content() -> Response:
    return Response("", 204)


def _is_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def local_path(target: str | None, default: str = "/") -> str:
    """A path on this site; `default` for anything that could lead away from it."""
    if not target or not target.startswith("/") or "\\" in target:
        return default
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in target):
        return default
    path = unquote(re.split("[?#]", target, maxsplit=1)[0])
    if (
        any(part in ("", ".", "..") for part in path.split("/")[1:-1])
        or path.endswith(("/.", "/.."))
        or path[1:2] == "/"
    ):
        return default  # browsers take these out, and what is left may begin with two slashes: another site
    return as_address(target)


def as_address(target: str) -> str:
    """A path with its query as it may stand in a header or a page, whatever is in it."""
    return quote(target, safe="/?&=#%+:@!$'()*,;~.-_")


def path_with(path: str, **query: str | None) -> str:
    """A path with the query fields that are not None."""
    fields = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(fields)}" if fields else path
