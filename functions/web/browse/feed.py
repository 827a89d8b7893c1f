"""New lots as a feed (RSS 2.0), of all or of a search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import format_datetime

from starbid.criteria_words import search_name
from starbid.domain.criteria import read_query
from starbid.domain.people import LANGUAGES
from starbid.i18n import Language, language
from starbid.services.ports import Listing
from web.browse.home_view import clean, search_of, url_with
from web.kernel.caching import with_etag
from web.kernel.http import Request, Response, path_with
from web.kernel.routing import Router
from web.shared.cards import card_of_listing
from web.shared.rendering import render

router = Router()
TYPE = "application/rss+xml; charset=utf-8"
KEPT = "public, max-age=300"
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in XML 1.0 (section 2.2), however it is escaped."""


@dataclass(frozen=True)
class FeedItem:
    title: str
    url: str
    price: str
    means: str
    category: str
    at: str


@router.get("/rss", page="/")
def rss(request: Request) -> Response:
    """The newest lots that the filters of `/` leave, in the language of `language`: the same for everybody."""
    code = request.query.get("language", "")
    words = language(code if code in LANGUAGES else LANGUAGES[0])
    asked = {name: value for name, value in clean(request.query).items() if name not in ("sort", "within")}
    page = request.app.browsing.live(search_of({**asked, "sort": "newest"}, request.now), request.now)
    base_url = request.app.settings.base_url
    body = render(
        "browse/feed.xml",
        words,
        name=_plain(search_name(read_query(asked).criteria, words)),
        url=base_url + url_with(asked),
        own=base_url + path_with("/rss", **asked, language=words.code),
        items=[_item(row, base_url, words, request) for row in page.items],
    )
    return with_etag(request, Response(body, 200, TYPE, {"cache-control": KEPT}))


def _item(row: Listing, base_url: str, words: Language, request: Request) -> FeedItem:
    card = card_of_listing(row, None, words, request.now)
    return FeedItem(
        title=_plain(row.title),
        url=f"{base_url}/auction/{row.auction_id}",
        price=words.money(card.price),
        means=card.means,
        category=row.category,
        at=format_datetime(row.created_at, usegmt=True),
    )


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("", text)
