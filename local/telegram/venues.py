"""Groups and channels of the stand-in that know their members: who is an admin, what the bot may do there, and, of a
group that has become a supergroup, where it went.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from local.telegram.errors import ApiError, PageError, bad_request, forbidden
from local.telegram.people import Group
from local.telegram.store import Store

KINDS = ("group", "supergroup", "channel")
STATUSES = ("left", "kicked", "member", "restricted", "administrator")
"""Of the bot."""
MAX_TITLE = 128
_ADMIN_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip
_MEMBER_RIGHTS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics",
)  # fmt: skip


@dataclass(frozen=True)
class Venue(Group):
    """`status` is the bot's there, `may_post` its right where it is an admin, or restricted. `moved_to`: where a group
    went.
    """

    kind: str = "supergroup"
    is_forum: bool = False
    status: str = "left"
    may_post: bool = True
    moved_to: int = 0
    people: dict[int, str] = field(default_factory=dict)

    def chat(self) -> dict[str, Any]:
        """As a Bot API `Chat`."""
        forum = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "type": self.kind, "title": self.first_name, **forum}

    @property
    def is_channel(self) -> bool:
        return self.kind == "channel"

    def member(self, user: dict[str, Any], status: str) -> dict[str, Any]:
        """Somebody in it as a Bot API `ChatMember`."""
        return {"user": user, "status": status, **self._rights(status)}

    def _rights(self, status: str) -> dict[str, Any]:
        match status:
            case "creator":
                return {"is_anonymous": False}
            case "administrator":
                posts = {"can_post_messages": self.may_post, "can_edit_messages": self.may_post}
                return dict.fromkeys(_ADMIN_RIGHTS, False) | (posts if self.is_channel else {})
            case "restricted":
                rights = dict.fromkeys(_MEMBER_RIGHTS, False)
                allowed = dict.fromkeys(("can_send_messages", "can_send_photos"), self.may_post)
                return {"is_member": True, **rights, **allowed, "until_date": 0}
            case "kicked":
                return {"until_date": 0}
            case _:
                return {}

    def card(self) -> dict[str, Any]:
        """As the page shows it."""
        known = {"id": self.id, "kind": self.kind, "title": self.first_name, "status": self.status}
        more = {"may_post": self.may_post, "moved_to": self.moved_to, "is_forum": self.is_forum}
        return {**known, **more, "people": {str(who): status for who, status in self.people.items()}}

    def require_there(self) -> None:
        """Raises what Telegram answers a bot that is not in it."""
        if self.moved_to:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, words, migrate_to=self.moved_to)
        if self.status == "kicked":
            raise forbidden(f"bot was kicked from the {self._name} chat")
        if self.status == "left":
            raise forbidden(f"bot is not a member of the {self._name} chat")

    def require_post(self) -> None:
        """Raises what Telegram answers a bot that may not write there."""
        self.require_there()
        if self.is_channel and not (self.status == "administrator" and self.may_post):
            raise bad_request("need administrator rights in the channel chat")
        if self.status == "restricted" and not self.may_post:
            raise bad_request("not enough rights to send text messages to the chat")

    @property
    def _name(self) -> str:
        return "supergroup" if self.kind == "supergroup" else self.kind


class Venues:
    """All of them, by number."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, chat_id: int) -> Venue | None:
        row = self._store.row("SELECT * FROM venues WHERE id = ?", chat_id)
        return _venue(row) if row else None

    def get(self, chat_id: int) -> Venue:
        """Raises PageError."""
        venue = self.find(chat_id)
        if venue is None:
            raise PageError(404, "There is no such group or channel.")
        return venue

    def all(self) -> list[Venue]:
        """In the order in which they were made."""
        return [_venue(row) for row in self._store.rows("SELECT * FROM venues ORDER BY rowid")]

    def create(self, kind: str, title: str, creator_id: int, *, is_forum: bool) -> Venue:
        """A new one, without the bot. Raises PageError."""
        if kind not in KINDS or not 1 <= len(title.strip()) <= MAX_TITLE:
            raise PageError(400, f"It is a group, supergroup or channel, with a title of up to {MAX_TITLE} characters.")
        number = self._number(kind)
        people = json.dumps({str(creator_id): "creator"})
        sql = "INSERT INTO venues (id, kind, title, is_forum, people) VALUES (?, ?, ?, ?, ?)"
        self._store.run(sql, number, kind, title.strip(), is_forum and kind == "supergroup", people)
        self._store.next_seq()
        return self.get(number)

    def set_bot(self, chat_id: int, status: str, *, may_post: bool) -> Venue:
        """The bot's place there. Raises PageError."""
        if status not in STATUSES:
            raise PageError(400, f"The bot is {', '.join(STATUSES)}.")
        self._store.run("UPDATE venues SET status = ?, may_post = ? WHERE id = ?", status, may_post, chat_id)
        self._store.next_seq()
        return self.get(chat_id)

    def set_person(self, chat_id: int, person_id: int, status: str) -> Venue:
        """A person's place there; "left" is none."""
        people = {**self.get(chat_id).people, person_id: status}
        kept = json.dumps({str(who): each for who, each in people.items() if each != "left"})
        self._store.run("UPDATE venues SET people = ? WHERE id = ?", kept, chat_id)
        self._store.next_seq()
        return self.get(chat_id)

    def migrate(self, venue: Venue) -> Venue:
        """A group becomes a supergroup with another number; all who were in it are in that. Raises PageError."""
        if venue.kind != "group" or venue.moved_to:
            raise PageError(409, "Only a group becomes a supergroup, and once.")
        people = json.dumps({str(who): status for who, status in venue.people.items()})
        number = self._number("supergroup")
        sql = "INSERT INTO venues (id, kind, title, status, may_post, people) VALUES (?, 'supergroup', ?, ?, ?, ?)"
        self._store.run(sql, number, venue.first_name, venue.status, venue.may_post, people)
        self._store.run("UPDATE venues SET moved_to = ? WHERE id = ?", number, venue.id)
        self._store.next_seq()
        return self.get(number)

    def _number(self, kind: str) -> int:
        """As Telegram numbers them: those of small groups are short."""
        number = self._store.count("venue_id")
        return -(4_000_000 + number) if kind == "group" else -(1_002_000_000_000 + number)


def _venue(row: sqlite3.Row) -> Venue:
    return Venue(
        row["id"], row["title"], "", "en", 0, blocked=False, started=True, reachable=True, seq=0, kind=row["kind"],
        is_forum=bool(row["is_forum"]), status=row["status"], may_post=bool(row["may_post"]), moved_to=row["moved_to"],
        people={int(who): status for who, status in json.loads(row["people"]).items()},
    )  # fmt: skip
