"""The files of the site itself, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "static"


SHORT = 10


_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class StaticFile:
    """`version` is a hash of the content."""

    data: bytes
    content_type: str
    version: str

    @classmethod
    def of(cls, data: bytes, content_type: str) -> StaticFile:
        return cls(data, content_type, hashlib.sha256(data).hexdigest())


def static_url(path: str) -> str:
    """The address of a file below `static/`, good for ever: it changes with the content. Raises FileNotFoundError."""
    return f"/static/{path}?v={found_file(path).version[:SHORT]}"


def found_file(path: str) -> StaticFile:
    """One of our own files, which is there. Raises FileNotFoundError."""
    file = find_file(path)
    if file is None:
        raise FileNotFoundError(path)
    return file


@cache
def _known(root: Path) -> dict[str, Path]:
    """The files by their path below `root`: a request can name these and nothing else."""
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix in _TYPES)
    return {path.relative_to(root).as_posix(): path for path in found}


def find_file(path: str) -> StaticFile | None:
    known = _known(STATIC).get(path)
    return _read(known, known.stat().st_mtime_ns) if known else None


@cache
def _read(path: Path, _changed: int) -> StaticFile:
    return StaticFile.of(path.read_bytes(), _TYPES[path.suffix])
