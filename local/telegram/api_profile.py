"""Bot API methods about what people see of the bot: its commands by scope and language, descriptions, menu button."""

from __future__ import annotations

import json
import re
from typing import Any

from local.telegram.context import Context
from local.telegram.entities import units
from local.telegram.errors import bad_request
from local.telegram.params import Params
from local.telegram.people import is_group

MAX_COMMANDS = 100
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
_LANGUAGE = re.compile(r"[a-z]{2}")
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_BROAD = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_OF_A_CHAT = ("chat", "chat_administrators", "chat_member")


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _commands_key(context: Context, params: Params) -> str:
    scope = params.json("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in (*_BROAD, *_OF_A_CHAT):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind in _OF_A_CHAT:
        _check_chat(context, str(scope.get("chat_id", "")))
    return _key(scope, _language(params))


def _key(scope: dict[str, Any], language: str) -> str:
    return f"commands:{json.dumps(scope, sort_keys=True)}:{language}"


def _check_chat(context: Context, chat_id: str) -> None:
    """A chat that the bot may write to."""
    if is_group(chat_id):
        return
    person = context.people.find(int(chat_id)) if chat_id.isascii() and chat_id.isdecimal() else None
    if person is None or not person.reachable:
        raise bad_request("chat not found")


def set_my_commands(context: Context, params: Params) -> bool:
    """`setMyCommands`; none are the same as `deleteMyCommands`."""
    key, commands = _commands_key(context, params), params.objects("commands")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _NAME.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return _keep(context, key, json.dumps(commands) if commands else "")


def delete_my_commands(context: Context, params: Params) -> bool:
    """`deleteMyCommands`."""
    return _keep(context, _commands_key(context, params), "")


def get_my_commands(context: Context, params: Params) -> Any:
    """`getMyCommands`: those of exactly this scope and language."""
    return json.loads(context.store.setting(_commands_key(context, params)) or "[]")


def commands_for(context: Context, person_id: int, language: str) -> Any:
    """The commands a person's menu shows: the narrowest scope first, their language before the default."""
    for scope in ({"type": "chat", "chat_id": person_id}, {"type": "all_private_chats"}, {"type": "default"}):
        for code in (language, ""):
            found = context.store.setting(_key(scope, code))
            if found:
                return json.loads(found)
    return []


def set_my_description(context: Context, params: Params) -> bool:
    """`setMyDescription`: what stands in an empty chat."""
    return _set_text(context, params, "description", MAX_DESCRIPTION)


def get_my_description(context: Context, params: Params) -> dict[str, str]:
    """`getMyDescription`."""
    return _text(context, params, "description")


def set_my_short_description(context: Context, params: Params) -> bool:
    """`setMyShortDescription`: what stands in the bot's profile."""
    return _set_text(context, params, "short_description", MAX_SHORT_DESCRIPTION)


def get_my_short_description(context: Context, params: Params) -> dict[str, str]:
    """`getMyShortDescription`."""
    return _text(context, params, "short_description")


def description_for(context: Context, language: str) -> str:
    """What an empty chat of somebody with this language shows."""
    return context.store.setting(f"description:{language}") or context.store.setting("description:") or ""


def _set_text(context: Context, params: Params, name: str, most: int) -> bool:
    text = params.text(name)
    if units(text) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    return _keep(context, f"{name}:{_language(params)}", text)


def _text(context: Context, params: Params, name: str) -> dict[str, str]:
    return {name: context.store.setting(f"{name}:{_language(params)}") or ""}


def _keep(context: Context, key: str, value: str) -> bool:
    """An empty value is as good as none."""
    with context.store.transaction():
        if value:
            context.store.put_setting(key, value)
        else:
            context.store.drop_setting(key)
        context.store.next_seq()
    return True


def set_chat_menu_button(context: Context, params: Params) -> bool:
    """`setChatMenuButton`, for one chat or for all."""
    button = params.json("menu_button") or {"type": "default"}
    return _keep(context, f"menu:{params.text('chat_id')}", json.dumps(button))


def get_chat_menu_button(context: Context, params: Params) -> Any:
    """`getChatMenuButton`."""
    return menu_button_for(context, params.text("chat_id"))


def menu_button_for(context: Context, chat_id: str) -> Any:
    """The menu button of a chat: its own, or that of all chats."""
    stored = context.store.setting(f"menu:{chat_id}") or context.store.setting("menu:")
    button = json.loads(stored) if stored else {"type": "default"}
    return {"type": "commands"} if button.get("type") == "default" else button


METHODS = {
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": set_my_description,
    "getmydescription": get_my_description,
    "setmyshortdescription": set_my_short_description,
    "getmyshortdescription": get_my_short_description,
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
}
