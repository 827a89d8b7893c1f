"""How many lots there are of each sort, on the chips and in the choices of the search."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from starbid.domain.kinds import KINDS
from starbid.i18n import Language
from web.browse.home_view import EVERYTHING, Chip, SearchForm, Select, url_with
from web.shared.names import kind_badge

_COUNTED_AS = {"type": "kind", "currency": "currency", "category": "category"}


def may_be_counted(asked: Collection[str]) -> bool:
    """Lots are counted by one sort at a time: beside any other filter the numbers would not be what it leads to."""
    return not set(asked) - {"category", "sort"}


def counted(form: SearchForm, asked: Mapping[str, str], sorts: Mapping[str, int], words: Language) -> SearchForm:
    """The form with the numbers of lots. Where no category is chosen, also with a chip for each unusual kind of auction
    that there is a lot of.
    """
    chips = tuple(replace(chip, count=_count(chip, sorts)) for chip in form.chips)
    if "category" in asked:
        return replace(form, chips=chips)
    return replace(
        form,
        chips=(*chips, *_kinds(asked, sorts, words)),
        selects=tuple(_select(select, sorts) for select in form.selects),
    )


def _count(chip: Chip, sorts: Mapping[str, int]) -> int:
    if chip.sort == EVERYTHING:
        return sum(lots for sort, lots in sorts.items() if sort.startswith(EVERYTHING))
    return sorts.get(chip.sort, 0)


def _kinds(asked: Mapping[str, str], sorts: Mapping[str, int], words: Language) -> tuple[Chip, ...]:
    """Kinds that have a badge: the ordinary one has none."""
    names = ((kind, kind_badge(kind, words)) for kind in KINDS if sorts.get(f"kind#{kind}"))
    return tuple(
        Chip(name, url_with(asked, type=kind), sort=f"kind#{kind}", count=sorts[f"kind#{kind}"])
        for kind, name in names
        if name
    )


def _select(select: Select, sorts: Mapping[str, int]) -> Select:
    """With the number behind each choice that there is a lot of."""
    what = _COUNTED_AS.get(select.name)
    if what is None:
        return select
    numbers = {option.value: sorts.get(f"{what}#{option.value}", 0) for option in select.options}
    options = (
        replace(option, label=f"{option.label} ({numbers[option.value]})") if numbers[option.value] else option
        for option in select.options
    )
    return replace(select, options=tuple(options))
