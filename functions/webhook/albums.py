"""What is said once to messages that come together: those of an album are several updates, at once or one by one."""

from __future__ import annotations

from webhook.conversation import Conversation

ALBUM_SECONDS = 86_400
"""So long an update may come again."""


def is_first(chat: Conversation, what: str, album: str | None, seconds: int = ALBUM_SECONDS) -> bool:
    """Whether `what` is to be said to this message of an album: to the first one, as often as that one comes, for what
    it was told may be lost on the way. A message that is alone is the first.
    """
    return album is None or chat.app.scratch.take(f"once-{what}#{chat.person.id}#{album}", chat.turn, seconds, chat.now)


def fetching(chat: Conversation, album: str | None) -> None:
    """Before a photo is fetched and made again: the person sees that an answer comes, once for an album."""
    if is_first(chat, "fetching", album):
        chat.slowly()
