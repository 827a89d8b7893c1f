"""Files that were handed over, as pages list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starbid.domain.delivered_files import DeliveredFile
from starbid.file_sizes import size_words
from starbid.i18n import Language
from starbid.links import to_lot_in


@dataclass(frozen=True)
class FileRow:
    """`url` hands it out, or leads to the chat of which it `is_in_chat` only."""

    name: str
    size: str
    url: str
    is_in_chat: bool


def file_rows(files: Sequence[DeliveredFile], auction_id: str, bot_url: str, words: Language) -> tuple[FileRow, ...]:
    """In their order. What a bot cannot fetch is to be had where Telegram has it."""
    chat = to_lot_in(bot_url, auction_id)
    return tuple(
        FileRow(
            file.name,
            size_words(file.size, words),
            f"/auction/{auction_id}/files/{number}" if file.is_copied else chat,
            not file.is_copied,
        )
        for number, file in enumerate(files, 1)
    )
