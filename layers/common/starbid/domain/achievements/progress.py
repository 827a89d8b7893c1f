"""How far a person has come. Marks are sets that only grow, so what counts twice, late or in another order counts the
same; none outgrows its target, and what is earned needs no marks any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from starbid.domain.achievements.kinds import ACHIEVEMENTS, Achievement, Key
from starbid.domain.people import Reputation


@dataclass(frozen=True, slots=True)
class Progress:
    """`version` 0: nothing is stored of the person. `earned` says when."""

    user_id: int
    marks: Mapping[Key, frozenset[str]] = field(default_factory=dict)
    earned: Mapping[Key, datetime] = field(default_factory=dict)
    version: int = 0

    def news_since(self, before: Progress) -> tuple[Key, ...]:
        """What has been earned since, in the order of all achievements."""
        return tuple(key for key in ACHIEVEMENTS if key in self.earned and key not in before.earned)


def with_mark(progress: Progress, key: Key, mark: str, at: datetime) -> Progress:
    """After one more thing that counts; the same progress where it counts already, or the achievement is earned."""
    there = progress.marks.get(key, frozenset())
    if key in progress.earned or mark in there:
        return progress
    if len(there) + 1 >= ACHIEVEMENTS[key].target:
        return _earning(progress, key, at)
    return replace(progress, marks={**progress.marks, key: there | {mark}})


def weighed(progress: Progress, reputation: Reputation, at: datetime) -> Progress:
    """With what the person's reputation has come to by `at`; the same progress where that earns nothing."""
    for each in ACHIEVEMENTS.values():
        reached = each.counter is not None and each.counter(reputation) >= each.target
        if reached and each.key not in progress.earned:
            progress = _earning(progress, each.key, at)
    return progress


def _earning(progress: Progress, key: Key, at: datetime) -> Progress:
    marks = {each: marks for each, marks in progress.marks.items() if each is not key}
    return replace(progress, marks=marks, earned={**progress.earned, key: at})


@dataclass(frozen=True, slots=True)
class Standing:
    """One achievement of a person: `have` of its target, and since when it is theirs."""

    achievement: Achievement
    have: int
    earned_at: datetime | None = None

    @property
    def key(self) -> Key:
        return self.achievement.key


def standings(progress: Progress, reputation: Reputation) -> tuple[Standing, ...]:
    """All achievements: those that the person has, the latest first; then the others, the nearest first."""
    earned = sorted(progress.earned, key=lambda key: progress.earned[key], reverse=True)
    ahead = [_ahead(each, progress, reputation) for each in ACHIEVEMENTS.values() if each.key not in progress.earned]
    ahead.sort(key=lambda each: -each.have / each.achievement.target)
    return (*(_earned(ACHIEVEMENTS[key], progress) for key in earned), *ahead)


def _earned(achievement: Achievement, progress: Progress) -> Standing:
    return Standing(achievement, achievement.target, progress.earned[achievement.key])


def _ahead(achievement: Achievement, progress: Progress, reputation: Reputation) -> Standing:
    marks = progress.marks.get(achievement.key, ())
    have = achievement.counter(reputation) if achievement.counter else len(marks)
    return Standing(achievement, min(have, achievement.target))
