"""What a comparison with Telegram found, in words, the same in the chat and in the panel."""

from __future__ import annotations

from starbid.i18n import Language


def fault_words(fault: str, kind: str, words: Language) -> str:
    """What a comparison says of a transaction, in words."""
    _ = words._
    names = {
        "missing": _("Telegram lists a payment that is not booked here"),
        "amount": _("Telegram lists another amount than is booked"),
        "refund": _("Telegram lists a refund that is not booked here"),
        "gift": _("Stars left as Premium, and no payout is behind it"),
        "unreadable": _("Telegram lists something that cannot be read"),
        "kind": _("Stars moved in a way that is not known here: {kind}", kind=kind),
        "list": _("Telegram's list is not the one that it was: it is compared from the beginning"),
    }
    return names.get(fault, fault)
