"""Bot API methods about the bot itself and its files."""

from __future__ import annotations

from typing import Any

from local.telegram.content import read_person
from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.params import Params

MAX_DOWNLOAD_BYTES = 20_000_000


def get_me(context: Context, _params: Params) -> dict[str, Any]:
    """`getMe`."""
    rights = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": True,
        "has_main_web_app": False,
    }
    return {**context.bot.user(), **rights}


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
    "setmyname", "setmydefaultadministratorrights", "pinchatmessage", "unpinchatmessage", "unpinallchatmessages",
)  # fmt: skip
METHODS = {
    **dict.fromkeys(ACKNOWLEDGED, acknowledge),
    "getme": get_me,
    "getupdates": get_updates,
    "getchat": get_chat,
    "getfile": get_file,
}
