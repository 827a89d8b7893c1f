"""What makes a process of the built layer ready sooner. Elsewhere there is no `PREPARED`, and nothing happens.

`dataclasses` writes the methods of each class as text and compiles it anew in every process: with a hundred classes an
eighth of a cold start. The build (`scripts/prepare_classes.py`) keeps what came of it. The text itself is the key, so a
class that changed, or that the build did not see, is compiled as ever. An unknown version of Python prepares nothing.
"""

from __future__ import annotations

import dataclasses
import gc
import marshal
import os
from collections.abc import Callable
from importlib.util import MAGIC_NUMBER
from typing import Any

PREPARED = os.path.join(os.path.dirname(__file__), "classes.bin")  # noqa: PTH118, PTH120 - pathlib costs 5 ms here
YOUNG_OBJECTS = 100_000
"""How many new objects the garbage collector waits for. What is imported is no garbage, and a request makes few."""

Execute = Callable[[str, dict[str, Any], dict[str, Any]], None]


def hasten() -> None:
    """Take the prepared classes and let the collector rest while modules are imported."""
    try:
        with open(PREPARED, "rb") as file:  # noqa: PTH123
            version, codes = marshal.load(file)  # noqa: S302 - a file of our own layer
    except FileNotFoundError:
        return
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    if version == MAGIC_NUMBER:
        compile_with(prepared(codes))


def prepared(codes: dict[str, bytes]) -> Execute:
    """`exec` for a text whose code may be among `codes`, marshalled."""

    def execute(text: str, scope: dict[str, Any], made: dict[str, Any]) -> None:
        code = codes.get(text)
        exec(text if code is None else marshal.loads(code), scope, made)  # noqa: S102, S302

    return execute


def compile_with(execute: Execute) -> None:
    """Let `dataclasses` find this in place of the builtin `exec`."""
    dataclasses.exec = execute  # type: ignore[attr-defined]
