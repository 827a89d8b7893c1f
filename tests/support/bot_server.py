"""A Bot API server that only records, for runs with TELEGRAM_API_BASE_URL: what our bot sends to Telegram."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from .bot_contract import methods_by_name
from .bot_judge import judge
from .bot_profile import BotProfile
from .patient_server import PatientServer

TOKEN = "1000001:e2e-token"
BOT = {"id": 1000001, "is_bot": True, "first_name": "Starbid", "username": "starbid_bot"}
FILE = b"x" * 1000
"""What people have sent, whatever is asked for."""
Answer = tuple[int, dict[str, Any]]


class BotServer:
    """Records calls as `(method, fields)`; `answer_with` makes the next call of a method fail as in Telegram."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.transactions: list[dict[str, Any]] = []
        self._profile = BotProfile()
        self._answers: dict[str, list[Answer]] = {}
        self._messages = count(1)
        self._changed = threading.Condition()
        methods_by_name()  # read now: nobody who calls is to wait for it
        self._server = PatientServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer_with(self, method: str, status: int, description: str, **parameters: int) -> None:
        body = {"ok": False, "error_code": status, "description": description}
        self._answers.setdefault(method, []).append((status, body | ({"parameters": parameters} if parameters else {})))

    def wait_for(self, wanted: Callable[[str, dict[str, Any]], bool], seconds: float = 60) -> dict[str, Any]:
        """The fields of the newest call that is wanted; waits for one."""
        until = time.monotonic() + seconds
        with self._changed:
            while True:
                for method, fields in self.calls[::-1]:
                    if wanted(method, fields):
                        return fields
                left = until - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"no such call among {self.calls}")
                self._changed.wait(left)

    def messages_to(self, chat_id: int) -> list[str]:
        """Texts and captions sent or edited in a chat, in order."""
        return [
            fields.get("text") or fields.get("caption") or ""
            for method, fields in list(self.calls)
            if str(fields.get("chat_id")) == str(chat_id) and method.startswith(("send", "edit"))
        ]

    def take(self, method: str, fields: dict[str, Any]) -> Answer:
        with self._changed:
            self.calls.append((method, fields))
            self._changed.notify_all()
            planned = self._answers.get(method)
            if planned:
                return planned.pop(0)
        if method == "getChat":
            return 403, {"ok": False, "error_code": 403, "description": "Forbidden: bot is not a member of the chat"}
        return 200, {"ok": True, "result": self._result(method, fields)}

    def _result(self, method: str, fields: dict[str, Any]) -> Any:
        if self._profile.knows(method):
            return self._profile.answer(method, fields) if method != "getMe" else BOT
        if method == "createInvoiceLink":
            return "https://t.me/$e2e"
        if method == "getStarTransactions":
            first = int(fields.get("offset", 0))
            return {"transactions": self.transactions[first : first + int(fields.get("limit", 100))]}
        if method == "savePreparedInlineMessage":
            return {"id": f"prepared-{next(self._messages)}", "expiration_date": 1_900_000_000}
        if method in ("getMyStarBalance", "getBusinessAccountStarBalance"):
            return {"amount": 0}
        if method == "getChatMember":
            return {"status": "left", "user": {"id": int(fields["user_id"]), "is_bot": False, "first_name": "Nobody"}}
        if method == "createForumTopic":
            return {"message_thread_id": 501, "name": fields["name"], "icon_color": 7322096}
        if method == "getFile":
            file_id = str(fields["file_id"])
            return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"photos/{file_id}"}
        if method == "sendMediaGroup":
            return [self._result("sendPhoto", fields | {"photo": each["media"]}) for each in fields["media"]]
        if method in ("sendChatAction", "sendMessageDraft") or not method.startswith(("send", "editMessage")):
            return True
        chat = {"id": int(fields.get("chat_id", 0)), "type": "private"}
        message_id = int(fields.get("message_id") or next(self._messages))
        message = {"message_id": message_id, "date": 1_700_000_000, "chat": chat, "from": BOT}
        if "photo" in fields:
            photo = {"file_id": f"photo{message_id}", "file_unique_id": f"p{message_id}", "width": 800, "height": 600}
            return message | {"photo": [photo], "caption": fields.get("caption", "")}
        if "document" in fields:
            document = {"file_id": f"file{message_id}", "file_unique_id": f"f{message_id}"}
            return message | {"document": document, "caption": fields.get("caption", "")}
        return message | {"text": fields.get("text", "")}


def _handler(server: BotServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            method = self.path.rsplit("/", 1)[-1]
            wire = _wire(self.headers.get("Content-Type", ""), body)
            judge("call", method, wire)
            status, answer = server.take(method, {name: _parsed(value) for name, value in wire.items()})
            if answer["ok"]:
                judge("answer", method, answer["result"])
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            found = self.path.startswith(f"/file/bot{TOKEN}/photos/")
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(FILE) if found else 0))
            self.end_headers()
            self.wfile.write(FILE if found else b"")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


def _wire(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith("multipart/form-data"):
        return _parts(content_type, body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _parts(content_type: str, body: bytes) -> dict[str, Any]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message: Message = BytesParser(policy=HTTP).parsebytes(head + body)
    parts: Any = message.get_payload()
    assert isinstance(parts, list)
    return {
        str(part.get_param("name", header="content-disposition")): (
            None if part.get_filename() else bytes(part.get_payload(decode=True) or b"").decode()
        )
        for part in parts
    }


def _parsed(value: Any) -> Any:
    """Nested objects travel as JSON in forms."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
