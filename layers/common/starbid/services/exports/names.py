"""Where the files of an export are, and what they are saved as."""

from __future__ import annotations

from starbid.domain.exports import Export, FileFormat


def file_of(export: Export) -> str:
    """What people get."""
    return f"files/{export.id}.{export.wish.file_format}"


def written_file_of(export: Export) -> str:
    """What its rows are written to: the file itself, or what a workbook is made of."""
    return f"rows/{export.id}.jsonl" if export.wish.file_format is FileFormat.XLSX else file_of(export)


def saved_as(export: Export) -> str:
    """`starbid-ledger-2026-05-01.csv`: the day is the last one in it, in UTC."""
    return f"starbid-{export.wish.what}-{export.wish.until:%Y-%m-%d}.{export.wish.file_format}"
