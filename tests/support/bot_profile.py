"""What Telegram keeps of a bot: commands by scope and language, descriptions, the menu button, the webhook."""

from __future__ import annotations

import json
from typing import Any


class BotProfile:
    """`strangers` are people who have not opened the chat. `webhook` is told as it is, but for its secret."""

    def __init__(self) -> None:
        self.me: dict[str, Any] = {
            "id": 1,
            "is_bot": True,
            "first_name": "Starbid",
            "username": "starbid_bot",
            "can_join_groups": True,
            "supports_inline_queries": True,
        }
        self.kept: dict[tuple[str, str, str], Any] = {}
        self.webhook: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        self.secret = ""
        self.strangers: set[int] = set()

    def knows(self, method: str) -> bool:
        return hasattr(self, f"_{method}")

    def is_stranger(self, fields: dict[str, Any]) -> bool:
        return (_object(fields.get("scope")) or {}).get("chat_id") in self.strangers

    def answer(self, method: str, fields: dict[str, Any]) -> Any:
        """The result of a method that it knows."""
        return getattr(self, f"_{method}")(fields)

    def _getMe(self, _: dict[str, Any]) -> Any:
        return self.me

    def _getMyCommands(self, fields: dict[str, Any]) -> Any:
        return self.kept.get(_place("commands", fields), [])

    def _setMyCommands(self, fields: dict[str, Any]) -> Any:
        return self._keep("commands", fields, _object(fields["commands"]))

    def _deleteMyCommands(self, fields: dict[str, Any]) -> Any:
        return self._keep("commands", fields, [])

    def _getMyDescription(self, fields: dict[str, Any]) -> Any:
        return {"description": self.kept.get(_place("description", fields), "")}

    def _setMyDescription(self, fields: dict[str, Any]) -> Any:
        return self._keep("description", fields, fields.get("description", ""))

    def _getMyShortDescription(self, fields: dict[str, Any]) -> Any:
        return {"short_description": self.kept.get(_place("short", fields), "")}

    def _setMyShortDescription(self, fields: dict[str, Any]) -> Any:
        return self._keep("short", fields, fields.get("short_description", ""))

    def _getChatMenuButton(self, fields: dict[str, Any]) -> Any:
        return self.kept.get(_place("button", fields), {"type": "commands"})

    def _setChatMenuButton(self, fields: dict[str, Any]) -> Any:
        return self._keep("button", fields, _object(fields["menu_button"]))

    def _getWebhookInfo(self, _: dict[str, Any]) -> Any:
        return self.webhook

    def _setWebhook(self, fields: dict[str, Any]) -> Any:
        self.secret = fields.get("secret_token", "")
        kinds, most = _object(fields["allowed_updates"]), int(fields["max_connections"])
        self.webhook |= {"url": fields["url"], "allowed_updates": kinds, "max_connections": most}
        return True

    def _keep(self, what: str, fields: dict[str, Any], value: Any) -> bool:
        self.kept[_place(what, fields)] = value
        return True


def _place(what: str, fields: dict[str, Any]) -> tuple[str, str, str]:
    return what, json.dumps(_object(fields.get("scope")), sort_keys=True), str(fields.get("language_code") or "")


def _object(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
