"""How big the built layer and functions are, zipped as `sam deploy` zips them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from bench.cold import BUILD


def measure() -> dict[str, int]:
    """Bytes by package. Functions built from the same package count separately, because each is uploaded."""
    return {path.name: _zipped(path) for path in sorted(BUILD.iterdir()) if path.is_dir()}


def _zipped(folder: Path) -> int:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return buffer.tell()
