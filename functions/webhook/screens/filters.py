"""What narrows a list down, as buttons: what there is to choose from, and what a choice makes of the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from starbid.category_words import category_name
from starbid.criteria_words import currency_name, kind_name, price_name, sort_name, within_name
from starbid.domain.criteria import SORTS, WITHIN, Criteria, Looking
from starbid.domain.kinds import KINDS
from starbid.domain.lots import CATEGORIES
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money
from starbid.i18n import Language
from starbid.telegram.keyboards import Button, Row
from webhook.callback_data import Garbled
from webhook.conversation import Conversation

ANY = "*"
CATEGORY, KIND, CURRENCY, PRICE, WITHIN_HOURS, SORT = FIELDS = ("c", "k", "u", "r", "e", "s")
"""As they stand on buttons."""
OF_FIELD = {"category": CATEGORY, "kind": KIND, "currency": CURRENCY, "price": PRICE, "within": WITHIN_HOURS}
BOUNDS = (100, 500, 1000, 5000)
"""Between the bands of prices, in whole units."""

Bound = tuple[Money | None, Money | None]


def chosen(chat: Conversation, looking: Looking, field: str, value: str) -> Looking:
    """The list with another choice. Raises Garbled for one that is not offered."""
    if value not in {ANY: "", **dict(choices(chat, looking, field))}:
        raise Garbled
    picked, criteria = None if value == ANY else value, looking.criteria
    match field:
        case "c":
            return replace(looking, criteria=replace(criteria, category=picked))
        case "k":
            return replace(looking, criteria=replace(criteria, kind=picked))
        case "u":
            return replace(looking, criteria=criteria.in_currency(picked))
        case "r":
            bounds = bands(currency_of(criteria))[int(picked)] if picked else (None, None)
            return replace(looking, criteria=criteria.priced(*bounds))
        case "e":
            return replace(looking, within=int(picked or 0))
        case _:
            return replace(looking, sort=picked or SORTS[0])


def choices(chat: Conversation, looking: Looking, field: str) -> list[tuple[str, str]]:
    """Values and names. Raises Garbled for a field that there is not."""
    words = chat.words
    match field:
        case "c":
            return [(one, category_name(one, words)) for one in CATEGORIES]
        case "k":
            return [(one, kind_name(one, words)) for one in KINDS]
        case "u":
            return [(one, currency_name(one, words)) for one in currencies(chat)]
        case "r":
            offered = bands(currency_of(looking.criteria))
            return [(str(number), price_name(*band, words)) for number, band in enumerate(offered)]
        case "e":
            return [(str(hours), within_name(hours, words)) for hours in WITHIN]
        case "s":
            return [(one, sort_name(one, words)) for one in SORTS]
        case _:
            raise Garbled


def choice_rows(chat: Conversation, looking: Looking, field: str) -> list[Row]:
    """A button for each, two in a row; what is chosen is marked."""
    marked = _chosen_in(looking, field)
    buttons = [_choice(field, value, name, value == marked) for value, name in choices(chat, looking, field)]
    if field != SORT:
        buttons.insert(0, _choice(field, ANY, _any_name(field, chat.words), marked == ANY))
    return in_rows(buttons, 2)


def field_names(words: Language) -> dict[str, str]:
    """What each field is called."""
    return {CATEGORY: words._("Category"), KIND: words._("Type"), CURRENCY: words._("Currency"),
            PRICE: words._("Price"), WITHIN_HOURS: words._("Time left"), SORT: words._("Sort by")}  # fmt: skip


def field_rows(chat: Conversation, looking: Looking) -> list[Row]:
    """A button for each field, with what is chosen in it."""
    unused = (SORT,) if len(currencies(chat)) > 1 else (SORT, CURRENCY)
    names = {field: name for field, name in field_names(chat.words).items() if field not in unused}
    return in_rows([_field(chat, looking, field, name) for field, name in names.items()], 2)


def bands(currency: str) -> tuple[Bound, ...]:
    """From nothing to the first bound, between two of them, and from the last one up."""
    bounds = [Money(bound * CURRENCIES[currency].minor_units, currency) for bound in BOUNDS]
    return tuple(zip([None, *bounds], [*bounds, None], strict=True))


def currency_of(criteria: Criteria) -> str:
    """In which its prices are."""
    return criteria.currency or DEFAULT_CURRENCY


def currencies(chat: Conversation) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chat.app.settings.business.currencies))


def in_rows(buttons: Iterable[Button], width: int) -> list[Row]:
    listed = list(buttons)
    return [tuple(listed[at : at + width]) for at in range(0, len(listed), width)]


def _any_name(field: str, words: Language) -> str:
    if field == WITHIN_HOURS:
        return words._("Any time")
    return words._("Any") if field in (CURRENCY, PRICE) else words._("All")


def _choice(field: str, value: str, name: str, is_chosen: bool) -> Button:
    return Button(f"✓ {name}" if is_chosen else name, f"f:{field}:{value}")


def _field(chat: Conversation, looking: Looking, field: str, name: str) -> Button:
    marked = _chosen_in(looking, field)
    if marked == ANY:
        return Button(name, f"f:o:{field}")
    said = dict(choices(chat, looking, field)).get(marked) or price_name(*looking.criteria.prices, chat.words)
    return Button(f"✓ {said}", f"f:o:{field}")


def _chosen_in(looking: Looking, field: str) -> str:
    """The value of a choice, ANY where there is none; "" for prices that are no band."""
    criteria = looking.criteria
    match field:
        case "c":
            return criteria.category or ANY
        case "k":
            return criteria.kind or ANY
        case "u":
            return criteria.currency or ANY
        case "e":
            return str(looking.within) if looking.within else ANY
        case "s":
            return looking.sort
        case _:
            offered = bands(currency_of(criteria))
            band = next((str(number) for number, band in enumerate(offered) if band == criteria.prices), "")
            return band if any(criteria.prices) else ANY
