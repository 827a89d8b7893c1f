"""What the bot is doing in each chat: an action ("typing") for five seconds, and what it is writing for thirty."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

ACTION_SECONDS = 5.0
DRAFT_SECONDS = 30.0
FRAME_SECONDS = 1.0
"""Drafts of one chat that come faster are told to wait."""


@dataclass(frozen=True)
class Draft:
    """What is being written: `content` is text and entities, empty where something is thought about."""

    id: int
    content: dict[str, Any]
    can_stop: bool = False
    keep_on_stop: bool = False
    is_stopped: bool = False

    def card(self) -> dict[str, Any]:
        """As the page shows it."""
        return {"draft_id": self.id, "text": "", **self.content, "can_stop": self.can_stop and not self.is_stopped}


@dataclass(frozen=True)
class _Shown:
    draft: Draft
    at: float


class Activity:
    """Of all chats. Nothing of it survives a restart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: dict[int, tuple[str, float]] = {}
        self._drafts: dict[int, _Shown] = {}
        self._refusing: set[int] = set()

    def show(self, chat_id: int, action: str) -> None:
        """The bot does this for the next five seconds."""
        with self._lock:
            self._actions[chat_id] = (action, monotonic() + ACTION_SECONDS)

    def refuse_drafts(self, chat_id: int, *, refused: bool) -> None:
        """Whether drafts in this chat are refused, as where a bot may not send them."""
        with self._lock:
            (self._refusing.add if refused else self._refusing.discard)(chat_id)

    def refuses_drafts(self, chat_id: int) -> bool:
        with self._lock:
            return chat_id in self._refusing

    def draft(self, chat_id: int, draft: Draft) -> int:
        """The bot is writing this; gone after thirty seconds or with the next message. Seconds to wait where it came
        too soon, else 0. What the person has stopped stays as it was.
        """
        now = monotonic()
        with self._lock:
            before = self._drafts.get(chat_id)
            if before and now < before.at + FRAME_SECONDS:
                return math.ceil(before.at + FRAME_SECONDS - now)
            if before and before.draft.is_stopped and before.draft.id == draft.id:
                return 0
            self._drafts[chat_id] = _Shown(draft, now)
            return 0

    def stop(self, chat_id: int, draft_id: int) -> bool:
        """The person wants no more of it; False where no such draft can be stopped."""
        with self._lock:
            shown = self._drafts.get(chat_id)
            if shown is None or not _is_live(shown) or shown.draft.id != draft_id or not shown.draft.card()["can_stop"]:
                return False
            self._drafts[chat_id] = replace(shown, draft=replace(shown.draft, is_stopped=True))
            return True

    def clear(self, chat_id: int) -> None:
        """The bot has written."""
        with self._lock:
            self._actions.pop(chat_id, None)
            self._drafts.pop(chat_id, None)

    def of(self, chat_id: int) -> tuple[str, dict[str, Any] | None]:
        """The present action and draft of a chat."""
        with self._lock:
            action, until = self._actions.get(chat_id, ("", 0.0))
            shown = self._drafts.get(chat_id)
            is_seen = shown is not None and _is_live(shown) and (shown.draft.keep_on_stop or not shown.draft.is_stopped)
            return action if monotonic() < until else "", shown.draft.card() if shown and is_seen else None


def _is_live(shown: _Shown) -> bool:
    return monotonic() < shown.at + DRAFT_SECONDS
