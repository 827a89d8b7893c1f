"""Notices to the keepers of a group or channel where lots are posted: services.showcases.connecting makes them."""

from __future__ import annotations

from collections.abc import Iterable

from starbid.domain.showcases import Showcase
from starbid.services.notices.registry import Kind, kind
from starbid.services.ports import Notice

SHUT_OUT = kind("showcase_shut_out")
"""The chat does not let the bot post."""
TOPIC_GONE = kind("showcase_topic_gone")
"""The topic for its posts is closed or gone."""


def to_keepers(what: Kind, showcase: Showcase) -> Iterable[Notice]:
    """To each of them. Made again of the same version of the showcase, they are the same notices."""
    source = f"showcase:{showcase.chat_id}:{showcase.version}"
    facts = {"chat_id": showcase.chat_id, "title": showcase.title, "is_channel": showcase.is_channel}
    return [what.notice(source, keeper, None, **facts) for keeper in showcase.keepers]
