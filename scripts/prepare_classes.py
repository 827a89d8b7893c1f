"""The methods of all our dataclasses, compiled: `python -m scripts.prepare_classes FILE`, for `starbid.coldstart`.

To be run by the Python that will read the file.
"""

from __future__ import annotations

import importlib
import marshal
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

from starbid.coldstart import compile_with

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "layers" / "common", ROOT / "functions")


def main(file: Path) -> None:
    codes = recorded(modules())
    file.write_bytes(marshal.dumps((MAGIC_NUMBER, dict(sorted(codes.items())))))


def modules() -> list[str]:
    """The names of all modules of the layer and the functions."""
    return [
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        for folder in FOLDERS
        for path in sorted(folder.rglob("*.py"))
        if (folder / path.relative_to(folder).parts[0] / "__init__.py").is_file()
    ]


def recorded(names: list[str]) -> dict[str, bytes]:
    """Import them; answers what `dataclasses` compiled meanwhile: marshalled code by text."""
    codes: dict[str, bytes] = {}

    def record(text: str, scope: dict[str, Any], made: dict[str, Any]) -> None:
        code = compile(text, "<dataclass>", "exec", dont_inherit=True)
        codes[text] = marshal.dumps(code)
        exec(code, scope, made)  # noqa: S102

    compile_with(record)
    for name in names:
        importlib.import_module(name)
    return codes


if __name__ == "__main__":
    main(Path(sys.argv[1]))
