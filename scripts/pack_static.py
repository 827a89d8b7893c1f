"""The site's files in fewer bytes, made by the build: `python -m scripts.pack_static`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from web.kernel.compression import gzipped
from web.shared.static_files import PACKED, all_files

BROTLI = Path(__file__).with_name("brotli.mjs")
"""Node compresses: Python has no Brotli, and the build needs Node for the packages of npm anyway."""


def main(folder: Path) -> int:
    """`<version>.gzip` and `<version>.br` of each file that gets shorter, and nothing else; returns how many files.
    Raises CalledProcessError, and FileNotFoundError where Node is missing.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = {file.version: file for file in all_files() if file.is_packed}
    for version, file in files.items():
        (folder / f"{version}.gzip").write_bytes(gzipped(file.data, 9))
        (folder / version).write_bytes(file.data)
    subprocess.run(["node", BROTLI, *(folder / version for version in files)], check=True)
    for version in files:
        (folder / version).unlink()
    return len(files)


if __name__ == "__main__":
    main(PACKED)
