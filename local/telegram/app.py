"""The stand-in as a WSGI application: the Bot API, the page, and the JSON between the page and us."""

from __future__ import annotations

import mimetypes
import threading
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.utils import redirect

from local.telegram import bot_api, charges, control, inline_actions, venue_actions
from local.telegram.body import Body
from local.telegram.context import Bot, Context
from local.telegram.deliver import RETRY_DELAYS, Courier, Transport, post
from local.telegram.errors import PageError
from local.telegram.files import MAX_PHOTO_BYTES, Files
from local.telegram.login import LoginSigner
from local.telegram.messages import Messages
from local.telegram.people import People, Person
from local.telegram.presses import Presses
from local.telegram.store import Store
from local.telegram.venues import Venues

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STATIC = Path(__file__).parent / "static"
MAX_BODY = 80_000_000
"""A file of 50 MB in base64, and what is around it."""
MAX_FIELD = 2_000_000
RENEWAL_CHECK_SECONDS = 1.0
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
URLS = Map(
    [
        Rule("/", endpoint="page"),
        Rule("/static/<path:name>", endpoint="static"),
        Rule("/media/<file_id>", endpoint="media"),
        Rule("/invoice/<slug>", endpoint="invoice"),
        Rule("/invoices/<slug>", endpoint="invoice_card"),
        Rule("/open/<int:person_id>", endpoint="open"),
        Rule("/people", endpoint="people", methods=["GET"]),
        Rule("/people", endpoint="create_person", methods=["POST"]),
        Rule("/chats/<int:person_id>", endpoint="chat", methods=["GET"]),
        Rule("/chats/<int:person_id>/payments", endpoint="payments", methods=["GET"]),
        Rule("/chats/<int:person_id>/<action>", endpoint="act", methods=["POST"]),
        Rule("/groups/-<int:chat_id>", endpoint="group", methods=["GET"]),
        Rule("/venues", endpoint="venues_page"),
        Rule("/venues/list", endpoint="venues", methods=["GET"]),
        Rule("/venues/-<int:chat_id>", endpoint="venue", methods=["GET"]),
        Rule("/api/bot<token>/<method>", endpoint="bot_api", methods=["GET", "POST"]),
        Rule("/api/bot<token>/test/<method>", endpoint="bot_api", methods=["GET", "POST"]),
        Rule("/api/file/bot<token>/<path:path>", endpoint="file", methods=["GET"]),
        Rule("/api/file/bot<token>/test/<path:path>", endpoint="file", methods=["GET"]),
        Rule("/file/bot<token>/<path:path>", endpoint="file", methods=["GET"]),
    ]
)


def fetch_url(url: str) -> bytes:
    """Fetch a picture that the bot names by its address. Raises `OSError` or `ValueError`."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=5) as answer:
        data: bytes = answer.read(MAX_PHOTO_BYTES + 1)
    return data


class StandIn:
    """The running stand-in. `wsgi` is to be mounted under `/_local/telegram`."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._signer = LoginSigner(context)
        self._closing = threading.Event()
        self._clock = threading.Thread(target=self._watch_subscriptions, name="telegram-clock", daemon=True)
        self._clock.start()
        context.courier.start()

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; never with a traceback."""
        request = Request(environ)
        request.max_content_length = MAX_BODY
        request.max_form_memory_size = MAX_FIELD
        return self._respond(request)(environ, start_response)

    def close(self) -> None:
        """Stop the threads and release the data; undelivered updates wait for the next start."""
        self._closing.set()
        self._clock.join(timeout=5)
        self.context.courier.close()
        self.context.store.close()

    def drain(self, timeout_seconds: float) -> bool:
        """Renew due subscriptions and wait until the bot has every update; returns whether it has."""
        charges.renew_due(self.context)
        return self.context.courier.drain(timeout_seconds)

    def add_person(self, id: int, first_name: str, username: str, language_code: str, stars: int) -> None:  # noqa: A002
        """Add a person whom the bot may write to, unless they are there already."""
        self.context.people.put(id, first_name, username, language_code, stars)

    def _watch_subscriptions(self) -> None:
        while not self._closing.wait(RENEWAL_CHECK_SECONDS):
            charges.renew_due(self.context)

    def _respond(self, request: Request) -> Response:
        adapter = URLS.bind_to_environ(request.environ)
        try:
            endpoint, values = adapter.match()
            answer: Response = getattr(self, f"_{endpoint}")(request, **values)
        except PageError as error:
            return control.answer({"error": error.words}, error.status)
        except HTTPException as error:
            return _http_error(error)
        return answer

    def _page(self, _request: Request) -> Response:
        return self._static(_request, "index.html")

    def _venues_page(self, _request: Request) -> Response:
        return self._static(_request, "venues.html")

    def _venues(self, _request: Request) -> Response:
        return control.answer(venue_actions.listed(self.context))

    def _venue(self, _request: Request, chat_id: int) -> Response:
        if chat_id >= 2**63:
            raise PageError(404, "There is no such group or channel.")
        return control.answer(venue_actions.shown(self.context, -chat_id))

    def _static(self, _request: Request, name: str) -> Response:
        path = STATIC / name
        if path.parent != STATIC or not path.is_file():
            raise PageError(404, "There is no such file.")
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(path.read_bytes(), mimetype=mime, headers=PAGE_HEADERS)

    def _media(self, _request: Request, file_id: str) -> Response:
        file = self.context.files.find(file_id)
        if file is None:
            raise PageError(404, "There is no such file.")
        response = Response(self.context.files.read(file), mimetype=file.mime if file.width else None)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        if not file.width:
            response.mimetype = "application/octet-stream"
            response.headers.set("Content-Disposition", "attachment", filename=file.name)
        return response

    def _invoice(self, _request: Request, slug: str) -> Response:
        return _redirect(f"../?invoice={slug}")

    def _invoice_card(self, _request: Request, slug: str) -> Response:
        return control.invoice_card(self.context, slug)

    def _open(self, request: Request, person_id: int) -> Response:
        """Open the site as a person, or what a `login_url` or `web_app` button leads to."""
        one = self._person(person_id)
        self.context.people.allow(one.id)
        url, kind = request.args.get("url", ""), request.args.get("kind", "")
        if not url:
            return _redirect(self._signer.site_link(one))
        if not url.lower().startswith(("http://", "https://")):
            raise PageError(400, "Only http and https links can be opened.")
        return _redirect(self._signer.button_link(one, kind, url))

    def _people(self, request: Request) -> Response:
        return control.answer(control.people(self.context, control.since(request)))

    def _create_person(self, request: Request) -> Response:
        return control.create_person(self.context, Body.of(request))

    def _chat(self, request: Request, person_id: int) -> Response:
        return control.answer(control.chat(self.context, self._person(person_id), control.since(request)))

    def _group(self, _request: Request, chat_id: int) -> Response:
        if chat_id >= 2**63:
            raise PageError(404, "There is no such group.")
        return control.answer(control.group(self.context, -chat_id))

    def _payments(self, _request: Request, person_id: int) -> Response:
        return control.answer(control.payments_of(self.context, self._person(person_id)))

    def _act(self, request: Request, person_id: int, action: str) -> Response:
        actions = control.ACTIONS | inline_actions.ACTIONS | venue_actions.ACTIONS
        function = actions.get(action)
        if function is None:
            raise PageError(404, "There is no such action.")
        return function(self.context, self._person(person_id), Body.of(request))

    def _bot_api(self, request: Request, token: str, method: str) -> Response:
        return bot_api.call(self.context, request, token, method)

    def _file(self, _request: Request, token: str, path: str) -> Response:
        return bot_api.download(self.context, token, path)

    def _person(self, person_id: int) -> Person:
        if person_id >= 2**63:
            raise PageError(404, "There is no such person.")
        return self.context.people.get(person_id)


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, RequestRedirect):
        return _redirect(error.new_url)
    code = error.code or 500
    body = {"ok": False, "error_code": code, "error": error.name, "description": error.name}
    return control.answer(body, code)


def _redirect(url: str) -> Response:
    response = redirect(url, 302, Response)
    response.autocorrect_location_header = False
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def create_app(
    *,
    data_dir: Path,
    token: str,
    bot_username: str,
    site_url: str,
    webhook_url: str,
    webhook_secret: str,
    now: Callable[[], datetime],
    transport: Transport = post,
    retry_delays: Sequence[float] = RETRY_DELAYS,
    fetch: Callable[[str], bytes] = fetch_url,
    checkout_seconds: float = 10.0,
    operators: frozenset[int] = frozenset(),
) -> StandIn:
    """Start the stand-in, its data under `data_dir`. `now` is the local run's clock, in UTC.

    `operators` are people whom the page leads to the panel.
    The four before it are for tests: how updates are posted, the seconds between tries, how pictures are fetched,
    and how long the pay sheet waits for the bot.
    """
    folder = data_dir / "telegram"
    store = Store(folder / "telegram.sqlite3")
    context = Context(
        store=store,
        bot=Bot(token, bot_username, "Starbid"),
        site_url=site_url,
        now=now,
        people=People(store),
        messages=Messages(store),
        files=Files(store, folder / "files"),
        presses=Presses(store),
        venues=Venues(store),
        courier=Courier(store, webhook_url, webhook_secret, transport, retry_delays),
        fetch=fetch,
        checkouts=threading.Condition(store.lock),
        checkout_seconds=checkout_seconds,
        operators=operators,
    )
    return StandIn(context)
