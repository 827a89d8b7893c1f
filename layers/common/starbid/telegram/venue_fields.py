"""A group or channel, and what the bot may do in it, from the fields that Telegram tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starbid.domain.showcases import MOST_TITLE, Venue
from starbid.telegram.fields import clean

ADMINS = ("creator", "administrator")
GROUPS, CHANNEL = ("group", "supergroup"), "channel"
_THERE = (*ADMINS, "member", "restricted")
_TO_POST = ("can_send_messages", "can_send_photos")


def is_there(member: Mapping[str, Any]) -> bool:
    """Whether a ChatMember is in the chat."""
    return member.get("status") in _THERE and member.get("is_member", True) is not False


def venue_of(chat: Mapping[str, Any], me: Mapping[str, Any]) -> Venue | None:
    """A group or channel, of which the bot's own ChatMember says what it may do; None for any other chat. What all
    members may do is known only of a chat that was asked for: news does not have it.
    """
    number, kind, title = chat.get("id"), chat.get("type"), chat.get("title")
    if type(number) is not int or kind not in (*GROUPS, CHANNEL):
        return None
    named = clean(title)[:MOST_TITLE] if isinstance(title, str) else ""
    return Venue(number, named, kind == CHANNEL, may_post=_may_post(chat, me))


def _may_post(chat: Mapping[str, Any], me: Mapping[str, Any]) -> bool:
    """In a channel only an admin with that right posts; in a group everybody whom nothing keeps from it, and admins."""
    status = me.get("status")
    if not is_there(me):
        return False
    if chat.get("type") == CHANNEL:
        return status == "administrator" and me.get("can_post_messages") is True
    if status in ADMINS:
        return True
    for_all = chat.get("permissions")
    limits = [for_all] if isinstance(for_all, Mapping) else []
    if status == "restricted":
        limits.append(me)
    return all(limit.get(right) is True for limit in limits for right in _TO_POST)
