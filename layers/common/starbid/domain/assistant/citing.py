"""Whether an answer about a lot rests on the lot's text."""

from __future__ import annotations

import re

_BLANKS = re.compile(r"\s+")
_QUOTE_MARKS = "\"'«»“”„‘’ "


def cited(answer: str, *sources: str) -> str:
    """The answer without quotes that nobody wrote: a line that begins with `> ` stays only where its words stand in one
    of `sources`, apart from blanks, capitals and quotation marks around them.
    """
    told, kept, after_quote = [_plain(source) for source in sources], [], False
    for line in answer.split("\n"):
        is_quote = _is_quote(line)
        if is_quote and not _stands(line, told):
            continue
        if after_quote and line.strip() and not line.lstrip().startswith(">"):
            kept.append("")  # Markdown would take the line for a part of the quote
        kept.append(line)
        after_quote = line.lstrip().startswith(">")
    return "\n".join(kept).strip()


def _is_quote(line: str) -> bool:
    return line.lstrip().startswith(">") and bool(_words(line))


def _stands(line: str, told: list[str]) -> bool:
    return any(_words(line) in source for source in told)


def _words(line: str) -> str:
    return _plain(line.lstrip().lstrip("> ").strip(_QUOTE_MARKS + "*_"))


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip().casefold()
