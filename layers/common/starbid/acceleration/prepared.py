"""Makes a process of the built layer start faster. Elsewhere there is no `PREPARED`, and nothing happens.

Two parts of the standard library compile texts in every process: `dataclasses` the methods of each class, `re` each
regular expression. With a hundred of either that is a seventh of a cold start. The build (`build/prepare_code.py`)
stores the results. The texts themselves are the keys: a changed text, or one that the build did not see, is compiled as
usual. A Python of another version than the build's ignores them.
"""

from __future__ import annotations

import dataclasses
import gc
import marshal
import os
import re
from collections.abc import Callable
from importlib.util import MAGIC_NUMBER
from typing import Any

PREPARED = os.path.join(os.path.dirname(__file__), "prepared.bin")  # noqa: PTH118, PTH120 - pathlib costs 5 ms here
COMPILER: Any = re._compiler  # type: ignore[attr-defined]
ENGINE: Any = COMPILER._sre
VERSION = (MAGIC_NUMBER, ENGINE.MAGIC, ENGINE.CODESIZE)
YOUNG_OBJECTS = 100_000
"""How many new objects the garbage collector waits for. Imported modules are no garbage, and a request makes little."""

Execute = Callable[[str, dict[str, Any], dict[str, Any]], None]
Compile = Callable[..., "re.Pattern[Any]"]
Patterns = dict[tuple[str | bytes, int], tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]]
"""By text and flags: all flags, the matcher's code (32 bits each), the number of groups, their numbers and names."""


def hasten() -> None:
    """Use what was prepared, and switch the collector off while modules are imported."""
    try:
        with open(PREPARED, "rb") as file:  # noqa: PTH123
            version, methods, patterns = marshal.load(file)  # noqa: S302 - a file of our own layer
    except FileNotFoundError:
        return
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    if version == VERSION:
        replace_execute(prepared_methods(methods))
        replace_compile(prepared_patterns(patterns, COMPILER.compile))


def prepared_methods(methods: dict[str, bytes]) -> Execute:
    """`exec` for a text whose code may be among `methods`, marshalled."""

    def execute(text: str, scope: dict[str, Any], made: dict[str, Any]) -> None:
        code = methods.get(text)
        exec(text if code is None else marshal.loads(code), scope, made)  # noqa: S102, S302

    return execute


def prepared_patterns(patterns: Patterns, compile_text: Compile) -> Compile:
    """`re`'s own compiler `compile_text` for all but `patterns`."""

    def compile_pattern(text: Any, flags: int = 0) -> re.Pattern[Any]:
        known = patterns.get((text, flags))
        if known is None:
            return compile_text(text, flags)
        all_flags, code, groups, numbers, names = known
        made: re.Pattern[Any] = ENGINE.compile(text, all_flags, _words(code), groups, numbers, names)
        return made

    return compile_pattern


def _words(code: bytes) -> list[int]:
    return memoryview(code).cast("I").tolist()


def replace_execute(execute: Execute) -> None:
    """Make `dataclasses` use this instead of the builtin `exec`."""
    dataclasses.exec = execute  # type: ignore[attr-defined]


def replace_compile(compile_pattern: Compile) -> None:
    """Make `re` compile with this what is not in its cache."""
    COMPILER.compile = compile_pattern
