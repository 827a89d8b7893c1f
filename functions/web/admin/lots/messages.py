"""What the two sides of a deal wrote to each other, for operators who may read it: each look is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.domain import careful
from starbid.domain.audit_trail import Operator
from starbid.domain.errors import NotFound
from starbid.domain.roles import Right
from starbid.domain.talks import Message
from starbid.domain.typed_numbers import typed_whole
from starbid.i18n import Language
from starbid.imaging.sizes import PICTURE_TYPE
from starbid.services.talks.reading import PAGE
from starbid.talk_words import fault_name
from web.admin.desk import Desk, decision
from web.admin.shell import panel
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response
from web.shared.context import page_words

desk = Desk()


@dataclass(frozen=True)
class Line:
    """One message; `photos` are their addresses."""

    number: int
    by_buyer: bool
    at: datetime
    text: str
    photos: tuple[str, ...]
    fault: str
    leads_away: bool


@desk.post("/admin/deals/<auction_id>/messages", Right.SUPPORT)
def messages(request: Request, operator: Operator, auction_id: str) -> Response:
    """The newest that may be read, or those before number `below`; a form, as a look is put on record."""
    words, below = page_words(request), typed_whole(request.form.get("below", ""))
    try:
        lot = request.app.store.lot(auction_id)
    except NotFound:
        raise NoSuchPage from None
    found = request.app.talk_reading.read(decision(request, operator), auction_id, below)
    return panel(
        request,
        operator,
        "admin/lots/messages.html",
        title=lot.card.title,
        lines=_lines(auction_id, found, words, request.now),
        older=found[-1].number if len(found) == PAGE else None,
        url=f"/admin/deals/{auction_id}",
    )


@desk.get("/admin/deals/<auction_id>/messages/<number>/<picture_id>", Right.SUPPORT, page="/admin/deals/<auction_id>")
def photo(request: Request, operator: Operator, auction_id: str, number: str, picture_id: str) -> Response:
    """`size`: `small`, or `large` as without."""
    size, which = request.query.get("size", "large"), typed_whole(number)
    data = None
    if which:
        data = request.app.talk_reading.picture(operator, auction_id, which, picture_id, size, request.now)
    if data is None:
        raise NoSuchPage
    return Response(data, 200, PICTURE_TYPE)


def _lines(auction_id: str, found: Sequence[Message], words: Language, now: datetime) -> list[Line]:
    """The oldest first."""
    return [
        Line(
            number=message.number,
            by_buyer=message.by_buyer,
            at=message.at,
            text=message.text,
            photos=tuple(
                f"/admin/deals/{auction_id}/messages/{message.number}/{name}"
                for name in message.pictures
                if message.shows(name, now)
            ),
            fault=fault_name(message.fault, words) if message.fault else "",
            leads_away=careful.leads_away(message.text),
        )
        for message in reversed(found)
    ]
