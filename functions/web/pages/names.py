"""Names of kinds, categories and spans of time in words."""

from __future__ import annotations

from datetime import timedelta

from starbid.i18n import Language


def kind_name(kind: str, words: Language) -> str:
    _ = words._
    names = {
        "english": _("English auction"),
        "dutch": _("Dutch auction"),
        "sealed": _("Sealed bids"),
        "vickrey": _("Second price"),
    }
    return capital(names.get(kind, kind))


def kind_badge(kind: str, words: Language) -> str:
    """The kind in a word, for a badge."""
    _ = words._
    names = {"english": _("English"), "dutch": _("Dutch"), "sealed": _("Sealed"), "vickrey": _("Vickrey")}
    return names.get(kind, kind)


def capital(text: str) -> str:
    """With a capital at its beginning: catalogues have names as they stand within a sentence."""
    return text[:1].upper() + text[1:]


def goods_name(goods: str, words: Language) -> str:
    return words._("Physical") if goods == "physical" else words._("Digital")


def currency_name(currency: str, words: Language) -> str:
    _ = words._
    names = {"XTR": _("Stars"), "RUB": _("Roubles, ₽"), "USD": _("Dollars, $"), "EUR": _("Euros, €")}
    return names.get(currency, currency)


def category_name(category: str, words: Language) -> str:
    _ = words._
    names = {
        "art": _("Art"),
        "books": _("Books"),
        "clothes": _("Clothes"),
        "collectibles": _("Collectibles"),
        "electronics": _("Electronics"),
        "games": _("Games"),
        "home": _("Home"),
        "music": _("Music"),
        "services": _("Services"),
        "other": _("Other"),
    }
    return names.get(category, category)


def span(length: timedelta, words: Language) -> str:
    """A length of time in its largest whole unit: `7 days`, `2 hours`, `90 seconds`."""
    seconds = int(length.total_seconds())
    if seconds and seconds % 86_400 == 0:
        return words.ngettext("{n} day", "{n} days", seconds // 86_400)
    if seconds and seconds % 3600 == 0:
        return words.ngettext("{n} hour", "{n} hours", seconds // 3600)
    if seconds and seconds % 60 == 0:
        return words.ngettext("{n} minute", "{n} minutes", seconds // 60)
    return words.ngettext("{n} second", "{n} seconds", seconds)
