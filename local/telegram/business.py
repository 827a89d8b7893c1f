"""Connecting the bot to one's account, as Telegram's settings for business do it."""

from __future__ import annotations

import secrets

from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.people import Person


def connect(context: Context, person: Person, *, enabled: bool, views_stars: bool) -> None:
    """A person connects the bot, changes what it may do, or ends it; the bot is told each time."""
    with context.store.transaction():
        row = context.store.row("SELECT * FROM connections WHERE person_id = ? AND enabled = 1", person.id)
        connection_id = row["id"] if row else secrets.token_urlsafe(16)
        date = row["date"] if row else context.timestamp()
        context.store.run(
            "INSERT OR REPLACE INTO connections VALUES (?, ?, ?, ?, ?)",
            connection_id,
            person.id,
            enabled,
            views_stars,
            date,
        )
        rights = {"can_view_gifts_and_stars": True} if views_stars else {}
        body = {
            "id": connection_id,
            "user": person.user(),
            "user_chat_id": person.id,
            "date": date,
            "rights": rights,
            "is_enabled": enabled,
        }
        context.courier.send(person.id, "business_connection", body)


def views_stars(context: Context, person: Person) -> bool:
    sql = "SELECT 1 FROM connections WHERE person_id = ? AND enabled = 1 AND views_stars = 1"
    return context.store.row(sql, person.id) is not None


def stars(context: Context, connection_id: str) -> int:
    """The person's own Stars. Raises `ApiError` 400 where the connection is over or gives no right."""
    row = context.store.row("SELECT * FROM connections WHERE id = ? AND enabled = 1", connection_id)
    if row is None:
        raise bad_request("BUSINESS_CONNECTION_INVALID")
    if not row["views_stars"]:
        raise bad_request("BOT_ACCESS_FORBIDDEN")
    return context.people.get(row["person_id"]).stars
