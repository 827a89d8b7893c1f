"""Rules of the Bot API's documentation that no type can express: keyboards, invoices, the webhook."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local.telegram.invoices import MAX_SUBSCRIPTION_STARS, SUBSCRIPTION_SECONDS

from .bot_inline_rules import inline_answer, prepared_message
from .bot_rich_rules import check_rich

_NO_ACTIONS = {"text", "icon_custom_emoji_id", "style"}
_MOST_BUTTONS = 100
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_CHAT = re.compile(r"-?[1-9][0-9]*|@[A-Za-z][A-Za-z0-9_]*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PROVIDER_TOKEN = re.compile(r"[0-9]+:(?:TEST|LIVE):[A-Za-z0-9_-]+")
"""As @BotFather gives them."""
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Breach(AssertionError):
    """Telegram would refuse this, or never send it."""


def check_rules(method: str, fields: dict[str, Any]) -> None:
    """Raises Breach."""
    _names(method, fields)
    if markup := fields.get("reply_markup"):
        _require("inline_keyboard" in markup, "our keyboards are inline ones", markup)
        _keyboard(markup["inline_keyboard"], invoice=method == "sendInvoice")
    if rule := _RULES.get(method):
        rule(fields)


def _names(method: str, fields: dict[str, Any]) -> None:
    """Checks that a call names its subject as Telegram does."""
    for name in ("photo", "telegram_payment_charge_id"):
        _require(fields.get(name) != "", f"{name} is empty", fields)
    if "chat_id" in fields:
        _require(bool(_CHAT.fullmatch(str(fields["chat_id"]))), "no chat", fields["chat_id"])
    if method.startswith("editMessage"):
        named = {"chat_id", "message_id"} <= set(fields) or "inline_message_id" in fields
        _require(named, "an edit names its message", fields)


def _require(holds: bool, what: str, about: object) -> None:
    if not holds:
        raise Breach(f"{what}: {about!r}")


def _keyboard(rows: list[list[dict[str, Any]]], *, invoice: bool) -> None:
    buttons = [button for row in rows for button in row]
    _require(all(rows), "a row of buttons is empty", rows)
    _require(len(buttons) <= _MOST_BUTTONS, "too many buttons", len(buttons))
    for place, button in enumerate(buttons):
        _require(bool(button["text"].strip()), "a button has no text", button)
        _require(len(set(button) - _NO_ACTIONS) == 1, "a button does exactly one thing", button)
        _require("pay" not in button or (invoice and place == 0), "a button that pays is an invoice's first", button)
        if "url" in button:
            _link(button["url"])
        if "web_app" in button:
            _require(button["web_app"]["url"].startswith("https://"), "a Mini App is on https", button)
        if "login_url" in button:
            _require(button["login_url"]["url"].startswith("https://"), "a button logs in on https", button)
    _require(not invoice or not buttons or "pay" in buttons[0], "an invoice's first button pays", rows)


def _rich(fields: dict[str, Any]) -> None:
    if rich := fields.get("rich_message"):
        check_rich(rich, require=_require, check_keyboard=partial(_keyboard, invoice=False))


def _link(url: str) -> None:
    parts = urlsplit(url)
    _require(parts.scheme in ("http", "https", "tg"), "no link of a button", url)
    if parts.hostname in ("t.me", "telegram.me"):
        for name in ("start", "startapp"):
            for payload in parse_qs(parts.query, keep_blank_values=True).get(name, ()):
                _require(bool(_START.fullmatch(payload)), "no payload of a deep link", url)


def _invoice(fields: dict[str, Any]) -> None:
    """In Stars: no provider, exactly one price; a subscription of 30 days costs 10 000 at most. In another currency:
    a provider, and no subscription; ours have one price, too.
    """
    in_stars, token = fields["currency"] == "XTR", fields.get("provider_token", "")
    if in_stars:
        _require(token == "", "Stars have no provider", token)
    else:
        _require(bool(_CURRENCY.fullmatch(fields["currency"])), "no currency of ISO 4217", fields["currency"])
        _require(bool(_PROVIDER_TOKEN.fullmatch(token)), "other money has a provider", "")
    _require(len(fields["prices"]) == 1, "our invoices have exactly one price", fields["prices"])
    (price,) = fields["prices"]
    _require(price["amount"] > 0, "a price is above zero", price)
    if "subscription_period" in fields:
        _require(in_stars, "a subscription is paid in Stars", fields["currency"])
        _require(fields["subscription_period"] == SUBSCRIPTION_SECONDS, "30 days", fields["subscription_period"])
        _require(price["amount"] <= MAX_SUBSCRIPTION_STARS, "a subscription costs 10 000 at most", price)


def _pre_checkout(fields: dict[str, Any]) -> None:
    _require(fields["ok"] is not bool(fields.get("error_message")), "words go with a refusal, and only there", fields)


def _commands(fields: dict[str, Any]) -> None:
    for command in fields["commands"]:
        _require(bool(_COMMAND.fullmatch(command["command"])), "no name of a command", command)


def _webhook(fields: dict[str, Any]) -> None:
    from aiogram.types import Update

    kinds = set(Update.model_fields) - {"update_id"}
    _require(set(fields.get("allowed_updates", ())) <= kinds, "no kinds of updates", fields.get("allowed_updates"))
    if "url" in fields:
        _require(fields["url"].startswith("https://"), "a webhook is on https", fields["url"])
    if "secret_token" in fields:
        _require(bool(_SECRET.fullmatch(fields["secret_token"])), "no secret of a webhook", "")


def _transactions(fields: dict[str, Any]) -> None:
    _require(fields.get("offset", 0) >= 0, "transactions are skipped from the first on", fields["offset"])


def _draft(fields: dict[str, Any]) -> None:
    """A draft has a number, and stands in a private chat."""
    _require(fields["draft_id"] != 0, "a draft has a number", fields)
    _require(fields["chat_id"] > 0, "drafts are for private chats", fields["chat_id"])
    kept = bool(fields.get("keep_on_stop")) <= bool(fields.get("can_stop"))
    _require(kept, "only what can be stopped is kept then", fields)


_RULES: dict[str, Callable[[dict[str, Any]], None]] = {
    "sendInvoice": _invoice,
    "sendMessageDraft": _draft,
    "sendRichMessage": _rich,
    "editMessageText": _rich,
    "createInvoiceLink": _invoice,
    "answerPreCheckoutQuery": _pre_checkout,
    "setMyCommands": _commands,
    "getStarTransactions": _transactions,
    "setWebhook": _webhook,
    "getUpdates": _webhook,
    "answerInlineQuery": partial(inline_answer, require=_require, check_keyboard=partial(_keyboard, invoice=False)),
    "savePreparedInlineMessage": partial(
        prepared_message, require=_require, check_keyboard=partial(_keyboard, invoice=False)
    ),
}
