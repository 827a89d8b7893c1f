"""Replaces Telegram: accepts every call of the Bot API, and records it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


class BotApi:
    """Listens on a free port of this machine; `calls` are `(method, fields)`."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.calls))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def told(self, chat: int, words: str) -> bool:
        """Whether a message with these words was sent to a chat."""
        return any(words in text for text in self.messages(chat))

    def messages(self, chat: int) -> list[str]:
        """The texts sent to a chat, in order."""
        sent = [fields for method, fields in list(self.calls) if method.startswith("send")]
        return [fields.get("text", fields.get("caption", "")) for fields in sent if fields.get("chat_id") == str(chat)]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(calls: list[tuple[str, dict[str, str]]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8", "replace")
            method = self.path.rsplit("/", 1)[-1]
            calls.append((method, _fields(body)))
            message = {"message_id": len(calls), "date": 1_700_000_000, "chat": {"id": 1, "type": "private"}}
            result = message if method.startswith(("send", "edit")) else True
            data = json.dumps({"ok": True, "result": result}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


def _fields(body: str) -> dict[str, str]:
    try:
        return {name: str(value) for name, value in json.loads(body).items()}
    except ValueError:
        return dict(parse_qsl(body))
