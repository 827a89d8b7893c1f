"""Whether an answer about a lot rests on the lot's text."""

from __future__ import annotations

import re

_BLANKS = re.compile(r"\s+")
_QUOTE_MARKS = "\"'«»“”„‘’ "


def cited(answer: str, *sources: str) -> str:
    """The answer without quotes that nobody wrote: a line that begins with `> ` stays only where its words stand in one
    of `sources`, apart from blanks, capitals and quotation marks around them.
    """
    told = [_plain(source) for source in sources]
    lines = [line for line in answer.split("\n") if not _is_quote(line) or _stands(line, told)]
    return "\n".join(lines).strip()


def _is_quote(line: str) -> bool:
    return line.lstrip().startswith(">") and bool(_words(line))


def _stands(line: str, told: list[str]) -> bool:
    return any(_words(line) in source for source in told)


def _words(line: str) -> str:
    return _plain(line.lstrip().lstrip("> ").strip(_QUOTE_MARKS + "*_"))


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip().casefold()
