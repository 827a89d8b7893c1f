"""A notice for a channel that has no keyboard: the words of the chat, or that something private came, and one link."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starbid.config import Settings
from starbid.domain.texts import flat
from starbid.further.covered import covered
from starbid.further.markup import read_markup
from starbid.i18n import Language
from starbid.services.notices.talks import WROTE
from starbid.telegram.html import cut
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices import Telling

LONGEST_TITLE = 150
_PLACES = {
    "achievements": "/achievements",
    "ask": "/assistant",
    "auctions": "/",
    "balance": "/wallet",
    "payout": "/wallet/payout",
    "searches": "/my/searches",
    "sell": "/new_auction",
    "subscribe": "/subscribe",
    "support": "/support",
    "topup": "/topup",
}
"""Where on the site a command of the chat leads."""
_ABOUT_ONE = {"tk": "/support/", "bl": "/topup/"}
"""Pages of what a button names last, by what it begins with: a ticket, a bill."""
_COMMAND = re.compile(r"(?<=\s)/support\b")


@dataclass(frozen=True, slots=True)
class Said:
    """`title` is the first line, `lines` the others, in plain text; `html` those others as HTML, safe to show, and
    `links` what they link. `url` is the one place to go on to, `label` what its button says.
    """

    title: str
    lines: tuple[str, ...]
    html: str
    links: tuple[tuple[str, str], ...]
    url: str
    label: str


def said(telling: Telling) -> Said:
    """The words of a notice, to one person in their language. Raises what the words of its kind raise."""
    markup, keyboard = covered(telling)
    settings, words = telling.settings, telling.words
    first, _, rest = markup.partition("\n")
    head = read_markup(first).plain.strip()
    if len(head) > LONGEST_TITLE:
        rest = markup
    body = read_markup(_COMMAND.sub(f"{settings.base_url}/support", rest.strip("\n")))
    url, label = _way_on(telling, keyboard, settings, words)
    return Said(cut(flat(head), LONGEST_TITLE).rstrip(".:"), _lines(body.plain), body.html, body.links, url, label)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in text.strip().split("\n")) if text.strip() else ()


def _way_on(telling: Telling, keyboard: Keyboard, settings: Settings, words: Language) -> tuple[str, str]:
    if telling.view is not None and telling.notice.kind == WROTE.name:
        return f"{settings.base_url}/auction/{telling.lot.lot.auction.id}#talk", words._("Open the deal")
    if telling.view is not None:
        return f"{settings.base_url}/auction/{telling.lot.lot.auction.id}", words._("Open the lot")
    for button in (button for row in keyboard for button in row):
        if path := _path(button, settings):
            return settings.base_url + path, button.text
    return f"{settings.base_url}/", words._("Open the site")


def _path(button: Button, settings: Settings) -> str | None:
    """The page of the site that does what a button of the chat does; None where there is none."""
    address = button.url or button.app or ""
    if address.startswith(f"{settings.base_url}/"):
        return address.removeprefix(settings.base_url)
    kind, _, rest = (button.data or "").partition(":")
    if kind == "go":
        return _PLACES.get(rest)
    return f"{_ABOUT_ONE[kind]}{rest.rpartition(':')[2]}" if kind in _ABOUT_ONE else None
