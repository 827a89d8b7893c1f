"""Names of the categories of lots, for chat and site."""

from __future__ import annotations

from starbid.i18n import Language


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
