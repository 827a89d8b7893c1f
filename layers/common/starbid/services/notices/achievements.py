"""The notice of what a person has achieved: one for all that was earned at once, to nobody but them."""

from __future__ import annotations

from starbid.domain.events import AchievementsEarned
from starbid.services.notices.registry import to_one

EARNED = to_one(AchievementsEarned, "achievement", "user_id", "keys")
