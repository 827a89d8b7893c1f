"""Bot API methods about the bot itself, its webhook, its menu and its files."""

from __future__ import annotations

import json
from typing import Any

from local.telegram.content import read_person
from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.params import Params

MAX_DOWNLOAD_BYTES = 20_000_000
MAX_COMMANDS = 100


def get_me(context: Context, _params: Params) -> dict[str, Any]:
    """`getMe`."""
    rights = {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**context.bot.user(), **rights}


def _commands_key(params: Params) -> str:
    scope = params.json("scope") or {"type": "default"}
    return f"commands:{json.dumps(scope, sort_keys=True)}:{params.text('language_code')}"


def set_my_commands(context: Context, params: Params) -> bool:
    """`setMyCommands`, by scope and language."""
    commands = params.objects("commands")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name, description = str(command.get("command", "")), str(command.get("description", ""))
        if not (1 <= len(name) <= 32 and name.replace("_", "").isalnum() and name == name.lower() and name.isascii()):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    context.store.put_setting(_commands_key(params), json.dumps(commands))
    context.store.next_seq()
    return True


def delete_my_commands(context: Context, params: Params) -> bool:
    """`deleteMyCommands`."""
    context.store.drop_setting(_commands_key(params))
    return True


def get_my_commands(context: Context, params: Params) -> Any:
    """`getMyCommands`."""
    return json.loads(context.store.setting(_commands_key(params)) or "[]")


def commands_for(context: Context, person_id: int, language: str) -> Any:
    """The commands a person's menu shows: the narrowest scope first, their language before the default."""
    scopes: list[dict[str, Any]] = [{"type": "chat", "chat_id": person_id}]
    for scope in [*scopes, {"type": "all_private_chats"}, {"type": "default"}]:
        for code in (language, ""):
            key = _commands_key(Params({"scope": scope, "language_code": code}, {}))
            found = context.store.setting(key)
            if found and found != "[]":
                return json.loads(found)
    return []


def set_chat_menu_button(context: Context, params: Params) -> bool:
    """`setChatMenuButton`, for one chat or for all."""
    button = params.json("menu_button") or {"type": "default"}
    context.store.put_setting(f"menu:{params.text('chat_id')}", json.dumps(button))
    context.store.next_seq()
    return True


def get_chat_menu_button(context: Context, params: Params) -> Any:
    """`getChatMenuButton`."""
    return menu_button_for(context, params.text("chat_id"))


def menu_button_for(context: Context, chat_id: str) -> Any:
    """The menu button of a chat: its own, or that of all chats."""
    stored = context.store.setting(f"menu:{chat_id}") or context.store.setting("menu:")
    button = json.loads(stored) if stored else {"type": "default"}
    return {"type": "commands"} if button.get("type") == "default" else button


def set_webhook(context: Context, params: Params) -> bool:
    """`setWebhook`: acknowledged; updates go where the local run says. `allowed_updates` is honoured."""
    if params.has("allowed_updates"):
        allowed = params.json("allowed_updates")
        if not isinstance(allowed, list):
            raise bad_request("can't parse allowed_updates JSON object")
        context.store.put_setting("allowed_updates", json.dumps([str(kind) for kind in allowed]))
    context.store.put_setting("webhook", params.text("url"))
    return True


def delete_webhook(context: Context, _params: Params) -> bool:
    """`deleteWebhook`: acknowledged."""
    context.store.put_setting("webhook", "")
    return True


def get_webhook_info(context: Context, _params: Params) -> dict[str, Any]:
    """`getWebhookInfo`."""
    info: dict[str, Any] = {
        "url": context.store.setting("webhook") or "",
        "has_custom_certificate": False,
        "pending_update_count": context.courier.pending(),
    }
    allowed = json.loads(context.store.setting("allowed_updates") or "[]")
    error = context.courier.last_error
    info |= {"allowed_updates": allowed} if allowed else {}
    return info | ({"last_error_date": int(error[0]), "last_error_message": error[1]} if error else {})


def get_updates(_context: Context, _params: Params) -> list[Any]:
    """`getUpdates`: always empty, the stand-in posts to the webhook."""
    return []


def get_chat(context: Context, params: Params) -> dict[str, Any]:
    """`getChat`."""
    details = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _gifts()}
    return {**read_person(context, params).chat(), **details}


def _gifts() -> dict[str, bool]:
    kinds = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return dict.fromkeys(kinds, False)


def get_file(context: Context, params: Params) -> dict[str, Any]:
    """`getFile`: where to download a file of up to 20 MB."""
    file = context.files.find(params.required("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.ids(), "file_path": file.path}


def acknowledge(_context: Context, _params: Params) -> bool:
    """Methods without a visible effect here."""
    return True


ACKNOWLEDGED = (
    "setmyname", "setmydescription", "setmyshortdescription", "setmydefaultadministratorrights",
    "pinchatmessage", "unpinchatmessage", "unpinallchatmessages", "setmessagereaction",
)  # fmt: skip
METHODS = {
    **dict.fromkeys(ACKNOWLEDGED, acknowledge),
    "getme": get_me,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getupdates": get_updates,
    "getchat": get_chat,
    "getfile": get_file,
}
