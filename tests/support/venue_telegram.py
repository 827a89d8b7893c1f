"""Groups and channels at the Telegram of `bot_pool`: who is what there, and the updates that come from them."""

from __future__ import annotations

from typing import Any

from tests.support.bot_judge import judge
from tests.support.bot_pool import Answer, FakeTelegram, bad_request

BOT = {"id": 1, "is_bot": True, "first_name": "Starbid", "username": "starbid_bot"}
ANONYMOUS = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_ADMIN = dict.fromkeys(
    (
        "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
        "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
        "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
    ),
    False,
)  # fmt: skip
_RESTRICTED = dict.fromkeys(
    (
        "is_member", "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
        "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
        "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
        "can_pin_messages", "can_manage_topics",
    ),
    True,
)  # fmt: skip


def member(user: dict[str, Any], status: str, **rights: Any) -> dict[str, Any]:
    """A ChatMember with all its fields."""
    more: dict[str, Any] = {}
    if status == "administrator":
        more = {**_ADMIN, "can_post_messages": True, "can_edit_messages": True}
    elif status == "restricted":
        more = {**_RESTRICTED, "until_date": 0}
    elif status == "kicked":
        more = {"until_date": 0}
    elif status == "creator":
        more = {"is_anonymous": False}
    return {"user": user, "status": status, **more, **rights}


_FOR_ALL = {name: True for name in _RESTRICTED if name != "is_member"}


class Place:
    """A group or channel. `status` is the bot's own; `people` have theirs by number; `for_all` is what every member of
    a group may do.
    """

    def __init__(self, telegram: FakeTelegram, chat_id: int, kind: str = "supergroup", title: str = "Lamps") -> None:
        self.telegram, self.id, self.kind, self.title = telegram, chat_id, kind, title
        self.status = "administrator" if kind == "channel" else "member"
        self.rights: dict[str, Any] = {}
        self.people: dict[int, str] = {}
        self.for_all = _FOR_ALL if kind != "channel" else {}
        telegram.places[chat_id] = self

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.kind, "title": self.title}

    @property
    def bot(self) -> dict[str, Any]:
        return member(BOT, self.status, **self.rights)

    @property
    def is_there(self) -> bool:
        return self.status not in ("left", "kicked")

    def posts(self) -> list[dict[str, Any]]:
        """The messages of the bot that stand there."""
        return list(self.telegram.chats[self.id].values())

    def becomes(self, status: str, by: dict[str, Any], **rights: Any) -> dict[str, Any]:
        """The update that tells of a change of the bot's place there."""
        before = self.bot
        self.status, self.rights = status, rights
        change = {"chat": self.chat, "from": by, "date": 1, "old_chat_member": before, "new_chat_member": self.bot}
        return {"my_chat_member": change}

    def said(self, by: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        """The update of something that is said there."""
        message = {"message_id": 9, "date": 1, "chat": self.chat, "from": by, "text": text, **more}
        judge("update", "message", message)
        return {"message": message}

    def info(self) -> dict[str, Any]:
        """As getChat answers."""
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
        return {**self.chat, **more, **({"permissions": self.for_all} if self.for_all else {})}


def answer(telegram: FakeTelegram, method: str, fields: dict[str, Any]) -> Answer | None:
    """What Telegram says of its groups and channels; None for a call about anything else."""
    place = telegram.places.get(fields.get("chat_id", 0))
    if method not in ("getChat", "getChatMember", "deleteMessage"):
        return None
    if place is None or not place.is_there:
        return bad_request("chat not found")
    if method == "deleteMessage":
        telegram.chats[place.id].pop(fields["message_id"], None)
        return Answer(200, {"ok": True, "result": True})
    if method == "getChat":
        return Answer(200, {"ok": True, "result": place.info()})
    who = fields["user_id"]
    if who == BOT["id"]:
        return Answer(200, {"ok": True, "result": place.bot})
    if who not in place.people:
        return bad_request("user not found")
    user = {"id": who, "is_bot": False, "first_name": f"Person {who}"}
    return Answer(200, {"ok": True, "result": member(user, place.people[who])})
