"""Files that a seller hands over with a deal: what is known of them, how many, how they are called, and until when.

What comes through the chat Telegram has: it is named by an id, with which the bot sends it on. What is uploaded on the
site is kept by its content, and the bot sends that. The ids are kept apart from the deal, and erased.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from starbid.domain.deals import DELIVERY_LENGTH, Deal
from starbid.domain.errors import Invalid
from starbid.domain.texts import flat, read_text, shows

FIELD = "files"
MAX_FILES = 10
"""Of a delivery: as many as an album of Telegram's has."""
NAME_LENGTH = 120
MOST_COPIED = 20_000_000
"""Bytes of a file that Telegram lets a bot fetch, and so of one that the site can hand out."""
FILES_KEPT = timedelta(days=30)
"""How long after the end of its deal a file is kept."""
_MARK = 12
_UPLOAD = "site:"
"""No id of Telegram's has a colon."""
_ENDING = 12
"""Characters of a name's ending that a cut leaves."""
_UNSAFE = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
"""What no system lets stand in the name of a file, or only some do."""


class FileKind(StrEnum):
    """As what Telegram has it: it is sent on as the same."""

    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    AUDIO = "audio"
    DOCUMENT = "document"


_CALLED = {
    FileKind.PHOTO: "photo.jpg",
    FileKind.VIDEO: "video.mp4",
    FileKind.ANIMATION: "animation.mp4",
    FileKind.AUDIO: "audio.mp3",
    FileKind.DOCUMENT: "file",
}
"""The names of those that came without one."""
_SHOWN_TOGETHER = {FileKind.PHOTO: "pictures", FileKind.VIDEO: "pictures", FileKind.AUDIO: "audio"}


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """`file_id` is Telegram's, or says that it is an `upload`; `name` is clean; `type` (MIME) is what the sender's
    program said, a label and no more; `size` in bytes, None where it was not told.
    """

    file_id: str
    kind: FileKind
    name: str
    type: str = ""
    size: int | None = None

    @property
    def upload(self) -> str:
        """The content's digest of what came through the site; empty for what Telegram has."""
        return self.file_id.removeprefix(_UPLOAD) if self.file_id.startswith(_UPLOAD) else ""

    @property
    def is_copied(self) -> bool:
        """Whether the site can hand it out; of one whose size is not known only trying tells."""
        return self.size is None or self.size <= MOST_COPIED


@dataclass(frozen=True, slots=True)
class Part:
    """What one message of the seller's brings: a file, words, or both."""

    file: DeliveredFile | None
    text: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is about to be handed over, or was."""

    files: tuple[DeliveredFile, ...] = ()
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.files and not self.text

    @property
    def mark(self) -> str:
        """Hex digits that stand for just these files and words: a button that has them sends nothing else."""
        told = json.dumps([self.text, [astuple(file) for file in self.files]])
        return hashlib.sha256(told.encode()).hexdigest()[:_MARK]


def packed(parts: Mapping[int, Part]) -> Parcel:
    """The parts in the order of their messages. Where two came at once and are one too many, the first ones count."""
    ordered = [parts[number] for number in sorted(parts)]
    files = tuple(part.file for part in ordered if part.file)[:MAX_FILES]
    text = "\n".join(part.text for part in ordered if part.text)
    return Parcel(files, text[:DELIVERY_LENGTH].strip())


def with_part(parts: Mapping[int, Part], number: int, file: DeliveredFile | None, text: str) -> dict[int, Part]:
    """The parts with one more, or with this one in the place of what the same message brought before. Raises Invalid
    for more than MAX_FILES, for words that are too long all together, and where there is neither a file nor a word.
    """
    more = {**parts, number: Part(file, read_text("text", text, 0 if file else 1, DELIVERY_LENGTH))}
    if sum(part.file is not None for part in more.values()) > MAX_FILES:
        raise Invalid(FIELD, "too_many_files", most=MAX_FILES)
    read_text("text", "\n".join(part.text for part in more.values() if part.text), 0, DELIVERY_LENGTH)
    return more


def uploaded(name: str, data: bytes) -> DeliveredFile:
    """A file of a form, whatever its browser calls it. Raises Invalid for an empty one."""
    if not data:
        raise Invalid(FIELD, "empty_file")
    called = clean_name(name, FileKind.DOCUMENT)
    return DeliveredFile(_UPLOAD + hashlib.sha256(data).hexdigest()[:32], FileKind.DOCUMENT, called, size=len(data))


def clean_name(name: str | None, kind: FileKind) -> str:
    """The name of a file as it may stand on a page and on a disk: no folders, nothing that cannot be seen or turns the
    words around, NAME_LENGTH characters at most with its ending; one by its kind where nothing is left.
    """
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(mark for mark in last if mark == " " or shows(mark) or unicodedata.category(mark)[0] == "M")
    tidy = flat(seen).translate(_UNSAFE).strip(". ")
    if not shows(tidy):
        return _CALLED[kind]
    if len(tidy) <= NAME_LENGTH:
        return tidy
    stem, dot, ending = tidy.rpartition(".")
    if not dot or len(ending) > _ENDING:
        return tidy[:NAME_LENGTH].strip(". ")
    return f"{stem[: NAME_LENGTH - len(ending) - 1].rstrip('. ')}.{ending}"


def together(files: Iterable[DeliveredFile]) -> Iterator[tuple[DeliveredFile, ...]]:
    """In their order, those that follow each other and that Telegram shows as one album: photos with videos, audio,
    documents; an animation stands alone, and so does what came through the site.
    """
    numbered = enumerate(files)
    for _, run in groupby(numbered, lambda each: _family(*each)):
        yield tuple(file for _, file in run)


def are_kept(deal: Deal, now: datetime) -> bool:
    """Whether the deal has files that have not been erased."""
    return deal.files > 0 and (deal.ended_at is None or now < files_kept_until(deal.ended_at))


def files_kept_until(ended_at: datetime) -> datetime:
    return ended_at + FILES_KEPT


def _family(place: int, file: DeliveredFile) -> str:
    if file.upload or file.kind is FileKind.ANIMATION:
        return f"alone {place}"
    return _SHOWN_TOGETHER.get(file.kind, file.kind.value)
