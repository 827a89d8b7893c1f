"""What the stand-ins of the local run have alike: an application with its refusals, and the answers that it gives."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

from local.sheet import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Refusal(Exception):
    """What was asked for cannot be done; the message is for people."""


class StandIn:
    """A WSGI application. An endpoint of `urls` is a method of that name after an underscore; it may raise Refusal."""

    urls: ClassVar[Map]
    most_body: ClassVar[int] = 100_000
    """Bytes."""

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; never with a traceback."""
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = self.most_body
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            endpoint, values = self.urls.bind_to_environ(request.environ).match()
            answer: Response = getattr(self, f"_{endpoint}")(request, **values)
        except RequestRedirect as moved:
            return Response(status=302, headers={"Location": moved.new_url})
        except Refusal as refusal:
            return self._refused(request, str(refusal))
        except HTTPException as error:
            return self._failed(error)
        return answer

    def _refused(self, request: Request, why: str, /) -> Response:
        """What a Refusal is answered with."""
        raise NotImplementedError

    def _failed(self, error: HTTPException) -> Response:
        """What a request is answered with that is none of its own."""
        return as_json({"message": error.name}, error.code or 500)


def as_html(page: str, status: int = 200) -> Response:
    """A page of local.sheet."""
    return Response(page, status=status, mimetype="text/html", headers=HEADERS)


def as_json(said: Any, status: int = 200) -> Response:
    return Response(json.dumps(said, ensure_ascii=False), status=status, content_type="application/json")


def whole(request: Request, name: str, default: int, most: int) -> int:
    """A number of a form. Raises Refusal."""
    text = request.form.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= most):
        raise Refusal(f"`{name}` is not a whole number up to {most}.")
    return int(text)
