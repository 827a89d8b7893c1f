"""The files of the site itself, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from web.kernel.compression import LEAST, gzipped, is_text
from web.shared.style_sheets import SHEETS

WEB = Path(__file__).resolve().parents[1]
STATIC = WEB / "static"
PACKED = WEB / "packed"
"""Files in fewer bytes, `<version>.br` and `<version>.gzip`, where the build made them (scripts/pack_static.py)."""
CODINGS = ("br", "gzip")
"""The better one first."""
SHORT = 10
_BEST = 9
_ADDRESS = re.compile(rf"(?P<name>.+)\.(?P<version>[0-9a-f]{{{SHORT}}})(?P<kind>\.\w+)")


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

    @property
    def is_packed(self) -> bool:
        """Whether it is served in fewer bytes to those who take them."""
        return len(self.data) >= LEAST and is_text(self.content_type)


def static_url(path: str) -> str:
    """The address of a file below `static/`, good for ever: it changes with the content. Raises FileNotFoundError."""
    name, _, kind = path.rpartition(".")
    return f"/static/{name}.{found_file(path).version[:SHORT]}.{kind}"


def found_file(path: str) -> StaticFile:
    """One of our own files, which is there. Raises FileNotFoundError."""
    file = find_file(path)
    if file is None:
        raise FileNotFoundError(path)
    return file


def find_addressed(address: str) -> tuple[StaticFile, bool] | None:
    """The file of an address below `/static/`, and whether the address is that of just this content: it is not where
    it names an older version, or none.
    """
    plain = find_file(address)
    if plain:
        return plain, False
    named = _ADDRESS.fullmatch(address)
    file = find_file(named["name"] + named["kind"]) if named else None
    return (file, file.version.startswith(named["version"])) if file and named else None


def find_file(path: str) -> StaticFile | None:
    """A file below `static/`, or a style sheet made of several."""
    if path in SHEETS:
        return _joined(tuple(map(found_file, SHEETS[path])))
    known = _known(STATIC).get(path)
    return _read(known, known.stat().st_mtime_ns) if known else None


def all_files() -> list[StaticFile]:
    """What can be served."""
    return [found_file(path) for path in (*_known(STATIC), *SHEETS)]


@lru_cache(256)
def packed(file: StaticFile, coding: str) -> bytes | None:
    """The file in one of the codings; None where it is not kept in it. Without a build there is gzip alone."""
    if not file.is_packed:
        return None
    try:
        return (PACKED / f"{file.version}.{coding}").read_bytes()
    except FileNotFoundError:
        return gzipped(file.data, _BEST) if coding == "gzip" else None


@cache
def _known(root: Path) -> dict[str, Path]:
    """The files by their path below `root`: a request can name these and nothing else."""
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix in _TYPES)
    return {path.relative_to(root).as_posix(): path for path in found}


@cache
def _read(path: Path, _changed: int) -> StaticFile:
    return StaticFile.of(path.read_bytes(), _TYPES[path.suffix])


@cache
def _joined(parts: tuple[StaticFile, ...]) -> StaticFile:
    return StaticFile.of(b"\n".join(part.data for part in parts), parts[0].content_type)
