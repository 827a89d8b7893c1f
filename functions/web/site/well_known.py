"""What browsers, phones and robots ask for under addresses of their own choosing."""

from __future__ import annotations

import json
from collections.abc import Callable

from web.kernel.http import TEXT, Request, Response
from web.kernel.routing import Router
from web.shared.static_files import StaticFile, found_file, static_url
from web.site.files import served

A_DAY = "public, max-age=86400"
_ICONS = {
    "/favicon.ico": "icons/favicon.ico",
    "/apple-touch-icon.png": "icons/apple-touch-icon.png",
    "/apple-touch-icon-precomposed.png": "icons/apple-touch-icon.png",
}
_ROBOTS = "".join(
    f"{line}\n" for line in (
        "User-agent: *", "Disallow: /api/", "Disallow: /login", "Disallow: /buy_stars", "Disallow: /topup",
        "Disallow: /my/", "Disallow: /calendar/", "Disallow: /new_auction", "Disallow: /auction/*/live",
        "Disallow: /auction/*/edit",
    )
)  # fmt: skip
"""Lots and sellers may be found; what asks for a login only costs them and us."""
router = Router()


def _serve_icon(file: str) -> Callable[[Request], Response]:
    return lambda request: served(request, found_file(file), A_DAY)


for _address, _file in _ICONS.items():
    router.get(_address, page="/")(_serve_icon(_file))


@router.get("/robots.txt", page="/")
def robots(_: Request) -> Response:
    return Response(_ROBOTS, 200, TEXT, {"cache-control": A_DAY})


@router.get("/sw.js", page="/")
def service_worker(request: Request) -> Response:
    """At the root, so that it may show the pages of the whole site; asked for again each time."""
    return served(request, found_file("sw.js"), "no-cache")


@router.get("/manifest.webmanifest", page="/")
def manifest(request: Request) -> Response:
    """The same for everybody, so in no one's language."""
    data = json.dumps(
        {
            "id": "/",
            "name": "Starbid",
            "short_name": "Starbid",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f7f9",
            "theme_color": "#1a73c2",
            "icons": [_icon(192), _icon(512), _icon(512, "maskable")],
        }
    ).encode()
    return served(request, StaticFile.of(data, "application/manifest+json"), A_DAY)


def _icon(side: int, purpose: str = "any") -> dict[str, str]:
    name = f"icons/icon-{side}{'' if purpose == 'any' else f'-{purpose}'}.png"
    return {"src": static_url(name), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
