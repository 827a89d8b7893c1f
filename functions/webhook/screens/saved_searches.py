"""Saved searches: saving the one of a list, and those that one has (`ss:...`).

ss:save        the search of this list
ss:open:<id>   what it finds now
ss:drop:<id>   it leaves the list of searches
ss:stop:<id>   the same, from a notice
"""

from __future__ import annotations

import re
from dataclasses import replace

from starbid.criteria_words import search_name
from starbid.domain.criteria import Looking
from starbid.domain.errors import NotFound
from starbid.domain.saved_searches import MOST
from starbid.telegram import keyboards
from starbid.telegram.html import cut, escape
from starbid.telegram.keyboards import Button
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import finding, listed

BUTTON_UNITS = 40
_SEARCH_ID = re.compile(r"[0-9a-f]{16}")


@screens.command("searches")
def searches(chat: Conversation, _rest: str) -> None:
    """All that one has saved, each with a button that opens it and one that deletes it."""
    words, saved = chat.words, chat.app.saved_searches.of(chat.person.id)
    if not saved:
        text = words._(
            "No saved searches yet.\nSend me a word, press “Save this search”, and I will write when a new lot matches."
        )
        chat.show(text, (keyboards.go(words._("Live lots"), "auctions"),))
        return
    names = [search_name(search.criteria, words) for search in saved]
    lines = [f"{number}. {escape(name)}" for number, name in enumerate(names, 1)]
    rows = [
        (
            keyboards.found(cut(f"{number}. {name}", BUTTON_UNITS), search.id),
            Button(words._("Delete {number}", number=number), f"ss:drop:{search.id}"),
        )
        for number, (name, search) in enumerate(zip(names, saved, strict=True), 1)
    ]
    told = words._("I write when a new lot matches. You can save up to {n}.", n=MOST)
    chat.show("\n".join((words._("<b>Saved searches</b>"), *lines, "", told)), *rows)


@screens.press("ss")
def press(chat: Conversation, args: list[str]) -> None:
    match args:
        case ["save"]:
            _save(chat)
        case ["open", search_id]:
            _open(chat, _id(search_id))
        case ["drop", search_id]:
            _drop(chat, _id(search_id))
            searches(chat, "")
        case ["stop", search_id]:
            _drop(chat, _id(search_id))
            chat.change_buttons(lambda button: None if button.data == f"ss:stop:{search_id}" else button)
        case _:
            raise callback_data.Garbled


def _save(chat: Conversation) -> None:
    """Saved twice it is one, and the button leads to it from then on."""
    looking = listed.looking_on(chat)
    if looking is None:
        chat.toast(chat.words._("This list is old. Search again, then save it."), alert=True)
        return
    chat.app.saved_searches.save(chat.person.id, looking.criteria, chat.now)
    chat.acted = True
    saved = chat.words._("Saved ✓")
    chat.change_buttons(lambda one: replace(one, text=saved, data="go:searches") if one.data == "ss:save" else one)
    chat.toast(_what_is_saved(chat, looking))


def _what_is_saved(chat: Conversation, looking: Looking) -> str:
    """How much time is left narrows a list down, and no new lot."""
    if looking.within:
        return chat.words._("Saved without the time left. I will write when a new lot matches.")
    return chat.words._("Saved. I will write when a new lot matches.")


def _open(chat: Conversation, search_id: str) -> None:
    try:
        search = chat.app.saved_searches.one(chat.person.id, search_id)
    except NotFound:
        _gone(chat)
        return
    finding.show_list(chat, Looking(search.criteria, sort="newest"), saved=True)


def _drop(chat: Conversation, search_id: str) -> None:
    """Pressed twice it is gone as well."""
    try:
        search = chat.app.saved_searches.drop(chat.person.id, search_id)
    except NotFound:
        _gone(chat)
        return
    chat.acted = True
    name = search_name(search.criteria, chat.words)
    chat.toast(chat.words._("Deleted: {search}. I will not write about it any more.", search=cut(name, 100)))


def _gone(chat: Conversation) -> None:
    chat.toast(chat.words._("This search is no longer saved."), alert=True)


def _id(text: str) -> str:
    if not _SEARCH_ID.fullmatch(text):
        raise callback_data.Garbled
    return text
