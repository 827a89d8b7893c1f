"""Files in words: what they are called and how large they are."""

from __future__ import annotations

from collections.abc import Sequence

from starbid.domain.delivered_files import DeliveredFile
from starbid.file_sizes import size_words
from starbid.i18n import Language
from starbid.telegram.html import escape


def file_lines(files: Sequence[DeliveredFile], words: Language) -> list[str]:
    """A line that counts them, and one for each: `name.zip, 3.2 MB`."""
    if not files:
        return []
    named = [f"{number}. {_line(file, words)}" for number, file in enumerate(files, 1)]
    if len(files) == 1:
        return [words._("1 file: {name}", name=_line(files[0], words))]
    return [words.ngettext("{n} file:", "{n} files:", len(files)), *named]


def _line(file: DeliveredFile, words: Language) -> str:
    size = size_words(file.size, words)
    return escape(f"{file.name}, {size}" if size else file.name)
