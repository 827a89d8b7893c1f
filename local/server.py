"""HTTP servers on this machine's loopback address only."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ADDRESS = "127.0.0.1"
_OF_STAND_INS = ("/_local/telegram", "/_local/pay/", "/_local/openai/", "/_local/mail/")


class PortInUse(Exception):
    """Something listens on the wanted port already."""


class _Quiet(WSGIRequestHandler):
    """Writes nothing."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer
    disable_nagle_algorithm = True

    def finish(self) -> None:
        with suppress(OSError):  # who asked has left in the middle, as one who stops an answer does
            super().finish()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Nothing."""


class _Telling(_Quiet):
    """Writes a line per request, without queries (a login's holds its proof) and without the stand-ins' traffic."""

    _began = 0.0

    def parse_request(self) -> bool:
        self._began = time.monotonic()
        return super().parse_request()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002 - werkzeug's
        path = self.path.split("?")[0]
        if (
            path.startswith(("/_local/telegram", "/_local/pay/", "/_local/openai/", "/_local/mail/"))
            or str(code) == "304"
        ):
            return
        spent = 1000 * (time.monotonic() - self._began)
        sys.stderr.write(f"{self.command} {path} {code} {spent:.0f} ms\n")


class Server:
    """Listens from the start, answers once `serve` is called. `port` 0: any free one."""

    def __init__(self, port: int, *, tell: bool) -> None:
        listener = _listen(port)
        self.port: int = listener.getsockname()[1]
        self._server: BaseWSGIServer = make_server(
            ADDRESS,
            self.port,
            _not_ready,
            threaded=True,
            request_handler=_Telling if tell else _Quiet,
            fd=listener.fileno(),
        )
        listener.close()  # the server has its own descriptor of it
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.25,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}" if self.port == 80 else f"http://{ADDRESS}:{self.port}"

    def serve(self, application: WSGIApplication) -> None:
        self._server.app = application
        self._thread.start()

    def close(self) -> None:
        """Stop accepting requests, without waiting for running ones."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortInUse(f"port {port} of {ADDRESS} is not free; set PORT to another") from error
        raise
    listener.listen(128)
    return listener


def _not_ready(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"starting"]
