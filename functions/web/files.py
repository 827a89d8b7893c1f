"""Files that never change under their address: the site's own, and pictures of lots."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from web.errors import NoSuchPage
from web.http import Request, Response
from web.routing import Router

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
PICTURE_SIZES = {"small": 320, "medium": 800, "large": 1600}
"""The long side in pixels."""
PICTURE_TYPE = "image/jpeg"
_SHORT = 10
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
router = Router()


@dataclass(frozen=True)
class StaticFile:
    """`version` is a hash of the content."""

    data: bytes
    content_type: str
    version: str


def static_url(path: str) -> str:
    """The address of a file below `static/`, good for ever: it changes with the content. Raises FileNotFoundError."""
    file = _file(path)
    if file is None:
        raise FileNotFoundError(path)
    return f"/static/{path}?v={file.version[:_SHORT]}"


@router.get("/static/<path>")
def static(request: Request, path: str) -> Response:
    file = _file(path)
    if file is None:
        raise NoSuchPage
    asked = request.query.get("v", "")
    is_this = len(asked) >= _SHORT and file.version.startswith(asked)
    headers = {
        "cache-control": FOREVER if is_this else "public, max-age=300",
        "etag": f'"{file.version[:32]}"',
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response("", 304, file.content_type, headers)
    return Response(file.data, 200, file.content_type, headers)


@router.get("/pictures/<picture_id>/<size>")
def picture(request: Request, picture_id: str, size: str) -> Response:
    """A lot's picture, for everybody and for ever; a draft, for whom it belongs to."""
    if size not in PICTURE_SIZES:
        raise NoSuchPage
    data = request.app.pictures.load(picture_id, size)
    if data is not None:
        return Response(data, 200, PICTURE_TYPE, {"cache-control": FOREVER})
    user_id = request.visitor.user_id
    draft = request.app.pictures.load_draft(user_id, picture_id, size, request.now) if user_id is not None else None
    if draft is None:
        raise NoSuchPage
    return Response(draft, 200, PICTURE_TYPE, {"cache-control": "private, no-store"})


@cache
def _known(root: Path) -> dict[str, Path]:
    """The files by their path below `root`: a request can name these and nothing else."""
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix in _TYPES)
    return {path.relative_to(root).as_posix(): path for path in found}


def _file(path: str) -> StaticFile | None:
    known = _known(STATIC).get(path)
    return _read(known, known.stat().st_mtime_ns) if known else None


@cache
def _read(path: Path, _changed: int) -> StaticFile:
    data = path.read_bytes()
    return StaticFile(data, _TYPES[path.suffix], hashlib.sha256(data).hexdigest())
