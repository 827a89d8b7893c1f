"""A wallet in words."""

from __future__ import annotations

from starbid.domain.wallet import Wallet
from starbid.i18n import Language


def balance_line(wallet: Wallet, words: Language) -> str:
    """Available and held, always side by side."""
    return words._(
        "Available {available}, frozen {held}.", available=words.money(wallet.available), held=words.money(wallet.held)
    )
