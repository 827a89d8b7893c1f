"""Makes a root file system that replaces AWS's image of the Python runtime, from parts of this machine.

Usage: `python -m scripts.sam_test.base_image PYTHON RUNTIME_ENV OUT.tar`: the Python that the functions run on, and the
virtual environment with AWS's own packages (awslambdaric, boto3).
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

TOOLS = ("bash", "mv", "cp", "rm", "chmod")
"""What SAM's Dockerfile calls."""
LEFT_OUT = ("site-packages", "dist-packages", "test", "idlelib", "tkinter", "turtledemo", "ensurepip", "pydoc_data")
_LIBRARY = re.compile(r"(?:=> )?(/\S+) \(0x")
BOOTSTRAP = """#!/bin/bash
export PYTHONPATH="/var/task:/opt/python:/var/runtime"
exec /var/lang/bin/python3.13 -m awslambdaric "$_HANDLER"
"""


def main(python: Path, environment: Path, out: Path) -> None:
    """Write the tar file."""
    (runtime,) = environment.glob("lib/python3.*/site-packages")
    with tarfile.open(out, "w", dereference=True) as tar:
        for place in ("tmp", "var/task", "opt"):
            _add_folder(tar, place, 0o1777 if place == "tmp" else 0o755)
        _add_text(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/bash\n", 0o644)
        _add_text(tar, "var/runtime/bootstrap", BOOTSTRAP, 0o755)
        tar.add(runtime, "var/runtime")
        binaries = [*_add_python(tar, python), *_add_tools(tar), *runtime.rglob("*.so")]
        for library in sorted(_libraries(binaries)):
            tar.add(library, library.lstrip("/"))


def _add_python(tar: tarfile.TarFile, python: Path) -> list[Path]:
    program, library = _places(python)
    tar.add(program, "var/lang/bin/python3.13")
    for part in sorted(library.iterdir()):
        if part.name not in LEFT_OUT and not part.name.startswith("config-"):
            tar.add(part, f"var/lang/lib/python3.13/{part.name}", filter=_without_tests)
    return [program, *library.glob("lib-dynload/*.so")]


def _places(python: Path) -> tuple[Path, Path]:
    """The program itself and its standard library."""
    ask = "import os, sys, sysconfig; print(os.path.realpath(sys.executable)); print(sysconfig.get_path('stdlib'))"
    answer = subprocess.run([str(python), "-c", ask], check=True, capture_output=True, text=True).stdout.split("\n")
    return Path(answer[0]), Path(answer[1])


def _without_tests(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "/test/" in member.name or "/tests/" in member.name else member


def _add_tools(tar: tarfile.TarFile) -> list[Path]:
    found = [Path(path) for name in TOOLS if (path := shutil.which(name))]
    for tool in found:
        tar.add(tool, f"bin/{tool.name}")
    tar.add(shutil.which("bash") or "/bin/bash", "bin/sh")
    return found


def _libraries(binaries: Iterable[Path]) -> set[str]:
    """Every shared library that these need, with the loader, by the path where it is expected."""
    needed: set[str] = set()
    for binary in binaries:
        told = subprocess.run(["ldd", str(binary)], check=False, capture_output=True, text=True).stdout
        needed.update(_LIBRARY.findall(told))
    return needed


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    tar.addfile(entry)


def _add_text(tar: tarfile.TarFile, name: str, text: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text.encode()), mode
    tar.addfile(entry, io.BytesIO(text.encode()))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
