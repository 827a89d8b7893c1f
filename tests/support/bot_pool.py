"""A Telegram under the Bot API's connection pool: records what the bot sends, and fails on demand."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import count
from typing import Any

import urllib3

from starbid.telegram.bot_api import BotApi
from tests.support.bot_judge import judge
from tests.support.bot_profile import BotProfile
from tests.support.fakes import ENVIRONMENT

TOKEN = ENVIRONMENT["TELEGRAM_BOT_TOKEN"]


MOST_GIVEN_OUT = 20_000_000
"""Bytes of a file that Telegram lets a bot have."""


class Answer:
    """What an HTTP pool answers."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.data = body if isinstance(body, bytes) else json.dumps(body).encode()


class Download(Answer):
    """A file as a pool answers it that is asked for its beginning only."""

    def read(self, most: int) -> bytes:
        return self.data[:most]

    def close(self) -> None:
        pass


class FakeTelegram:
    """Stands in for the connection pool under the Bot API. `calls` are (method, fields) in order; `transactions` are
    the Stars that it claims to have moved, `files` what people have sent, by file id. Groups are forums or are not;
    `topics` are those that the bot has opened. `profile` is what it keeps of the bot, `places` are groups and channels
    that know their members (`venue_telegram.Place`).
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.transactions: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.chats: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.is_forum = False
        self.topics: list[str] = []
        self.profile = BotProfile()
        self.places: dict[int, Any] = {}
        self._ids = count(1)
        self._faults: dict[str, list[Answer | BaseException]] = defaultdict(list)

    def fail(self, method: str, fault: Answer | BaseException, times: int = 1) -> None:
        """Let the next calls of a method (`*`: of any) fail."""
        self._faults[method].extend([fault] * times)

    def heal(self) -> None:
        self._faults.clear()

    def called(self, method: str) -> list[dict[str, Any]]:
        return [fields for name, fields in self.calls if name == method]

    def request(
        self,
        verb: str,
        url: str,
        fields: dict[str, Any] | None = None,
        encode_multipart: bool = False,
        preload_content: bool = True,
    ) -> Answer:
        """Plant faults of a download under `file`."""
        if verb == "GET":
            assert url.startswith(f"https://api.telegram.org/file/bot{TOKEN}/photos/")
            assert not preload_content
            data = self.files.get(url.rsplit("/", 1)[1])
            given = self._fault("file") or (Answer(404, b"{}") if data is None else Answer(200, data))
            return Download(given.status, given.data)
        assert verb == "POST"
        assert url.startswith(f"https://api.telegram.org/bot{TOKEN}/")
        assert fields is not None
        method = url.rsplit("/", 1)[1]
        fault = self._fault(method) or self._fault("*")
        if fault:
            return fault
        read = {name: _value(value) for name, value in fields.items()}
        self.calls.append((method, read))
        answer = self._answer(method, read)
        if answer.status == 200:
            judge("answer", method, json.loads(answer.data)["result"])
        return answer

    def _answer(self, method: str, fields: dict[str, Any]) -> Answer:
        if self.profile.is_stranger(fields):
            return bad_request("chat not found")
        if self.places and (said := venue_answer(self, method, fields)):
            return said
        handler = getattr(self, f"_{method}", None)
        if handler:
            answer: Answer = handler(fields)
            return answer
        result = self.profile.answer(method, fields) if self.profile.knows(method) else True
        return Answer(200, {"ok": True, "result": result})

    def _fault(self, name: str) -> Answer | None:
        fault = self._faults[name].pop(0) if self._faults[name] else None
        if isinstance(fault, BaseException):
            raise fault
        return fault

    def clear(self) -> None:
        pass

    def _getFile(self, fields: dict[str, Any]) -> Answer:
        file_id = str(fields["file_id"])
        data = self.files.get(file_id)
        if data is None:
            return bad_request("wrong file_id or the file is temporarily unavailable")
        if len(data) > MOST_GIVEN_OUT:
            return bad_request("file is too big")
        path = {"file_id": file_id, "file_unique_id": file_id, "file_path": f"photos/{file_id}", "file_size": len(data)}
        return Answer(200, {"ok": True, "result": path})

    def _sendMediaGroup(self, fields: dict[str, Any]) -> Answer:
        sent = [
            self._new(fields, **_shown(each["type"], each["media"]), **{k: each[k] for k in ("caption",) if k in each})
            for each in fields["media"]
        ]
        return Answer(200, {"ok": True, "result": [json.loads(one.data)["result"] for one in sent]})

    def _sendMessage(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, text=fields["text"])

    def _sendPhoto(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, caption=fields.get("caption"), photo=_photo(fields["photo"]))

    def _sendDocument(self, fields: dict[str, Any]) -> Answer:
        """The name of one that is uploaded is its id."""
        sent = fields["document"]
        name = sent if isinstance(sent, str) else sent[0]
        return self._new(fields, caption=fields.get("caption"), **_shown("document", name))

    def _sendVideo(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, **_shown("video", fields["video"]))

    def _sendAnimation(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, **_shown("animation", fields["animation"]))

    def _sendAudio(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, **_shown("audio", fields["audio"]))

    def _sendInvoice(self, fields: dict[str, Any]) -> Answer:
        total = sum(price["amount"] for price in fields["prices"])
        shown = {name: fields[name] for name in ("title", "description", "currency")}
        return self._new(fields, invoice=shown | {"start_parameter": "", "total_amount": total})

    def _editMessageText(self, fields: dict[str, Any]) -> Answer:
        if "rich_message" in fields:
            return self._edit(fields, rich_message=rich_shown(fields["rich_message"]))
        return self._edit(fields, text=fields["text"])

    def _editMessageCaption(self, fields: dict[str, Any]) -> Answer:
        return self._edit(fields, caption=fields["caption"])

    def _editMessageReplyMarkup(self, fields: dict[str, Any]) -> Answer:
        return self._edit(fields)

    def _editMessageMedia(self, fields: dict[str, Any]) -> Answer:
        media = fields["media"]
        return self._edit(fields, rich_message=None, caption=media["caption"], photo=_photo(media["media"]))

    def _sendRichMessage(self, fields: dict[str, Any]) -> Answer:
        return self._new(fields, rich_message=rich_shown(fields["rich_message"]))

    def _createForumTopic(self, fields: dict[str, Any]) -> Answer:
        if not self.is_forum:
            return bad_request("the chat is not a forum")
        self.topics.append(fields["name"])
        topic = {"message_thread_id": 500 + len(self.topics), "name": fields["name"], "icon_color": 7322096}
        return Answer(200, {"ok": True, "result": topic})

    def _getStarTransactions(self, fields: dict[str, Any]) -> Answer:
        first = int(fields["offset"])
        page = self.transactions[first : first + int(fields["limit"])]
        return Answer(200, {"ok": True, "result": {"transactions": page}})

    def _getMyStarBalance(self, _: dict[str, Any]) -> Answer:
        return Answer(200, {"ok": True, "result": {"amount": 1000}})

    def _getBusinessAccountStarBalance(self, _: dict[str, Any]) -> Answer:
        return Answer(200, {"ok": True, "result": {"amount": 777}})

    def _savePreparedInlineMessage(self, fields: dict[str, Any]) -> Answer:
        made = {"id": f"prepared-{next(self._ids)}", "expiration_date": 1_900_000_000}
        return Answer(200, {"ok": True, "result": made})

    def _createInvoiceLink(self, fields: dict[str, Any]) -> Answer:
        return Answer(200, {"ok": True, "result": "https://t.me/$invoice"})

    def _new(self, fields: dict[str, Any], **content: Any) -> Answer:
        number, chat_id = next(self._ids), fields["chat_id"]
        body = {
            "message_id": number,
            "date": 1_700_000_000,
            "chat": self.places[chat_id].chat if chat_id in self.places else _chat(chat_id),
            "reply_markup": fields.get("reply_markup"),
            **content,
        }
        self.chats[chat_id][number] = body
        return _message(body)

    def _edit(self, fields: dict[str, Any], **content: Any) -> Answer:
        body = self.chats[fields["chat_id"]].get(fields["message_id"])
        if body is None:
            return bad_request("message to edit not found")
        if "caption" in content and "photo" not in content and body.get("rich_message"):
            return bad_request("there is no caption in the message to edit")
        if content.get("rich_message") and not body.get("rich_message"):
            return bad_request("there is no text in the message to edit")
        changed = body | {"reply_markup": fields.get("reply_markup")} | content
        if changed == body:
            return bad_request("message is not modified: the same")
        body.update(changed)
        return _message(body)


def venue_answer(telegram: FakeTelegram, method: str, fields: dict[str, Any]) -> Answer | None:
    """What it says of groups and channels that know their members; None for a call about anything else."""
    from tests.support.venue_telegram import answer  # it is made of what is here

    return answer(telegram, method, fields)


def _chat(chat_id: int) -> dict[str, Any]:
    if chat_id > 0:
        return {"id": chat_id, "type": "private"}
    return {"id": chat_id, "type": "supergroup", "title": "Admins"}


def bad_request(reason: str) -> Answer:
    return Answer(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"})


def forbidden() -> Answer:
    return Answer(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})


def flood(seconds: int) -> Answer:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}
    return Answer(429, body)


def broken() -> Answer:
    return Answer(502, b"<html>Bad Gateway</html>")


def timeout() -> BaseException:
    return urllib3.exceptions.ReadTimeoutError(None, "", "read timed out")  # type: ignore[arg-type]


def bot(telegram: FakeTelegram) -> BotApi:
    """A real BotApi whose calls end at the fake."""
    api = BotApi(TOKEN, "https://api.telegram.org", test=False)
    api._request._pool = telegram  # type: ignore[assignment]
    return api


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def rich_shown(rich: dict[str, Any]) -> dict[str, Any]:
    """A rich message as bots see it, once it stands in a chat."""
    return {"blocks": [_block(each) for each in rich["blocks"]]}


def _block(block: dict[str, Any]) -> dict[str, Any]:
    inside = {"blocks": [_block(each) for each in block["blocks"]]} if "blocks" in block else {}
    return block | inside | ({"photo": _photo(block["photo"]["media"])} if block["type"] == "photo" else {})


def _photo(value: Any) -> list[dict[str, Any]]:
    name = value if isinstance(value, str) and not value.startswith("attach://") else "uploaded"
    return [
        {"file_id": f"{name}-s", "file_unique_id": "s", "width": 90, "height": 67},
        {"file_id": name, "file_unique_id": "l", "width": 800, "height": 600},
    ]


def _shown(kind: str, file_id: str) -> dict[str, Any]:
    """A file as a part of a message."""
    if kind == "photo":
        return {"photo": _photo(file_id)}
    file: dict[str, Any] = {"file_id": file_id, "file_unique_id": file_id}
    if kind == "audio":
        return {"audio": file | {"duration": 1}}
    moving = {"width": 90, "height": 67, "duration": 1}
    return {kind: file | moving} if kind in ("video", "animation") else {kind: file | {"file_name": file_id}}


def _message(body: dict[str, Any]) -> Answer:
    shown = {key: value for key, value in body.items() if value is not None}
    return Answer(200, {"ok": True, "result": shown})
