"""The push service as a WSGI application: RFC 8030 as far as it has to do with application servers, and a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from local.push import pages
from local.push.service import GOOD, MOST_BODY, REST_SECONDS, PushService, Unproven
from local.stand_in import StandIn, as_html, as_json

PREFIX = "/_local/push"
KEPT_HEADERS = ("ttl", "urgency", "topic", "content-encoding", "authorization")


class LocalPush(StandIn):
    """`wsgi` is to be mounted under PREFIX of `site_url`; `now` is the run's clock."""

    most_body = 4 * MOST_BODY
    urls = Map(
        [
            Rule("/", endpoint="page", methods=["GET"]),
            Rule("/", endpoint="tell", methods=["POST"]),
            Rule("/messages", endpoint="messages", methods=["GET"]),
            Rule("/subscribe", endpoint="subscribe", methods=["POST"]),
            Rule("/to/<token>", endpoint="push", methods=["POST"]),
        ]
    )

    def __init__(self, public_key: str, now: Callable[[], datetime], *, site_url: str) -> None:
        self.service = PushService(public_key, site_url)
        self._now, self._address = now, f"{site_url}{PREFIX}"

    def _refused(self, _request: Request, why: str, /) -> Response:
        return as_html(pages.sorry(why), 409)

    def _failed(self, error: HTTPException) -> Response:
        return Response(error.name, status=error.code)

    def _page(self, _request: Request) -> Response:
        return as_html(pages.index(self.service.messages(), *self.service.expected()))

    def _tell(self, request: Request) -> Response:
        self.service.tell(request.form.get("what", ""), lasts=request.form.get("until") == "changed")
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
        return as_json({"items": told})

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
