"""Files that never change under their address: the site's own, and pictures of lots."""

from __future__ import annotations

from collections.abc import Iterator

from starbid.imaging.sizes import PICTURE_SIZES, PICTURE_TYPE, WEBP, WEBP_TYPE
from web.kernel.caching import is_known
from web.kernel.compression import CODING, takes
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.static_files import CODINGS, StaticFile, find_addressed, packed

FOREVER = "public, max-age=31536000, immutable"
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""A file does nothing by itself; the policy of pages is half a kilobyte in front of each."""
router = Router()


@router.get("/static/<path>", page="/")
def static(request: Request, path: str) -> Response:
    found = find_addressed(path)
    if found is None:
        raise NoSuchPage
    file, is_this = found
    response = served(request, file, FOREVER if is_this else "public, max-age=300")
    return response.with_headers(content_security_policy=FILE_POLICY)


def served(request: Request, file: StaticFile, keep: str) -> Response:
    """A file that is the same for everybody, or 304; `keep`: how long."""
    coding, data = next(_packings(request, file), ("", file.data))
    tag = file.version[:32] + (f"-{coding}" if coding else "")
    headers = {"cache-control": keep, "etag": f'"{tag}"'}
    if is_known(request, headers["etag"]):
        return Response("", 304, file.content_type, headers)
    return Response(
        data, 200, file.content_type, headers | ({"content-encoding": coding, "vary": CODING} if coding else {})
    )


def _packings(request: Request, file: StaticFile) -> Iterator[tuple[str, bytes]]:
    """The file in the codings that the browser takes, the shortest first."""
    for coding in CODINGS:
        data = packed(file, coding) if takes(request, coding) else None
        if data is not None:
            yield coding, data


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
