"""The HTTP server of doubles that many talk to at once."""

from __future__ import annotations

import sys
from http.server import ThreadingHTTPServer
from typing import Any


class PatientServer(ThreadingHTTPServer):
    """For crowds: socketserver lets five connections wait, and a sixth tries again after a second. Somebody who goes
    away in the middle of a request is no fault.
    """

    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
