"""The calls of the Bot API about the bot itself: who it is, what people see of it, where its updates go.

They are made by hand and at the start of a local run. What is asked for is read from the answer itself.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonWebApp,
    WebAppInfo,
)

from starbid.telegram.transport import PooledRequest

T = TypeVar("T")
Command = tuple[str, str]
"""Name and description."""
DEFAULT, PRIVATE, GROUPS = None, BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
ADMINS_OF_GROUPS = BotCommandScopeAllChatAdministrators()
"""Who sees a list of commands: where there is no other, everybody in a chat with the bot, every group, admins there."""


def chat_scope(chat_id: int) -> BotCommandScope:
    """One chat."""
    return BotCommandScopeChat(chat_id)


@dataclass(frozen=True, slots=True)
class BotRights:
    """Who the bot is, and what @BotFather lets it do."""

    username: str
    joins_groups: bool
    is_inline: bool


@dataclass(frozen=True, slots=True)
class WebhookState:
    """What Telegram says of the webhook. It never says which secret it sends.

    `last_error` is that of the newest delivery that failed, with its time. `kinds` empty: all but a few.
    """

    url: str
    kinds: tuple[str, ...]
    most: int
    waiting: int
    own_certificate: bool
    last_error: tuple[datetime, str] | None


class SetupCalls:
    """A part of BotApi. `language` is a code of two letters, None for all others."""

    _bot: Bot
    _request: PooledRequest

    def me(self) -> BotRights:
        self._run(self._bot.get_me())
        told = self._object()
        username = str(told.get("username", ""))
        return BotRights(username, told.get("can_join_groups") is True, told.get("supports_inline_queries") is True)

    def commands(self, scope: BotCommandScope | None, language: str | None) -> list[Command]:
        """Those that were set for exactly this scope and language."""
        self._run(self._bot.get_my_commands(scope, language))
        told = self._request.answer()
        return [(str(each.get("command")), str(each.get("description"))) for each in told or ()]

    def set_commands(self, commands: Sequence[Command], scope: BotCommandScope | None, language: str | None) -> None:
        """None leave it to the wider scopes."""
        if commands:
            self._run(self._bot.set_my_commands([BotCommand(*each) for each in commands], scope, language))
        else:
            self._run(self._bot.delete_my_commands(scope, language))

    def description(self, language: str | None) -> str:
        """What stands in a chat before its first message."""
        self._run(self._bot.get_my_description(language))
        return str(self._object().get("description", ""))

    def set_description(self, text: str, language: str | None) -> None:
        """512 characters at most."""
        self._run(self._bot.set_my_description(text, language))

    def short_description(self, language: str | None) -> str:
        """What stands in the bot's profile, and with a link to it."""
        self._run(self._bot.get_my_short_description(language))
        return str(self._object().get("short_description", ""))

    def set_short_description(self, text: str, language: str | None) -> None:
        """120 characters at most."""
        self._run(self._bot.set_my_short_description(text, language))

    def menu_button(self) -> tuple[str, str]:
        """Text and address of the button beside the input field; empty where it opens no Mini App."""
        self._run(self._bot.get_chat_menu_button())
        told = self._object()
        app = told.get("web_app")
        return str(told.get("text", "")), str(app.get("url", "")) if isinstance(app, dict) else ""

    def set_menu_button(self, text: str, url: str) -> None:
        """It opens the Mini App at `url` (https)."""
        self._run(self._bot.set_chat_menu_button(menu_button=MenuButtonWebApp(text, WebAppInfo(url))))

    def webhook(self) -> WebhookState:
        self._run(self._bot.get_webhook_info())
        told = self._object()
        failed = told.get("last_error_date")
        return WebhookState(
            url=str(told.get("url", "")),
            kinds=tuple(str(kind) for kind in told.get("allowed_updates") or ()),
            most=int(told.get("max_connections") or 0),
            waiting=int(told.get("pending_update_count") or 0),
            own_certificate=told.get("has_custom_certificate") is True,
            last_error=(datetime.fromtimestamp(failed, UTC), str(told.get("last_error_message", "")))
            if isinstance(failed, int)
            else None,
        )

    def set_webhook(self, url: str, secret: str, kinds: Sequence[str], most: int) -> None:
        """Updates of these `kinds` go to `url` with this secret, `most` at once; those that wait are kept."""
        self._run(self._bot.set_webhook(url, secret_token=secret, allowed_updates=kinds, max_connections=most))

    def _object(self) -> dict[str, Any]:
        told = self._request.answer()
        return told if isinstance(told, dict) else {}

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError
