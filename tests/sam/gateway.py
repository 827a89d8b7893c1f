"""One address for all of AWS, for Telegram and for a language model, reachable for a function in a container."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from local.aws_front import AwsFront
from local.clock import Clock
from local.mail.box import LocalMails
from local.openai.app import LocalModel
from local.queues import Queues
from local.schedules import Schedules
from local.site import MODEL
from local.state import State
from local.template import Template

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_NOT_PASSED_ON = ("connection", "keep-alive", "transfer-encoding", "content-length")


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Nothing."""


class Gateway:
    """Listens on `host`: SQS and Scheduler answer here, and a language model under MODEL; `/bot...` is Telegram,
    everything else the AWS emulator.
    """

    def __init__(self, host: str, emulator: str, telegram: str) -> None:
        self._emulator, self._telegram = emulator, telegram
        self._front: AwsFront | None = None
        self._model = LocalModel(site_url="http://127.0.0.1")
        self._server = make_server(host, 0, self, threaded=True, request_handler=_Quiet)
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def serve(self, template: Template) -> tuple[Queues, Schedules]:
        """From now on, the queues and schedules are those of this template, and empty."""
        state = State(None)
        clock = Clock(state)
        queues, schedules = Queues(state, clock, template.queues), Schedules(state, clock, template)
        self._front = AwsFront(queues, schedules, template, LocalMails(state, clock.now))
        return queues, schedules

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(f"{MODEL}/"):
            inside = {**environ, "SCRIPT_NAME": MODEL, "PATH_INFO": path.removeprefix(MODEL)}
            return self._model.wsgi(inside, start_response)
        if path.startswith("/schedules"):
            environ["PATH_INFO"] = f"/scheduler{path}"
        elif not environ.get("HTTP_X_AMZ_TARGET", "").startswith("AmazonSQS."):
            target = self._telegram if path.startswith("/bot") else self._emulator
            return _pass_on(Request(environ), target)(environ, start_response)
        assert self._front, "no template is served yet"
        return self._front(environ, start_response)


def _pass_on(request: Request, target: str) -> Response:
    address = urlsplit(target)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    try:
        path = request.environ.get("RAW_URI") or request.full_path.rstrip("?")
        headers = {key: value for key, value in request.headers if key.lower() not in _NOT_PASSED_ON}
        connection.request(request.method, path, request.get_data(), headers)
        answer = connection.getresponse()
        passed = [(key, value) for key, value in answer.getheaders() if key.lower() not in _NOT_PASSED_ON]
        return Response(answer.read(), answer.status, passed)
    finally:
        connection.close()
