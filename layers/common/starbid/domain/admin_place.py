"""Where the admins are told what waits for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AdminPlace:
    """A chat that they share; alerts go into its `topic` where it is a forum and one is named. Tickets have topics of
    their own.
    """

    chat_id: int
    topic: int | None = None
