"""How much may be posted and edited in groups and channels: Telegram takes 20 a minute from a bot in each."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.windows import Window
from starbid.services.ports import Counters

IN_A_CHAT = Window(3, 12)
"""Posts and edits of one chat. A minute meets six of these windows, so it has 18 at most; two are left for what the bot
answers there.
"""


class ChatPace:
    """Counts what is posted and edited, chat by chat."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def wait(self, chat_id: int, now: datetime) -> int:
        """0, and one more is counted, where the chat has room for it; otherwise the seconds until it has."""
        window, left = IN_A_CHAT.at(now)
        key = f"posts-in#{chat_id}#{window}"
        return 0 if self._counters.count(key, 1, IN_A_CHAT.most, left, now) else left
