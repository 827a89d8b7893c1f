"""Files that a seller handed over, for those who may have them."""

from __future__ import annotations

import secrets

from starbid.domain.errors import NotFound
from starbid.domain.typed_numbers import typed_whole
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.lot.refusing import back_to
from web.shared.context import with_note

router = Router()


@router.get("/auction/<auction_id>/files/<number>", page="/auction/<auction_id>")
def file(request: Request, auction_id: str, number: str) -> Response:
    """Leads to a copy, for the two sides and, in a dispute, an operator; to everybody else it is not there. What only
    Telegram has, the lot's page says.
    """
    viewer_id, place = request.visitor.user_id, typed_whole(number)
    if viewer_id is None or place is None:
        raise NoSuchPage
    try:
        url = request.app.file_delivery.link(
            viewer_id, auction_id, place, request.now, key=secrets.token_hex(16), address=request.source_ip
        )
    except NotFound:
        raise NoSuchPage from None
    if url is None:
        return with_note(back_to(auction_id), "file-in-chat")
    return redirect(url).with_headers(cache_control="private, no-store")
