"""Payments in words, the same on receipts, in the chat and in the panel, in plain text."""

from __future__ import annotations

from starbid.domain.payments import Charge, ChargeState, Provider, Purpose
from starbid.i18n import Language
from starbid.wording import provider_name


def purpose(what: Purpose, words: Language) -> str:
    _ = words._
    names = {
        Purpose.STARS: _("Stars for the wallet"),
        Purpose.SUBSCRIPTION: _("Subscription, 30 days"),
        Purpose.TOP_UP: _("Top-up of the wallet"),
        Purpose.PACK: _("Answers of the AI helper"),
    }
    return names[what]


def paid_by(provider: Provider, words: Language) -> str:
    return words._("Telegram Stars") if provider is Provider.STARS else provider_name(provider)


def state(charge: Charge, words: Language) -> str:
    """How a payment stands, for the person who made it."""
    _ = words._
    match charge.state:
        case ChargeState.CREDITED:
            return _("payment received")
        case ChargeState.REFUNDING:
            return _("refund under way")
        case ChargeState.REFUNDED if charge.provider is Provider.STARS:
            return _("refunded")
        case ChargeState.REFUNDED:
            return _("taken back by the provider")
