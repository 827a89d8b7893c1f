"""Compiles the methods of dataclasses and the regular expressions of all our modules and their imports.

`python -m starbid.acceleration.build.prepare_code FILE`, for `acceleration/prepared.py`; to be run by the Python that
will read the file.
"""

from __future__ import annotations

import importlib
import marshal
import re
import sys
from array import array
from pathlib import Path
from typing import Any

from starbid.acceleration.prepared import COMPILER, ENGINE, VERSION, Patterns, replace_compile, replace_execute

BUILD = Path(__file__).resolve().parent
ROOT = BUILD.parents[4]
FOLDERS = (ROOT / "layers" / "common", ROOT / "functions")


class Listening:
    """The engine of `re`, which caches what it compiled last."""

    def __init__(self) -> None:
        self.asked: tuple[Any, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(ENGINE, name)

    def compile(self, *asked: Any) -> re.Pattern[Any]:
        self.asked = asked
        pattern: re.Pattern[Any] = ENGINE.compile(*asked)
        return pattern


def main(file: Path) -> None:
    names = modules()
    file.write_bytes(marshal.dumps((VERSION, *recorded(names))))


def modules() -> list[str]:
    """The names of all modules of ours that the layer and the functions carry."""
    return [
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        for folder in FOLDERS
        for path in sorted(folder.rglob("*.py"))
        if (folder / path.relative_to(folder).parts[0] / "__init__.py").is_file() and BUILD not in path.parents
    ]


def recorded(names: list[str]) -> tuple[dict[str, bytes], Patterns]:
    """Import them; returns what was compiled meanwhile, for `prepared_methods` and `prepared_patterns`."""
    methods: dict[str, bytes] = {}
    patterns: Patterns = {}
    engine = Listening()
    compile_text = COMPILER.compile

    def record_methods(text: str, scope: dict[str, Any], made: dict[str, Any]) -> None:
        code = compile(text, "<dataclass>", "exec", dont_inherit=True)
        methods[text] = marshal.dumps(code)
        exec(code, scope, made)  # noqa: S102

    def record_pattern(text: Any, flags: int = 0) -> re.Pattern[Any]:
        pattern: re.Pattern[Any] = compile_text(text, flags)
        if isinstance(text, (str, bytes)):
            _, all_flags, code, groups, numbers, names = engine.asked
            patterns[text, int(flags)] = (int(all_flags), array("I", code).tobytes(), groups, dict(numbers), names)
        return pattern

    replace_execute(record_methods)
    replace_compile(record_pattern)
    COMPILER._sre = engine
    re.purge()  # it would not compile again what is in its cache
    try:
        for name in names:
            importlib.import_module(name)
    finally:
        COMPILER._sre = ENGINE
        replace_compile(compile_text)
    return methods, patterns


if __name__ == "__main__":
    main(Path(sys.argv[1]))
