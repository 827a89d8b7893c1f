"""Replaces a language model: the stand-in of the local run, at an address of its own."""

import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from local.openai.app import LocalModel


class Model:
    """Listens on a free port of this machine."""

    def __init__(self) -> None:
        model = LocalModel(site_url="http://127.0.0.1")
        self._server = make_server("127.0.0.1", 0, model.wsgi, threaded=True, request_handler=_Quiet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.port}/v1"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name is werkzeug's
        """Nothing."""
