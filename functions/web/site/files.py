"""Files that never change under their address: the site's own, and pictures of lots."""

from __future__ import annotations

from starbid.imaging.sizes import PICTURE_SIZES, PICTURE_TYPE
from web.kernel.caching import is_known
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.static_files import SHORT, StaticFile, find_file

FOREVER = "public, max-age=31536000, immutable"
router = Router()


@router.get("/static/<path>", page="/")
def static(request: Request, path: str) -> Response:
    file = find_file(path)
    if file is None:
        raise NoSuchPage
    asked = request.query.get("v", "")
    is_this = len(asked) >= SHORT and file.version.startswith(asked)
    return served(request, file, FOREVER if is_this else "public, max-age=300")


def served(request: Request, file: StaticFile, keep: str) -> Response:
    """A file that is the same for everybody, or 304; `keep`: how long."""
    headers = {"cache-control": keep, "etag": f'"{file.version[:32]}"'}
    if is_known(request, headers["etag"]):
        return Response("", 304, file.content_type, headers)
    return Response(file.data, 200, file.content_type, headers)


@router.get("/pictures/<picture_id>/<size>", page="/")
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
