"""Lots that were looked at lately: the browser alone remembers which (static/seen.js), and asks how they stand."""

from __future__ import annotations

import re

from web.kernel.http import Request, Response, html
from web.kernel.routing import Router
from web.shared.cards import card_of_lot
from web.shared.context import page_context, page_words
from web.shared.rendering import render

router = Router()
MOST = 8
_ID = re.compile("[a-z0-9]{1,20}")


@router.get("/seen", page="/")
def seen(request: Request) -> Response:
    """A shelf of the lots of `ids`, as they stand; nothing where none of them is there."""
    words = page_words(request)
    asked = (each for each in request.query.get("ids", "").split(",", MOST) if _ID.fullmatch(each))
    views = request.app.browsing.shown(tuple(dict.fromkeys(asked))[:MOST], 0, request.now)
    cards = [card_of_lot(view, None, words) for view in views]
    return html(render("browse/seen.html", words, page=page_context(request, words), cards=cards))
