"""All that moved in a wallet, in pages: what, how much, the lot's title, when."""

from __future__ import annotations

from starbid.domain.money import CURRENCIES
from starbid.i18n import Language
from starbid.services.stamping import moment as moment_of
from starbid.services.stamping import stamp
from starbid.services.statements import Place
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.wallet_words import activity_lines
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens

PAGE = 10
MOST_SEEN = 1_000
"""Rows of one millisecond: nobody has so many."""


def all_activity(currency: str, words: Language, *, alone: bool) -> Row:
    """The button that leads here. `alone`: there is no other wallet to tell it from."""
    name = words._("All activity")
    return (Button(name if alone else f"{name} {CURRENCIES[currency].sign}", f"mv:{currency}"),)


@screens.press("mv")
def press(chat: Conversation, args: list[str]) -> None:
    """`<currency>`, and where the page begins: `<currency>:<ms>:<seen>`."""
    match args:
        case [currency] if currency in CURRENCIES:
            _show(chat, currency, None)
        case [currency, moment, seen] if currency in CURRENCIES:
            _show(chat, currency, read_place(moment, seen))
        case _:
            raise callback_data.Garbled


def read_place(moment: str, seen: str) -> Place:
    """Raises Garbled."""
    shown = callback_data.number(seen)
    if shown > MOST_SEEN:
        raise callback_data.Garbled
    return Place(moment_of(callback_data.number(moment)), shown)


def place_data(place: Place) -> str:
    """Whole milliseconds, and how many rows of that one were shown."""
    return f"{stamp(place.until)}:{place.seen}"


def paging(place: Place | None, following: Place | None, verb: str, words: Language) -> Row:
    """Back to the newest, and on to what is older. `verb`: what a button of the first page carries."""
    newest = (Button(words._("‹ Newest"), verb),) if place else ()
    older = (Button(words._("Older ›"), f"{verb}:{place_data(following)}"),) if following else ()
    return (*newest, *older)


def _show(chat: Conversation, currency: str, place: Place | None) -> None:
    words = chat.words
    found = chat.app.statements.activity(chat.person.id, currency, place, PAGE)
    lines = activity_lines(found.movements, words) or [words._("No activity yet.")]
    text = "\n".join((words._("<b>Activity</b>, {currency}", currency=CURRENCIES[currency].sign), *lines))
    paged = paging(place, found.following, f"mv:{currency}", words)
    chat.show(text, paged, (keyboards.go(words._("Wallet"), "balance"),))
