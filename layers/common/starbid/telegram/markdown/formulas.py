"""Formulas in LaTeX as lines of Unicode, and the dollars that are money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starbid.domain.assistant.showing import shown
from starbid.telegram.markdown.parsing import parsed

_PARENTHESES = re.compile(r"(?<!\\)\\\(((?:(?!\\[()])[^\n]){1,300})\\\)")
_BRACKETS = re.compile(r"(?<!\\)\\\[((?:(?!\\[\[\]]).){1,600})\\\]", re.DOTALL)
_LATEX = re.compile(r"[\\^_={}]")
_FORMULA = re.compile(r"[A-Za-z]\w?(?:\s*[-/]\s*\w{1,3})*|(?=.*[\\^_={}+*<>])[\w\\({\[|+.-].*[\w)}\]|'!]", re.DOTALL)
_DIGIT = re.compile(rb"[0-9]")
_STACKS = re.compile(r"\\(?:sqrt|over|under|[bx]?cancel|sout)")
_MOST_STACKED = 4
"""Each line over or under letters doubles what the library makes of them: 30 roots in each other would be gigabytes."""
_LONGEST = 600
_BLANK_LINES = re.compile(r"\s*\n\s*")


def in_dollars(source: str) -> str:
    r"""Markdown with its formulas between dollars: `\(…\)` and `\[…\]`, which are what models write as often, would
    lose their backslashes. Code stays as it is.
    """
    if not ("\\(" in source or "\\[" in source):
        return source
    data, at, pieces = source.encode(), 0, list[str]()
    for start, end in _code(source):
        pieces += [_dollars(data[at:start].decode()), data[start:end].decode()]
        at = end
    return "".join([*pieces, _dollars(data[at:].decode())])


def readable(formula: str) -> str:
    """A formula in Unicode, on few lines; as it is written, where it is too long or too deep to be turned into one."""
    from telegramify_markdown.latex_escape.helper import LatexToUnicodeHelper

    formula = formula.strip()
    if len(formula) > _LONGEST or len(_STACKS.findall(formula)) > _MOST_STACKED:
        return formula
    converter: Any = LatexToUnicodeHelper()
    return _BLANK_LINES.sub("\n", shown(converter.convert(formula)).strip())


def is_formula(words: str, touching: bytes) -> bool:
    """Whether what stands between two dollars is no money: `$5-$6`, `5$/6$` and `$TSLA,$AAPL` are none. `touching`: the
    bytes before the first dollar and behind the last.
    """
    return not _DIGIT.search(touching) and _FORMULA.fullmatch(words) is not None


def _code(source: str) -> Iterator[tuple[int, int]]:
    """Where the bytes of code begin and end."""
    for event, place in parsed(source):
        match event:
            case {"Start": {"CodeBlock": _}} | {"Code": _}:
                yield place["start"], place["end"]


def _dollars(words: str) -> str:
    words = _PARENTHESES.sub(lambda found: _between("$", found), words)
    return _BRACKETS.sub(lambda found: _between("$$", found), words)


def _between(dollars: str, found: re.Match[str]) -> str:
    """Brackets that are escaped for another reason stay."""
    formula = found[1].strip()
    return f"{dollars}{formula}{dollars}" if _LATEX.search(formula) and "$" not in formula else found[0]
