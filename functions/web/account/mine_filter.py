"""Filters of one's own lists: what each shows, and the chips that lead there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starbid.i18n import Language
from web.kernel.http import path_with
from web.shared.choices import Option

ALL = ""


@dataclass(frozen=True)
class Filter:
    """`keys`: of the lines that it shows."""

    name: str
    label: str
    keys: frozenset[str]


def filters_of_lots(words: Language) -> tuple[Filter, ...]:
    _ = words._
    return (
        Filter(ALL, _("All"), frozenset(titles_of_lots(words))),
        Filter("act", _("To do"), frozenset({"act"})),
        Filter("live", _("Live"), frozenset({"live"})),
        Filter("scheduled", _("Scheduled"), frozenset({"scheduled"})),
        Filter("sold", _("Sold"), frozenset({"act", "sold"})),
        Filter("unsold", _("Not sold"), frozenset({"ended"})),
    )


def filters_of_bids(words: Language) -> tuple[Filter, ...]:
    _ = words._
    return (
        Filter(ALL, _("All"), frozenset(titles_of_bids(words))),
        Filter("act", _("To do"), frozenset({"act", "offer", "outbid"})),
        Filter("live", _("Live"), frozenset({"outbid", "live", "waits"})),
        Filter("won", _("Won"), frozenset({"act", "won"})),
        Filter("lost", _("Not won"), frozenset({"ended"})),
    )


def filters_of_watched(words: Language) -> tuple[Filter, ...]:
    _ = words._
    return (
        Filter(ALL, _("All"), frozenset(titles_of_watched(words))),
        Filter("live", _("Live"), frozenset({"live"})),
        Filter("scheduled", _("Scheduled"), frozenset({"scheduled"})),
        Filter("ended", _("Ended"), frozenset({"ended"})),
    )


def titles_of_watched(words: Language) -> Mapping[str, str]:
    """Of the keys of lines, in the order of the groups."""
    _ = words._
    return {"live": _("Live"), "scheduled": _("Scheduled"), "ended": _("Ended")}


def titles_of_lots(words: Language) -> Mapping[str, str]:
    """Of the keys of lines, in the order of the groups."""
    _ = words._
    return {
        "act": _("Your action needed"), "live": _("Live"), "scheduled": _("Scheduled"), "sold": _("Sold"),
        "ended": _("Not sold"),
    }  # fmt: skip


def titles_of_bids(words: Language) -> Mapping[str, str]:
    """Of the keys of lines, in the order of the groups."""
    _ = words._
    act = _("Your action needed")
    return {
        "act": act, "offer": act, "outbid": act, "live": _("You lead"), "waits": _("Waiting for the end"),
        "won": _("Won"), "ended": _("Not won"),
    }  # fmt: skip


def chosen(filters: Sequence[Filter], name: str) -> Filter:
    """All where there is no such filter."""
    return next((each for each in filters if each.name == name), filters[0])


def chips(path: str, filters: Sequence[Filter], here: Filter, **query: str | None) -> tuple[Option, ...]:
    """A link to each filter; `query` is what else stays chosen."""
    return tuple(Option(path_with(path, show=each.name or None, **query), each.label, each is here) for each in filters)
