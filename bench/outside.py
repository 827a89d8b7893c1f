"""A server in place of Telegram, SQS, the scheduler and a language model: it accepts every call."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "-"}


ANSWER = b"""data: {"choices": [{"index": 0, "delta": {"content": "An **answer** of a few words."}}]}

data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}

data: [DONE]

"""
"""What a model streams that needs no time."""


class Outside:
    """Serves until stopped."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path.endswith("/chat/completions"):
            self._write(ANSWER, "text/event-stream")
            return
        body = json.dumps(_answer(self.headers.get("x-amz-target"), self.path)).encode()
        self._write(body, "application/json")

    def _write(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _answer(target: str | None, path: str) -> dict[str, Any]:
    if target:
        return {"MessageId": "m", "Successful": []}
    if path.startswith("/schedules/"):
        return {"ScheduleArn": "arn"}
    sends = path.rpartition("/")[2].startswith(("send", "edit"))
    return {"ok": True, "result": MESSAGE if sends else True}
