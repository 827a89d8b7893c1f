"""Keyboards under messages: what Telegram accepts and how it refuses the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.telegram.entities import units
from local.telegram.errors import bad_request
from local.telegram.params import Params

ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
MAX_BUTTONS = 100
MAX_CALLBACK_DATA_BYTES = 64
MAX_COPY_TEXT = 256
SCHEMES = ("http", "https", "tg", "ton")


@dataclass(frozen=True)
class Keyboard:
    """`inline` is part of the message as bots see it; `reply` is only for the person's screen."""

    inline: dict[str, Any] | None = None
    reply: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """What it adds to a Bot API message."""
        return {"reply_markup": self.inline} if self.inline else {}

    def extra(self) -> dict[str, Any]:
        """What it adds to the page's part of a message."""
        return {"reply_keyboard": self.reply} if self.reply else {}

    @property
    def first_is_pay(self) -> bool:
        """Whether the first button pays, as it must under an invoice with buttons."""
        return bool(self.inline and self.inline["inline_keyboard"][0][0].get("pay"))

    @property
    def has_pay(self) -> bool:
        """Whether any button pays."""
        rows = self.inline["inline_keyboard"] if self.inline else []
        return any(button.get("pay") for row in rows for button in row)


def read_keyboard(params: Params, site_url: str, *, invoice: bool = False) -> Keyboard:
    """The `reply_markup` of a call, checked. `site_url` is the only site that may log people in."""
    markup = params.json("reply_markup")
    if markup is None:
        return Keyboard()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return Keyboard(reply=markup if markup else None)
    keyboard = _inline(markup["inline_keyboard"], site_url)
    if keyboard.inline and invoice and not keyboard.first_is_pay:
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    if keyboard.has_pay and not invoice:
        raise bad_request("BUTTON_TYPE_INVALID")
    return keyboard


def _inline(rows: Any, site_url: str) -> Keyboard:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    checked = [[_button(button, site_url) for button in row] for row in rows if row]
    if sum(len(row) for row in checked) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return Keyboard(inline={"inline_keyboard": checked} if checked else None)


def _button(button: Any, site_url: str) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    actions = [name for name in ACTIONS if button.get(name) is not None]
    if len(actions) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    check_action(actions[0], button[actions[0]], site_url)
    return button


def check_action(action: str, value: Any, site_url: str) -> None:
    """What a button does, checked. Raises ApiError 400."""
    if action == "callback_data":
        _check_callback_data(value)
    elif action == "url":
        _check_url(value, SCHEMES)
    elif action in ("web_app", "login_url"):
        _check_site_link(action, value, site_url)
    elif action == "copy_text":
        _check_copy_text(value)


def _check_callback_data(value: Any) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_copy_text(value: Any) -> None:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 1 <= units(text) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(value: Any, schemes: tuple[str, ...]) -> None:
    url = value if isinstance(value, str) else ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise bad_request(f"inline keyboard button URL '{url[:100]}' is invalid: Wrong HTTP URL") from error
    if parts.scheme and parts.scheme not in schemes:
        raise bad_request(f"inline keyboard button URL '{url[:100]}' is invalid: Unsupported URL protocol")
    if not parts.scheme or not host:
        raise bad_request(f"inline keyboard button URL '{url[:100]}' is invalid: Wrong HTTP URL")


def _check_site_link(action: str, value: Any, site_url: str) -> None:
    url = value.get("url") if isinstance(value, dict) else None
    _check_url(url, ("http", "https"))
    local = same_origin(str(url), site_url)
    if action == "login_url" and not local:
        raise bad_request("BOT_DOMAIN_INVALID")
    if not local and not str(url).startswith("https:"):
        raise bad_request(
            f"inline keyboard button Web App URL '{str(url)[:100]}' is invalid: Only HTTPS links are allowed"
        )


def same_origin(url: str, site_url: str) -> bool:
    """Whether a link leads to the site of the local run."""
    try:
        one, other = urlsplit(url), urlsplit(site_url)
        return (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port)
    except ValueError:
        return False
