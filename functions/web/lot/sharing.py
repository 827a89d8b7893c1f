"""A lot sent on from the Mini App as a card. Everywhere else the link of the page does it (`links.share`)."""

from __future__ import annotations

from starbid import observability
from starbid.services.ports import Rejected, TryLater, Unreachable
from web.kernel.http import Request, Response, to_json
from web.kernel.routing import Router

router = Router()


@router.post("/auction/<auction_id>/share", page="/auction/<auction_id>")
def share(request: Request, auction_id: str) -> Response:
    """`message_id` of a message that Telegram keeps for the person; null where it makes none, and the link is left."""
    person = request.visitor.require_person()
    try:
        message_id = request.app.sharing.prepare(person, auction_id, request.now)
    except (TryLater, Unreachable, Rejected) as refusal:
        observability.logger("web").warning("no message was prepared for lot %s: %r", auction_id, refusal)
        message_id = None
    return to_json({"message_id": message_id})
