"""The search of the front page: from the query to a Search, and back to fields and chips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from starbid.category_words import category_name
from starbid.criteria_words import sort_name, within_name
from starbid.domain.criteria import SORTS, WITHIN, clean_text, read_query
from starbid.domain.graphemes import whole
from starbid.domain.kinds import KINDS
from starbid.domain.lots import CATEGORIES
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money
from starbid.domain.people import LANGUAGES
from starbid.domain.texts import shows
from starbid.i18n import Language
from starbid.services.auctions import paging
from starbid.services.ports import Search
from web.shared import amounts
from web.shared.choices import Option
from web.shared.names import currency_name, kind_name
from web.shared.search_query import TYPES

_PRICES = ("min_price", "max_price")
_REMOVABLE = ("q", "type", "currency", "min_price", "max_price", "within")
_FILTERS = ("q", "category", "type", "currency", "min_price", "max_price", "within", "sort")
_HOURS = tuple(map(str, WITHIN))
MOST_TYPED = 100
EVERYTHING = "category#"
"""What the chip of all categories is counted as: all that begins so."""


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chip:
    """A link: to a category or kind, or (`removes`) to the same search without one filter. `sort` is what it is counted
    as (`category#home`), `count` how many lots it leads to, 0 where that is not known.
    """

    label: str
    url: str
    chosen: bool = False
    removes: bool = False
    sort: str = ""
    count: int = 0


@dataclass(frozen=True)
class SearchForm:
    """What the form shows. `active`: anything but the plain list; `unfolded`: filters beyond words and category;
    `fields`: what is asked for, by name, as an address says it.
    """

    q: str
    min_price: str
    max_price: str
    selects: tuple[Select, ...]
    chips: tuple[Chip, ...]
    active: bool
    unfolded: bool
    fault: str
    fields: tuple[tuple[str, str], ...] = ()


def search_of(query: Mapping[str, str], now: datetime) -> Search:
    """What is looked for; what cannot be read is left out. Prices are typed in roubles and kept in kopecks."""
    return paging.search_of(read_query(clean(query)), now, query.get("cursor") or None)


def clean(query: Mapping[str, str]) -> dict[str, str]:
    """The filters that are set and known. A price is in some currency: where none is chosen, in the default one."""
    known = {"category": CATEGORIES, "type": TYPES, "currency": tuple(CURRENCIES), "sort": SORTS, "within": _HOURS}
    asked = {name: whole(query[name].strip(), MOST_TYPED) for name in _FILTERS if shows(query.get(name, ""))}
    asked |= {"q": clean_text(query.get("q", ""))}
    asked = {name: value for name, value in asked.items() if value and value in known.get(name, (value,))}
    if "currency" not in asked and _prices(asked):
        asked["currency"] = DEFAULT_CURRENCY
    return {name: asked[name] for name in _FILTERS if name in asked}


def _prices(asked: Mapping[str, str]) -> dict[str, Money]:
    """The prices that can be read."""
    currency = asked.get("currency", DEFAULT_CURRENCY)
    read = {name: amounts.read(asked[name], currency) for name in _PRICES if name in asked}
    return {name: Money(amount, currency) for name, amount in read.items() if amount is not None}


def search_form(query: Mapping[str, str], currencies: tuple[str, ...], words: Language) -> SearchForm:
    """`currencies`: those that lots are sold in."""
    asked = clean(query)
    return _form(asked, currencies, words) if asked else _plain_form(currencies, words)


@lru_cache(maxsize=len(LANGUAGES))
def _plain_form(currencies: tuple[str, ...], words: Language) -> SearchForm:
    """That of the front page as it is opened: always the same."""
    return _form({}, currencies, words)


def _form(asked: Mapping[str, str], currencies: tuple[str, ...], words: Language) -> SearchForm:
    beyond = {name for name in asked if name not in ("q", "category")}
    return SearchForm(
        q=asked.get("q", ""),
        min_price=asked.get("min_price", ""),
        max_price=asked.get("max_price", ""),
        selects=_selects(asked, currencies, words),
        chips=(*_removers(asked, words), *_categories(asked, words)),
        active=bool(asked.keys() - {"sort"}),
        unfolded=bool(beyond),
        fault=_fault(asked, words),
        fields=tuple(asked.items()),
    )


def url_with(asked: Mapping[str, str], **changes: str | None) -> str:
    """The front page with these filters; None takes one away."""
    fields = {name: value for name, value in {**asked, **changes}.items() if value}
    return f"/?{urlencode(fields)}" if fields else "/"


def _selects(asked: Mapping[str, str], currencies: tuple[str, ...], words: Language) -> tuple[Select, ...]:
    _ = words._
    sorts = {sort: sort_name(sort, words) for sort in SORTS}
    every, offered = {"": _("All")}, dict.fromkeys((*currencies, asked.get("currency", DEFAULT_CURRENCY)))
    hours = {each: within_name(int(each), words) for each in _HOURS}
    return (
        _select("sort", _("Sort by"), sorts, asked),
        _select("category", _("Category"), every | {c: category_name(c, words) for c in CATEGORIES}, asked),
        _select("type", _("Type"), every | {kind: kind_name(kind, words) for kind in KINDS}, asked),
        _select("within", _("Time left"), {"": _("Any time")} | hours, asked),
        _select("currency", _("Currency"), {"": _("Any")} | {c: currency_name(c, words) for c in offered}, asked),
    )


def _select(name: str, label: str, options: Mapping[str, str], asked: Mapping[str, str]) -> Select:
    chosen = asked.get(name, next(iter(options)))
    return Select(name, label, tuple(Option(value, text, value == chosen) for value, text in options.items()))


def _categories(asked: Mapping[str, str], words: Language) -> tuple[Chip, ...]:
    chosen = asked.get("category")
    everything = Chip(words._("All"), url_with(asked, category=None), chosen is None, sort=EVERYTHING)
    return (everything, *(_category(c, asked, words) for c in CATEGORIES))


def _category(name: str, asked: Mapping[str, str], words: Language) -> Chip:
    is_chosen = asked.get("category") == name
    return Chip(category_name(name, words), url_with(asked, category=name), is_chosen, sort=f"category#{name}")


def _removers(asked: Mapping[str, str], words: Language) -> tuple[Chip, ...]:
    """A price goes with its currency: in another one it is another price."""
    with_it = {name: (name, *_PRICES) if name == "currency" else (name,) for name in asked if name in _REMOVABLE}
    return tuple(
        Chip(_chip_label(name, asked, words), url_with(asked, **dict.fromkeys(gone)), chosen=True, removes=True)
        for name, gone in with_it.items()
    )


def _chip_label(name: str, asked: Mapping[str, str], words: Language) -> str:
    value, price = asked[name], _prices(asked).get(name)
    shown = words.money(price) if price else value
    match name:
        case "type":
            return kind_name(value, words)
        case "currency":
            return currency_name(value, words)
        case "within":
            return within_name(int(value), words)
        case "min_price":
            return words._("from {price}", price=shown)
        case "max_price":
            return words._("up to {price}", price=shown)
        case _:
            return words._("“{text}”", text=value)


def _fault(asked: Mapping[str, str], words: Language) -> str:
    unread = any(name in asked and name not in _prices(asked) for name in _PRICES)
    return words._("Enter the price as a number.") if unread else ""
