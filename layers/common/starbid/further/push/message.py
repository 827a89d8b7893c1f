"""A notice as a browser gets it: what the service worker shows (static/sw.js), and how a push service treats it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.auction import Status
from starbid.domain.base64url import to_text
from starbid.domain.lots import Lot
from starbid.further.said import LONGEST_TITLE, Said
from starbid.services.notices import KINDS
from starbid.services.notices.switches import is_urgent
from starbid.services.notices.watching import ENDING_SOON
from starbid.services.ports import Notice
from starbid.services.stamping import stamp
from starbid.telegram.html import cut

LONGEST_BODY = 400
"""More is not shown by any browser."""
KEPT = timedelta(days=3)
"""For so long a push service keeps a notice for a browser that is off."""
SHORTEST_KEPT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PushMessage:
    """`subject`: a later message of the same one takes the place of this, where it waits and where it is shown: 32
    characters of base64url. `path` is a page of the site. `ttl` in seconds.
    """

    title: str
    body: str
    path: str
    subject: str
    language: str
    at: datetime
    ttl: int
    is_pressing: bool

    def headers(self) -> dict[str, str]:
        """Those of RFC 8030 (5.2 to 5.4)."""
        return {
            "TTL": str(self.ttl),
            "Urgency": "high" if self.is_pressing else "normal",
            "Topic": self.subject,
        }

    def content(self) -> bytes:
        """The message as JSON, in UTF-8."""
        content = {
            "title": self.title,
            "body": self.body,
            "url": self.path,
            "tag": self.subject,
            "lang": self.language,
            "at": stamp(self.at),
            "again": self.is_pressing,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def message(said: Said, notice: Notice, lot: Lot | None, base_url: str, language: str, now: datetime) -> PushMessage:
    """`said` are its words in `language`."""
    latest = KINDS[notice.kind].latest
    return PushMessage(
        title=cut(said.title, LONGEST_TITLE),
        body=cut("\n".join(line for line in said.lines if line)[: LONGEST_BODY * 2], LONGEST_BODY),
        path=_path(said.url, base_url),
        subject=_subject(notice),
        language=language,
        at=now,
        ttl=_seconds_kept(notice, lot, now),
        is_pressing=is_urgent(notice) or notice.kind == ENDING_SOON.name or bool(latest and latest.sounds),
    )


def _path(url: str, base_url: str) -> str:
    path = url.removeprefix(base_url)
    return path if path.startswith("/") and not path.startswith("//") else "/"


def _subject(notice: Notice) -> str:
    """Of a kind of which the newest says it all, all notices about a lot; of any other, this one alone."""
    kind = KINDS[notice.kind]
    named = kind.subject(notice.user_id, notice.auction_id) if kind.latest else notice.id
    return to_text(hashlib.sha256(named.encode()).digest())[:32]


def _seconds_kept(notice: Notice, lot: Lot | None, now: datetime) -> int:
    """How the bidding goes is no news once it is over."""
    kept = KEPT
    if lot and KINDS[notice.kind].mutes(notice) and lot.auction.status(now) is Status.LIVE:
        kept = min(KEPT, max(lot.auction.ends_at - now, SHORTEST_KEPT))
    return int(kept.total_seconds())
