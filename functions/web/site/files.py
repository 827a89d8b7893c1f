"""Files that never change under their address: the site's own, and pictures of lots."""

from __future__ import annotations

from starbid.imaging.sizes import PICTURE_SIZES, PICTURE_TYPE, WEBP, WEBP_TYPE
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
    """A lot's picture, for everybody and for ever; a draft, for whom it belongs to. As WebP where the browser takes it
    and there is one.
    """
    if size not in PICTURE_SIZES:
        raise NoSuchPage
    kinds = {size + WEBP: WEBP_TYPE} if WEBP_TYPE in request.headers.get("accept", "") else {}
    kinds[size] = PICTURE_TYPE
    for name, kind in kinds.items():
        if data := request.app.pictures.load(picture_id, name):
            return Response(data, 200, kind, {"cache-control": FOREVER, "vary": "Accept"})
    user_id = request.visitor.user_id
    if user_id is None:
        raise NoSuchPage
    for name, kind in kinds.items():
        if data := request.app.pictures.load_draft(user_id, picture_id, name, request.now):
            return Response(data, 200, kind, {"cache-control": "private, no-store"})
    raise NoSuchPage
