"""How far people have come with their achievements: a row each."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from starbid.domain.achievements.kinds import ACHIEVEMENTS, Key
from starbid.domain.achievements.progress import Progress
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.conditional import put_if
from starbid.storage.reading import Reader
from starbid.storage.rows import at, ms
from starbid.storage.unit_parts import Parts

TABLE = "achievements"


class DynamoAchievements:
    """Implements `ports.Achievements`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables[TABLE]

    def of(self, user_id: int) -> Progress:
        item = self._reader.get(TABLE, progress_key(user_id), consistent=True)
        return progress_from(item) if item else Progress(user_id)

    def of_many(self, user_ids: Collection[int]) -> Mapping[int, Progress]:
        found = self._reader.get_many({TABLE: [progress_key(user_id) for user_id in user_ids]})[TABLE]
        stored = {progress.user_id: progress for progress in map(progress_from, found)}
        return {user_id: stored.get(user_id) or Progress(user_id) for user_id in user_ids}

    def save(self, progress: Progress) -> bool:
        return put_if(self._reader.client, self._table, progress_item(progress), *_written_on(progress))


class ProgressVerbs(Parts):
    """The part of `ports.Unit` about achievements."""

    def save_progress(self, progress: Progress) -> None:
        item = encode(progress_item(progress))
        name = str(progress.user_id)
        self._add("progress", name, TABLE, "Put", {"Item": item}, *_written_on(progress), progress_from)


def progress_key(user_id: int) -> Item:
    return {"user_id": user_id}


def progress_item(progress: Progress) -> Item:
    return progress_key(progress.user_id) | {
        "marks": {key.value: marks for key, marks in progress.marks.items()} or None,
        "earned": {key.value: ms(moment) for key, moment in progress.earned.items()} or None,
        "version": progress.version,
    }


def progress_from(item: Item) -> Progress:
    """Without what this version of the program does not know."""
    known = {key.value: key for key in ACHIEVEMENTS}
    marks: dict[Key, frozenset[str]] = {known[key]: of for key, of in item.get("marks", {}).items() if key in known}
    earned = {known[key]: at(moment) for key, moment in item.get("earned", {}).items() if key in known}
    return Progress(item["user_id"], marks, earned, item["version"])


def _written_on(progress: Progress) -> tuple[str, Item]:
    """The condition on what is there before, with its values."""
    if progress.version == 1:
        return "attribute_not_exists(user_id)", {}
    return "version = :before", {":before": progress.version - 1}
