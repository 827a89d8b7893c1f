"""Names of what figures are divided by."""

from __future__ import annotations

from starbid.category_words import category_name
from starbid.domain.kinds import KINDS
from starbid.domain.payments import Provider
from starbid.i18n import Language
from web.shared.names import kind_name


def provider_name(provider: str, words: Language) -> str:
    names = {
        Provider.STARS: words._("Telegram Stars"),
        Provider.QIWI: "QIWI",
        Provider.CRYPTOPAY: "Crypto Pay",
        Provider.TELEGRAM: words._("Card in Telegram"),
    }
    return names.get(Provider(provider), provider) if provider in set(Provider) else words._("Others")


def kind(name: str, words: Language) -> str:
    return kind_name(name, words) if name in KINDS else name


def category(name: str, words: Language) -> str:
    return category_name(name, words)
