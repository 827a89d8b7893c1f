"""What happened in a deal and what its two sides wrote to each other, as one line of time on the lot's page."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from starbid.deal_words import DealMark, happened
from starbid.domain import careful, talks
from starbid.domain.deal_progress import progress
from starbid.domain.deals import Deal
from starbid.domain.errors import Blocked
from starbid.domain.sentences import Sentence
from starbid.domain.talks import Message
from starbid.domain.typed_numbers import typed_whole
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.talk_words import careful_line, until_line, who_reads
from web.kernel.http import Request, path_with
from web.shared.refusals import message_of

SHOWN = 20
"""Messages of a page."""
POLL = 10
"""Seconds between two looks for news."""


@dataclass(frozen=True)
class TypedTalk:
    """A message that was refused: what was typed, and why. `had_photos`: a browser does not keep them."""

    text: str = ""
    fault: str = ""
    had_photos: bool = False


@dataclass(frozen=True)
class TalkLine:
    """Something that was done, which is `said`, or a message. Of a message `photos` are the addresses, `gone` tells
    that there were some which are shown no longer, `leads_away` that its reader is to be careful, and `report` where it
    is reported: empty for an own one, and for one that `is_reported`.
    """

    at: datetime
    said: Sentence | None = None
    number: int = 0
    is_own: bool = False
    text: str = ""
    photos: tuple[str, ...] = ()
    gone: bool = False
    leads_away: bool = False
    is_reported: bool = False
    report: str = ""


@dataclass(frozen=True)
class TalkBox:
    """The newest `lines`, or those of the page that was asked for; the oldest first. `older` and `newest` lead to other
    pages. `tag` is the same as long as the lines are. `rule` says who reads it, `careful` is said to the reader of what
    leads elsewhere. `closed` says why this side cannot write; `until`, how long it can. `key` is that of one message,
    however often its form comes.
    """

    url: str
    lines: tuple[TalkLine, ...]
    older: str
    newest: str
    polls: int
    tag: str
    is_buyer: bool
    rule: str
    careful: str
    closed: str
    until: str
    typed: TypedTalk = field(default_factory=TypedTalk)
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    most: int = talks.TEXT_LENGTH
    photos: int = talks.MAX_PICTURES


def talk_box(request: Request, view: LotView, words: Language, typed: TypedTalk = TypedTalk()) -> TalkBox | None:
    """For the two sides of a deal, in one query; None for everybody else. `below`: those before that message."""
    deal, viewer_id, now = view.deal, view.viewer_id, request.now
    if deal is None or viewer_id not in (deal.buyer_id, deal.seller_id):
        return None
    below = typed_whole(request.query.get("below", ""))
    found = request.app.talking.said_in(deal, viewer_id, now, below=below, limit=SHOWN + 1)
    url, is_buyer = f"/auction/{deal.auction_id}", viewer_id == deal.buyer_id
    times = request.app.settings.business.deal_times
    lines = _lines(
        found, happened(deal, progress(deal, now, times), is_buyer=is_buyer), deal.auction_id, is_buyer, now, below
    )
    closed = _closed(request, deal, viewer_id, words)
    return TalkBox(
        url=url,
        lines=lines,
        older=path_with(url, below=str(found[SHOWN - 1].number)) + "#talk" if len(found) > SHOWN else "",
        newest=f"{url}#talk" if below else "",
        polls=0 if below or not talks.may_write(deal, viewer_id, now) else POLL,
        tag=_tag(lines, words),
        is_buyer=is_buyer,
        rule=who_reads(words),
        careful=careful_line(words),
        closed=closed,
        until="" if closed else until_line(deal, words).strip(),
        typed=typed,
    )


def _lines(
    found: Sequence[Message],
    done: Sequence[DealMark],
    auction_id: str,
    is_buyer: bool,
    now: datetime,
    below: int | None,
) -> tuple[TalkLine, ...]:
    """`found`: one more than are shown, as far as there are: what was done since it stands among these."""
    shown = found[:SHOWN]
    since = found[SHOWN].at if len(found) > SHOWN else None
    until = shown[0].at if below and shown else None
    events = [
        TalkLine(mark.at, mark.said)
        for mark in done
        if mark.at and (since is None or mark.at > since) and (until is None or mark.at <= until)
    ]
    said = [_line(message, auction_id, is_buyer, now) for message in reversed(shown)]
    return tuple(sorted((*events, *said), key=lambda line: (line.at, line.number)))


def _line(message: Message, auction_id: str, is_buyer: bool, now: datetime) -> TalkLine:
    is_own, photos = message.by_buyer == is_buyer, photos_of(message, auction_id, now)
    return TalkLine(
        at=message.at,
        number=message.number,
        is_own=is_own,
        text=message.text,
        photos=photos,
        gone=len(photos) < len(message.pictures),
        leads_away=not is_own and careful.leads_away(message.text),
        is_reported=not is_own and bool(message.fault),
        report="" if is_own or message.fault else f"/auction/{auction_id}/message/{message.number}/report",
    )


def photos_of(message: Message, auction_id: str, now: datetime) -> tuple[str, ...]:
    """The addresses of those that are still shown."""
    path = f"/auction/{auction_id}/message/{message.number}/photos"
    return tuple(f"{path}/{each}" for each in message.pictures if message.shows(each, now))


def _closed(request: Request, deal: Deal, viewer_id: int, words: Language) -> str:
    try:
        talks.require_writing(deal, viewer_id, request.now)
    except talks.TalkClosed as over:
        return message_of(over, words)
    person = request.visitor.person
    return message_of(Blocked(), words) if person and person.blocked else ""


def _tag(lines: tuple[TalkLine, ...], words: Language) -> str:
    shown = repr((lines, words.code, words.zone_name, words.today))
    return f'"{hashlib.sha256(shown.encode()).hexdigest()[:20]}"'
