"""Notices in words to those who saved a search (services.found_telling)."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any

from starbid.criteria_words import search_name
from starbid.domain.criteria import read_query
from starbid.domain.money import Money
from starbid.services.notices import found
from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.html import cut, escape
from starbid.telegram.keyboards import Row
from starbid.telegram.list_words import result_line
from starbid.telegram.notices.telling import Message, Telling, says

SHOWN = 8
"""Lots of one message, each with its number to open it."""
MOST_SEARCHES = 3
"""Of one message with buttons of their own; the list of saved searches has all."""
NAME_UNITS = 200


@says(found.FOUND)
def _found(t: Telling) -> Message:
    searches: dict[str, dict[str, Any]] = t.facts["searches"]
    names = {search_id: _name(t, group) for search_id, group in searches.items()}
    ids = [lot[0] for group in searches.values() for lot in group["lots"]]
    lines = [_only(t)] if t.view else list(chain.from_iterable(_lines(t, names, searches)))[: SHOWN + len(names)]
    if len(ids) > SHOWN and not t.view:
        lines.append(t.words.ngettext("And {n} more.", "And {n} more.", len(ids) - SHOWN))
    return "\n".join((_head(t, names, len(ids)), *lines)), (*_openers(t, ids), *_ways(t, names))


def _name(t: Telling, group: dict[str, Any]) -> str:
    criteria = read_query({str(name): str(value) for name, value in group["query"].items()}).criteria
    return cut(search_name(criteria, t.words), NAME_UNITS)


def _head(t: Telling, names: dict[str, str], count: int) -> str:
    if len(names) > 1:
        return t.words.ngettext(
            "<b>{n} new lot for your saved searches</b>", "<b>{n} new lots for your saved searches</b>", count
        )
    (name,) = names.values()
    return t.words.ngettext("<b>{n} new lot: {search}</b>", "<b>{n} new lots: {search}</b>", count, search=escape(name))


def _only(t: Telling) -> str:
    return result_line(t.lot, t.words, t.now)


def _lines(t: Telling, names: dict[str, str], searches: dict[str, dict[str, Any]]) -> list[list[str]]:
    """By search; its name above where there are several."""
    number, groups = 0, []
    for search_id, group in searches.items():
        lines = [escape(f"{names[search_id]}:")] if len(names) > 1 and number < SHOWN else []
        for _, *lot in group["lots"]:
            number += 1
            if number <= SHOWN:
                lines.append(f"{number}. {_line(t, *lot)}")
        groups.append(lines)
    return groups


def _line(t: Telling, name: str, amount: int, currency: str, begins: str) -> str:
    """As in a list, without what a minute changes. `begins`: when it will, empty where it has."""
    line = f"{quoted(name, t.words)} · {t.words.money(Money(amount, currency))}"
    if not begins:
        return line
    left = t.words.time_left(datetime.fromisoformat(begins) - t.now)
    return f"🕒 {line} · {t.words._('starts in {time}', time=left)}"


def _openers(t: Telling, ids: list[str]) -> list[Row]:
    if t.view:
        return [(keyboards.lot(t.words._("Open the lot"), t.lot.lot.auction.id),)]
    buttons = [keyboards.lot(str(number), auction_id) for number, auction_id in enumerate(ids[:SHOWN], 1)]
    half = -(-len(buttons) // 2) if len(buttons) > SHOWN // 2 else len(buttons)
    return [tuple(buttons[:half]), *([tuple(buttons[half:])] if buttons[half:] else [])]


def _ways(t: Telling, names: dict[str, str]) -> list[Row]:
    """To the list of each search, and out of it."""
    _, menu = t.words._, keyboards.menu(t.words)
    if len(names) == 1:
        (search_id,) = names
        opens = keyboards.found(_("Open the list"), search_id)
        return [(opens, keyboards.stop_search(_("Stop this search"), search_id)), (menu,)]
    listed = [(keyboards.found(cut(name, 40), search_id),) for search_id, name in list(names.items())[:MOST_SEARCHES]]
    return [*listed, (keyboards.go(_("Saved searches"), "searches"), menu)]
