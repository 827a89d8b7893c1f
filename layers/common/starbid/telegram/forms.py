"""What kind of message it is, by the fields that it has."""

from __future__ import annotations

from typing import Any

from starbid.telegram.updates import Form

_USUAL = ("text", "photo", "document")
_FORMS = {
    "animation": Form.FILM,  # before `document`, which goes with it
    "video": Form.FILM,
    "video_note": Form.FILM,
    "live_photo": Form.FILM,
    "voice": Form.SOUND,
    "audio": Form.SOUND,
    "sticker": Form.STICKER,
    "dice": Form.STICKER,
    "location": Form.PLACE,
    "venue": Form.PLACE,
    "contact": Form.CONTACT,
    "poll": Form.POLL,
}
_NOTICES = frozenset({
    "pinned_message", "write_access_allowed", "connected_website", "message_auto_delete_timer_changed",
    "chat_background_set", "boost_added", "users_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "proximity_alert_triggered", "paid_message_price_changed", "web_app_data", "passport_data",
    "checklist_tasks_added", "checklist_tasks_done", "poll_option_added", "poll_option_deleted",
})  # fmt: skip


def is_notice(message: dict[str, Any]) -> bool:
    """Telegram itself tells of something that somebody did in the chat (pinned a message, allowed the bot to write):
    nobody said anything, and nobody waits for an answer.
    """
    return not _NOTICES.isdisjoint(message)


def form_of(message: dict[str, Any]) -> Form | None:
    """None for a text, a photo or a plain file."""
    known = next((form for field, form in _FORMS.items() if field in message), None)
    return known or (None if any(field in message for field in _USUAL) else Form.OTHER)
