"""Results of inline mode: what Telegram takes of the bot, and the messages that become of them.

Of the twenty kinds there are those that our bot may send: articles and photos.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.telegram.content import read_caption, read_file, read_text
from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.keyboards import read_keyboard
from local.telegram.params import Params

MAX_RESULTS = 50
MAX_ID_BYTES = 64
MAX_OFFSET_BYTES = 64
START = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Result:
    """One result, checked. `words` are the fields of its text or caption, `photo` a file id or an address, "" for none;
    `shown` is what the list of results shows of it.
    """

    id: str
    words: dict[str, Any]
    markup: dict[str, Any]
    photo: str
    shown: dict[str, Any]

    def content(self, context: Context) -> dict[str, Any]:
        """The message. Raises `ApiError` where the picture cannot be had from its address."""
        if not self.photo:
            return {**self.words, **self.markup}
        return {
            "photo": read_file(context, Params({}, {}), "photo", self.photo, None).photo(),
            **self.words,
            **self.markup,
        }


def read_results(context: Context, params: Params) -> list[Result]:
    """The `results` of an answer."""
    raw = params.objects("results")
    if len(raw) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    results = [read_result(context, each) for each in raw]
    if len({result.id for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return results


def read_result(context: Context, raw: Any) -> Result:
    """One `InlineQueryResult`, refused in Telegram's words."""
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline query result: Object expected")
    fields = Params(raw, {})
    result_id, kind = fields.text("id"), fields.text("type")
    if not 1 <= len(result_id.encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID" if result_id else "RESULT_ID_EMPTY")
    if kind not in ("article", "photo"):
        raise bad_request(f'can\'t parse inline query result: type "{kind[:20]}" is not part of the stand-in')
    if kind == "article" and not fields.text("title").strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    photo = _photo(context, fields) if kind == "photo" else ""
    shown = {"id": result_id, "title": fields.text("title"), "description": fields.text("description")}
    picture = {"photo": photo} if photo and not _is_address(photo) else {"thumbnail": fields.text("thumbnail_url")}
    return Result(result_id, _words(fields, kind), _markup(context, fields), photo, {**shown, **picture})


def _photo(context: Context, fields: Params) -> str:
    """The file id or the address of a photo; it is fetched when somebody sends it."""
    file_id, address = fields.text("photo_file_id"), fields.text("photo_url")
    if file_id:
        return read_file(context, fields, "photo", file_id, None).file_id
    for name, value in (("photo_url", address), ("thumbnail_url", fields.text("thumbnail_url"))):
        if not value:
            raise bad_request(f"can't parse inline query result: Can't find field \"{name}\"")
        if not _is_address(value):
            raise bad_request("WEBDOCUMENT_URL_INVALID")
    return address


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _words(fields: Params, kind: str) -> dict[str, Any]:
    """Text and entities; of a photo its caption."""
    content = fields.json("input_message_content")
    if content is None and kind == "photo":
        return read_caption(fields)
    if not isinstance(content, dict):
        raise bad_request("can't parse inline query result: Can't find field \"input_message_content\"")
    told = {"text": content.get("message_text"), "parse_mode": content.get("parse_mode")}
    return read_text(Params({**told, "entities": content.get("entities")}, {}))


def _markup(context: Context, fields: Params) -> dict[str, Any]:
    """An inline keyboard; what opens a Mini App stands in private chats with the bot alone."""
    body = read_keyboard(fields, context.site_url).body()
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    if any("web_app" in button for row in rows for button in row):
        raise bad_request("BUTTON_TYPE_INVALID")
    return body


def read_offset(params: Params) -> str:
    """The `next_offset` of an answer."""
    offset = params.text("next_offset")
    if len(offset.encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    return offset


def read_button(params: Params) -> dict[str, str] | None:
    """The `button` above the results: its text, and the payload with which it starts the bot."""
    button = params.json("button")
    if button is None:
        return None
    fields = Params(button if isinstance(button, dict) else {}, {})
    if not fields.text("text").strip():
        raise bad_request("can't parse inline query results button: Text must be non-empty")
    if not START.fullmatch(fields.text("start_parameter")):
        raise bad_request("START_PARAM_INVALID")
    return {"text": fields.text("text"), "start": fields.text("start_parameter")}
