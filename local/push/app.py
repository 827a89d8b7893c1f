"""The push service as a WSGI application: RFC 8030 as far as it has to do with application servers, and a page."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from local.push import pages
from local.push.service import ANSWERS, GOOD, MOST_BODY, REST_SECONDS, PushService, Unproven
from local.sheet import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIX = "/_local/push"
KEPT_HEADERS = ("ttl", "urgency", "topic", "content-encoding", "authorization")
_URLS = Map(
    [
        Rule("/", endpoint="page", methods=["GET"]),
        Rule("/", endpoint="tell", methods=["POST"]),
        Rule("/messages", endpoint="messages", methods=["GET"]),
        Rule("/subscribe", endpoint="subscribe", methods=["POST"]),
        Rule("/to/<token>", endpoint="push", methods=["POST"]),
    ]
)


class LocalPush:
    """`wsgi` is to be mounted under PREFIX of `site_url`; `now` is the run's clock."""

    def __init__(self, public_key: str, now: Callable[[], datetime], *, site_url: str) -> None:
        self.service = PushService(public_key, site_url)
        self._now, self._address = now, f"{site_url}{PREFIX}"

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; never with a traceback."""
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = 4 * MOST_BODY
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            endpoint, values = _URLS.bind_to_environ(request.environ).match()
            answer: Response = getattr(self, f"_{endpoint}")(request, **values)
        except RequestRedirect as moved:
            return Response(status=302, headers={"Location": moved.new_url})
        except HTTPException as error:
            return Response(error.name, status=error.code)
        return answer

    def _page(self, _request: Request) -> Response:
        page = pages.index(self.service.messages(), *self.service.expected())
        return Response(page, mimetype="text/html", headers=HEADERS)

    def _tell(self, request: Request) -> Response:
        what = request.form.get("what", "")
        if what not in ANSWERS:
            return Response("There is no such answer.", status=409)
        self.service.tell(what, lasts=request.form.get("until") == "changed")
        return Response(status=303, headers={"Location": f"{PREFIX}/"})

    def _messages(self, _request: Request) -> Response:
        """All that came, newest first, as JSON; bodies in base64."""
        told = [
            {
                "number": message.number,
                "to": f"{self._address}/to/{message.token}",
                "at": message.at.isoformat(),
                "headers": dict(message.headers),
                "body": b64encode(message.body).decode(),
            }
            for message in self.service.messages()
        ]
        return Response(json.dumps({"items": told}), mimetype="application/json")

    def _subscribe(self, _request: Request) -> Response:
        """A new browser, as one asks its push service for it (RFC 8030, 4)."""
        return Response(status=201, headers={"Location": f"{self._address}/to/{self.service.subscribe()}"})

    def _push(self, request: Request, token: str) -> Response:
        """RFC 8030, 5. What is wrong with a request is told before how the service feels."""
        headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
        if not headers.get("ttl", "").isdigit():
            return Response("TTL is missing", status=400)
        try:
            self.service.prove(headers.get("authorization", ""), self._now())
        except Unproven as why:
            return Response(str(why), status=403)
        if headers.get("content-encoding") != "aes128gcm":
            return Response("not encrypted as RFC 8291 has it", status=400)
        body = request.get_data()
        if len(body) > MOST_BODY:
            return Response(status=413)
        answer = self.service.take_answer()
        if answer != GOOD:
            told = {"429": {"Retry-After": str(REST_SECONDS)}, "301": {"Location": "https://push.example.org/"}}
            return Response(status=int(answer), headers=told.get(answer))
        message = self.service.take(token, headers, body, self._now())
        return Response(status=201, headers={"Location": f"{self._address}/message/{message.number}"})
