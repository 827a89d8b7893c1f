"""What people achieved."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.events.base import PersonEvent


@dataclass(frozen=True, slots=True)
class AchievementsEarned(PersonEvent):
    """`keys` as in `domain.achievements.kinds`: all that was earned at once."""

    keys: tuple[str, ...]
